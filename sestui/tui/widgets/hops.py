"""How the hops of a proof are drawn."""

from __future__ import annotations

import textwrap

from textual.content import Content

from sestui.domain.i18n import _, ngettext
from sestui.domain.prove import Hop, Phase, Proof, Question, State
from sestui.domain.text import printable

Part = str | tuple[str, str]
COLOURS = {
    State.WAITING: "$quiet",
    State.GREEN: "$text-success",
    State.AMBER: "$text-warning",
    State.RED: "$text-error",
    State.UNKNOWN: "$text-warning",
}
PHASES = {
    Phase.PREPARING: _("Making a place for the events …"),
    Phase.SENDING: _("Sending three mails to the simulator …"),
    Phase.WATCHING: _("Waiting for their events …"),
    Phase.CLEANING: _("Removing what was made …"),
}
INDENT = 14


def row(hop: Hop, heading: str, width: int) -> Content:
    """One hop, its text in a column of its own; before the first of a destination, its name."""
    lines = textwrap.wrap(printable(hop.text), max(20, width - INDENT)) or [""]
    text = ("\n" + " " * INDENT).join(lines)
    colour = COLOURS[hop.state]
    quiet = hop.state in (State.WAITING, State.GREEN)
    return Content.assemble(
        (f"{_('Destination')} {printable(heading)}\n", "bold $primary") if heading else "",
        (f"{hop.state.glyph} {hop.kind.word:<{INDENT - 2}}", f"bold {colour}"),
        text if quiet else (text, colour),
    )


def detail_of(hop: Hop, *, may_fix: bool) -> Content:
    """More about the hop under the cursor: its state, since when, and what to do."""
    parts: list[Part] = [(f"{hop.state.glyph} {hop.state.word}", f"bold {COLOURS[hop.state]}")]
    if hop.since is not None:
        when = _("since {time}").format(time=f"{hop.since.astimezone():%H:%M:%S}")
        parts.append((f"  {when}", "$quiet"))
    if hop.fix is not None:
        keys = [_("c copies the JSON")] if hop.fix.text else []
        keys += [_("x mends it")] if may_fix else []
        if keys:
            parts.append((f"  {' · '.join(keys)}", "$quiet"))
        if hop.fix.advice:
            parts.append((f"\n→ {printable(hop.fix.advice)}", "$accent"))
    return Content.assemble(*parts)


def asking(question: Question, hops: tuple[Hop, ...]) -> Content:
    """What a proof is, above its plan."""
    broken = sum(hop.state is State.RED for hop in hops)
    text = _("Three mails go to the simulator; a temporary queue catches their events.")
    if question.queue:
        text = _("Three mails go to the simulator; your queue shows their events.")
    parts: list[Part] = [text]
    if broken:
        more = ngettext(
            "One hop is broken already, as far as one can see.",
            "{n} hops are broken already, as far as one can see.",
            broken,
        ).format(n=broken)
        parts.append((f" {more}", "$text-error"))
    return Content.assemble(*parts)


def verdict(proof: Proof) -> Content:
    """What has come of it, in a line, and what could not be removed."""
    words = {
        State.GREEN: _("Proven: the events arrive."),
        State.AMBER: _("Proven: the events arrive. Look at what is marked."),
        State.RED: _("Broken. The first red hop says why, and what to do."),
        State.WAITING: _("Not finished."),
        State.UNKNOWN: _("Not proven: nothing could be seen to arrive."),
    }
    state = proof.state
    text = proof.problem.what if proof.problem else words[state]
    parts: list[Part] = [(f"{state.glyph} {printable(text)}", f"bold {COLOURS[state]}")]
    for left, problem in proof.left:
        line = _("Not removed: {what}: {why}").format(what=left, why=problem.what)
        parts.append((f"\n! {printable(line)}", "$text-warning"))
    return Content.assemble(*parts)
