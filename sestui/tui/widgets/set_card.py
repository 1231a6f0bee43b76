"""The identity's default configuration set in a few lines."""

from __future__ import annotations

from textual.content import Content

from sestui.domain.configset import ConfigurationSet, Destination, EventType
from sestui.domain.i18n import _, ngettext
from sestui.domain.identity import Identity
from sestui.domain.text import printable


def set_card(identity: Identity, default_set: ConfigurationSet | None) -> Content:
    """What happens to mail from `identity` now."""
    name = printable(identity.configuration_set)
    if not name:
        text = _("{identity} has no default configuration set: bounces come by mail only.")
        return Content.styled(text.format(identity=identity.name), "$quiet")
    if default_set is None:
        text = _("The default set {name} is gone: every send fails. Create it again below.")
        return Content.styled("✗ " + text.format(name=name), "$text-error")
    switches = [
        _switch(_("sending"), default_set.sending_enabled),
        _switch(_("reputation metrics"), default_set.reputation_metrics),
    ]
    lines = [Content("   ").join([Content.styled(name, "bold"), *switches])]
    lines += [_destination(destination) for destination in default_set.destinations]
    if not default_set.destinations:
        lines.append(Content.styled(_("no event destination yet"), "$text-warning"))
    return Content("\n").join(lines)


def _switch(word: str, on: bool) -> Content:
    glyph, colour = ("✓", "$text-success") if on else ("✗", "$text-warning")
    return Content.assemble((f"{glyph} ", colour), word, "" if on else " " + _("off"))


def _destination(destination: Destination) -> Content:
    count = len(destination.events)
    events = ngettext("one event type", "{n} event types", count).format(n=count)
    alarms = {EventType.BOUNCE, EventType.COMPLAINT} <= destination.events
    well = destination.enabled and alarms
    glyph, colour = ("✓", "$text-success") if well else ("!", "$text-warning")
    target = printable(destination.target.rsplit(":", 1)[-1])
    return Content.assemble(
        (f"{glyph} ", colour),
        (printable(destination.name), "bold"),
        f" → {destination.kind.word} {target}",
        (f"  {events}" + ("" if destination.enabled else ", " + _("disabled")), "$quiet"),
    )
