"""The human side of `sestui configset`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sestui.cli.output import Output, Paint, Stream
from sestui.cli.show import SEVERITIES, heading
from sestui.domain.account import Connection
from sestui.domain.configset import ConfigurationSet, Destination
from sestui.domain.configset.changes import events_text, where_text
from sestui.domain.configset.options import signing_scheme, unknown_groups
from sestui.domain.configset.summary import Defaults, SetSummary, summary
from sestui.domain.configset.texts import about, shown
from sestui.domain.configset.trouble import Reach, SetWarning, Topics, TopicState
from sestui.domain.i18n import _, ngettext
from sestui.domain.text import printable

Cell = tuple[str, Paint | None]

FIELDS = (
    "sending_enabled",
    "reputation_metrics",
    "tls_policy",
    "sending_pool",
    "max_delivery_seconds",
    "suppressed_reasons",
    "suppression_scope",
    "validation",
    "redirect_domain",
    "https_policy",
    "engagement_metrics",
    "optimized_delivery",
    "archive",
    "tags",
)
_REACHES = {
    Reach.SOMEBODY: Paint.GOOD,
    Reach.UNKNOWN: Paint.UNSURE,
    Reach.METRICS: Paint.WARNING,
    Reach.NOBODY: Paint.BAD,
}


def show_list(
    output: Output,
    place: Connection,
    summaries: Sequence[SetSummary],
    defaults: Defaults | None,
    dangling: Mapping[str, str],
) -> None:
    """One line a set, then identities whose default does not exist."""
    out = output.result
    out.line(heading(out, _("Configuration sets"), place.region, place.caller.account))
    if not summaries:
        out.line(_("There is none in this Region."))
    else:
        titles = [_("name"), _("sending"), _("metrics"), _("bounces"), _("complaints"), _("events")]
        rows = [_row(each) for each in summaries]
        if defaults is not None:
            titles.append(_("default of"))
            for row, each in zip(rows, summaries, strict=True):
                row.append((", ".join(map(printable, each.default_of)) or "–", None))
        _table(out, [(title, Paint.FAINT) for title in titles], rows)
    for identity, name in dangling.items():
        text = _("{identity} defaults to {name}, which does not exist: its mail is refused.")
        glyph = out.paint("✗", Paint.BAD)
        out.line(f"{glyph} {text.format(identity=printable(identity), name=printable(name))}")
    if defaults is not None and not defaults.complete:
        output.note(str(defaults))


def _row(each: SetSummary) -> list[Cell]:
    glyph, paint = SEVERITIES[each.severity]
    kinds = [kind.word if number == 1 else f"{number} × {kind.word}" for kind, number in each.kinds]
    if each.disabled:
        kinds.append(_("{n} off").format(n=each.disabled))
    return [
        (f"{glyph} {printable(each.name)}", paint),
        _switch(each.sending),
        _switch(each.reputation, quiet=True),
        (each.bounces.word, _REACHES[each.bounces]),
        (each.complaints.word, _REACHES[each.complaints]),
        (", ".join(kinds) or "–", None),
    ]


def _switch(on: bool, *, quiet: bool = False) -> Cell:
    if on:
        return _("on"), Paint.GOOD
    return _("off"), Paint.FAINT if quiet else Paint.BAD


def _table(out: Stream, titles: list[Cell], rows: list[list[Cell]]) -> None:
    titles[0] = (f"  {titles[0][0]}", titles[0][1])  # over the names, not over their glyphs
    widths = [max(len(row[column][0]) for row in (titles, *rows)) for column in range(len(titles))]
    for row in (titles, *rows):
        last = len(row) - 1
        texts = [
            out.paint(text, paint) if paint else text
            # Padded outside the paint, and not at the end of a line.
            for text, paint in row
        ]
        line = "  ".join(
            shown_text + ("" if column == last else " " * (widths[column] - len(row[column][0])))
            for column, shown_text in enumerate(texts)
        )
        out.line(line)


def show_set(
    out: Stream,
    place: Connection,
    found: ConfigurationSet,
    warnings: Sequence[SetWarning],
    topics: Topics,
) -> None:
    """Each option by its group, the destinations, what is amiss, and who hears."""
    out.line(heading(out, printable(found.name), place.region, place.caller.account))
    _show_options(out, found)
    out.line()
    out.line(out.paint(_("Event destinations"), Paint.STRONG))
    for each in found.destinations:
        _show_destination(out, each, topics.get(each.target))
    if not found.destinations:
        out.line("  " + _("none"))
    out.line()
    for warning in warnings:
        glyph, paint = SEVERITIES[warning.severity]
        out.line(f"{out.paint(glyph, paint)} {printable(warning.what)}")
        if warning.advice:
            out.line("  " + out.paint(printable(warning.advice), Paint.FAINT))
    short = summary(found, topics)
    for title, reach in ((_("Bounces"), short.bounces), (_("Complaints"), short.complaints)):
        out.line(f"{title}: {out.paint(reach.word, _REACHES[reach])}")


def _show_options(out: Stream, found: ConfigurationSet) -> None:
    rows = [(about(field).group.word, about(field).label, shown(found, field)) for field in FIELDS]
    if scheme := signing_scheme(found):
        rows.append((_("Message security"), _("Signing"), scheme))
    rows += [(name, "", _("not known to this version")) for name in unknown_groups(found)]
    widths = [max(len(row[column]) for row in rows) for column in range(2)]
    before = ""
    for group, label, value in rows:
        title = "" if group == before else group
        before = group
        out.line(
            f"  {out.paint(f'{title:<{widths[0]}}', Paint.FAINT)}  {label:<{widths[1]}}  "
            f"{printable(value)}"
        )


def _show_destination(out: Stream, each: Destination, state: TopicState | None) -> None:
    glyph, paint = ("●", Paint.GOOD) if each.enabled else ("○", Paint.FAINT)
    word = _("on") if each.enabled else _("off")
    where = printable(where_text(each))
    out.line(f"  {out.paint(f'{glyph} {word:<3}', paint)}  {printable(each.name)}  {where}")
    events = ", ".join((events_text(each.events), *map(printable, each.other_events)))
    out.line("        " + out.paint(events, Paint.FAINT))
    if state is not None and state.exists:
        text = ngettext(
            "{n} confirmed subscription", "{n} confirmed subscriptions", state.confirmed
        ).format(n=state.confirmed)
        if state.pending:
            text += ", " + _("{n} not confirmed").format(n=state.pending)
        out.line("        " + out.paint(text, Paint.FAINT))
