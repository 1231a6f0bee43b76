"""The form of an event destination, by keyboard, on the practice account."""

from __future__ import annotations

from contextlib import asynccontextmanager

import pytest
from textual.widgets import Input, Select

from sestui.domain.configset import DEFAULT_EVENTS, Destination, DestinationKind, Dimension
from sestui.domain.destinations.form import form_of
from sestui.domain.destinations.subscriptions import Subscriber
from sestui.domain.destinations.topics import Encryption
from sestui.tui.modals.destination import DestinationModal
from sestui.tui.modals.dimension import DimensionModal
from sestui.tui.modals.subscriber import SubscriberModal
from sestui.tui.modals.text import TextModal
from sestui.tui.widgets.picker import Picker
from sestui.tui.widgets.plain import Plain
from sestui.tui.widgets.row_list import RowList

from .host import Host
from .sizes import narrow_always
from .walking import offered

TOPIC = "arn:aws:sns:eu-west-1:123456789012:alarms"
QUEUE = "arn:aws:sqs:eu-west-1:123456789012:bounces"


@pytest.fixture(scope="module")
def filled(account):
    """The account with a topic that SES cannot use yet, a queue and a customer key."""
    sns, sqs, kms = (account.client(each) for each in ("sns", "sqs", "kms"))
    sqs.create_queue(QueueName="bounces")
    key = {"KmsMasterKeyId": "alias/aws/sns"}
    sns.create_topic(Name="alarms")
    sns.subscribe(TopicArn=TOPIC, Protocol="sqs", Endpoint=QUEUE)
    sns.subscribe(TopicArn=TOPIC, Protocol="https", Endpoint="https://127.0.0.1:9/hook")
    sns.create_topic(Name="locked", Attributes=key)
    created = kms.create_key()["KeyMetadata"]["KeyId"]
    kms.create_alias(AliasName="alias/own", TargetKeyId=created)
    return account


@pytest.fixture
async def cloud(filled, cloud):
    return cloud


class Opened:
    """The modal on a screen, and what it was left with."""

    def __init__(self, pilot, until, modal: DestinationModal) -> None:
        self.pilot = pilot
        self.until = until
        self.modal = modal
        self.results: list[object] = []

    async def press(self, *keys: str) -> None:
        await self.pilot.press(*keys)
        await self.pilot.pause()

    async def type(self, text: str) -> None:
        await self.press(*("space" if c == " " else c for c in text))

    async def on(self, kind: type) -> object:
        await self.until(self.pilot, lambda: isinstance(self.pilot.app.screen, kind))
        await self.pilot.pause()
        return self.pilot.app.screen

    def says(self, text: str) -> bool:
        return any(text in str(each.content) for each in self.modal.query(Plain) if each.display)

    async def looked(self) -> None:
        """AWS has been asked about what is on the screen."""
        modal = self.modal
        await self.until(
            self.pilot,
            lambda: modal.read() == modal.form and modal.up_to_date,
        )
        await self.pilot.pause()

    def choose(self, field: str, value: str) -> None:
        self.modal.query_one(f"#pick-{field}-list", Select).value = value

    def picker(self, field: str) -> Picker:
        return self.modal.query_one(f"#pick-{field}", Picker)


@pytest.fixture
def opened(cloud, until):
    @asynccontextmanager
    async def open_(form, size=(80, 24), **more):
        modal = DestinationModal(cloud, form, **more)
        modal.rest = 0.0
        app = Host()
        async with app.run_test(size=size) as pilot:
            found = Opened(pilot, until, modal)
            app.push_screen(modal, found.results.append)
            await until(pilot, lambda: modal.is_mounted and modal.query("#take"))
            await found.looked()
            yield found

    return open_


@narrow_always
async def test_a_new_topic_with_a_subscriber_by_keys_alone(opened, size):
    async with opened(form_of(None, "set"), size) as at:
        assert at.says("will be created")
        while not isinstance(at.modal.focused, RowList):
            await at.press("tab")
        await at.press("a")
        sub = await at.on(SubscriberModal)
        await at.type("ops@example.com")
        await at.press("ctrl+s")
        await at.on(DestinationModal)
        assert at.modal.query_one("#subscriptions", RowList).option_count == 1
        await at.press("ctrl+s")
        await at.until(at.pilot, lambda: at.results)
        (form,) = at.results
        assert sub is not at.modal
        assert form.topic.topic == "ses-events"
        assert form.topic.add == (Subscriber("ops@example.com"),)
        assert form.events == DEFAULT_EVENTS


async def test_a_topic_of_the_account_is_picked_and_its_subscribers_are_there(opened):
    async with opened(form_of(None, "set"), (120, 40)) as at:
        at.choose("topic", TOPIC)
        await at.looked()
        assert at.says("a statement is added to its policy")
        # The difference is beside it.
        assert at.says('"sestui-set"')
        rows = at.modal.query_one("#subscriptions", RowList)
        assert rows.option_count == 2
        text = [str(rows.get_option_at_index(n).prompt) for n in range(2)]
        assert "confirmed" in text[0]
        assert "not confirmed" in text[1]
        # The queue is to go; the other is asked again, for it cannot be removed.
        rows.focus()
        await at.press("d", "down", "d")
        assert at.says("SubscribeURL")
        await at.press("r", "ctrl+s")
        await at.until(at.pilot, lambda: at.results)
        (form,) = at.results
        assert form.topic.topic == TOPIC
        assert len(form.topic.remove) == 1
        assert form.topic.again == ("https://127.0.0.1:9/hook",)


async def test_a_subscription_that_is_there_is_changed(opened):
    there = Destination("d", DestinationKind.SNS, DEFAULT_EVENTS, TOPIC)
    async with opened(form_of(there, "set")) as at:
        at.modal.query_one("#subscriptions", RowList).focus()
        await at.press("enter")
        sub = await at.on(SubscriberModal)
        await at.press("space", "tab")
        await at.type("{")
        await at.press("ctrl+s")
        assert at.pilot.app.screen is sub
        sub.query_one("#subscriber-filter", Input).value = '{"eventType": ["Bounce"]}'
        await at.press("ctrl+s")
        await at.on(DestinationModal)
        await at.press("ctrl+s")
        await at.until(at.pilot, lambda: at.results)
        ((arn, subscriber),) = at.results[0].topic.change
        assert arn.startswith(TOPIC)
        assert subscriber == Subscriber(QUEUE, True, '{"eventType": ["Bounce"]}')


async def test_a_fifo_topic_is_refused_as_it_is_typed(opened):
    async with opened(form_of(None, "set")) as at:
        box = at.modal.query_one("#pick-topic-typed", Input)
        box.focus()
        box.value = "alarms.fif"
        await at.press("end", "o")
        assert at.says("FIFO")
        await at.press("ctrl+s")
        assert at.results == []
        assert at.modal.focused is box
        await at.press("backspace")
        assert not at.says("FIFO")


async def test_the_key_of_aws_is_refused_and_another_is_picked(opened):
    async with opened(form_of(None, "set")) as at:
        at.modal.query_one("#pick-topic-typed", Input).value = "locked"
        await at.looked()
        assert at.says("SES cannot use that key")
        await at.press("ctrl+s")
        assert at.results == []
        at.choose("encryption", "alias/own")
        await at.looked()
        assert not at.says("SES cannot use that key")
        await at.press("ctrl+s")
        await at.until(at.pilot, lambda: at.results)
        (form,) = at.results
        assert (form.topic.encryption, form.topic.key) == (Encryption.KEY, "alias/own")


async def test_a_rule_and_its_target(opened):
    async with opened(form_of(None, "set")) as at:
        at.modal.query_one("#destination-kind", Select).value = DestinationKind.EVENTBRIDGE
        await at.pilot.pause()
        await at.looked()
        assert at.says("nobody gets the events")
        assert not at.picker("target").display
        at.picker("rule").choose("\0typed")
        await at.pilot.pause()
        await at.type("my-rule")
        assert at.says("The ARN of a queue")
        at.choose("target", QUEUE)
        await at.looked()
        await at.press("f3")
        shown = await at.on(TextModal)
        assert "Email Bounced" in shown.text
        assert "events.amazonaws.com" in shown.text
        await at.press("escape", "ctrl+s")
        await at.until(at.pilot, lambda: at.results)
        (form,) = at.results
        assert (form.bus.rule, form.bus.target) == ("my-rule", QUEUE)


async def test_a_stream_that_is_not_there(opened):
    async with opened(form_of(None, "set")) as at:
        at.modal.query_one("#destination-kind", Select).value = DestinationKind.FIREHOSE
        await at.pilot.pause()
        await at.looked()
        await at.press("ctrl+s")
        assert at.says("Choose a stream")
        at.modal.query_one("#pick-stream-typed", Input).value = "events"
        await at.looked()
        assert at.says("no such stream")
        assert at.says("ses-set-firehose")


async def test_dimensions_by_keys(opened):
    async with opened(form_of(None, "set")) as at:
        at.modal.query_one("#destination-kind", Select).value = DestinationKind.CLOUDWATCH
        await at.pilot.pause()
        await at.looked()
        at.modal.query_one("#dimensions").focus()
        await at.press("a")
        dimension = await at.on(DimensionModal)
        dimension.query_one("#pick-name-typed", Input).value = "my:tag"
        dimension.query_one("#dimension-default", Input).value = "none"
        await at.press("ctrl+s")
        assert at.pilot.app.screen is dimension
        dimension.query_one("#pick-name-typed", Input).value = "campaign"
        await at.press("ctrl+s")
        await at.on(DestinationModal)
        assert at.says("each combination")
        await at.press("ctrl+s")
        await at.until(at.pilot, lambda: at.results)
        assert at.results[0].dimensions == (
            Dimension("ses:configuration-set", "MESSAGE_TAG", "set"),
            Dimension("campaign", "MESSAGE_TAG", "none"),
        )


async def test_pinpoint_is_shown_as_retired_and_can_go(opened):
    there = Destination(
        "old", DestinationKind.PINPOINT, DEFAULT_EVENTS, "arn:aws:mobiletargeting:x"
    )
    async with opened(form_of(there, "set")) as at:
        assert at.says("2026-10-30")
        await at.press("ctrl+s")
        assert at.results == []
        await at.press("ctrl+d")
        await at.until(at.pilot, lambda: at.results)
        assert at.results[0].removed


async def test_pinpoint_is_never_offered(opened):
    async with opened(form_of(None, "set")) as at:
        select = at.modal.query_one("#destination-kind", Select)
        assert offered(select)
        assert not [words for words in offered(select) if "Pinpoint" in words]


async def test_a_name_that_is_taken(opened):
    form = form_of(None, "set")
    async with opened(form, taken=frozenset({form.name})) as at:
        assert at.says("of this name already")
        await at.press("ctrl+s")
        assert at.results == []
        assert at.modal.focused.id == "destination-name"


async def test_leaving_changes_nothing(opened):
    async with opened(form_of(None, "set")) as at:
        await at.press("escape")
        await at.until(at.pilot, lambda: at.results)
        assert at.results == [None]
