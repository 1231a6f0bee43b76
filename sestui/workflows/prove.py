"""Prove that the events of a configuration set arrive: three mails, and each hop of their way."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from datetime import datetime

from sestui.domain.errors import Problem, Trouble
from sestui.domain.i18n import _
from sestui.domain.mail.message import Message, Sent
from sestui.domain.prove import arrival
from sestui.domain.prove.model import (
    SCENARIOS,
    Fix,
    Hop,
    HopKind,
    Phase,
    Proof,
    ProofMail,
    Route,
    State,
    stamped,
    updated,
)
from sestui.domain.prove.plan import is_temporary
from sestui.gateways.ports import Cloud, GatewayError
from sestui.workflows.proof_metrics import Counter, counters
from sestui.workflows.proof_queue import Catcher
from sestui.workflows.prospect import Prospect
from sestui.workflows.send import send_test

Sleep = Callable[[float], Awaitable[None]]
Now = Callable[[], datetime]

PATIENCE = 60.0
"""Seconds until an event that has not come is not waited for any more."""
HOPELESS = 10.0
"""The same where a hop before it is broken for all one can see."""
PACE = 1.2
"""Seconds after which the sandbox takes another mail."""
ATTEMPTS = 4
PAUSE = 1.0
LONGEST_PAUSE = 5.0


async def prove(
    cloud: Cloud,
    prospect: Prospect,
    sleep: Sleep,
    now: Now,
    *,
    patience: float = PATIENCE,
) -> AsyncGenerator[Proof, None]:
    """Carry out what `look` has planned; yields whenever a hop changes, and at last the result.

    Whatever happens, also when it is cancelled or closed, what was made is removed before it ends:
    iterate over it in `contextlib.aclosing`. Of a kill -9 the next `leftover_proofs` finds what is
    left. Nothing is raised for an AWS call that fails; it is a hop, or the proof's `problem`.

    Args:
        patience: seconds to wait for events.
    """
    run = _Run(cloud, prospect, sleep, now, patience)
    try:
        async with aclosing(run.steps()) as steps:
            async for proof in steps:
                yield proof
    finally:
        await run.catcher.clean_up()


@dataclass(slots=True)
class _Run:
    cloud: Cloud
    prospect: Prospect
    sleep: Sleep
    now: Now
    patience: float
    catcher: Catcher = field(init=False)
    counters: tuple[Counter, ...] = ()
    hops: tuple[Hop, ...] = ()
    mails: tuple[ProofMail, ...] = ()
    parcels: dict[str, list[arrival.Parcel]] = field(default_factory=dict)
    began: datetime | None = None
    problem: Problem | None = None

    def __post_init__(self) -> None:
        self.catcher = Catcher(self.cloud, self.prospect.question, self.prospect.routes)
        self.set(*self.prospect.hops, first=True)

    def set(self, *changed: Hop, first: bool = False) -> None:
        """Put `changed` in the place of the hops they follow."""
        news = changed if first else updated(self.hops, *changed)
        self.hops = stamped(self.hops, news, self.now())

    def proof(self, phase: Phase) -> Proof:
        return Proof(
            self.prospect.question,
            self.hops,
            phase,
            self.now(),
            self.mails,
            self.began,
            self.problem,
            self.catcher.left,
        )

    async def steps(self) -> AsyncGenerator[Proof, None]:
        yield self.proof(Phase.PREPARING)
        if self.prospect.blocked:
            self.not_tried()
        else:
            async for proof in self.tried():
                yield proof
        if self.catcher.begun:
            yield self.proof(Phase.CLEANING)
        await self.catcher.clean_up()
        yield self.proof(Phase.DONE)

    async def tried(self) -> AsyncGenerator[Proof, None]:
        try:
            async for route in self.catcher.set_up():
                self.set(self.subscribed(route))
                yield self.proof(Phase.PREPARING)
        except GatewayError as error:
            self.problem = error.problem
            self.not_tried()
            return
        self.counters = await counters(self.cloud, self.prospect.scene, self.now())
        await self.sleep(self.catcher.settles)
        async for proof in self.send():
            yield proof
        async for proof in self.watch():
            yield proof

    def not_tried(self) -> None:
        waiting = [hop for hop in self.hops if hop.state is State.WAITING]
        self.set(*(arrival.not_tried(hop, broken=self.broken) for hop in waiting))

    @property
    def broken(self) -> bool:
        return any(hop.state is State.RED for hop in self.hops)

    def subscribed(self, route: Route) -> Hop:
        """The hop of the queue that receives, once it does."""
        hop = next(each for each in self.hops if each.key == (HopKind.SUBSCRIBED, route.name, ""))
        if not is_temporary(route.queue):
            return hop
        name = route.queue.rsplit(":", 1)[-1]
        text = (
            _("The temporary queue {name} is the target of a temporary rule.")
            if route.rule
            else _("The temporary queue {name} is subscribed.")
        )
        return replace(hop, state=State.GREEN, text=text.format(name=name))

    # Sending

    async def send(self) -> AsyncGenerator[Proof, None]:
        nonce = self.prospect.question.nonce
        for (scenario, _event), message in zip(SCENARIOS, self.prospect.messages, strict=True):
            mail = ProofMail(scenario, message.to[0], sent=self.now())
            try:
                sent = await self.send_patiently(message, nonce)
            except GatewayError as error:
                mail = replace(mail, problem=error.problem)
            else:
                mail = replace(mail, message_id=sent.message_id)
            self.mails = (*self.mails, mail)
            self.began = self.began or mail.sent
            self.set(self.accepted())
            if mail.problem is None:
                waiting = [hop for hop in self.waiting() if hop.about == scenario.value]
                self.set(*(arrival.on_its_way(hop) for hop in waiting))
            yield self.proof(Phase.SENDING)
            if mail.problem is not None and mail.problem.trouble is not Trouble.MAYBE_DONE:
                break  # what is wrong with one is wrong with the others

    async def send_patiently(self, message: Message, nonce: str) -> Sent:
        """The sandbox takes one mail a second, and what was throttled was not sent."""
        for _attempt in range(ATTEMPTS - 1):
            try:
                return await send_test(self.cloud, message, nonce=lambda: nonce)
            except GatewayError as error:
                if error.trouble is not Trouble.THROTTLED:
                    raise
            await self.sleep(PACE)
        return await send_test(self.cloud, message, nonce=lambda: nonce)

    def accepted(self) -> Hop:
        hop = next(each for each in self.hops if each.kind is HopKind.ACCEPTED)
        failed = next((mail.problem for mail in self.mails if mail.problem), None)
        if failed is not None:
            fix = Fix(failed.advice, text=failed.policy)
            return replace(hop, state=State.RED, text=failed.what, code="send_refused", fix=fix)
        done = len(self.mails) == len(SCENARIOS)
        words = ", ".join(mail.scenario.value for mail in self.mails)
        text = _("SES took the mails: {scenarios}.").format(scenarios=words)
        return replace(hop, state=State.GREEN if done else State.WAITING, text=text)

    # Watching

    def waiting(self) -> tuple[Hop, ...]:
        return tuple(
            hop for hop in self.hops if hop.kind is HopKind.ARRIVED and hop.state is State.WAITING
        )

    async def watch(self) -> AsyncGenerator[Proof, None]:
        began, pause = self.now(), PAUSE
        unsent = {scenario.value for scenario, _event in SCENARIOS} - {
            mail.scenario.value
            for mail in self.mails
            if mail.problem is None or mail.problem.trouble is Trouble.MAYBE_DONE
        }
        self.set(
            *(
                arrival.given_up(hop, self.hops, 0, sent=False)
                for hop in self.waiting()
                if hop.about in unsent
            )
        )
        seen = {each.name for each in self.prospect.routes} | {each.route for each in self.counters}
        self.set(*(arrival.not_counted(hop) for hop in self.waiting() if hop.route not in seen))
        yield self.proof(Phase.WATCHING)
        while True:
            before = self.hops
            for route in self.prospect.routes:
                await self.look(route)
            for counter in self.counters:
                self.set(*await counter.look(self.waiting(), self.now()))
            if self.hops != before:
                pause = PAUSE
                yield self.proof(Phase.WATCHING)
            waiting = self.waiting()
            if not waiting:
                return
            seconds = (self.now() - began).total_seconds()
            hopeless = self.hopeless(waiting)
            if seconds >= (min(HOPELESS, self.patience) if hopeless else self.patience):
                self.give_up(seconds)
                return
            await self.sleep(pause)
            pause = min(pause * 1.3, LONGEST_PAUSE)

    async def look(self, route: Route) -> None:
        waiting = [hop for hop in self.waiting() if hop.route == route.name]
        if not waiting:
            return
        try:
            parcels = await self.catcher.look(route)
        except GatewayError as error:
            if not error.problem.passes:
                self.set(*(arrival.unread_queue(hop, error.problem) for hop in waiting))
            return
        question = self.prospect.question
        mine = self.parcels.setdefault(route.name, [])
        mine += [parcel for parcel in parcels if arrival.belongs(parcel, question)]
        for hop in waiting:
            mail = next((each for each in self.mails if each.scenario.value == hop.about), None)
            if mail is not None:
                found = arrival.arrived(hop, mine, question, mail, self.now())
                self.set(*([found] if found else []))
        proven = (
            arrival.proven_by_arrival(h, self.hops) for h in self.hops if h.route == route.name
        )
        self.set(*(hop for hop in proven if hop is not None))

    def hopeless(self, waiting: tuple[Hop, ...]) -> bool:
        """Each of those that wait has a broken hop before it."""
        broken = {
            hop.route
            for hop in self.hops
            if hop.state is State.RED
            and hop.kind in (HopKind.PUBLISHED, HopKind.SUBSCRIBED)
            and not hop.about
        }
        return all(hop.route in broken for hop in waiting)

    def give_up(self, seconds: float) -> None:
        counted = {counter.route for counter in self.counters}
        self.set(
            *(
                arrival.not_counted(hop)
                if hop.route in counted
                else arrival.given_up(hop, self.hops, seconds, sent=True)
                for hop in self.waiting()
            )
        )
