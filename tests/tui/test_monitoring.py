"""The list of configuration sets: what is seen at a glance, and what a key does to one."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sestui.domain.configset.trouble import Reach
from sestui.domain.errors import Problem, Trouble
from sestui.domain.steps import Step
from sestui.gateways.ports import GatewayError
from sestui.tui.modals.reputation import ReputationModal
from sestui.tui.modals.set_editor import SetEditor
from sestui.tui.modals.set_review import SetReview
from sestui.tui.modals.suppression import SuppressionModal
from sestui.tui.widgets.sets_list import SetsList
from sestui.tui.widgets.todo_list import TodoList

from .sizes import narrow_always
from .walking import agree, connected, fill, open_step, showing

DOMAIN = "sets.example"


@pytest.fixture
def sesv2(account):
    account.ses.seed_identities("eu-west-1", [DOMAIN])
    client = account.client("sesv2")
    yield client
    client.put_email_identity_configuration_set_attributes(EmailIdentity=DOMAIN)
    for name in client.list_configuration_sets()["ConfigurationSets"]:
        client.delete_configuration_set(ConfigurationSetName=name)


def make_set(sesv2, name: str, *, default: bool = False) -> None:
    sesv2.create_configuration_set(
        ConfigurationSetName=name,
        SendingOptions={"SendingEnabled": True},
        ReputationOptions={"ReputationMetricsEnabled": True},
    )
    if default:
        sesv2.put_email_identity_configuration_set_attributes(
            EmailIdentity=DOMAIN, ConfigurationSetName=name
        )


async def open_sets(pilot, until) -> SetsList:
    """The Monitoring step of the domain, with all there is to know of the sets."""
    await open_step(pilot, until, Step.MONITORING, DOMAIN)
    screen = pilot.app.screen
    await until(pilot, lambda: screen.query(SetsList) and screen.seen.defaults.looked)
    return screen.query_one(SetsList)


async def test_each_set_with_how_it_stands(wizard, until, sesv2):
    make_set(sesv2, "quiet", default=True)
    make_set(sesv2, "paused")
    sesv2.put_configuration_set_sending_options(ConfigurationSetName="paused", SendingEnabled=False)
    sesv2.create_configuration_set_event_destination(
        ConfigurationSetName="paused",
        EventDestinationName="bus",
        EventDestination={
            "Enabled": True,
            "MatchingEventTypes": ["BOUNCE", "COMPLAINT"],
            "EventBridgeDestination": {
                "EventBusArn": "arn:aws:events:eu-west-1:123456789012:event-bus/default"
            },
        },
    )
    async with wizard().run_test(size=(120, 40)) as pilot:
        sets = await open_sets(pilot, until)
        assert sets.chosen == "quiet"  # the cursor is on what mail goes out with
        screen = showing(pilot)
        assert "default of this identity" in screen
        assert "no destination" in screen
        assert "bounces and complaints: by nobody" in screen
        assert "paused" in screen
        assert "EventBridge bus" in screen
        assert pilot.app.screen.seen.summary("paused").alarms is Reach.SOMEBODY


class Secretive:
    """An SES with one set that may not be read."""

    def __init__(self, ses, name: str) -> None:
        self._ses = ses
        self._name = name

    def __getattr__(self, name: str):
        return getattr(self._ses, name)

    async def configuration_set(self, name: str):
        if name == self._name:
            raise GatewayError(Problem("You may not read it.", "Ask.", Trouble.DENIED))
        return await self._ses.configuration_set(name)


async def test_a_set_that_may_not_be_read_is_said_in_its_place(wizard, until, sesv2):
    make_set(sesv2, "secret")
    make_set(sesv2, "plain", default=True)
    async with wizard().run_test(size=(120, 40)) as pilot:
        await connected(pilot, until)
        app = pilot.app
        app.cloud = replace(app.cloud, ses=Secretive(app.cloud.ses, "secret"))
        await open_sets(pilot, until)
        assert set(app.screen.seen.unread) == {"secret"}
        lines = [line.strip("│ ") for line in showing(pilot).split("\n")]
        assert lines[lines.index("? secret") + 1] == "You may not read it."
        assert app.screen.seen.summary("plain").alarms is Reach.NOBODY
        assert app.screen.problem_box.problem is None


async def test_a_new_set_begins_with_the_name_of_the_workshop(wizard, until, sesv2):
    make_set(sesv2, "other", default=True)
    async with wizard().run_test(size=(120, 40)) as pilot:
        sets = await open_sets(pilot, until)
        sets.focus()
        await pilot.press("n")
        await until(pilot, lambda: isinstance(pilot.app.screen, SetEditor))
        assert pilot.app.screen.draft.name == "production-emails"
        await pilot.press("escape")


async def test_a_set_is_duplicated_under_another_name(wizard, until, sesv2):
    make_set(sesv2, "first", default=True)
    sesv2.put_configuration_set_delivery_options(ConfigurationSetName="first", TlsPolicy="REQUIRE")
    async with wizard().run_test(size=(120, 40), notifications=True) as pilot:
        sets = await open_sets(pilot, until)
        sets.focus()
        await pilot.press("d")
        await until(pilot, lambda: isinstance(pilot.app.screen, SetEditor))
        assert pilot.app.screen.draft.name == "first-copy"
        assert pilot.app.screen.draft.tls_policy == "REQUIRE"
        await pilot.press("escape")


async def test_a_deleted_set_is_nobodys_default_and_comes_back_by_one_key(wizard, until, sesv2):
    make_set(sesv2, "doomed", default=True)
    async with wizard().run_test(size=(120, 40), notifications=True) as pilot:
        sets = await open_sets(pilot, until)
        sets.focus()
        await pilot.press("x")
        await agree(pilot, until)
        await until(pilot, lambda: "doomed" not in pilot.app.screen.seen.names)
        identity = sesv2.get_email_identity(EmailIdentity=DOMAIN)
        assert not identity.get("ConfigurationSetName")  # else every send would fail
        await until(pilot, lambda: pilot.app.deleted_sets)
        pilot.app.screen.set_focus(None)
        await pilot.press("u")
        await until(pilot, lambda: isinstance(pilot.app.screen, SetEditor))
        assert pilot.app.screen.draft.name == "doomed"
        await pilot.pause()
        await pilot.press("ctrl+s")
        await until(pilot, lambda: isinstance(pilot.app.screen, SetReview))
        await pilot.press("enter")
        await until(pilot, lambda: "doomed" in sesv2.list_configuration_sets()["ConfigurationSets"])
        await until(pilot, lambda: not pilot.app.deleted_sets)  # it is undone once


async def test_another_set_becomes_the_default(wizard, until, sesv2):
    make_set(sesv2, "one", default=True)
    make_set(sesv2, "two")
    async with wizard().run_test(size=(120, 40), notifications=True) as pilot:
        sets = await open_sets(pilot, until)
        sets.highlighted = sets.names.index("two")
        sets.focus()
        await pilot.press("m")
        await agree(pilot, until)
        await until(pilot, lambda: pilot.app.state.identity.configuration_set == "two")
        await until(pilot, lambda: pilot.app.state.default_set.name == "two")
        identity = sesv2.get_email_identity(EmailIdentity=DOMAIN)
        assert identity["ConfigurationSetName"] == "two"


@pytest.mark.parametrize(("choice", "left"), [("again, empty", "gone"), ("Do without", None)])
async def test_a_default_that_is_gone_is_repaired(wizard, until, sesv2, choice, left):
    make_set(sesv2, "gone", default=True)
    sesv2.delete_configuration_set(ConfigurationSetName="gone")
    async with wizard().run_test(size=(120, 40), notifications=True) as pilot:
        await open_step(pilot, until, Step.MONITORING, DOMAIN)
        todo = pilot.app.screen.query_one(TodoList)
        await until(pilot, lambda: todo.todos)
        assert "every send fails" in showing(pilot)
        number = next(i for i, each in enumerate(todo.todos) if choice in each.text)
        todo.focus()
        await pilot.press(*["down"] * number, "enter")  # the cursor is on the first
        await agree(pilot, until)
        await until(pilot, lambda: not todo.todos)
        identity = sesv2.get_email_identity(EmailIdentity=DOMAIN)
        assert identity.get("ConfigurationSetName") == left


@narrow_always
async def test_rates_and_the_suppression_list_are_one_key_away(wizard, until, sesv2, size):
    make_set(sesv2, "one", default=True)
    async with wizard().run_test(size=size) as pilot:
        await open_sets(pilot, until)
        await pilot.press("f7")
        await until(pilot, lambda: isinstance(pilot.app.screen, ReputationModal))
        await pilot.press("escape")
        await pilot.press("f9")
        await until(pilot, lambda: isinstance(pilot.app.screen, SuppressionModal))
        await pilot.press("escape")


async def test_the_short_form_is_there_until_there_is_a_destination(wizard, until, sesv2):
    make_set(sesv2, "bare", default=True)
    async with wizard().run_test(size=(80, 24)) as pilot:
        await open_sets(pilot, until)
        assert pilot.app.screen.query_one("#quick").display
        fill(pilot, "set-name", "x y")
        await pilot.press("ctrl+s")
        await until(pilot, lambda: "Only letters, digits" in showing(pilot))
        await pilot.press("f3")
        await pilot.pause()
        assert not pilot.app.screen.query_one("#quick").display
        # The cursor is never in what is out of sight: Enter does what the footer says.
        assert isinstance(pilot.app.focused, SetsList)
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, SetEditor))
        await pilot.press("escape")
