"""What cannot be sent to SES as it is typed. Sources: API v2; Developer Guide, quotas and tags."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from sestui.domain.configset.edit import SetDraft, Suppression, draft_of, seconds
from sestui.domain.configset.judge_destination import destination_problems
from sestui.domain.configset.model import ConfigurationSet, parse_set_name
from sestui.domain.configset.options import MAX_DELIVERY, MIN_DELIVERY
from sestui.domain.i18n import _
from sestui.domain.names import InvalidName, parse_domain
from sestui.domain.text import quoted

MOST_DESTINATIONS = 10
MOST_TAGS = 50
_POOL = re.compile(r"[A-Za-z0-9_-]{1,64}")
_ARCHIVE = re.compile(
    r"arn:aws(-[a-z-]+)?:ses:([a-z]{2,4}-[a-z-]+-[0-9]):[0-9]{1,20}:"
    r"mailmanager-archive/a-[a-z0-9]{24,62}"
)
_TAG = re.compile(r"[\w .:/=+@-]*")

Problem = tuple[str, str]
"""The field and what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Around:
    """What is known of the account and Region; what is empty or None is not known."""

    region: str = ""
    account: str = ""
    taken: frozenset[str] = frozenset()
    """Names of the sets that exist."""
    verified: frozenset[str] | None = None
    """Verified identities."""
    vdm: bool | None = None
    """Virtual Deliverability Manager is on for the account."""


def judge(
    draft: SetDraft, around: Around | None = None, before: ConfigurationSet | None = None
) -> dict[str, str]:
    """What is wrong by field; nothing when the draft can be sent.

    Fields of tags and destinations have a number: `tags.0.key`, `destinations.1.dimensions.0.name`.
    What has not been changed since `before` is not judged: AWS has it, whoever set it.
    """
    around = around or Around()
    old = draft_of(before) if before is not None else None
    found: dict[str, str] = {}
    for field, text in _all(draft, around, old):
        if old is None or not _same(draft, old, field):
            found.setdefault(field, text)
    return found


def advise(draft: SetDraft, around: Around | None = None) -> dict[str, str]:
    """What SES will probably refuse, or what will have no effect, by field. It stops nothing."""
    around = around or Around()
    found: dict[str, str] = {}
    domain = draft.redirect_domain.strip().lower()
    if domain and around.verified is not None and domain not in around.verified:
        text = _("{domain} is not verified in this Region; SES takes verified domains only.")
        found["redirect_domain"] = text.format(domain=quoted(domain))
    if around.vdm is False:
        for field in ("engagement_metrics", "optimized_delivery"):
            if getattr(draft, field) == "ENABLED":
                found[field] = _("Deliverability Manager is off for this account: no effect.")
    return found


def _all(draft: SetDraft, around: Around, old: SetDraft | None) -> Iterator[Problem]:
    yield from _name(draft, around, old)
    pool = draft.sending_pool.strip()
    if pool and not _POOL.fullmatch(pool):
        text = _("A pool's name has letters, digits, - and _, 64 at most; leave it empty for none.")
        yield "sending_pool", text
    yield from _invalid("max_delivery_seconds", _check_seconds, draft.max_delivery_seconds)
    if draft.suppression is Suppression.OWN and not draft.reasons:
        yield "reasons", _("Choose at least one, or say that nothing is suppressed.")
    yield from _tracking(draft)
    yield from _archive(draft.archive.strip(), around)
    yield from _tags(draft.tags, old.tags if old else ())
    yield from _destinations(draft, around, old)


def _name(draft: SetDraft, around: Around, old: SetDraft | None) -> Iterator[Problem]:
    if old is not None and draft.name.strip() != old.name:
        yield "name", _("A set keeps its name; duplicate it under another one.")
        return
    yield from _invalid("name", parse_set_name, draft.name)
    if old is None and draft.name.strip() in around.taken:
        yield "name", _("There is a set of this name already.")


def _invalid(field: str, check: Callable[[str], object], typed: str) -> Iterator[Problem]:
    try:
        check(typed)
    except InvalidName as error:
        yield field, str(error)


def _check_seconds(typed: str) -> None:
    value = seconds(typed)
    if value is not None and not MIN_DELIVERY <= value <= MAX_DELIVERY:
        raise InvalidName(_("Between 300 seconds (5 min) and 50400 seconds (14 h)."))


def _tracking(draft: SetDraft) -> Iterator[Problem]:
    domain = draft.redirect_domain.strip()
    if domain:
        yield from _invalid("redirect_domain", parse_domain, domain)
    elif draft.https_policy != "OPTIONAL":
        yield "https_policy", _("HTTPS can be asked for with a redirect domain only.")


def _archive(arn: str, around: Around) -> Iterator[Problem]:
    if not arn:
        return
    found = _ARCHIVE.fullmatch(arn)
    if found is None:
        yield "archive", _("The ARN of an archive has mailmanager-archive/a-… in it.")
    elif around.region and found[2] != around.region:
        text = _("This archive is in {there}; it must be in {here}.")
        yield "archive", text.format(there=found[2], here=around.region)


def _tags(rows: tuple[tuple[str, str], ...], old: tuple[tuple[str, str], ...]) -> Iterator[Problem]:
    filled = [(number, row) for number, row in enumerate(rows) if any(row)]
    if len(filled) > MOST_TAGS:
        yield "tags", _("A set may have {n} tags.").format(n=MOST_TAGS)
    seen: set[str] = set()
    for number, row in filled:
        if row[0] in seen:
            yield f"tags.{number}.key", _("This key is there twice.")
        elif row not in old:
            yield from ((f"tags.{number}.{field}", text) for field, text in _tag(*row))
        seen.add(row[0])


def _tag(key: str, value: str) -> Iterator[Problem]:
    if not key.strip():
        yield "key", _("A tag needs a key.")
    elif len(key) > 128 or not _TAG.fullmatch(key):
        yield "key", _("A key has letters, digits, spaces and _ . : / = + - @, 128 at most.")
    elif key.lower().startswith("aws:"):
        yield "key", _("Keys that begin with aws: are Amazon's own.")
    if len(value) > 256 or not _TAG.fullmatch(value):
        yield "value", _("A value has letters, digits, spaces and _ . : / = + - @, 256 at most.")


def _destinations(draft: SetDraft, around: Around, old: SetDraft | None) -> Iterator[Problem]:
    if len(draft.destinations) > MOST_DESTINATIONS:
        text = _("A set may have {n} event destinations.").format(n=MOST_DESTINATIONS)
        yield "destinations", text
    before = {each.name: each for each in old.destinations} if old else {}
    seen: set[str] = set()
    for number, each in enumerate(draft.destinations):
        start = f"destinations.{number}"
        if each.name in seen:
            yield f"{start}.name", _("There is a destination of this name already.")
        seen.add(each.name)
        known = before.get(each.name)
        if known == each:
            continue
        for field, text in destination_problems(each, around.region, around.account, known):
            yield f"{start}.{field}", text


def _same(draft: SetDraft, old: SetDraft, field: str) -> bool:
    """What `field` is judged by has not been changed."""
    head, *inner = field.split(".")
    match head:
        case "https_policy":
            fields: tuple[str, ...] = ("https_policy", "redirect_domain")
        case "reasons":
            fields = ("suppression", "reasons")
        case "destinations" | "tags" if not inner:
            return len(getattr(draft, head)) <= len(getattr(old, head))
        case "destinations" | "tags":
            return False
        case _:
            fields = (head,)
    return all(getattr(draft, each) == getattr(old, each) for each in fields)
