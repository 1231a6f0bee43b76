"""Where the events of a message can be read: the practice account, a queue, GetMessageInsights."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from sestui.domain.configset import ConfigurationSet, DestinationKind
from sestui.domain.errors import Problem, Trouble
from sestui.domain.events import MailEvent, NotAnEvent, parse_event
from sestui.domain.i18n import _
from sestui.domain.mail.form import SIMULATOR
from sestui.gateways.ports import Cloud, GatewayError, Neighbours, Practice, Queues, Ses


@dataclass(frozen=True, slots=True)
class Wanted:
    """The message that is looked for: by its id, or by a tag where the id is not known."""

    message_id: str
    tag: tuple[str, str] = ("", "")
    recipients: tuple[str, ...] = ()

    def fits(self, event: MailEvent) -> bool:
        if self.message_id:
            return event.message_id == self.message_id
        name, value = self.tag
        return bool(name) and value in event.tag(name)


class EventSource(Protocol):
    @property
    def name(self) -> str:
        """For people, and different from the other sources'."""
        ...

    @property
    def after(self) -> float:
        """Seconds after the beginning before which it knows nothing."""
        ...

    @property
    def every(self) -> float:
        """Seconds between two looks, at least."""
        ...

    async def look(self, wanted: Wanted) -> tuple[MailEvent, ...]:
        """All of its events of the message, again and again the same. Raises GatewayError."""
        ...


class PracticeEvents:
    """The practice account, which knows what became of everything."""

    after = every = 0.0

    def __init__(self, practice: Practice) -> None:
        self.name = _("practice account")
        self._practice = practice

    async def look(self, wanted: Wanted) -> tuple[MailEvent, ...]:
        if not wanted.message_id and not wanted.tag[0]:
            return ()
        return _fitting(await self._practice.events(wanted.message_id, wanted.tag), wanted)


class QueueEvents:
    """An SQS queue that a topic of the configuration set delivers to. It is only looked into."""

    after = every = 0.0

    def __init__(self, queues: Queues, arn: str) -> None:
        self.name = _("queue {name}").format(name=arn.rsplit(":", 1)[-1])
        self._queues = queues
        self._arn = arn
        self._url = ""

    async def look(self, wanted: Wanted) -> tuple[MailEvent, ...]:
        self._url = self._url or await self._queues.url(self._arn)
        if not self._url:
            raise GatewayError(
                Problem(
                    _("The queue is subscribed to the topic, but it does not exist any more."),
                    _("Subscribe a queue that exists, in the Monitoring step."),
                    Trouble.GONE,
                )
            )
        return _fitting(await self._queues.peek(self._url), wanted)


class Insights:
    """GetMessageInsights, where Virtual Deliverability Manager is on.

    It is late by nature, and one request a second is all that SES allows for everything.
    """

    after = 60.0
    every = 30.0

    def __init__(self, ses: Ses) -> None:
        self.name = _("message insights")
        self._ses = ses

    async def look(self, wanted: Wanted) -> tuple[MailEvent, ...]:
        if not wanted.message_id:
            return ()
        return await self._ses.insights(wanted.message_id)


@dataclass(frozen=True, slots=True)
class Ways:
    """The sources there are, and why others could not be found out."""

    sources: tuple[EventSource, ...] = ()
    problems: tuple[Problem, ...] = ()


async def ways_to(
    cloud: Cloud | None,
    practice: Practice | None,
    *,
    configuration_set: str,
    recipients: Iterable[str],
    vdm: bool = False,
) -> Ways:
    """Everything that can tell of mail sent with `configuration_set`.

    Args:
        configuration_set: the mail's own or the identity's default; empty for none.
        vdm: of the account.
    """
    sources: list[EventSource] = []
    problems: list[Problem] = []
    if practice is not None:
        sources.append(PracticeEvents(practice))
    if cloud is None:
        return Ways(tuple(sources))
    if configuration_set and cloud.queues is not None:
        try:
            found = await cloud.ses.configuration_set(configuration_set)
            arns = await queues_of(found, cloud.neighbours) if found else ()
        except GatewayError as error:
            problems.append(error.problem)
        else:
            sources += [QueueEvents(cloud.queues, arn) for arn in arns]
    if vdm and _in_insights(tuple(recipients)):
        sources.append(Insights(cloud.ses))
    return Ways(tuple(sources), tuple(problems))


async def queues_of(found: ConfigurationSet, neighbours: Neighbours) -> tuple[str, ...]:
    """ARNs of the queues that get events of `found`, by way of its SNS topics.

    Raises:
        GatewayError: a topic cannot be read.
    """
    arns: dict[str, None] = {}
    for destination in found.destinations:
        if destination.kind is not DestinationKind.SNS or not destination.enabled:
            continue
        topic = await neighbours.topic(destination.target)
        for protocol, endpoint, confirmed in topic.subscriptions if topic else ():
            if protocol == "sqs" and confirmed:
                arns[endpoint] = None
    return tuple(arns)


async def queue_of(found: ConfigurationSet, neighbours: Neighbours) -> str:
    """The first of `queues_of`; empty when there is none."""
    return next(iter(await queues_of(found, neighbours)), "")


def _in_insights(recipients: tuple[str, ...]) -> bool:
    """Mail to the simulator and to several recipients is left out there (API v2)."""
    return len(recipients) == 1 and not recipients[0].lower().endswith("@" + SIMULATOR)


def _fitting(texts: Iterable[str], wanted: Wanted) -> tuple[MailEvent, ...]:
    """The events among `texts` that are of the wanted message; a queue may hold anything."""
    events: list[MailEvent] = []
    for text in texts:
        try:
            event = parse_event(text)
        except NotAnEvent:
            continue
        if wanted.fits(event):
            events.append(event)
    return tuple(events)
