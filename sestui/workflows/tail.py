"""The events of a configuration set as they arrive, through a temporary queue or a given one."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Awaitable, Callable
from dataclasses import dataclass

from sestui.domain.errors import Problem
from sestui.domain.events import MailEvent
from sestui.domain.i18n import _
from sestui.domain.plan import Call
from sestui.domain.prove.diagnose import diagnose, routes
from sestui.domain.prove.model import Hop, HopKind, Question, Route, State
from sestui.domain.prove.sieve import Sieve
from sestui.gateways.ports import Cloud, GatewayError
from sestui.workflows.proof_queue import Catcher
from sestui.workflows.proof_scene import read_scene
from sestui.workflows.prospect import removal_words

Sleep = Callable[[float], Awaitable[None]]

PAUSE = 1.0
LONGEST_PAUSE = 5.0
ALL = Sieve()


@dataclass(frozen=True, slots=True)
class TailPlan:
    """What a tail would make: to be agreed to."""

    question: Question
    routes: tuple[Route, ...]
    plan: tuple[Call, ...]
    """Empty with a queue of the person's."""
    hops: tuple[Hop, ...] = ()
    problem: Problem | None = None
    """Why nothing can be followed; `routes` is empty then."""

    @property
    def removal(self) -> tuple[str, ...]:
        """What is removed afterwards, in words."""
        return removal_words(self.routes)

    @property
    def broken(self) -> tuple[Hop, ...]:
        """Hops by which some events will not come."""
        return tuple(hop for hop in self.hops if hop.state is State.RED)


async def plan_tail(cloud: Cloud, question: Question) -> TailPlan:
    """What has to be made to follow the events. Changes nothing.

    Args:
        question: `sender` and `named` mean nothing here.

    Raises:
        GatewayError: the configuration set cannot be read.
    """
    scene = await read_scene(cloud, question, sender=False)
    about = (HopKind.SET, HopKind.CHOSEN, HopKind.PUBLISHED, HopKind.SUBSCRIBED)
    hops = tuple(hop for hop in diagnose(scene, question) if hop.kind in about and not hop.about)
    found = routes(scene, question, every=True)
    if not found:
        return TailPlan(question, (), (), hops, _nothing_to_follow(hops))
    return TailPlan(question, found, Catcher(cloud, question, found).plan, hops)


def _nothing_to_follow(hops: tuple[Hop, ...]) -> Problem:
    for hop in hops:
        if hop.state is State.RED:
            return Problem(hop.text, hop.fix.advice if hop.fix else "", code=hop.code)
    return Problem(
        _("No destination of this set leads to where sestui could listen."),
        _("Give it an SNS topic or the EventBridge bus, in the Monitoring step."),
    )


async def tail(
    cloud: Cloud,
    plan: TailPlan,
    sleep: Sleep,
    *,
    wanted: Sieve = ALL,
    on_trouble: Callable[[Problem | None], None] = lambda _problem: None,
) -> AsyncGenerator[MailEvent, None]:
    """The events as they arrive, without end: close it to stop.

    Iterate over it in `contextlib.aclosing`: what was made is removed when it is closed or
    cancelled. From a queue of the person's nothing is taken; what lies there comes first.

    Args:
        on_trouble: told of a look that failed and will be tried again; None when it is over.

    Raises:
        GatewayError: the queue could not be made, or cannot be looked into.
    """
    catcher = Catcher(cloud, plan.question, plan.routes)
    try:
        async for _route in catcher.set_up():
            pass
        pause, known = PAUSE, set[tuple[str, ...]]()
        while True:
            news = False
            for route in plan.routes:
                for event in await _look(catcher, route, on_trouble):
                    if event.key in known:  # by two destinations, or from a queue that is peeked at
                        continue
                    known.add(event.key)
                    news = True
                    if wanted.lets(event):
                        yield event
            pause = PAUSE if news else min(pause * 1.3, LONGEST_PAUSE)
            await sleep(pause)
    finally:
        await catcher.clean_up()


async def _look(
    catcher: Catcher, route: Route, on_trouble: Callable[[Problem | None], None]
) -> list[MailEvent]:
    try:
        parcels = await catcher.look(route)
    except GatewayError as error:
        if not error.problem.passes:
            raise
        on_trouble(error.problem)
        return []
    on_trouble(None)
    name = catcher.question.set_name
    events = [parcel.event for parcel in parcels if parcel.event is not None]
    mine = [each for each in events if each.configuration_set in ("", name)]
    return sorted(mine, key=lambda each: each.at)
