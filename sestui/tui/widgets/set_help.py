"""What is beside the focused field of the configuration set editor: what it means, what it costs.

Sources of what events mean: Developer Guide, "Monitor email sending using event publishing".
"""

from __future__ import annotations

from textual.content import Content

from sestui.domain.configset.changes import rewriting, where_text
from sestui.domain.configset.edit import SetDraft
from sestui.domain.configset.matrix import Cell, matrix
from sestui.domain.configset.model import Destination, DestinationKind, EventType
from sestui.domain.configset.options import tracking_target
from sestui.domain.configset.texts import about
from sestui.domain.i18n import _
from sestui.domain.text import printable

Part = str | tuple[str, str]


def field_help(field: str, draft: SetDraft, region: str) -> Content:
    """For a field of the form; empty for none."""
    if not field:
        return Content()
    if field == "name":
        return _paragraphs(
            _("Name"),
            _("What mail names to be sent through this set. It cannot be changed later."),
            keys=_("letters, digits, - and _"),
        )
    what = about(
        {"suppression": "suppressed_reasons", "reasons": "suppressed_reasons"}.get(field, field)
    )
    means = what.means
    match field:
        case "redirect_domain":
            means += " " + _("The CNAME is to be {target}.").format(target=tracking_target(region))
        case "reputation_metrics" if draft.last_fresh_start is not None:
            since = _("They count since {day}.").format(day=f"{draft.last_fresh_start:%Y-%m-%d}")
            means += f" {since}"
        case "tags":
            means += " " + _("A row with nothing in it does not count.")
        case "archive":
            means += " " + _("Its ARN has mailmanager-archive/a-… in it.")
        case "suppression":
            means += " " + _("Nothing suppressed: mail goes to those addresses again and again.")
        case _:
            pass
    return _paragraphs(what.label, means, what.costs, _keys(field))


def _keys(field: str) -> str:
    match field:
        case "reasons":
            return _("space ticks")
        case "max_delivery_seconds":
            return _("such as 15 min, 2 h or 900")
        case "sending_pool" | "redirect_domain" | "archive" | "tags":
            return _("empty: none")
        case _:
            return _("← → choose")


def _paragraphs(label: str, means: str, costs: str = "", keys: str = "") -> Content:
    parts: list[Part] = [(label, "bold $primary")]
    if keys:
        parts.append((f"  {keys}", "$accent"))
    parts.append(f"\n{means}")
    if costs:
        parts.append((f" {costs}", "$text-warning"))
    return Content.assemble(*parts)


def cell_help(
    draft: SetDraft, event: EventType, destination: Destination | None, *, whole: bool
) -> Content:
    """For a cell of the matrix: the event, and where it goes; with `whole`, its ARN."""
    if destination is None:
        return _paragraphs(
            _("Event destinations"), about("destinations").means, about("destinations").costs
        )
    parts: list[Part] = [(event.word, "bold $primary"), f"  {means(event)}"]
    if text := rewriting(event):
        parts.append((f" {text}", "$text-error"))
    cell = matrix(draft).cell(event, destination.name)
    glyph = {Cell.ON: "$text-success", Cell.OFF: "$quiet", Cell.UNSUPPORTED: "$text-warning"}[cell]
    parts += ["\n", (printable(destination.name), "bold"), "  "]
    parts.append((f"{cell.value} {cell.word}", glyph))
    if whole and destination.target and destination.kind is not DestinationKind.CLOUDWATCH:
        where = f"{destination.kind.word}, {printable(destination.target)}"
    else:
        where = printable(where_text(destination))
    parts.append((f"  {where}", "$quiet"))
    if destination.other_events:
        others = ", ".join(printable(each) for each in destination.other_events)
        parts.append((" " + _("It also gets {events}.").format(events=others), "$quiet"))
    return Content.assemble(*parts)


def means(event: EventType) -> str:
    return {
        EventType.SEND: _("SES has taken the mail and will try to deliver it."),
        EventType.DELIVERY: _("The recipient's server has taken the mail."),
        EventType.BOUNCE: _("The recipient's server refuses the mail for good."),
        EventType.COMPLAINT: _("The recipient has called the mail spam."),
        EventType.REJECT: _("SES found a virus in the mail and does not send it."),
        EventType.DELIVERY_DELAY: _("The mail could not be delivered yet; SES goes on trying."),
        EventType.RENDERING_FAILURE: _("The template and its data do not fit; nothing is sent."),
        EventType.SUBSCRIPTION: _("The recipient has changed what they are subscribed to."),
        EventType.OPEN: _("The mail was opened, as far as its picture was loaded."),
        EventType.CLICK: _("A link in the mail was followed."),
    }[event]
