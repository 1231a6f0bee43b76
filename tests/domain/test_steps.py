"""Where a person is in the workshop, by what AWS and DNS say."""

import dataclasses

import pytest

from sestui.domain.account import (
    Account,
    Caller,
    Choice,
    Connection,
    Quota,
    RegionSource,
)
from sestui.domain.configset import ConfigurationSet, Destination, DestinationKind
from sestui.domain.diagnosis import diagnose
from sestui.domain.dns import Answer, Outcome
from sestui.domain.identity import (
    Dkim,
    Identity,
    IdentityKind,
    IdentitySummary,
    Status,
    refreshed,
)
from sestui.domain.mail.form import Format
from sestui.domain.mail.message import Message, Sent
from sestui.domain.readiness import Item, Review, State
from sestui.domain.records import required_records
from sestui.domain.steps import (
    Mark,
    Step,
    WizardState,
    blocked_by,
    complete,
    first_open,
    following,
    mark,
    preceding,
    reachable,
)

DOMAIN = Identity(
    "example.com", IdentityKind.DOMAIN, Status.SUCCESS, verified=True, dkim=Dkim(Status.SUCCESS)
)
MONITORED = ConfigurationSet(
    "s", destinations=(Destination("d", DestinationKind.SNS, frozenset()),)
)
# What each step leaves behind, in their order.
LEFT = [
    {
        "connection": Connection(
            Choice(),
            Caller("123456789012", "arn:aws:iam::123456789012:user/anna"),
            "us-east-1",
            RegionSource.OPTION,
            "env",
        ),
        "account": Account(False, True, "HEALTHY", Quota(200, 1, 0)),
    },
    {"identity": dataclasses.replace(DOMAIN, verified=False)},
    {"identity": DOMAIN},
    {"sent": (Sent(Message(Format.RAW, "a@example.com", ("b@example.com",)), "id"),)},
    {"default_set": MONITORED},
    {"review": Review((Item("x", State.DONE, ""),))},
]


def after(steps: int) -> WizardState:
    state = WizardState()
    for left in LEFT[:steps]:
        state = dataclasses.replace(state, **left)
    return state


@pytest.mark.parametrize("done", range(len(LEFT)))
def test_a_run_that_was_left_continues_at_the_first_step_that_is_not_done(done):
    state = after(done)
    assert first_open(state) is list(Step)[done]
    assert [complete(state, step) for step in Step][:done] == [True] * done


def test_when_all_is_done_it_ends_at_the_last_step():
    assert first_open(after(len(LEFT))) is Step.LIVE
    assert all(complete(after(len(LEFT)), step) for step in Step)


def checked(outcome: Outcome, purpose: str) -> WizardState:
    found = tuple(
        diagnose(
            record,
            Answer(record.name, record.type, outcome)
            if record.purpose == purpose
            else Answer(record.name, record.type, Outcome.FOUND, (record.value,)),
        )
        for record in required_records(
            dataclasses.replace(DOMAIN, dkim=Dkim(Status.SUCCESS, tokens=("a", "b", "c"))), "r"
        )
    )
    return dataclasses.replace(after(3), checks=found)


@pytest.mark.parametrize(
    ("outcome", "purpose", "done"),
    [
        (Outcome.FOUND, "", True),
        (Outcome.NO_SUCH_NAME, "dkim", False),
        (Outcome.TIMED_OUT, "dkim", True),  # SES itself says that it is verified
        (Outcome.NO_SUCH_NAME, "dmarc", True),  # verified all the same; the review asks for it
    ],
)
def test_verified_is_what_ses_says_unless_dns_says_no(outcome, purpose, done):
    assert complete(checked(outcome, purpose), Step.VERIFY) is done


def test_a_set_is_monitored_when_a_destination_is_on():
    off = dataclasses.replace(MONITORED.destinations[0], enabled=False)
    for monitored, done in ((MONITORED, True), (ConfigurationSet("s"), False)):
        assert complete(WizardState(default_set=monitored), Step.MONITORING) is done
    switched_off = dataclasses.replace(MONITORED, destinations=(off,))
    assert not complete(WizardState(default_set=switched_off), Step.MONITORING)


def test_a_step_is_blocked_by_the_first_that_it_needs():
    assert blocked_by(after(0), Step.ACCOUNT) is None
    assert blocked_by(after(0), Step.LIVE) is Step.ACCOUNT
    assert blocked_by(after(1), Step.VERIFY) is Step.IDENTITY
    assert blocked_by(after(2), Step.TEST) is None
    assert not reachable(after(0), Step.IDENTITY)
    assert reachable(after(1), Step.IDENTITY)


def test_the_marks_of_the_rail():
    state = after(1)
    marks = [mark(state, step, Step.IDENTITY) for step in Step]
    assert marks == [Mark.DONE, Mark.CURRENT] + [Mark.BLOCKED] * 4
    marks = [mark(after(2), step, Step.IDENTITY) for step in Step]
    assert marks == [Mark.DONE, Mark.CURRENT] + [Mark.OPEN] * 4


def test_the_steps_are_walked_in_their_order():
    steps = list(Step)
    assert [step.number for step in steps] == [1, 2, 3, 4, 5, 6]
    assert [following(step) for step in steps] == [*steps[1:], None]
    assert [preceding(step) for step in steps] == [None, *steps[:-1]]


def test_mail_can_be_sent_from_what_is_verified():
    rows = (
        IdentitySummary("a.com", IdentityKind.DOMAIN, Status.SUCCESS, sending_enabled=True),
        IdentitySummary("b.com", IdentityKind.DOMAIN, Status.PENDING),
    )
    state = dataclasses.replace(after(3), identities=rows)
    assert state.verified_names == {"a.com", "example.com"}
    assert dataclasses.replace(after(2), identities=rows).verified_names == {"a.com"}
    assert WizardState().verified_names == frozenset()


def test_the_region_is_that_of_the_connection():
    assert after(1).region == "us-east-1"
    assert WizardState().region == ""


def test_every_step_and_mark_has_a_word_of_its_own():
    assert len({step.word for step in Step}) == len(Step)
    assert len({m.word for m in Mark}) == len(Mark)


def test_a_list_shows_what_is_known_of_one_identity_now():
    rows = (
        IdentitySummary("example.com", IdentityKind.DOMAIN, Status.PENDING),
        IdentitySummary("b.com", IdentityKind.DOMAIN, Status.PENDING),
    )
    assert refreshed(rows, DOMAIN) == (
        IdentitySummary("example.com", IdentityKind.DOMAIN, Status.SUCCESS, sending_enabled=True),
        rows[1],
    )
