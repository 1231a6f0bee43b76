"""Whether what a topic gets is handed on to whoever is subscribed to it.

Sources: SNS Developer Guide, "Message delivery", "Raw message delivery", "Fanout to SQS queues".
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from sestui.domain.configset import Destination, EventType, merged_policy
from sestui.domain.destinations.expected import queue_policy, subscription_filter
from sestui.domain.destinations.facts import BY_BODY, Queue, Subscription, Topic
from sestui.domain.errors import Problem
from sestui.domain.i18n import _
from sestui.domain.plan import Call
from sestui.domain.prove.common import proving
from sestui.domain.prove.filters import lets_through
from sestui.domain.prove.model import (
    SCENARIOS,
    Fix,
    Hop,
    HopKind,
    Question,
    State,
    address_of,
)
from sestui.domain.prove.plan import is_temporary, queue_policy_for
from sestui.domain.prove.scene import Scene, TopicView
from sestui.domain.prove.sns import region_of
from sestui.domain.resource_policy import SNS, Answer, Request, judge, source_context

RAW_PROTOCOLS = ("sqs", "http", "https", "firehose")
MOST = 20
"""Subscriptions of a topic that are shown one by one."""


def subscribed_hops(scene: Scene, question: Question, destination: Destination) -> Iterator[Hop]:
    """One for the queue that receives, and one for each subscription of the person's."""
    view = scene.topics.get(destination.target)
    if not isinstance(view, TopicView):
        return
    topic = view.topic
    if isinstance(view.subscriptions, Problem):
        yield _receiver(scene, question, destination, topic, None)
        problem = view.subscriptions
        yield Hop(
            HopKind.SUBSCRIBED,
            State.UNKNOWN,
            problem.what,
            "unread",
            destination.name,
            "*",
            Fix(problem.advice, text=problem.policy),
        )
        return
    mine = [each for each in view.subscriptions if each.endpoint == question.queue]
    yield _receiver(scene, question, destination, topic, mine[0] if mine else None)
    others = [
        each
        for each in view.subscriptions
        if not is_temporary(each.endpoint) and each.endpoint != question.queue
    ]
    live = any(each.confirmed for each in others) or bool(question.queue and mine)
    for each in others[:MOST]:
        yield _own(scene, question, destination, each, alone=not live)
    if not others and not question.queue:
        yield Hop(
            HopKind.SUBSCRIBED,
            State.AMBER,
            _("Nobody is subscribed to {topic}: after this proof its events reach no one.").format(
                topic=_name(topic.arn)
            ),
            "no_subscriber",
            destination.name,
            "*",
            Fix(_("Subscribe a queue, a function or a person, in the Monitoring step.")),
        )


def _receiver(
    scene: Scene,
    question: Question,
    destination: Destination,
    topic: Topic,
    mine: Subscription | None,
) -> Hop:
    """The queue that this proof looks into."""

    def hop(state: State, text: str, code: str = "", fix: Fix | None = None) -> Hop:
        return Hop(HopKind.SUBSCRIBED, state, text, code, destination.name, fix=fix)

    if not question.queue:
        return hop(State.WAITING, _("A temporary queue will be subscribed."))
    name = _name(question.queue)
    if (region := region_of(question.queue)) != scene.region:
        text = _("The queue {queue} is in {region}; sestui can look into those of {own} only.")
        text = text.format(queue=name, region=region, own=scene.region)
        return hop(State.UNKNOWN, text, "queue_region", Fix(_("Name one that is there.")))
    if isinstance(scene.queue, Problem):
        return hop(State.UNKNOWN, scene.queue.what, "unread", Fix(scene.queue.advice))
    if scene.queue is None:
        text = _("The queue {queue} does not exist.").format(queue=name)
        return hop(State.RED, text, "queue_gone", Fix(_("Create it, or name another one.")))
    if mine is None:
        text = _("The queue {queue} is not subscribed to {topic}.")
        call = Call(
            "sns",
            "Subscribe",
            _("Subscribe {queue} to the topic").format(queue=name),
            {"TopicArn": topic.arn, "Protocol": "sqs", "Endpoint": question.queue},
        )
        text = text.format(queue=name, topic=_name(topic.arn))
        return hop(State.RED, text, "no_subscription", Fix(_("Subscribe it."), (call,)))
    if trouble := _trouble(scene, question, destination, mine):
        state, code, text, fix = trouble
        return hop(state, text, code, fix)
    if found := _queue_trouble(topic, scene.queue):
        state, code, text, fix = found
        return hop(state, text, code, fix)
    return hop(State.GREEN, f"{name}: {_how(mine)}")


def _own(
    scene: Scene, question: Question, destination: Destination, each: Subscription, *, alone: bool
) -> Hop:
    """A subscription of the person's, that this proof does not receive by."""

    def hop(state: State, text: str, code: str = "", fix: Fix | None = None) -> Hop:
        about = each.arn or f"{each.protocol}:{each.endpoint}"
        return Hop(HopKind.SUBSCRIBED, state, text, code, destination.name, about, fix)

    if not (trouble := _trouble(scene, question, destination, each)):
        return hop(State.GREEN, f"{_who(each)} ({each.protocol}): {_how(each)}")
    state, code, text, fix = trouble
    if code == "unconfirmed" and not alone:
        state = State.AMBER  # somebody else does get them
    return hop(state, text, code, fix)


Trouble = tuple[State, str, str, Fix]


def _trouble(
    scene: Scene, question: Question, destination: Destination, each: Subscription
) -> Trouble | None:
    if not each.confirmed:
        return _unconfirmed(each)
    blocked, unsure = _filtered(scene, question, destination, each)
    if blocked:
        return _filter_trouble(each, blocked)
    if question.raw is not None and each.protocol in RAW_PROTOCOLS and each.raw != question.raw:
        return _raw_trouble(each, question.raw)
    if unsure:
        text = _("{who} has a filter policy; whether it lets {events} through is not clear.")
        text = text.format(who=_who(each), events=_words(unsure))
        return State.UNKNOWN, "filter_unsure", text, Fix("", text=each.filter_policy)
    return None


def _unconfirmed(each: Subscription) -> Trouble:
    match each.protocol:
        case "email" | "email-json":
            text = _("The link in the mail that AWS sent to {endpoint} was never clicked.")
            advice = _("Look for the mail from no-reply@sns.amazonaws.com, or subscribe again.")
        case "http" | "https":
            text = _("{endpoint} has not confirmed the subscription: it did not follow the link.")
            advice = _(
                "It has to open the SubscribeURL of the SubscriptionConfirmation it is sent. Is it "
                "behind a login or a firewall?"
            )
        case _other:
            text = _("The subscription of {endpoint} is not confirmed.")
            advice = _("Confirm it with the token that was sent there, or subscribe again.")
    return State.RED, "unconfirmed", text.format(endpoint=each.endpoint), Fix(advice)


def _filtered(
    scene: Scene, question: Question, destination: Destination, each: Subscription
) -> tuple[list[EventType], list[EventType]]:
    """The events that the filter policy holds back, and those of which one cannot tell."""
    blocked, unsure = [], []
    for event in proving(destination):
        passes = lets_through(each.filter_policy, each.filter_scope, sample(scene, question, event))
        if passes is False:
            blocked.append(event)
        elif passes is None:
            unsure.append(event)
    return blocked, unsure


def sample(scene: Scene, question: Question, event: EventType) -> Mapping[str, Any]:
    """What is known beforehand of the JSON of an event of this proof."""
    scenario = next(which for which, kind in SCENARIOS if kind is event)
    address = address_of(scenario, question.nonce)
    payloads: dict[EventType, dict[str, Any]] = {
        EventType.BOUNCE: {"bounce": {"bounceType": "Permanent", "bounceSubType": "General"}},
        EventType.COMPLAINT: {"complaint": {"complaintFeedbackType": "abuse"}},
        EventType.DELIVERY: {"delivery": {"recipients": [address]}},
    }
    mail = {
        "source": scene.sender,
        "sendingAccountId": scene.account,
        "destination": [address],
        "tags": {"ses:configuration-set": [scene.set_name]},
    }
    return {"eventType": event.value.capitalize(), "mail": mail, **payloads[event]}


def _filter_trouble(each: Subscription, blocked: list[EventType]) -> Trouble:
    if each.filter_scope != BY_BODY:
        text = _(
            "{who} filters by message attributes, and SES sets none: {events} never get through."
        )
        advice = _("Let the filter look into the body (FilterPolicyScope MessageBody), or drop it.")
    else:
        text = _("The filter policy of {who} holds back: {events}.")
        advice = _("Let it pass them, or drop the filter.")
    call = Call(
        "sns",
        "SetSubscriptionAttributes",
        _("Drop the filter policy of {who}").format(who=_who(each)),
        {
            "SubscriptionArn": each.arn,
            "AttributeName": "FilterPolicy",
            "AttributeValue": "{}",
        },
        expected=subscription_filter(each),
    )
    fix = Fix(advice, (call,), each.filter_policy)
    return State.RED, "filter_blocks", text.format(who=_who(each), events=_words(blocked)), fix


def _raw_trouble(each: Subscription, wanted: bool) -> Trouble:
    text = (
        _("{who} gets SNS's envelope, and the receiver expects the event alone.")
        if wanted
        else _("{who} gets the event alone (raw), and the receiver expects SNS's envelope.")
    )
    words = (
        _("Switch raw delivery on for {who}") if wanted else _("Switch raw delivery off for {who}")
    )
    call = Call(
        "sns",
        "SetSubscriptionAttributes",
        words.format(who=_who(each)),
        {
            "SubscriptionArn": each.arn,
            "AttributeName": "RawMessageDelivery",
            "AttributeValue": str(wanted).lower(),
        },
    )
    fix = Fix(_("Change raw message delivery, or what the receiver reads."), (call,))
    return State.RED, "raw_mismatch", text.format(who=_who(each)), fix


def _queue_trouble(topic: Topic, queue: Queue) -> Trouble | None:
    """Whether SNS may put messages into the person's queue."""
    name = _name(queue.arn)
    context = source_context(topic.arn.split(":")[4], topic.arn, SNS)
    ruling = judge(queue.policy, Request(SNS, "sqs:SendMessage", queue.arn, context))
    if ruling.answer in (Answer.NO, Answer.DENIED):
        statement = queue_policy_for(queue.arn, SNS, topic.arn)["Statement"][0]
        merged = merged_policy(queue.policy, statement)
        call = Call(
            "sqs",
            "SetQueueAttributes",
            _("Let the topic send to {queue}: one statement is added to its policy").format(
                queue=name
            ),
            {"QueueUrl": queue.url, "Attributes": {"Policy": json.dumps(merged)}},
            expected=queue_policy(queue),
        )
        text = _("The policy of the queue {queue} does not let the topic in.").format(queue=name)
        advice = _("Add this statement to its policy; what is there stays.")
        plan = (call,) if ruling.answer is Answer.NO else ()
        fix = Fix(advice, plan, json.dumps(statement, indent=2))
        return State.RED, "queue_policy", text, fix
    if queue.kms_key.endswith("alias/aws/sqs"):
        text = _("{queue} is encrypted with {key}, which AWS manages: SNS can never use it.")
        advice = _("Let SQS encrypt it (SSE-SQS), or use a key of your own that lets SNS in.")
        text = text.format(queue=name, key=queue.kms_key)
        return State.RED, "queue_kms", text, Fix(advice)
    return None


def _how(each: Subscription) -> str:
    if each.protocol not in RAW_PROTOCOLS:
        return _("confirmed")
    return _("confirmed, the event alone (raw)") if each.raw else _("confirmed, in SNS's envelope")


def _who(each: Subscription) -> str:
    return _name(each.endpoint) if each.protocol == "sqs" else each.endpoint


def _name(arn: str) -> str:
    return arn.rsplit(":", 1)[-1]


def _words(events: list[EventType]) -> str:
    return ", ".join(event.word for event in events)
