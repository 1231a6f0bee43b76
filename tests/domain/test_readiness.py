"""The go-live review: each line, from what AWS and DNS say."""

import dataclasses

import pytest

from sestui.domain.account import Account, Quota
from sestui.domain.configset import ConfigurationSet, Destination, DestinationKind, EventType
from sestui.domain.diagnosis import diagnose
from sestui.domain.dns import Answer, Outcome
from sestui.domain.identity import Dkim, Identity, IdentityKind, MailFrom, Status
from sestui.domain.readiness import Item, Review, State, review
from sestui.domain.records import Purpose, required_records

ACCOUNT = Account(
    production=True,
    sending_enabled=True,
    enforcement="HEALTHY",
    quota=Quota(50_000, 14, 0),
    suppressed_reasons=("BOUNCE", "COMPLAINT"),
)
IDENTITY = Identity(
    "example.com",
    IdentityKind.DOMAIN,
    Status.SUCCESS,
    verified=True,
    dkim=Dkim(Status.SUCCESS, signing_enabled=True, tokens=("a", "b", "c")),
    mail_from=MailFrom("mail.example.com", Status.SUCCESS),
    configuration_set="production-emails",
)
ADDRESS = Identity("a@example.com", IdentityKind.EMAIL, Status.SUCCESS, verified=True)
SET = ConfigurationSet(
    "production-emails",
    reputation_metrics=True,
    destinations=(
        Destination("d", DestinationKind.SNS, frozenset({EventType.BOUNCE, EventType.COMPLAINT})),
    ),
)
ANYTHING_BUT_FOUND = {Outcome.NO_SUCH_NAME, Outcome.TIMED_OUT}


def checks(purpose: Purpose | None = None, rdtype: str = "", outcome: Outcome = Outcome.FOUND):
    """All records found as they should be, but those of `purpose` (and type) with `outcome`."""
    return tuple(
        diagnose(
            record,
            Answer(record.name, record.type, outcome)
            if record.purpose is purpose and rdtype in ("", record.type)
            else Answer(record.name, record.type, Outcome.FOUND, (record.value,)),
        )
        for record in required_records(IDENTITY, "us-east-1")
    )


def item(code: str, account=ACCOUNT, identity=IDENTITY, checks=None, default_set=SET) -> Item:
    seen = review(account, identity, ALL_WELL if checks is None else checks, default_set)
    return next(item for item in seen.items if item.code == code)


def with_(thing, **changes):
    return dataclasses.replace(thing, **changes)


ALL_WELL = checks()


def test_when_all_is_well_all_is_done():
    seen = review(ACCOUNT, IDENTITY, ALL_WELL, SET)
    assert {i.state for i in seen.items} == {State.DONE}
    assert seen.ready
    assert not seen.waiting
    assert seen.count(State.DONE) == len(seen.items) == 9


def test_an_address_is_not_asked_for_dns_records():
    seen = review(ACCOUNT, ADDRESS, (), None)
    assert not {"dkim", "mail_from", "dmarc"} & {i.code for i in seen.items}
    assert seen.ready


def test_every_line_that_is_not_done_says_what_to_do_and_where():
    lines = [
        item("identity", identity=with_(IDENTITY, verified=False, status=status))
        for status in Status
    ]
    for outcome in ANYTHING_BUT_FOUND:
        for code, purpose in (("mail_from", Purpose.MAIL_FROM), ("dmarc", Purpose.DMARC)):
            lines.append(item(code, checks=checks(purpose, outcome=outcome)))
    for line in lines:
        assert line.state is not State.DONE
        assert line.advice
        assert line.step == "verify"


@pytest.mark.parametrize(
    ("identity", "status", "state"),
    [
        (IDENTITY, Status.PENDING, State.WAITING),
        (IDENTITY, Status.TEMPORARY_FAILURE, State.WAITING),
        (IDENTITY, Status.FAILED, State.OPEN),
        (IDENTITY, Status.NOT_STARTED, State.OPEN),
        (ADDRESS, Status.PENDING, State.OPEN),  # on the person, who has a link to open
        (ADDRESS, Status.FAILED, State.OPEN),
    ],
)
def test_an_identity_that_is_not_verified(identity, status, state):
    assert item("identity", identity=with_(identity, verified=False, status=status)).state is state


@pytest.mark.parametrize(
    ("dkim", "seen", "state"),
    [
        (Dkim(Status.SUCCESS, signing_enabled=True), ALL_WELL, State.DONE),
        (Dkim(Status.SUCCESS, signing_enabled=True), (), State.DONE),
        (Dkim(Status.SUCCESS, signing_enabled=False), ALL_WELL, State.OPEN),
        (
            Dkim(Status.SUCCESS, signing_enabled=True),
            checks(Purpose.DKIM, outcome=Outcome.NO_SUCH_NAME),
            State.OPEN,
        ),
        (
            Dkim(Status.SUCCESS, signing_enabled=True),
            checks(Purpose.DKIM, outcome=Outcome.TIMED_OUT),
            State.DONE,
        ),
        (Dkim(Status.PENDING), ALL_WELL, State.WAITING),
        (Dkim(Status.TEMPORARY_FAILURE), ALL_WELL, State.WAITING),
        (Dkim(Status.PENDING), checks(Purpose.DKIM, outcome=Outcome.TIMED_OUT), State.WAITING),
        (Dkim(Status.PENDING), checks(Purpose.DKIM, outcome=Outcome.NO_SUCH_NAME), State.OPEN),
        (Dkim(Status.FAILED), ALL_WELL, State.OPEN),
        (Dkim(Status.NOT_STARTED), ALL_WELL, State.OPEN),
    ],
)
def test_dkim(dkim, seen, state):
    assert item("dkim", identity=with_(IDENTITY, dkim=dkim), checks=seen).state is state


@pytest.mark.parametrize(
    ("mail_from", "seen", "state"),
    [
        (MailFrom(), ALL_WELL, State.ADVICE),
        (MailFrom("m.example.com", Status.SUCCESS), ALL_WELL, State.DONE),
        (MailFrom("m.example.com", Status.PENDING), ALL_WELL, State.WAITING),
        (MailFrom("m.example.com", Status.FAILED), ALL_WELL, State.OPEN),
        # SES looks at the MX only; the SPF record it never saw is ours to find.
        (
            MailFrom("m.example.com", Status.SUCCESS),
            checks(Purpose.MAIL_FROM, "TXT", Outcome.NO_SUCH_NAME),
            State.OPEN,
        ),
        (
            MailFrom("m.example.com", Status.SUCCESS),
            checks(Purpose.MAIL_FROM, "TXT", Outcome.TIMED_OUT),
            State.UNKNOWN,
        ),
        (MailFrom("m.example.com", Status.SUCCESS), (), State.UNKNOWN),
        (
            MailFrom("m.example.com", Status.SUCCESS),
            checks(Purpose.MAIL_FROM, "MX", Outcome.NO_SUCH_NAME),
            State.OPEN,
        ),
        (
            MailFrom("m.example.com", Status.SUCCESS),
            checks(Purpose.MAIL_FROM, "MX", Outcome.TIMED_OUT),
            State.DONE,
        ),
    ],
)
def test_mail_from(mail_from, seen, state):
    identity = with_(IDENTITY, mail_from=mail_from)
    assert item("mail_from", identity=identity, checks=seen).state is state


@pytest.mark.parametrize(
    ("seen", "state"),
    [
        (checks(Purpose.DMARC, outcome=Outcome.NO_SUCH_NAME), State.OPEN),
        (checks(Purpose.DMARC, outcome=Outcome.TIMED_OUT), State.UNKNOWN),
        ((), State.UNKNOWN),
    ],
)
def test_dmarc(seen, state):
    assert item("dmarc", checks=seen).state is state


def test_bounces_and_complaints_have_to_reach_someone():
    half = with_(
        SET, destinations=(Destination("d", DestinationKind.SNS, frozenset({EventType.BOUNCE})),)
    )
    silent = with_(IDENTITY, feedback_forwarding=False)
    assert item("events", default_set=half).state is State.ADVICE
    assert item("events", default_set=None).state is State.ADVICE
    assert item("events", default_set=half, identity=silent).state is State.OPEN
    assert item("events", identity=silent).state is State.DONE


@pytest.mark.parametrize(
    ("identity", "default_set", "state"),
    [
        (with_(IDENTITY, configuration_set=""), None, State.ADVICE),
        (IDENTITY, None, State.OPEN),
        (IDENTITY, with_(SET, sending_enabled=False), State.OPEN),
        (IDENTITY, with_(SET, reputation_metrics=False), State.ADVICE),
        (IDENTITY, SET, State.DONE),
    ],
)
def test_the_default_configuration_set(identity, default_set, state):
    assert item("configuration_set", identity=identity, default_set=default_set).state is state


@pytest.mark.parametrize(
    ("of_account", "of_set", "state", "who"),
    [
        (("BOUNCE", "COMPLAINT"), None, State.DONE, ""),
        (("BOUNCE",), None, State.ADVICE, "The account"),
        (("BOUNCE",), ("COMPLAINT", "BOUNCE"), State.DONE, ""),
        # An empty list is no default: it switches suppression off for the set.
        (("BOUNCE", "COMPLAINT"), (), State.ADVICE, "production-emails"),
    ],
)
def test_what_a_set_suppresses_goes_before_what_the_account_does(of_account, of_set, state, who):
    line = item(
        "suppression",
        account=with_(ACCOUNT, suppressed_reasons=of_account),
        default_set=with_(SET, suppressed_reasons=of_set),
    )
    assert line.state is state
    assert line.text.startswith(who)


@pytest.mark.parametrize(
    ("enforcement", "enabled", "advice"),
    [
        ("HEALTHY", False, "Switch it on"),
        ("PROBATION", True, "Support Center"),
        ("SHUTDOWN", False, "Support Center"),
    ],
)
def test_an_account_that_is_not_healthy(enforcement, enabled, advice):
    account = with_(ACCOUNT, enforcement=enforcement, sending_enabled=enabled)
    line = item("health", account=account)
    assert line.state is State.OPEN
    assert advice in line.advice


@pytest.mark.parametrize(
    ("status", "state", "advice"),
    [
        ("", State.OPEN, "Ask for production access"),
        ("FAILED", State.OPEN, "Ask for production access"),
        ("PENDING", State.WAITING, "reviewing"),
        ("DENIED", State.OPEN, "waiting for an answer"),
    ],
)
def test_production_access(status, state, advice):
    account = with_(ACCOUNT, production=False, review_status=status, review_case="case-1")
    line = item("production", account=account)
    assert line.state is state
    assert advice in line.advice
    assert ("case-1" in line.text) == (status in ("PENDING", "DENIED"))


@pytest.mark.parametrize(
    ("states", "ready", "waiting"),
    [
        ([], True, False),
        ([State.DONE, State.ADVICE], True, False),
        ([State.DONE, State.WAITING], False, True),
        ([State.WAITING, State.OPEN], False, False),
        ([State.WAITING, State.UNKNOWN], False, False),
        ([State.UNKNOWN], False, False),
    ],
)
def test_ready_is_without_anything_open_and_waiting_without_anything_to_do(states, ready, waiting):
    seen = Review(tuple(Item("x", state, "") for state in states))
    assert (seen.ready, seen.waiting) == (ready, waiting)
