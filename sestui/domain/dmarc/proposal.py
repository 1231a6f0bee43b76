"""What to do about DMARC: add a record where there is none, else keep what there is.

Never a second record, never a weaker policy, and `p=reject` is nobody's to push: RFC 9989 section
7.4 advises against it for domains whose mail goes through mailing lists.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from sestui.domain.dmarc.findings import worst
from sestui.domain.dmarc.published import Published, State
from sestui.domain.dmarc.record import Record
from sestui.domain.dmarc.walk import Discovery, Found
from sestui.domain.i18n import _
from sestui.domain.records import DMARC_VALUE
from sestui.domain.severity import Severity


class Action(StrEnum):
    ADD = "add"
    KEEP = "keep"
    REPLACE = "replace"
    """Change the value of the record that is there."""
    KEEP_ONE = "keep one"
    """Delete all but the record `value`."""
    CHOOSE = "choose"
    """Only the owner can tell which of several, or what was meant."""
    WAIT = "wait"
    """Nothing is known for sure, so nothing is to be changed."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """One sentence, and what to publish at `name`; no `value` when nothing is to be published."""

    action: Action
    name: str
    text: str
    value: str = ""
    old: tuple[str, ...] = ()
    """What is there now and goes."""


def propose(published: Published, applying: Discovery) -> Proposal:
    """What to do at `_dmarc.{published.domain}`.

    Args:
        published: what is at the name.
        applying: the record that applies to mail from this domain (RFC 9989), its own or not.
    """
    name = f"_dmarc.{published.domain}"
    match published.state:
        case State.UNKNOWN:
            said = _("Whether there is a record at {name} could not be found out. Ask again first.")
            return Proposal(Action.WAIT, name, said.format(name=name))
        case State.SEVERAL:
            return _one_of(published, name)
        case State.RECORD:
            return _about_record(published.records[0], name)
    if published.broken:
        return _about_broken(published, name)
    if applying.found is Found.UNKNOWN:
        said = _("Whether a record above {name} applies could not be found out. Ask again first.")
        return Proposal(Action.WAIT, name, said.format(name=name))
    if applying.record is not None and applying.policy is not None:
        # A record of its own, p=none as it would be, takes the place of the stricter one above.
        said = _(
            "The record of {domain} applies here too ({tag}={policy}). Add none of your own."
        ).format(domain=applying.at, tag=applying.tag, policy=applying.policy)
        return Proposal(Action.KEEP, name, said)
    if published.misplaced is not None:
        value = published.misplaced.repaired or published.misplaced.text
        said = _("Move the record from {domain} to {name}; where it is, nobody looks for it.")
        return Proposal(Action.ADD, name, said.format(domain=published.domain, name=name), value)
    said = _("Add a DMARC record. This one only watches; no mail is treated differently.")
    return Proposal(Action.ADD, name, said, DMARC_VALUE)


def _about_record(record: Record, name: str) -> Proposal:
    if record.repaired and worst(record.findings) is Severity.ERROR:
        said = _("Change the value of the record at {name}; do not add a second one.")
        return Proposal(
            Action.REPLACE, name, said.format(name=name), record.repaired, (record.text,)
        )
    if record.p is None or any(f.code.endswith("_duplicate") for f in record.findings):
        said = _("Only you can tell what the record at {name} was to say. Change it, add no other.")
        return Proposal(Action.CHOOSE, name, said.format(name=name), old=(record.text,))
    said = _("There is a DMARC record ({tag}={policy}). Keep it.")
    return Proposal(Action.KEEP, name, said.format(tag="p", policy=record.p))


def _about_broken(published: Published, name: str) -> Proposal:
    old = tuple(record.text for record in published.broken)
    better = {record.repaired for record in published.broken}
    if len(better) == 1 and "" not in better:
        said = _(
            "Receivers ignore the record at {name} as it is. Correct it; then its policy counts."
        )
        return Proposal(Action.REPLACE, name, said.format(name=name), better.pop(), old)
    said = _("Receivers ignore what is at {name}. Make one correct record of it.")
    return Proposal(Action.CHOOSE, name, said.format(name=name), old=old)


def _one_of(published: Published, name: str) -> Proposal:
    """Several records. Which is to stay is clear only where they ask for the same."""
    texts = tuple(record.text for record in published.records)
    asked = {(r.p, r.sp, r.np, r.testing, r.strict_dkim, r.strict_spf) for r in published.records}
    if len(asked) == 1 and published.records[0].p is not None:
        # The one that sends reports, and not to the registrar, is the one somebody wrote.
        own = max(published.records, key=_written_by_owner)
        value = own.repaired or own.text
        said = _("Keep this record at {name} and delete the others: they ask for the same.")
        old = tuple(text for text in texts if text != value)
        return Proposal(Action.KEEP_ONE, name, said.format(name=name), value, old)
    said = _(
        "Decide which record at {name} stays, and delete the others. Now none of them counts; "
        "the one that stays does."
    )
    return Proposal(Action.CHOOSE, name, said.format(name=name), old=texts)


def _written_by_owner(record: Record) -> tuple[bool, int]:
    preset = any(f.code.endswith("_registrar_default") for f in record.findings)
    return not preset, len(record.rua)
