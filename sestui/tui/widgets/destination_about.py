"""What a kind of destination means and costs, and which policies would change: beside the form."""

from __future__ import annotations

import json
from collections.abc import Iterable

from textual.content import Content

from sestui.domain.configset import DestinationKind
from sestui.domain.destinations.bus import pattern
from sestui.domain.destinations.dimensions import AUTO_TAGS, auto_tag_words
from sestui.domain.destinations.edits import PolicyEdit
from sestui.domain.destinations.firehose import pass_role_statement, pass_role_words, role_arn
from sestui.domain.destinations.form import DestinationForm
from sestui.domain.destinations.place import Place
from sestui.domain.destinations.texts import about_kind
from sestui.domain.i18n import _
from sestui.domain.names import InvalidName
from sestui.domain.text import printable, printable_lines

Part = str | tuple[str, str]
_COLOURS = {"+": "$text-success", "-": "$text-error", " ": "$quiet"}


def means_and_costs(kind: DestinationKind) -> Content:
    """In two sentences, for a narrow screen."""
    about = about_kind(kind)
    return Content.styled(f"{about.means} {about.costs}".strip(), "$quiet")


def details(
    form: DestinationForm, place: Place, edits: Iterable[PolicyEdit], *, whole: bool = True
) -> Content:
    """The policies before and after, and what else is made of the form.

    Args:
        whole: with what the kind means and costs.
    """
    parts: list[Part] = []
    if whole:
        parts += _about(form.kind)
    match form.kind:
        case DestinationKind.EVENTBRIDGE if form.bus.rule.strip():
            parts.append((_("The rule matches") + "\n", "bold"))
            parts.append((_bus_pattern(form) + "\n\n", "$quiet"))
        case DestinationKind.FIREHOSE:
            parts += _pass_role(form, place)
        case DestinationKind.CLOUDWATCH:
            parts.append((_("Tags that every mail has") + "\n", "bold"))
            for name in AUTO_TAGS:
                parts += [f"{name}\n", (f"  {auto_tag_words(name)}\n", "$quiet")]
        case _nothing_more:
            pass
    for edit in edits:
        parts.append((printable(edit.title) + "\n", "bold"))
        parts += [(f"{mark} {line}\n", _COLOURS.get(mark, "$quiet")) for mark, line in edit.lines]
        parts.append("\n")
    return Content.assemble(*parts)


def _about(kind: DestinationKind) -> list[Part]:
    about = about_kind(kind)
    texts = (about.means, about.limits, about.costs)
    return [(text + "\n", "$quiet") for text in texts if text] + ["\n"]


def _bus_pattern(form: DestinationForm) -> str:
    return printable_lines(json.dumps(pattern(form.set_name, form.events), indent=2))


def _pass_role(form: DestinationForm, place: Place) -> list[Part]:
    try:
        role = role_arn(form.firehose, form.set_name, place)
    except InvalidName:
        return []
    statement = json.dumps(pass_role_statement(role), indent=2)
    return [
        (_("Handing the role over") + "\n", "bold"),
        (printable(pass_role_words(role)) + "\n", "$quiet"),
        (printable_lines(statement) + "\n\n", "$quiet"),
    ]
