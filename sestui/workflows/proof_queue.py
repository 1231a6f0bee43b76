"""The queues in which events are caught: made, looked into, and removed whatever happens."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence
from hashlib import sha256
from typing import Any

from sestui.domain.configset import DestinationKind
from sestui.domain.errors import Problem, Trouble
from sestui.domain.i18n import _
from sestui.domain.plan import Call
from sestui.domain.prove.arrival import Parcel, opened
from sestui.domain.prove.model import Question, Route
from sestui.domain.prove.plan import Leftover, Sort, is_temporary, removal_plan, setup_plan
from sestui.gateways.ports import Cloud, GatewayError, Queues

MOST_INTERRUPTIONS = 3
"""So often a removal under way is gone on with; whoever insists more gets away."""
SETTLES = {DestinationKind.SNS: 3.0, DestinationKind.EVENTBRIDGE: 10.0}
"""Seconds until what was made is known everywhere."""

running: set[str] = set()
"""Names of the temporary queues and rules of this process, which are no leftovers."""


class Catcher:
    """Catches the events of `routes`. Whoever has called `set_up` calls `clean_up`.

    With a queue of the person's nothing is made, and nothing is taken out of it.
    """

    def __init__(self, cloud: Cloud, question: Question, routes: Sequence[Route]) -> None:
        self._cloud = cloud
        self.question = question
        self.routes = tuple(routes)
        self._urls: dict[str, str] = {}
        self._seen: set[tuple[str, bytes]] = set()
        self._begun: list[tuple[Route, Call]] = []
        self._answers: dict[int, Mapping[str, Any]] = {}
        self._under_way: asyncio.Future[Mapping[str, Any]] | None = None
        self.left: tuple[tuple[str, Problem], ...] = ()
        """After `clean_up`: what could not be removed, and why."""

    def plan_of(self, route: Route) -> tuple[Call, ...]:
        """What is made for a route."""
        if not is_temporary(route.queue):
            return ()
        return setup_plan(route, self.question.set_name, raw=bool(self.question.raw))

    @property
    def plan(self) -> tuple[Call, ...]:
        return tuple(call for route in self.routes for call in self.plan_of(route))

    @property
    def begun(self) -> bool:
        """There may be something to remove."""
        return bool(self._begun)

    @property
    def settles(self) -> float:
        """Seconds to wait after `set_up`."""
        return max((SETTLES[route.kind] for route in self.routes if self.plan_of(route)), default=0)

    async def set_up(self) -> AsyncGenerator[Route, None]:
        """Make what is planned; yields each route that is ready. Raises GatewayError."""
        for route in self.routes:
            running.update((route.queue.rsplit(":", 1)[-1], route.rule))
            for call in self.plan_of(route):
                await self._make(route, call)
            yield route

    async def _make(self, route: Route, call: Call) -> None:
        # In the list before it is made: when it is not known whether it was, it is looked for.
        self._begun.append((route, call))
        number = len(self._begun) - 1
        # Shielded: a call that has gone out is made, so whoever cleans up has to know of it.
        self._under_way = asyncio.ensure_future(self._cloud.changes.make(call))
        self._answers[number] = await asyncio.shield(self._under_way)
        if call.operation == "CreateQueue":
            self._urls[route.queue] = str(self._answers[number].get("QueueUrl") or "")

    async def look(self, route: Route) -> tuple[Parcel, ...]:
        """What has come since the last look. Raises GatewayError."""
        queues = _queues(self._cloud)
        url = self._urls.get(route.queue) or await queues.url(route.queue)
        if not url:
            what = _("The queue {name} does not exist.")
            raise GatewayError(
                Problem(what.format(name=route.queue.rsplit(":", 1)[-1]), trouble=Trouble.GONE)
            )
        self._urls[route.queue] = url
        mine = is_temporary(route.queue)
        bodies = await (queues.take(url) if mine else queues.peek(url))
        # By their digests: a tail may go on for days.
        known = {(route.name, _digest(body)): body for body in bodies}
        found = [opened(body) for key, body in known.items() if key not in self._seen]
        self._seen.update(known)
        return tuple(parcel for parcel in found if mine or _came_by(parcel, route))

    # The end

    async def clean_up(self) -> None:
        """Remove all that was made. Goes on when it is cancelled meanwhile, and says so at its end.

        Raises:
            CancelledError: it was cancelled; all is removed, or was tried to be.
        """
        left: list[tuple[str, Problem]] = []
        interruptions = 0
        steps: list[Callable[[], Awaitable[None]]] = [self._wait, lambda: self._plan_removal(steps)]
        while steps:
            try:
                await steps[0]()
            except asyncio.CancelledError:
                interruptions += 1
                if interruptions > MOST_INTERRUPTIONS:
                    raise
                continue
            except _NotRemoved as error:
                left.append((error.words, error.problem))
            steps.pop(0)
        self.left = tuple(left)
        self._begun.clear()
        for route in self.routes:
            running.difference_update((route.queue.rsplit(":", 1)[-1], route.rule))
        if interruptions:
            raise asyncio.CancelledError

    async def _wait(self) -> None:
        """Until the call that is under way has its answer."""
        if self._under_way is None:
            return
        with contextlib.suppress(GatewayError):
            answer = await asyncio.shield(self._under_way)
            self._answers.setdefault(len(self._begun) - 1, answer)

    async def _plan_removal(self, steps: list[Callable[[], Awaitable[None]]]) -> None:
        things: list[Leftover] = []
        for number, (route, call) in enumerate(self._begun):
            things += await self._made(route, call, self._answers.get(number, {}))
        steps += [_remover(self._cloud, call) for call in removal_plan(things)]

    async def _made(
        self, route: Route, call: Call, answer: Mapping[str, Any]
    ) -> tuple[Leftover, ...]:
        """What `call` has made, by its answer, or by looking where there was none."""
        name = route.queue.rsplit(":", 1)[-1]
        try:
            match call.operation:
                case "CreateQueue":
                    url = str(answer.get("QueueUrl") or "")
                    url = url or await _queues(self._cloud).url(route.queue)
                    return (Leftover(Sort.QUEUE, name, url),) if url else ()
                case "Subscribe":
                    arn = str(answer.get("SubscriptionArn") or "")
                    if arn.startswith("arn:"):
                        return (Leftover(Sort.SUBSCRIPTION, name, arn, route.topic),)
                    proofs = self._cloud.proofs
                    found = await proofs.subscriptions(route.topic) if proofs else ()
                    return tuple(each for each in found if each.name == name)
                case "PutRule":
                    return (Leftover(Sort.RULE, route.rule, route.rule),)
        except GatewayError as error:
            raise _NotRemoved(call.words, error.problem) from None
        return ()


class _NotRemoved(Exception):
    def __init__(self, words: str, problem: Problem) -> None:
        super().__init__(words)
        self.words = words
        self.problem = problem


def _remover(cloud: Cloud, call: Call) -> Callable[[], Awaitable[None]]:
    async def remove() -> None:
        try:
            await cloud.changes.make(call)
        except GatewayError as error:
            raise _NotRemoved(call.words, error.problem) from None

    return remove


def _digest(body: str) -> bytes:
    return sha256(body.encode(errors="surrogatepass")).digest()


def _queues(cloud: Cloud) -> Queues:
    if cloud.queues is None:
        what = _("There are no queues here.")
        raise GatewayError(Problem(what, trouble=Trouble.REFUSED))
    return cloud.queues


def _came_by(parcel: Parcel, route: Route) -> bool:
    """Of a queue that several ways may lead to: it came by this one, as far as one can tell."""
    if route.kind is DestinationKind.EVENTBRIDGE:
        return parcel.bus
    return not parcel.bus and parcel.topic in ("", route.topic)
