"""Who hears of bounces and complaints, and what else is amiss in a configuration set.

Source: Developer Guide, "Monitoring using event publishing", "Configuring SNS notifications";
what goes wrong in practice: a subscription that was never confirmed, a topic that is gone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from sestui.domain.configset.changes import rewriting
from sestui.domain.configset.model import (
    ConfigurationSet,
    Destination,
    DestinationKind,
    EventType,
)
from sestui.domain.i18n import _, ngettext
from sestui.domain.severity import Severity

ALARMS = (EventType.BOUNCE, EventType.COMPLAINT)


class Reach(StrEnum):
    """Whom an event reaches, the best first."""

    SOMEBODY = "somebody"
    """A person or a program."""
    UNKNOWN = "unknown"
    """A topic that could not be looked at."""
    METRICS = "metrics"
    """Numbers only: nobody learns which address it was."""
    NOBODY = "nobody"

    @property
    def word(self) -> str:
        return {
            Reach.SOMEBODY: _("received"),
            Reach.UNKNOWN: _("not known"),
            Reach.METRICS: _("as numbers only"),
            Reach.NOBODY: _("by nobody"),
        }[self]


@dataclass(frozen=True, slots=True)
class TopicState:
    """What is known of a topic that events go to."""

    exists: bool = True
    confirmed: int = 0
    """Subscriptions that get messages."""
    pending: int = 0
    """Subscriptions whose confirmation link nobody has followed."""


Topics = Mapping[str, TopicState]
"""By ARN; one that is not in it could not be looked at."""


@dataclass(frozen=True, slots=True)
class SetWarning:
    """Something amiss, and what to do about it."""

    code: str
    severity: Severity
    what: str
    advice: str = ""
    destination: str = ""
    """The name of the destination it is about."""


def reach(configuration_set: ConfigurationSet, event: EventType, topics: Topics) -> Reach:
    """Whom `event` reaches by the best of the set's destinations."""
    order = list(Reach)
    found = [
        _reach(each, topics) for each in configuration_set.destinations if event in each.events
    ]
    return min(found, key=order.index, default=Reach.NOBODY)


def _reach(destination: Destination, topics: Topics) -> Reach:
    if not destination.enabled:
        return Reach.NOBODY
    match destination.kind:
        case _ if destination.unknown:
            return Reach.UNKNOWN
        case DestinationKind.SNS:
            state = topics.get(destination.target)
            if state is None:
                return Reach.UNKNOWN
            return Reach.SOMEBODY if state.exists and state.confirmed else Reach.NOBODY
        case DestinationKind.CLOUDWATCH:
            return Reach.METRICS
        case DestinationKind.PINPOINT:
            return Reach.NOBODY
        case _bus_or_stream:
            return Reach.SOMEBODY


def hearing(
    configuration_set: ConfigurationSet, topics: Topics | None = None
) -> tuple[SetWarning, ...]:
    """All that is amiss, the worst first."""
    topics = topics or {}
    found = [
        *_options(configuration_set),
        *_unheard(configuration_set, topics),
        *(each for d in configuration_set.destinations for each in _destination(d, topics)),
        *_rewriting(configuration_set),
    ]
    order = (Severity.ERROR, Severity.WARNING, Severity.UNKNOWN, Severity.OK)
    return tuple(sorted(found, key=lambda each: order.index(each.severity)))


def _options(configuration_set: ConfigurationSet) -> Iterator[SetWarning]:
    if not configuration_set.sending_enabled:
        yield SetWarning(
            "sending_off",
            Severity.ERROR,
            _("Sending is off: every mail through this set is refused."),
            _("Switch sending on."),
        )
    if configuration_set.suppressed_reasons == ():
        yield SetWarning(
            "nothing_suppressed",
            Severity.WARNING,
            _("Nothing is suppressed: mail goes again to addresses that bounced or complained."),
            _("Use the account's suppression, unless this is on purpose."),
        )


def _unheard(configuration_set: ConfigurationSet, topics: Topics) -> Iterator[SetWarning]:
    for event in ALARMS:
        match reach(configuration_set, event, topics):
            case Reach.NOBODY:
                what = _("{event}: no destination that anybody receives.")
                advice = _("Choose it for a topic with a confirmed subscriber, a bus or a stream.")
            case Reach.METRICS:
                what = _("{event}: counted in CloudWatch, but nobody learns which address it was.")
                advice = _("Choose it for a topic, a bus or a stream too.")
            case _somebody:
                continue
        code = f"unheard_{event.lower()}"
        yield SetWarning(code, Severity.WARNING, what.format(event=event.word), advice)


def _destination(destination: Destination, topics: Topics) -> Iterator[SetWarning]:
    name = destination.name
    if not destination.enabled:
        what = _("{name} is switched off and gets nothing.").format(name=name)
        yield SetWarning("disabled", Severity.WARNING, what, _("Switch it on, or remove it."), name)
    if destination.kind is DestinationKind.SNS:
        yield from _topic(destination, topics)
    elif destination.kind is DestinationKind.PINPOINT and not destination.unknown:
        what = _("{name} goes to Amazon Pinpoint, which has ended.").format(name=name)
        yield SetWarning("pinpoint", Severity.WARNING, what, _("Use EventBridge instead."), name)
    elif destination.kind is DestinationKind.FIREHOSE and not destination.role:
        what = _("{name} has no role with which SES could write to the stream.").format(name=name)
        yield SetWarning("no_role", Severity.ERROR, what, destination=name)


def _topic(destination: Destination, topics: Topics) -> Iterator[SetWarning]:
    state, name = topics.get(destination.target), destination.name
    topic = destination.target.rsplit(":", 1)[-1]
    if state is None or state.confirmed:
        return
    if not state.exists:
        what = _("The topic {topic} of {name} does not exist.").format(topic=topic, name=name)
        advice = _("Choose another topic, or create it again.")
        yield SetWarning("topic_gone", Severity.ERROR, what, advice, name)
    elif state.pending:
        what = ngettext(
            "The subscription of {topic} is not confirmed: it gets nothing.",
            "The {n} subscriptions of {topic} are not confirmed: they get nothing.",
            state.pending,
        ).format(n=state.pending, topic=topic)
        advice = _("Follow the link in the mail from AWS, or subscribe again.")
        yield SetWarning("unconfirmed", Severity.WARNING, what, advice, name)
    else:
        what = _("Nobody is subscribed to the topic {topic}.").format(topic=topic)
        yield SetWarning("no_subscriber", Severity.WARNING, what, _("Subscribe someone."), name)


def _rewriting(configuration_set: ConfigurationSet) -> Iterator[SetWarning]:
    for event in (EventType.OPEN, EventType.CLICK):
        if not configuration_set.hears(event):
            continue
        advice = _("Leave it out for mail that need not be measured, such as receipts.")
        yield SetWarning(f"rewrites_{event.lower()}", Severity.WARNING, rewriting(event), advice)
