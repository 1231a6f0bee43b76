"""What to do about each verdict, where the judge of the record has not said it already."""

from __future__ import annotations

from sestui.domain.diagnosis.fix import Fix, fix_for
from sestui.domain.diagnosis.scene import Judged, Scene
from sestui.domain.diagnosis.verdicts import Verdict
from sestui.domain.i18n import _
from sestui.domain.providers import name_box
from sestui.domain.records import Purpose, RequiredRecord

_NOTHING = (Verdict.OK, Verdict.COVERED, Verdict.TIMED_OUT, Verdict.BROKEN)


def advise(record: RequiredRecord, judged: Judged, scene: Scene) -> Fix | None:
    """None when there is nothing to do, or nothing is known."""
    if judged.verdict in _NOTHING:
        return None
    value = judged.value
    if value is None and _says_more(record, judged.verdict):
        value = ""
    text = judged.todo or _text(record, judged.verdict, scene)
    return fix_for(record, text, scene.apex, scene.provider, value)


def _says_more(record: RequiredRecord, verdict: Verdict) -> bool:
    """What is there may say more than ours (a stricter DMARC, other senders in the SPF)."""
    wrong = (Verdict.DIFFERENT, Verdict.DUPLICATE_RECORD, Verdict.VALUE_QUOTED)
    text = record.type == "TXT" and record.purpose is not Purpose.DKIM
    return text and verdict in (*wrong, Verdict.VALUE_WHITESPACE)


def _text(record: RequiredRecord, verdict: Verdict, scene: Scene) -> str:
    box = name_box(scene.provider, record.name, scene.apex)
    match verdict:
        case Verdict.MISSING | Verdict.WILDCARD_ANSWER:
            return _("Add this {type} record.").format(type=record.type)
        case Verdict.NAME_DOUBLED | Verdict.NAME_MISSING_SUBDOMAIN | Verdict.NAME_MISSING_DOT:
            return _("Change the record's name to “{name}”, just that.").format(name=box)
        case Verdict.NAME_MISSPELT:
            return _("Change the record's name to “{name}”.").format(name=box)
        case Verdict.VALUE_QUOTED:
            return _("Type the value again, without quotes.")
        case Verdict.VALUE_WHITESPACE:
            return _("Delete the value and copy it again, without blanks.")
        case Verdict.EXTRA_VALUES | Verdict.DUPLICATE_RECORD:
            return _("Delete the others, so that this is the only value.")
        case Verdict.ON_SOME_SERVERS:
            return _(
                "Nothing to type: wait a few minutes for the other servers. If they do not follow, "
                "tell your DNS host which ones do not have it."
            )
        case Verdict.WRONG_DNS_HOST:
            return _("Add the record at the DNS host that the world asks, or delegate to this one.")
        case Verdict.CACHED_NEGATIVE:
            return _("Nothing to do: it is published, and the caches forget by themselves.")
        case Verdict.SERVFAIL_DNSSEC:
            return _(
                "Put DNSSEC right at your registrar: delete the DS record, or replace it by the "
                "one that your DNS host shows."
            )
        case _other:
            return _("Change the record so that this is its only value.")
