"""What became of a message: its events, from wherever they can be read."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sestui.domain.errors import Problem, Trouble
from sestui.domain.events import MailEvent, Outcome, outcome_of, settled
from sestui.domain.i18n import _
from sestui.gateways.ports import GatewayError
from sestui.workflows.event_sources import EventSource, Wanted

Sleep = Callable[[float], Awaitable[None]]
Now = Callable[[], datetime]

FIRST_PAUSE = 1.0
LONGEST_PAUSE = 30.0


@dataclass(frozen=True, slots=True)
class Known:
    """An event, and by which ways it was heard of."""

    event: MailEvent
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Fate:
    """What is known of a message at one moment."""

    message_id: str
    """Empty where only its tag is known, and nothing was found yet."""
    events: tuple[Known, ...]
    """The oldest first."""
    outcomes: tuple[tuple[str, Outcome], ...]
    """Of each recipient."""
    at: datetime
    pause: float = 0.0
    """Seconds until the next look; 0 when there is none."""
    problems: tuple[tuple[str, Problem], ...] = ()
    """The names of sources that could not be read this time, and why; no name: of all there are."""

    @property
    def settled(self) -> bool:
        """Each recipient's outcome is known, and nothing more is expected."""
        return bool(self.outcomes) and all(settled(who, how) for who, how in self.outcomes)


async def fate(
    message_id: str,
    tag: tuple[str, str],
    sources: Sequence[EventSource],
    sleep: Sleep,
    now: Now,
    *,
    recipients: Sequence[str] = (),
    known: Sequence[Known] = (),
) -> AsyncIterator[Fate]:
    """Look until every recipient has met their fate; yields when something new is known.

    The first look follows at once, then ever slower while there is no news. A source that fails
    says so and is asked again; the others go on. After all is settled there is one more look, for
    what comes late. Close the iterator to stop earlier. Without any source there is one answer,
    which says why and what to do.

    Args:
        message_id: empty when the message only may have been sent; `tag` then finds it.
        tag: name and value of a message tag, used without a message id.
        recipients: empty: those that its events name.
        known: events of an earlier watch; a queue hides for a moment what was just looked at.
    """
    wanted = Wanted(message_id, tag, tuple(recipients))
    found = {each.event.key: each for each in known}
    began = now()
    asked: dict[str, datetime] = {}
    before: Fate | None = None
    pause = 0.0
    problems: dict[str, Problem] = {} if sources else {"": no_way()}
    while True:
        for source in sources:
            if not _due(source, began, asked.get(source.name), now()):
                continue
            asked[source.name] = now()
            problems.pop(source.name, None)
            try:
                events = await source.look(wanted)
            except GatewayError as error:
                problems[source.name] = error.problem
                continue
            _merge(found, events, source.name)
        fresh = _fate(wanted, found, problems, now())
        wanted = replace(wanted, message_id=fresh.message_id)
        news = before is None or fresh.events != before.events
        # One more look after all is settled: a complaint comes after its delivery.
        done = not sources or (fresh.settled and before is not None and before.settled)
        pause = 0.0 if done else next_pause(pause, news)
        fresh = replace(fresh, pause=pause)
        if before is None or replace(fresh, at=before.at) != before:
            yield fresh
        before = fresh
        if done:
            return
        await sleep(pause)


def next_pause(pause: float, news: bool) -> float:
    """Soon after something has happened, then slower and slower."""
    return FIRST_PAUSE if news or not pause else min(pause * 1.5, LONGEST_PAUSE)


def no_way() -> Problem:
    """Why nothing can be known, and how to change it."""
    return Problem(
        _("Nothing tells sestui what became of this mail: no queue gets its events."),
        _(
            "In the Monitoring step, give the configuration set an SNS destination and subscribe "
            "an SQS queue to its topic. Then send again, with that set."
        ),
        Trouble.GONE,
    )


def _due(source: EventSource, began: datetime, last: datetime | None, now: datetime) -> bool:
    if last is None:
        return (now - began).total_seconds() >= source.after
    return (now - last).total_seconds() >= source.every


def _merge(found: dict[tuple[str, ...], Known], events: Sequence[MailEvent], source: str) -> None:
    for event in events:
        known = found.get(event.key)
        if known is None:
            found[event.key] = Known(event, (source,))
        elif source not in known.sources:
            # GetMessageInsights tells less than the JSON does.
            fuller = max(known.event, event, key=lambda each: len(each.raw))
            found[event.key] = Known(fuller, (*known.sources, source))


def _fate(
    wanted: Wanted,
    found: dict[tuple[str, ...], Known],
    problems: dict[str, Problem],
    at: datetime,
) -> Fate:
    known = tuple(sorted(found.values(), key=lambda each: (each.event.at, each.event.kind.value)))
    events = [each.event for each in known]
    named = dict.fromkeys(who for event in events for who in event.destination)
    return Fate(
        message_id=wanted.message_id or next((event.message_id for event in events), ""),
        events=known,
        outcomes=tuple((who, outcome_of(who, events)) for who in wanted.recipients or tuple(named)),
        at=at,
        problems=tuple(problems.items()),
    )
