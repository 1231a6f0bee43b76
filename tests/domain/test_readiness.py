"""The go-live review: each line, from what AWS and DNS say."""

import dataclasses

import pytest

from sestui.domain.account import Account, Quota
from sestui.domain.configset import ConfigurationSet, Destination, DestinationKind, EventType
from sestui.domain.diagnosis import Verdict, diagnose
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


OPEN, WAITING, ADVICE, UNKNOWN = State.OPEN, State.WAITING, State.ADVICE, State.UNKNOWN
SILENT = with_(IDENTITY, feedback_forwarding=False)
MISSING, TIMED_OUT = Outcome.NO_SUCH_NAME, Outcome.TIMED_OUT
NO_NAME = "There is no such name yet. Add the record, or wait until it is published."
NO_ANSWER = "No answer from the name server. The record may well be there."


def unverified(status: Status, identity=IDENTITY) -> dict:
    return {"identity": with_(identity, verified=False, status=status)}


def dkim(status: Status, signing: bool = True) -> dict:
    return {"identity": with_(IDENTITY, dkim=Dkim(status, signing_enabled=signing))}


def mail_from(status: Status, domain: str = "m.example.com") -> dict:
    return {"identity": with_(IDENTITY, mail_from=MailFrom(domain, status))}


def dns(purpose: Purpose, outcome: Outcome, rdtype: str = "") -> dict:
    return {"checks": checks(purpose, rdtype, outcome)}


def account(**changes) -> dict:
    return {"account": with_(ACCOUNT, **changes)}


def sandbox(status: str, case: str = "") -> dict:
    return account(production=False, review_status=status, review_case=case)


NOT_YET, DKIM_NOT_YET = "example.com is not verified yet", "DKIM: not verified yet"
FROM_NOT_YET = "MAIL FROM: m.example.com is not verified yet"
LOOKS_AGAIN = "SES looks again by itself."
STOPPED = "SES has stopped looking. Mend the records, then start again."
NOT_BEGUN = "SES has not begun to look. Start it."
SUPPRESSION = "Suppression keeps bad addresses from harming your reputation."
LINES = [
    ("identity", unverified(Status.PENDING), WAITING, NOT_YET, "SES is still looking.", "verify"),
    ("identity", unverified(Status.TEMPORARY_FAILURE), WAITING, NOT_YET, "SES is still looking.",
     "verify"),
    ("identity", unverified(Status.FAILED), OPEN, NOT_YET, "Start the verification again.",
     "verify"),
    ("identity", unverified(Status.PENDING, ADDRESS), OPEN, "a@example.com is not verified yet",
     "Open the link in AWS's mail.", "verify"),
    ("dkim", dkim(Status.PENDING), WAITING, DKIM_NOT_YET, LOOKS_AGAIN, "verify"),
    ("dkim", dkim(Status.FAILED), OPEN, DKIM_NOT_YET, STOPPED, "verify"),
    ("dkim", dkim(Status.NOT_STARTED), OPEN, DKIM_NOT_YET, NOT_BEGUN, "verify"),
    ("dkim", dkim(Status.PENDING) | dns(Purpose.DKIM, MISSING), OPEN, DKIM_NOT_YET, NO_NAME,
     "verify"),
    ("dkim", dkim(Status.SUCCESS, signing=False), OPEN, "DKIM: verified, but signing is off",
     "Switch it on.", "verify"),
    ("dkim", dns(Purpose.DKIM, MISSING), OPEN, "DKIM: verified, but a record is no longer right",
     NO_NAME, "verify"),
    ("mail_from", mail_from(Status.NOT_STARTED, ""), ADVICE,
     "MAIL FROM: the default at amazonses.com, so SPF is not aligned",
     "Add a custom MAIL FROM domain.", "identity"),
    ("mail_from", mail_from(Status.PENDING), WAITING, FROM_NOT_YET, LOOKS_AGAIN, "verify"),
    ("mail_from", mail_from(Status.FAILED), OPEN, FROM_NOT_YET, STOPPED, "verify"),
    ("mail_from", mail_from(Status.PENDING) | dns(Purpose.MAIL_FROM, MISSING, "MX"), OPEN,
     FROM_NOT_YET, NO_NAME, "verify"),
    ("mail_from", dns(Purpose.MAIL_FROM, MISSING, "TXT"), OPEN,
     "MAIL FROM: mail.example.com has a record that is not right", NO_NAME, "verify"),
    ("mail_from", dns(Purpose.MAIL_FROM, TIMED_OUT), UNKNOWN,
     "MAIL FROM: could not find out whether mail.example.com has its SPF record", NO_ANSWER,
     "verify"),
    ("mail_from", {"checks": ()}, UNKNOWN,
     "MAIL FROM: could not find out whether mail.example.com has its SPF record", "", "verify"),
    ("dmarc", dns(Purpose.DMARC, MISSING), OPEN, "DMARC: no valid policy", NO_NAME, "verify"),
    ("dmarc", dns(Purpose.DMARC, TIMED_OUT), UNKNOWN, "DMARC: could not find out", NO_ANSWER,
     "verify"),
    ("dmarc", {"checks": ()}, UNKNOWN, "DMARC: could not find out", "", "verify"),
    ("events", {"default_set": None}, ADVICE, "Bounces and complaints come by e-mail only",
     "Add an event destination, so that a program can act on them.", "monitoring"),
    ("events", {"default_set": None, "identity": SILENT}, OPEN,
     "Bounces and complaints reach nobody", "Add an event destination for both.", "monitoring"),
    ("configuration_set", {"identity": with_(IDENTITY, configuration_set="")}, ADVICE,
     "No default configuration set", "With one, mail from every program is monitored.",
     "monitoring"),
    ("configuration_set", {"default_set": None}, OPEN,
     "The default configuration set production-emails is gone; every send fails",
     "Create it again, or choose another.", "monitoring"),
    ("configuration_set", {"default_set": with_(SET, sending_enabled=False)}, OPEN,
     "Sending is switched off in the configuration set production-emails", "Switch it on.",
     "monitoring"),
    ("configuration_set", {"default_set": with_(SET, reputation_metrics=False)}, ADVICE,
     "production-emails has no reputation metrics",
     "Switch them on to see bounce and complaint rates.", "monitoring"),
    # No step of the wizard is about these.
    ("suppression", account(suppressed_reasons=("BOUNCE",)), ADVICE,
     "The account does not suppress both bounces and complaints", SUPPRESSION, ""),
    ("suppression", {"default_set": with_(SET, suppressed_reasons=("COMPLAINT",))}, ADVICE,
     "production-emails does not suppress both bounces and complaints", SUPPRESSION, ""),
    ("health", account(sending_enabled=False), OPEN, "Sending is switched off for the account",
     "Switch it on.", ""),
    ("health", account(enforcement="PROBATION"), OPEN, "AWS says: PROBATION",
     "Answer the case in the AWS Support Center.", ""),
    ("production", sandbox(""), OPEN, "Still in the sandbox", "Ask for production access.", "live"),
    ("production", sandbox("FAILED", "case-1"), OPEN, "Still in the sandbox",
     "Ask for production access.", "live"),
    ("production", sandbox("PENDING", "case-1"), WAITING, "Still in the sandbox (case-1)",
     "AWS is reviewing; often within a day.", "live"),
    ("production", sandbox("PENDING"), WAITING, "Still in the sandbox",
     "AWS is reviewing; often within a day.", "live"),
    ("production", sandbox("DENIED", "case-1"), OPEN, "Still in the sandbox (case-1)",
     "Open the case: AWS may only be waiting for an answer from you.", "live"),
]  # fmt: skip


@pytest.mark.parametrize(("code", "changes", "state", "text", "advice", "step"), LINES)
def test_every_line_that_is_not_done_says_what_to_do_and_where(
    code, changes, state, text, advice, step
):
    assert item(code, **changes) == Item(code, state, text, advice, step)


def test_what_is_done_needs_no_advice_and_no_step():
    assert [(i.code, i.text) for i in review(ACCOUNT, IDENTITY, ALL_WELL, SET).items] == [
        ("identity", "example.com is verified"),
        ("dkim", "DKIM: mail is signed with your domain"),
        ("mail_from", "MAIL FROM: mail.example.com is in use"),
        ("dmarc", "DMARC: there is a policy"),
        ("events", "Bounces and complaints reach a destination of yours"),
        ("configuration_set", "production-emails is the default configuration set"),
        ("suppression", "Suppression is on for bounces and complaints"),
        ("health", "The account is healthy and may send"),
        ("production", "Production access: you may write to anyone"),
    ]
    for line in review(ACCOUNT, IDENTITY, ALL_WELL, SET).items:
        assert (line.state, line.advice, line.step) == (State.DONE, "", "")


def test_an_old_no_in_caches_is_no_reason_to_wait():
    """It is published: whoever asks the servers sees it."""
    for check in ALL_WELL:
        late = dataclasses.replace(check, verdict=Verdict.CACHED_NEGATIVE)
        seen = tuple(late if each is check else each for each in ALL_WELL)
        assert review(ACCOUNT, IDENTITY, seen, SET).ready


@pytest.mark.parametrize("suppressed", [("BOUNCE", "COMPLAINT", "OTHER"), ("COMPLAINT", "BOUNCE")])
def test_more_reasons_than_both_are_enough(suppressed):
    line = item("suppression", account=with_(ACCOUNT, suppressed_reasons=suppressed))
    assert line.state is State.DONE


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
