"""A refused send, with what is known of the account: who it was about, and what can be done."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sestui.domain.account import Account, Quota
from sestui.domain.advice import advise
from sestui.domain.errors import Problem
from sestui.domain.identity import IdentityKind, IdentitySummary, Status
from sestui.domain.mail.form import Format
from sestui.domain.mail.message import Message
from sestui.domain.preflight import Action, ActionKind, Facts
from sestui.domain.preflight.refused import actions_after, explain_refusal

REJECTED = (
    "Email address is not verified. The following identities failed the check in region EU-WEST-1: "
)
SANDBOX = Account(False, True, "HEALTHY", Quota(200, 1, 200))
MAIL = Message(Format.FORMATTED, "me@new.org", ("you@else.org",), subject="s", text="t")
SIMULATOR = Action(ActionKind.USE_SIMULATOR, "success@simulator.amazonses.com")
PRODUCTION = Action(ActionKind.REQUEST_PRODUCTION)
CHOOSE = Action(ActionKind.CHOOSE_SET)


def row(name: str, status: Status = Status.SUCCESS) -> IdentitySummary:
    kind = IdentityKind.EMAIL if "@" in name else IdentityKind.DOMAIN
    return IdentitySummary(name, kind, status, status is Status.SUCCESS)


FACTS = Facts(account=SANDBOX, identities=(row("example.com"),), region="eu-west-1")


def refused(code: str, text: str | None) -> Problem:
    return advise(
        "SendEmail", code, text, http_status=400, region="eu-west-1", sender=MAIL.sender,
        recipients=MAIL.recipients,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("code", "text", "actions"),
    [
        ("MessageRejected", REJECTED + "me@new.org",
         (Action(ActionKind.USE_ADDRESS, "me@example.com"),
          Action(ActionKind.VERIFY_ADDRESS, "me@new.org"))),
        ("MessageRejected", REJECTED + "you@else.org",
         (Action(ActionKind.VERIFY_ADDRESS, "you@else.org"), SIMULATOR, PRODUCTION)),
        ("MessageRejected", "Bad content", ()),
        ("NotFoundException", "Configuration set <events> does not exist.",
         (Action(ActionKind.CREATE_SET, "events"), CHOOSE)),
        ("BadRequestException", "Configuration set <events> does not exist.",
         (Action(ActionKind.CREATE_SET, "events"), CHOOSE)),
        ("NotFoundException", "Template hello does not exist.",
         (Action(ActionKind.CHOOSE_TEMPLATE),)),
        ("SendingPausedException", "Sending is paused for configuration set events",
         (Action(ActionKind.RESUME_SET, "events"), CHOOSE)),
        ("SendingPausedException", "Account sending is disabled.",
         (Action(ActionKind.RESUME_ACCOUNT),)),
        ("SendingPausedException", "Sending paused for this account. … check the inbox …", ()),
        ("MailFromDomainNotVerifiedException", None, (Action(ActionKind.OPEN_VERIFY, "new.org"),)),
        ("ThrottlingException", "Daily message quota exceeded.", (SIMULATOR, PRODUCTION)),
        ("ThrottlingException", "Maximum sending rate exceeded.", ()),
        ("AccountSuspendedException", None, ()),
        ("AccessDeniedException", None, ()),
    ],
)  # fmt: skip
def test_what_can_be_done(code: str, text: str | None, actions: tuple[Action, ...]) -> None:
    assert actions_after(refused(code, text), MAIL, FACTS) == actions


@pytest.mark.parametrize(
    ("identity", "names", "first"),
    [
        (row("new.org", Status.PENDING), "me@new.org", Action(ActionKind.OPEN_VERIFY, "new.org")),
        (row("Me@new.org"), "me@new.org", Action(ActionKind.USE_ADDRESS, "Me@new.org")),
        (row("you@else.org", Status.PENDING), "you@else.org",
         Action(ActionKind.OPEN_VERIFY, "you@else.org")),
    ],
)  # fmt: skip
def test_an_identity_that_is_there(identity: IdentitySummary, names: str, first: Action) -> None:
    facts = replace(FACTS, identities=(identity,))
    assert actions_after(refused("MessageRejected", REJECTED + names), MAIL, facts)[0] == first


def test_a_pause_without_words_is_told_by_the_account() -> None:
    paused = refused("SendingPausedException", None)
    assert actions_after(paused, MAIL, FACTS) == (Action(ActionKind.RESUME_ACCOUNT),)
    by_aws = replace(FACTS, account=replace(SANDBOX, enforcement="SHUTDOWN"))
    assert actions_after(paused, MAIL, by_aws) == ()
    assert actions_after(paused, MAIL, Facts()) == ()


def test_the_rejection_is_said_again_by_what_is_known() -> None:
    raw = b"From: me@new.org\r\nReturn-Path: bounce@new.org\r\n\r\nhello\r\n"
    mail = replace(MAIL, format=Format.RAW, raw=raw)
    problem = refused("MessageRejected", REJECTED + "bounce@new.org, you@else.org")
    assert "neither From nor a recipient" in problem.what
    again = explain_refusal(problem, mail, FACTS)
    assert "bounce@new.org is your sender" in again.what
    assert again.request_id == problem.request_id
    production = replace(FACTS, account=replace(SANDBOX, production=True))
    assert "after all" in explain_refusal(problem, mail, production).what


def test_the_quota_is_said_in_numbers() -> None:
    problem = refused("ThrottlingException", "Daily message quota exceeded.")
    assert "200 of 200 recipients" in explain_refusal(problem, MAIL, FACTS).what
    assert explain_refusal(problem, MAIL, Facts()) == problem
