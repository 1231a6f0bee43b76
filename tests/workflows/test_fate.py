"""What became of a message: how sources are combined, and each of them over real sockets."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime, timedelta

import pytest

from sestui.domain.configset import ConfigurationSet, Destination, DestinationKind, EventType
from sestui.domain.destinations.facts import Topic
from sestui.domain.errors import Problem, Trouble
from sestui.domain.events import Outcome, parse_event
from sestui.domain.mail.form import Format
from sestui.domain.mail.message import FIND_TAG, Message
from sestui.domain.plan import Call
from sestui.gateways.ports import GatewayError
from sestui.workflows.event_sources import Insights, Wanted, queue_of, queues_of, ways_to
from sestui.workflows.fate import fate, no_way
from tests.domain.events.samples import MESSAGE_ID, bounce, delivery, event

NOW = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
ANNA = "anna@example.net"
NO_TAG = ("", "")


def events(*contents):
    return tuple(parse_event(json.dumps(content)) for content in contents)


class Script:
    """A source that gives one thing a look, the last one for ever."""

    def __init__(self, name: str, *looks, after: float = 0.0, every: float = 0.0) -> None:
        self.name, self.after, self.every = name, after, every
        self.looks = list(looks)
        self.asked: list[float] = []
        self.clock: Clock | None = None

    async def look(self, wanted: Wanted):
        self.asked.append(self.clock.seconds if self.clock else 0.0)
        now = self.looks.pop(0) if len(self.looks) > 1 else self.looks[0]
        if isinstance(now, Exception):
            raise now
        return tuple(each for each in events(*now) if wanted.fits(each))


class Clock:
    """Time passes only by sleeping; after `most` seconds whoever sleeps is stopped."""

    def __init__(self, most: float = 1e9) -> None:
        self.seconds = 0.0
        self.pauses: list[float] = []
        self.most = most

    async def sleep(self, seconds: float) -> None:
        self.pauses.append(seconds)
        self.seconds += seconds
        if self.seconds > self.most:
            raise asyncio.CancelledError
        await asyncio.sleep(0)

    def now(self):
        return NOW + timedelta(seconds=self.seconds)


async def watched(*sources, message_id=MESSAGE_ID, tag=NO_TAG, clock=None, **more):
    """All that `fate` said, until its end or that of the clock."""
    clock = clock or Clock(most=600)
    for source in sources:
        source.clock = clock
    said = []
    try:
        async for news in fate(message_id, tag, sources, clock.sleep, clock.now, **more):
            said.append(news)
    except asyncio.CancelledError:
        pass
    return said


SENT = event("Send")
DELIVERED = delivery()


async def test_it_ends_when_each_recipient_has_met_their_fate():
    said = await watched(Script("a", [], [SENT], [SENT, DELIVERED]), recipients=(ANNA,))
    assert [dict(each.outcomes)[ANNA] for each in said] == [
        Outcome.UNKNOWN,
        Outcome.SENT,
        Outcome.DELIVERED,
        Outcome.DELIVERED,
    ]
    assert [each.pause > 0 for each in said] == [True, True, True, False]
    assert said[-1].settled


async def test_what_comes_just_after_the_end_is_not_missed():
    late = [SENT, DELIVERED, event("Complaint")]
    said = await watched(Script("a", [SENT, DELIVERED], late))
    assert said[-1].outcomes == ((ANNA, Outcome.COMPLAINED),)


async def test_without_news_it_looks_less_and_less_often_and_says_so():
    clock = Clock(most=300)
    said = await watched(Script("a", [SENT]), clock=clock)
    assert clock.pauses == sorted(clock.pauses)
    assert (clock.pauses[0], clock.pauses[-1]) == (1.0, 30.0)
    assert [each.pause for each in said] == sorted(set(clock.pauses))


async def test_news_make_it_look_soon_again():
    clock = Clock(most=300)
    await watched(Script("a", *[[]] * 8, [SENT]), clock=clock)
    assert clock.pauses[7] > 10
    assert clock.pauses[8] == 1.0


async def test_an_event_heard_by_two_ways_is_one():
    fuller = {**DELIVERED, "extra": "x" * 50}
    said = await watched(Script("queue", [DELIVERED]), Script("practice", [fuller]))
    (known,) = said[0].events
    assert known.sources == ("queue", "practice")
    assert "extra" in known.event.raw


async def test_events_are_in_the_order_in_which_they_happened():
    said = await watched(Script("a", [bounce("Permanent", "General"), DELIVERED, SENT]))
    kinds = [each.event.kind for each in said[0].events]
    assert kinds == [EventType.SEND, EventType.DELIVERY, EventType.BOUNCE]


async def test_a_source_that_fails_says_so_and_the_others_go_on():
    problem = Problem("No answer came in time.", trouble=Trouble.NETWORK)
    broken = Script("broken", GatewayError(problem), GatewayError(problem), [DELIVERED])
    said = await watched(broken, Script("fine", [SENT]))
    assert said[0].problems == (("broken", problem),)
    assert [each.event.kind for each in said[0].events] == [EventType.SEND]
    assert said[-1].problems == ()
    assert said[-1].settled


async def test_a_source_is_asked_neither_too_early_nor_too_often():
    slow = Script("slow", [], after=60.0, every=30.0)
    await watched(Script("quick", [SENT]), slow, clock=Clock(most=400))
    assert slow.asked[0] >= 60
    assert all(b - a >= 30 for a, b in zip(slow.asked, slow.asked[1:], strict=False))
    assert len(slow.asked) > 5


async def test_a_mail_that_may_have_been_sent_is_found_by_its_tag():
    tagged = event("Send")
    tagged["mail"]["tags"]["sestui-test"] = ["k7"]
    other = event("Send")
    other["mail"] |= {"messageId": "other", "tags": {"sestui-test": ["k8"]}}
    # A later event of the same message need not have the tag.
    source = Script("a", [], [other, tagged], [other, tagged, DELIVERED])
    said = await watched(source, message_id="", tag=("sestui-test", "k7"))
    assert said[0].message_id == ""
    assert said[1].message_id == MESSAGE_ID
    assert said[-1].outcomes == ((ANNA, Outcome.DELIVERED),)


async def test_with_neither_id_nor_tag_nothing_fits():
    (said, *_rest) = await watched(Script("a", [SENT]), message_id="")
    assert said.events == ()


async def test_without_any_source_it_says_why_and_what_to_do():
    (said,) = await watched(recipients=(ANNA,))
    assert said.problems == (("", no_way()),)
    assert "Monitoring" in no_way().advice
    assert said.pause == 0


async def test_all_of_several_recipients_are_waited_for():
    two = ("a@x.example", "b@x.example")
    first, second = delivery("a@x.example"), bounce("Permanent", "General", "b@x.example")
    for each in (first, second):
        each["mail"]["destination"] = list(two)
    said = await watched(Script("a", [first], [first], [first, second]))
    assert [each.settled for each in said] == [False, False, True, True]
    assert said[-1].outcomes == ((two[0], Outcome.DELIVERED), (two[1], Outcome.BOUNCED))


# Which queue


class Topics:
    def __init__(self, **subscriptions) -> None:
        self.subscriptions = subscriptions

    async def topic(self, arn):
        found = self.subscriptions.get(arn)
        return None if found is None else Topic(arn, {}, subscriptions=found)


def sns(target: str, *, enabled: bool = True) -> Destination:
    return Destination(target, DestinationKind.SNS, frozenset(), target, enabled=enabled)


async def test_the_queues_of_a_set_are_those_its_topics_deliver_to():
    topics = Topics(
        one=(("email", "a@example.com", True), ("sqs", "q1", True), ("sqs", "q2", False)),
        two=(("sqs", "q1", True), ("sqs", "q3", True)),
        off=(("sqs", "q4", True),),
    )
    bus = Destination("bus", DestinationKind.EVENTBRIDGE, frozenset(), "one")
    found = ConfigurationSet(
        "s", destinations=(bus, sns("gone"), sns("one"), sns("two"), sns("off", enabled=False))
    )
    assert await queues_of(found, topics) == ("q1", "q3")
    assert await queue_of(found, topics) == "q1"
    assert await queue_of(ConfigurationSet("s", destinations=(bus,)), topics) == ""


# The practice account, over real sockets


@pytest.fixture(scope="module")
def domain(account):
    """A verified domain, and a set whose events reach a queue by way of a topic."""
    ses = account.client("sesv2")
    created = ses.create_email_identity(EmailIdentity="fate.example")["DkimAttributes"]
    for token in created["Tokens"]:
        target = f"{token}.{created['SigningHostedZone']}"
        account.world.panel.add(f"{token}._domainkey.fate.example", "CNAME", target)
    account.ses.check_now()
    topic = account.client("sns").create_topic(Name="fate")["TopicArn"]
    account.client("sqs").create_queue(QueueName="fate")
    arn = "arn:aws:sqs:eu-west-1:123456789012:fate"
    account.client("sns").subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn)
    ses.create_configuration_set(ConfigurationSetName="fate")
    ses.create_configuration_set_event_destination(
        ConfigurationSetName="fate",
        EventDestinationName="topic",
        EventDestination={
            "Enabled": True,
            "MatchingEventTypes": ["SEND", "DELIVERY", "BOUNCE", "COMPLAINT"],
            "SnsDestination": {"TopicArn": topic},
        },
    )
    return "fate.example"


@pytest.fixture
async def cloud(cloud, domain):
    return cloud


async def soon(_seconds: float) -> None:
    await asyncio.sleep(0.05)


async def end_of(said):
    """The last that is said, within ten seconds."""
    last = None
    async with asyncio.timeout(10):
        async for each in said:
            last = each
    return last


def message(recipient: str, tag: str, configuration_set: str = "fate") -> Message:
    return Message(
        Format.FORMATTED,
        "hello@fate.example",
        (recipient,),
        subject="Hello",
        text="Hello",
        configuration_set=configuration_set,
        tags=((FIND_TAG, tag),),
    )


@pytest.mark.parametrize(
    ("recipient", "outcome"),
    [
        ("success@simulator.amazonses.com", Outcome.DELIVERED),
        ("bounce@simulator.amazonses.com", Outcome.BOUNCED),
        ("complaint+1@simulator.amazonses.com", Outcome.COMPLAINED),
        ("suppressionlist@simulator.amazonses.com", Outcome.BOUNCED),
        ("anna@fate.example", Outcome.DELIVERED),
    ],
)
async def test_the_practice_account_and_the_queue_tell_the_same(world, cloud, recipient, outcome):
    sent = await cloud.ses.send(message(recipient, "run"))
    ways = await ways_to(cloud, world.practice, configuration_set="fate", recipients=(recipient,))
    assert [source.name for source in ways.sources] == ["practice account", "queue fate"]
    assert ways.problems == ()
    clock = Clock()
    said = await end_of(
        fate(sent.message_id, NO_TAG, ways.sources, soon, clock.now, recipients=(recipient,))
    )
    assert said.outcomes == ((recipient, outcome),)
    assert {source for each in said.events for source in each.sources} == {
        "practice account",
        "queue fate",
    }
    assert {each.event.configuration_set for each in said.events} == {"fate"}


async def test_by_the_queue_alone_and_the_tag_and_nothing_is_taken_out_of_it(cloud, client):
    await cloud.ses.send(message("bounce@simulator.amazonses.com", "alone"))
    ways = await ways_to(cloud, None, configuration_set="fate", recipients=())
    (queue,) = ways.sources
    clock = Clock()
    said = await end_of(fate("", (FIND_TAG, "alone"), (queue,), soon, clock.now))
    assert [each.event.kind for each in said.events] == [EventType.SEND, EventType.BOUNCE]
    assert said.message_id
    sqs = client("sqs")
    url = sqs.get_queue_url(QueueName="fate")["QueueUrl"]
    attributes = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
    there = ("ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible")
    assert sum(int(attributes[name]) for name in there) >= 2


async def test_mail_without_any_set_is_known_to_the_practice_account(world, cloud):
    recipient = "bounce@simulator.amazonses.com"
    sent = await cloud.ses.send(message(recipient, "none", ""))
    ways = await ways_to(cloud, world.practice, configuration_set="", recipients=(recipient,))
    assert [source.name for source in ways.sources] == ["practice account"]
    said = await end_of(fate(sent.message_id, NO_TAG, ways.sources, soon, Clock().now))
    assert said.outcomes == ((recipient, Outcome.BOUNCED),)


async def test_message_insights_where_vdm_is_on_and_the_mail_is_in_them(cloud):
    assert not (await cloud.ses.account()).vdm
    call = Call(
        "sesv2", "PutAccountVdmAttributes", "", {"VdmAttributes": {"VdmEnabled": "ENABLED"}}
    )
    await cloud.changes.make(call)
    assert (await cloud.ses.account()).vdm
    recipient = "vdm@fate.example"
    sent = await cloud.ses.send(message(recipient, "vdm", ""))

    async def sources(*recipients):
        ways = await ways_to(cloud, None, configuration_set="", recipients=recipients, vdm=True)
        return ways.sources

    assert await sources("bounce@simulator.amazonses.com") == ()
    assert await sources(recipient, "other@fate.example") == ()
    (insights,) = await sources(recipient)
    assert isinstance(insights, Insights)
    assert insights.after >= 60
    insights.after = insights.every = 0.0
    said = await end_of(fate(sent.message_id, NO_TAG, (insights,), soon, Clock().now))
    assert said.outcomes == ((recipient, Outcome.DELIVERED),)
    assert await insights.look(Wanted("unknown")) == ()
    assert await insights.look(Wanted("", ("a", "b"))) == ()


async def test_a_set_that_cannot_be_read_is_a_problem_and_not_the_end(world, cloud, account):
    account.ses.faults.load_json(
        [{"operation": "GetConfigurationSet", "kind": "access_denied", "count": 1}]
    )
    ways = await ways_to(cloud, world.practice, configuration_set="fate", recipients=())
    assert [source.name for source in ways.sources] == ["practice account"]
    assert ways.problems[0].trouble is Trouble.DENIED
    assert (await ways_to(None, None, configuration_set="fate", recipients=())).sources == ()
