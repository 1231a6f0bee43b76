"""What a proof would do: everything on the way read, and the plan that is to be agreed to."""

from __future__ import annotations

from dataclasses import dataclass

from sestui.domain.configset import DestinationKind
from sestui.domain.i18n import _
from sestui.domain.mail.form import Format
from sestui.domain.mail.message import FIND_TAG, Message
from sestui.domain.plan import Call
from sestui.domain.prove.arrival import not_tried
from sestui.domain.prove.common import watchable
from sestui.domain.prove.diagnose import diagnose, routes
from sestui.domain.prove.model import (
    SCENARIOS,
    Hop,
    HopKind,
    Question,
    Route,
    State,
    address_of,
)
from sestui.domain.prove.plan import Leftover, Sort, is_temporary, removal_plan
from sestui.domain.prove.scene import Scene
from sestui.gateways.ports import Cloud
from sestui.workflows.proof_queue import Catcher
from sestui.workflows.proof_scene import read_scene


@dataclass(frozen=True, slots=True)
class Prospect:
    """What is known before anything is done, and what would be done: to be agreed to."""

    question: Question
    scene: Scene
    hops: tuple[Hop, ...]
    routes: tuple[Route, ...]
    setup: tuple[Call, ...]
    """What is made in the account; empty with a queue of the person's."""
    messages: tuple[Message, ...]
    blocked: bool = False
    """A hop is broken so that nothing can be tried; nothing will be made or sent."""

    @property
    def plan(self) -> tuple[Call, ...]:
        """All that will be done, the mails included, to be shown; the proof carries it out."""
        from sestui.gateways.send import send_parameters

        words = _("Send a mail to {address}")
        mails = (
            Call(
                "sesv2",
                "SendEmail",
                words.format(address=message.to[0]),
                send_parameters(message),
            )
            for message in self.messages
        )
        return (*self.setup, *mails)

    @property
    def removal(self) -> tuple[str, ...]:
        """What is removed afterwards, in words."""
        return removal_words(self.routes)


def removal_words(routes: tuple[Route, ...]) -> tuple[str, ...]:
    """What is removed of the temporary things for `routes`, in words."""
    things: list[Leftover] = []
    for route in routes:
        if is_temporary(route.queue):
            name = route.queue.rsplit(":", 1)[-1]
            things.append(Leftover(Sort.QUEUE, name, ""))
            way = Sort.RULE if route.rule else Sort.SUBSCRIPTION
            things.append(Leftover(way, route.rule or name, route.rule))
    return tuple(call.words for call in removal_plan(things))


async def look(cloud: Cloud, question: Question) -> Prospect:
    """Read what there is, and plan the proof. Changes nothing, sends nothing.

    Raises:
        GatewayError: the configuration set cannot be read.
    """
    scene = await read_scene(cloud, question)
    hops = diagnose(scene, question)
    found = routes(scene, question)
    seen = {route.name for route in found} | set(_counted(scene))
    broken = any(hop.state is State.RED for hop in hops)
    hops = tuple(
        not_tried(hop, broken=broken)
        if hop.kind is HopKind.ARRIVED and hop.state is State.WAITING and hop.route not in seen
        else hop
        for hop in hops
    )
    if _cannot_send(hops) or not seen:
        return Prospect(question, scene, hops, (), (), (), blocked=True)
    setup = Catcher(cloud, question, found).plan
    return Prospect(question, scene, hops, found, setup, _messages(scene, question))


def _cannot_send(hops: tuple[Hop, ...]) -> bool:
    """SES would refuse the mails, or would not know whose they are."""
    return any(
        hop.state is State.RED
        and hop.kind in (HopKind.SET, HopKind.IDENTITY)
        and hop.code != "set_not_used"
        for hop in hops
    )


def _counted(scene: Scene) -> tuple[str, ...]:
    """Names of the destinations whose events CloudWatch counts."""
    found = scene.configuration_set
    return tuple(
        each.name
        for each in (found.destinations if found else ())
        if each.kind is DestinationKind.CLOUDWATCH and watchable(each)
    )


def _messages(scene: Scene, question: Question) -> tuple[Message, ...]:
    # Where the set is the default, the proof goes the way that mail without a set goes.
    default = scene.default_set == question.set_name and not question.named
    return tuple(
        Message(
            Format.FORMATTED,
            scene.sender,
            (address_of(scenario, question.nonce),),
            subject=_("Proof of events: {scenario}").format(scenario=scenario.word),
            text=_("sestui sends this to the mailbox simulator, to see its events arrive."),
            configuration_set="" if default else question.set_name,
            tags=((FIND_TAG, question.nonce),),
        )
        for scenario, _event in SCENARIOS
    )
