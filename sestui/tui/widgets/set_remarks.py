"""What is said of a draft: below its fields, below the matrix of events, and in one line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from textual.content import Content

from sestui.domain.configset.changes import SCALARS, Change, changes
from sestui.domain.configset.edit import SetDraft, draft_of, set_of
from sestui.domain.configset.judge import Around, advise, judge
from sestui.domain.configset.model import ConfigurationSet, EventType
from sestui.domain.configset.trouble import SetWarning, Topics, hearing
from sestui.domain.i18n import _, ngettext
from sestui.domain.names import InvalidName
from sestui.domain.severity import Severity
from sestui.domain.text import printable
from sestui.tui.widgets.notes_list import GLYPHS
from sestui.tui.widgets.set_fields import Remark, Weight, label_of

_ROWS = {"suppressed_reasons": "suppression"}
"""Where the form has another name for a field."""
_OPTIONS = {"nothing_suppressed": "suppression", "sending_off": "sending_enabled"}


@dataclass(frozen=True, slots=True)
class Look:
    """A draft, looked at from all sides."""

    draft: SetDraft
    problems: Mapping[str, str]
    """By field; nothing when it can be sent."""
    changes: tuple[Change, ...]
    remarks: Mapping[str, Remark]
    """By field of the form."""
    warnings: tuple[SetWarning, ...]
    """Of the events."""

    @property
    def changed(self) -> frozenset[str]:
        """Fields of the form that are not as at SES."""
        heads = (each.field.partition(".")[0] for each in self.changes)
        return frozenset(_ROWS.get(head, head) for head in heads)

    @property
    def wrong(self) -> tuple[tuple[int, str], ...]:
        """Number of a destination, and why SES would not take it."""
        found = []
        for field, text in self.problems.items():
            head, _dot, rest = field.partition(".")
            if head == "destinations" and rest:
                found.append((int(rest.partition(".")[0]), text))
        return tuple(found)

    @property
    def amiss(self) -> dict[EventType, Severity]:
        """How bad it is with an event."""
        known = {f"unheard_{event.lower()}": event for event in EventType}
        known |= {f"rewrites_{event.lower()}": event for event in EventType}
        return {known[each.code]: each.severity for each in self.warnings if each.code in known}


def look(draft: SetDraft, base: ConfigurationSet | None, around: Around, topics: Topics) -> Look:
    readable = as_far_as_readable(draft)
    problems = judge(draft, around, base)
    differs = changes(base or ConfigurationSet(readable.name), readable)
    warnings = hearing(readable, topics)
    remarks: dict[str, Remark] = {}
    for field, text in advise(draft, around).items():
        remarks[field] = Remark(Weight.WARNING, text)
    for change in differs:
        if change.danger and change.field in SCALARS:
            field = _ROWS.get(change.field, change.field)
            remarks[field] = Remark(Weight.DANGER, change.means)
    for warning in warnings:
        if warning.code in _OPTIONS:
            text = f"{warning.what} {warning.advice}"
            remarks.setdefault(_OPTIONS[warning.code], Remark(Weight.DANGER, text))
    for field, text in problems.items():
        remarks[field] = Remark(Weight.PROBLEM, text)
    events = tuple(each for each in warnings if each.code not in _OPTIONS)
    return Look(draft, problems, differs, remarks, events)


def as_far_as_readable(draft: SetDraft) -> ConfigurationSet:
    """The set that `draft` describes; where a text cannot be read, with that left out."""
    try:
        return set_of(draft)
    except InvalidName:
        pass
    try:
        return set_of(replace(draft, name="x"))
    except InvalidName:
        return replace(set_of(replace(draft, name="x", max_delivery_seconds="")), name=draft.name)


def tidy(draft: SetDraft) -> SetDraft:
    """To compare drafts: without rows of tags that do not count."""
    return replace(draft, tags=tuple(sorted(row for row in draft.tags if any(row))))


def first_draft(base: ConfigurationSet | None, draft: SetDraft) -> SetDraft:
    """What is there before anything is edited."""
    return tidy(draft_of(base) if base is not None else draft)


def events_remarks(seen: Look) -> Content:
    """What is amiss with the events, a line each, the worst first."""
    return Content("\n").join(_event_lines(seen))


def _event_lines(seen: Look) -> Iterator[Content]:
    if whole := seen.problems.get("destinations"):
        yield Content.styled(f"✗ {printable(whole)}", "$text-error")
    for number, text in seen.wrong:
        name = printable(seen.draft.destinations[number].name)
        yield Content.styled(f"✗ {name}: {printable(text)}", "$text-error")
    if not seen.draft.destinations:
        return  # the empty matrix says what that means
    for each in {each.what: each for each in seen.warnings}.values():
        glyph, colour = GLYPHS[each.severity]
        parts = [(f"{glyph} {printable(each.what)}", colour)]
        if each.advice:
            parts.append((f" {printable(each.advice)}", "$quiet"))
        yield Content.assemble(*parts)


def what_now(seen: Look, *, new: bool, edited: bool) -> Content:
    """The next thing to do, with the key for it."""
    if seen.problems:
        names = ", ".join(dict.fromkeys(_where(each, seen) for each in seen.problems))
        text = _("✗ To be put right: {fields}").format(fields=names)
        return Content.styled(text, "$text-error")
    if new:
        return _said(_("A new set. Ctrl+S shows what will be created."))
    if not edited:
        return _said(_("Nothing is changed yet. F3 goes between the options and the events."))
    count = len(seen.changes)
    if not count:
        return _said(_("Only what is around the set changes. Ctrl+S shows it."))
    text = ngettext(
        "One change. Ctrl+S shows it; nothing is sent before you agree.",
        "{n} changes. Ctrl+S shows them; nothing is sent before you agree.",
        count,
    )
    return _said(text.format(n=count))


def _said(text: str) -> Content:
    return Content.assemble(("▸ ", "bold $accent"), text)


def _where(field: str, seen: Look) -> str:
    head, _dot, rest = field.partition(".")
    if head == "destinations":
        number = rest.partition(".")[0]
        return printable(seen.draft.destinations[int(number)].name) if rest else _("events")
    return label_of("suppression" if head == "reasons" else head)
