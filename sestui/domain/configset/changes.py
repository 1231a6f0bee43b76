"""What differs between two states of a configuration set, said for the person who agrees to it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sestui.domain.configset.model import ConfigurationSet, Destination, Dimension, EventType
from sestui.domain.configset.options import Group
from sestui.domain.configset.texts import About, about, shown
from sestui.domain.i18n import _

SCALARS = (
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
)
"""The fields that have one value each."""


@dataclass(frozen=True, slots=True)
class Change:
    """One line of the review."""

    group: Group
    field: str
    """A field of ConfigurationSet; `tags.KEY`; `destinations.NAME`, with `.enabled`, `.target`,
    `.dimensions` or `.events.EVENT` when it is there before and after."""
    label: str
    before: str
    """Empty when there was nothing."""
    after: str
    means: str = ""
    """What comes of it and what it costs, in sentences."""
    danger: bool = False


def changes(before: ConfigurationSet, after: ConfigurationSet) -> tuple[Change, ...]:
    """What `after` has and `before` has not; for a new set, `before` is an empty one."""
    found = [_scalar(field, before, after) for field in SCALARS if _differs(field, before, after)]
    found += _tags(dict(before.tags), dict(after.tags))
    found += _destinations(before, after)
    return tuple(found)


def _differs(field: str, before: ConfigurationSet, after: ConfigurationSet) -> bool:
    return bool(getattr(before, field) != getattr(after, field))


def _scalar(field: str, before: ConfigurationSet, after: ConfigurationSet) -> Change:
    what = about(field)
    danger = _danger(field, after)
    return Change(
        what.group,
        field,
        what.label,
        shown(before, field),
        shown(after, field),
        danger or _consequence(field, what, after),
        bool(danger),
    )


def _danger(field: str, after: ConfigurationSet) -> str:
    """Why the change is dangerous; empty when it is not."""
    match field:
        case "sending_enabled" if not after.sending_enabled:
            return _("Every send through this set fails until it is switched on again.")
        case "suppressed_reasons" if after.suppressed_reasons == ():
            return _(
                "Mail goes to addresses that have bounced or complained. Both rates rise, and AWS "
                "may pause the account."
            )
        case "tls_policy" if after.tls_policy == "REQUIRE":
            return _("Mail to servers without TLS is not delivered any more; it bounces.")
        case "max_delivery_seconds" if (after.max_delivery_seconds or 3600) < 3600:
            return _("Servers that ask for patience (greylisting) may get the mail never.")
        case "https_policy" if after.https_policy.startswith("REQUIRE"):
            return _("Links are dead where the redirect domain has no certificate.")
        case "engagement_metrics" if after.engagement_metrics == "ENABLED":
            return _("Every mail gets a pixel, and its links are rewritten. Charged by message.")
        case _:
            return ""


def _consequence(field: str, what: About, after: ConfigurationSet) -> str:
    if field == "reputation_metrics" and not after.reputation_metrics:
        return _("The set's own bounce and complaint rates are not counted any more.")
    if field == "archive" and not after.archive:
        return _("What is archived stays; new mail is not archived.")
    if field in ("suppressed_reasons", "sending_pool") and not getattr(after, field):
        return what.means
    return f"{what.means} {what.costs}".strip()


def _tags(before: dict[str, str], after: dict[str, str]) -> Iterator[Change]:
    for key in sorted(before.keys() | after.keys()):
        if before.get(key) != after.get(key):
            yield Change(
                Group.TAGS,
                f"tags.{key}",
                key,
                _tag(before.get(key)),
                _tag(after.get(key)),
            )


def _tag(value: str | None) -> str:
    return "" if value is None else value or _("(empty)")


def _destinations(before: ConfigurationSet, after: ConfigurationSet) -> Iterator[Change]:
    old = {each.name: each for each in before.destinations}
    new = {each.name: each for each in after.destinations}
    for name in dict.fromkeys((*old, *new)):
        if name not in new:
            yield _removed(old[name], after)
        elif name not in old:
            each = new[name]
            yield Change(
                Group.EVENTS, f"destinations.{name}", name, "", described(each), _rewriting(each)
            )
        elif old[name] != new[name]:
            yield from _within(old[name], new[name], after)


def _removed(gone: Destination, after: ConfigurationSet) -> Change:
    lost = _lost(gone.events if gone.enabled else frozenset(), after)
    field = f"destinations.{gone.name}"
    return Change(Group.EVENTS, field, gone.name, described(gone), "", lost, bool(lost))


def _lost(events: frozenset[EventType], after: ConfigurationSet) -> str:
    alarms = (EventType.BOUNCE, EventType.COMPLAINT)
    words = [each.word for each in alarms if each in events and not after.hears(each)]
    if not words:
        return ""
    return _("No destination gets this any more: {events}.").format(events=", ".join(words))


def _within(old: Destination, new: Destination, after: ConfigurationSet) -> Iterator[Change]:
    start = f"destinations.{new.name}"
    if old.enabled != new.enabled:
        lost = _lost(new.events, after) if not new.enabled else ""
        yield Change(
            Group.EVENTS,
            f"{start}.enabled",
            new.name,
            _("on") if old.enabled else _("off"),
            _("on") if new.enabled else _("off"),
            lost,
            bool(lost),
        )
    if (old.kind, old.target, old.role) != (new.kind, new.target, new.role):
        yield Change(Group.EVENTS, f"{start}.target", new.name, where_text(old), where_text(new))
    if old.dimensions != new.dimensions:
        yield Change(
            Group.EVENTS,
            f"{start}.dimensions",
            f"{new.name}: {about('dimensions').label}",
            dimensions_text(old.dimensions),
            dimensions_text(new.dimensions),
            about("dimensions").costs,
        )
    for event in EventType:
        if event in old.events ^ new.events:
            yield _event(f"{start}.events.{event}", event, new, after)


def _event(field: str, event: EventType, new: Destination, after: ConfigurationSet) -> Change:
    on = event in new.events
    lost = "" if on else _lost(frozenset({event}), after)
    return Change(
        Group.EVENTS,
        field,
        f"{new.name}: {event.word}",
        _("off") if on else _("on"),
        _("on") if on else _("off"),
        lost or (rewriting(event) if on else ""),
        bool(lost) or (on and event.rewrites_mail),
    )


def rewriting(event: EventType) -> str:
    """What choosing `event` does to the mail; empty for those that do nothing to it."""
    match event:
        case EventType.OPEN:
            return _("An invisible picture is put into every HTML mail of this set.")
        case EventType.CLICK:
            return _(
                "Every link in the mail of this set is replaced by one that leads through SES."
            )
        case _:
            return ""


def _rewriting(destination: Destination) -> str:
    return " ".join(filter(None, (rewriting(e) for e in EventType if e in destination.events)))


def described(destination: Destination) -> str:
    """Kind, target and events in one line."""
    events = events_text(destination.events)
    text = f"{where_text(destination)}: {', '.join((events, *destination.other_events))}"
    return text if destination.enabled else _("{text} (off)").format(text=text)


def events_text(events: frozenset[EventType]) -> str:
    return ", ".join(each.word for each in EventType if each in events) or _("no event")


def where_text(destination: Destination) -> str:
    """Kind and target."""
    if destination.unknown:
        return _("of a kind that is not known here")
    name = destination.target.rsplit(":", 1)[-1] or dimensions_text(destination.dimensions)
    return f"{destination.kind.word} {name}".strip()


def dimensions_text(dimensions: tuple[Dimension, ...]) -> str:
    return ", ".join(f"{each.name}={each.default}" for each in dimensions)
