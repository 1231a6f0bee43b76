"""Every row of the table of errors: what kind of trouble, and words that help."""

from __future__ import annotations

import json
import string
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sestui.domain.advice import advise
from sestui.domain.advice_rejected import read_rejection
from sestui.domain.advice_sdk import explain
from sestui.domain.errors import Problem, Trouble

IDENTITY = "arn:aws:ses:eu-west-1:123456789012:identity/"
ANNA = "arn:aws:iam::123456789012:user/anna"


def backtick(action: str, resource: str) -> str:
    return f"User `{ANNA}' is not authorized to perform `{action}' on resource `{resource}'"


CODES = [
    ("ExpiredToken", "", 403, Trouble.CREDENTIALS, "sso login"),
    ("ExpiredTokenException", "expired", 403, Trouble.CREDENTIALS, "sso login"),
    ("RequestExpired", "", 400, Trouble.CREDENTIALS, "clock"),
    ("SignatureDoesNotMatch", "", 403, Trouble.CREDENTIALS, "clock"),
    ("InvalidSignatureException", "", 403, Trouble.CREDENTIALS, "clock"),
    ("InvalidClientTokenId", "", 403, Trouble.CREDENTIALS, "Region"),
    ("UnrecognizedClientException", "", 403, Trouble.CREDENTIALS, "Region"),
    ("IncompleteSignature", "", 403, Trouble.CREDENTIALS, "mistyped"),
    ("MissingAuthenticationToken", "", 403, Trouble.CREDENTIALS, "Connect"),
    ("OptInRequired", "", 403, Trouble.CREDENTIALS, "console"),
    ("SubscriptionRequiredException", "", 403, Trouble.CREDENTIALS, "console"),
    ("ThrottlingException", "Maximum sending rate exceeded.", 400, Trouble.THROTTLED, "Wait"),
    ("ThrottlingException", "Daily message quota exceeded.", 400, Trouble.REFUSED, "200"),
    ("ThrottlingException", None, 400, Trouble.THROTTLED, "Wait"),
    ("TooManyRequestsException", "Rate exceeded", 429, Trouble.THROTTLED, "by itself"),
    ("LimitExceededException", None, 400, Trouble.REFUSED, "Service Quotas"),
    ("AlreadyExistsException", None, 400, Trouble.EXISTS, "Go on"),
    ("EntityAlreadyExists", "", 409, Trouble.EXISTS, "Go on"),
    ("NotFoundException", "Email identity <x> does not exist.", 404, Trouble.GONE, "Region"),
    ("NoSuchEntity", "", 404, Trouble.GONE, "Region"),
    ("ConcurrentModificationException", None, 500, Trouble.THROTTLED, "again"),
    ("BadRequestException", None, 400, Trouble.REFUSED, "Check"),
    ("BadRequestException", "Domain <x> is not verified under this account.", 400,
     Trouble.REFUSED, "Verify that domain"),
    ("BadRequestException",
     "Provided MAIL-FROM domain <a> is not subdomain of the domain of the identity <b>.", 400,
     Trouble.REFUSED, "below"),
    ("BadRequestException", "Please provide only one destination with each request.", 400,
     Trouble.REFUSED, "exactly one"),
    ("BadRequestException", "Identity <x> does not exist.", 400, Trouble.REFUSED, "missing"),
    ("BadRequestException", "The EmailIdentity value must be a valid domain.", 400,
     Trouble.REFUSED, "domain"),
    ("MailFromDomainNotVerifiedException", None, 400, Trouble.REFUSED, "MX"),
    ("AccountSuspendedException", None, 400, Trouble.REFUSED, "Support"),
    ("SendingPausedException", None, 400, Trouble.REFUSED, "enforcement"),
    ("SendingPausedException", "Sending is paused for configuration set x", 400,
     Trouble.REFUSED, "configuration set"),
    ("InternalServiceErrorException", None, 500, Trouble.NETWORK, "again"),
    ("NotImplementedException", "no", 501, Trouble.REFUSED, "endpoint"),
    ("SomethingNew", "words", 400, Trouble.OTHER, "Support"),
    ("", None, 418, Trouble.OTHER, "Support"),
]  # fmt: skip


@pytest.mark.parametrize(("code", "message", "status", "trouble", "word"), CODES)
def test_each_code(
    code: str, message: str | None, status: int, trouble: Trouble, word: str
) -> None:
    problem = advise(
        "GetAccount", code, message, http_status=status, request_id="r1", region="eu-west-1"
    )
    assert problem.trouble is trouble
    assert word in problem.advice
    assert problem.what
    assert "None" not in problem.what + problem.advice
    assert (problem.code, problem.request_id, problem.operation) == (code, "r1", "GetAccount")


@given(
    st.text(st.sampled_from(string.ascii_letters), max_size=30),
    st.none() | st.text(max_size=200),
    st.integers(0, 599),
)
def test_any_answer_is_explained_and_safe_to_draw(
    code: str, message: str | None, status: int
) -> None:
    for known in (code, "AccessDeniedException", "MessageRejected", "BadRequestException"):
        problem = advise("SendEmail", known, message, http_status=status)
        assert problem.what
        assert problem.advice
        for text in (problem.what, problem.advice, problem.policy.replace("\n", "")):
            assert "\x1b" not in text
            assert "\u202e" not in text
            assert not any(ord(char) < 0x20 for char in text)


def test_a_profile_is_named_in_the_command() -> None:
    assert "aws sso login --profile work" in advise("x", "ExpiredToken", "", profile="work").advice


# Access denied


def denied(message: str, **more: str) -> Problem:
    return advise("SendEmail", "AccessDeniedException", message, http_status=403, **more)  # type: ignore[arg-type]


def test_the_backtick_style_is_taken_apart() -> None:
    problem = denied(backtick("ses:SendEmail", IDENTITY + "example.com"))
    assert problem.trouble is Trouble.DENIED
    assert "user/anna may not do ses:SendEmail" in problem.what
    assert json.loads(problem.policy) == {
        "Effect": "Allow",
        "Action": "ses:SendEmail",
        "Resource": IDENTITY + "example.com",
    }


def test_the_style_of_iam_too() -> None:
    problem = denied(
        f"User: {ANNA} is not authorized to perform: sns:CreateTopic on resource: "
        "arn:aws:sns:eu-west-1:123456789012:events because no identity-based policy allows the "
        "sns:CreateTopic action"
    )
    statement = json.loads(problem.policy)
    assert statement["Action"] == "sns:CreateTopic"
    assert statement["Resource"] == "arn:aws:sns:eu-west-1:123456789012:events"


def test_without_a_message_the_call_itself_says_what_is_missing() -> None:
    problem = advise("GetAccount", "AccessDenied", None, arn=ANNA)
    assert json.loads(problem.policy)["Action"] == "ses:GetAccount"
    assert "user/anna" in problem.what


def test_a_deny_cannot_be_allowed_away() -> None:
    problem = denied(
        f"User: {ANNA} is not authorized to perform: ses:SendEmail on resource: {IDENTITY}x "
        "with an explicit deny in a service control policy"
    )
    assert problem.policy == ""
    assert "service control policy" in problem.advice


def test_a_recipients_identity_needs_another_policy() -> None:
    problem = denied(backtick("ses:SendEmail", IDENTITY + "to@other.com"), sender="me@example.com")
    statement = json.loads(problem.policy)
    assert statement["Resource"] == IDENTITY + "*"
    assert statement["Condition"] == {"StringEquals": {"ses:FromAddress": "me@example.com"}}
    assert "sandbox" in problem.advice
    for own in ("example.com", "me@example.com"):
        own_case = denied(backtick("ses:SendEmail", IDENTITY + own), sender="me@example.com")
        assert json.loads(own_case.policy)["Resource"] == IDENTITY + own


def test_a_configuration_set_needs_permission_too() -> None:
    arn = "arn:aws:ses:eu-west-1:123456789012:configuration-set/events"
    problem = denied(backtick("ses:SendEmail", arn), sender="a@x.com")
    assert json.loads(problem.policy)["Resource"] == arn
    assert "configuration set" in problem.advice


def test_raw_mail_needs_a_permission_of_its_own() -> None:
    problem = denied(backtick("ses:SendRawEmail", IDENTITY + "x.com"), sender="a@x.com")
    assert "ses:SendRawEmail" in problem.advice


# Rejected mail

REJECTED = (
    "Email address is not verified. The following identities failed the check in region US-EAST-1: "
)


def rejected(names: str, sender: str = "", recipients: tuple[str, ...] = ()) -> Problem:
    return advise(
        "SendEmail",
        "MessageRejected",
        REJECTED + names,
        region="us-east-1",
        sender=sender,
        recipients=recipients,
    )


@pytest.mark.parametrize(
    ("text", "region", "names", "addresses", "more"),
    [
        (REJECTED + "a@b.c, Anna <d@e.f>, …", "us-east-1", ("a@b.c", "Anna <d@e.f>"),
         ("a@b.c", "d@e.f"), True),
        (REJECTED + '"Doe, J" <a@b.c>, d@e.f...', "us-east-1", ('"Doe, J" <a@b.c>', "d@e.f"),
         ("a@b.c", "d@e.f"), True),
        (REJECTED + "a@b.c", "us-east-1", ("a@b.c",), ("a@b.c",), False),
        ("Email address is not verified.", "", (), (), False),
        ("", "", (), (), False),
    ],
)  # fmt: skip
def test_the_identities_and_the_region_of_a_rejection(text, region, names, addresses, more) -> None:
    found = read_rejection(text)
    assert (found.region, found.names, found.addresses, found.more) == (
        region, names, addresses, more,
    )  # fmt: skip


@given(st.text(st.sampled_from('",<>@. a…\n'), max_size=300))
def test_a_strange_list_of_identities_is_no_reason_to_crash(listed: str) -> None:
    assert isinstance(read_rejection(REJECTED + listed).addresses, tuple)


def test_sender_and_recipient_get_their_own_advice() -> None:
    problem = rejected("me@x.com, you@y.com", "me@x.com", ("you@y.com",))
    assert problem.trouble is Trouble.REFUSED
    assert "me@x.com is your sender, and not verified in us-east-1" in problem.what
    assert "you@y.com: a recipient, and this account is in the sandbox" in problem.what
    assert "Verify me@x.com or its domain in us-east-1" in problem.advice
    assert "simulator" in problem.advice
    assert "verified domain" in problem.advice
    assert "Nothing is wrong" not in problem.advice
    only_sender = rejected("Anna <me@x.com>", "me@x.com", ("you@y.com",))
    assert "simulator" not in only_sender.advice
    only_recipient = rejected("you@y.com", "me@x.com", ("you@y.com",))
    assert "Nothing is wrong with your domain" in only_recipient.advice
    assert "sender" not in only_recipient.what
    assert "simulator" in rejected("who@z.com").advice


def test_who_writes_to_himself_is_told_of_the_sender() -> None:
    problem = rejected("me@x.com", "me@x.com", ("me@x.com",))
    assert "sender" in problem.what
    assert "sandbox" not in problem.what


def test_an_address_that_is_neither() -> None:
    assert "Return-Path" in rejected("bounce@x.com", "me@x.com", ("you@y.com",)).what


def test_what_is_known_of_the_account_is_used() -> None:
    def said(**known: Any) -> str:
        problem = advise(
            "SendEmail",
            "MessageRejected",
            REJECTED + "Me@x.com, you@y.com, …",
            region="eu-west-1",
            sender="Me@x.com",
            recipients=("you@y.com",),
            **known,
        )
        return f"{problem.what} {problem.advice}"

    assert "me@x.com is: SES tells upper" in said(verified=frozenset({"me@x.com"}))
    assert "Write it as it was verified" in said(verified=frozenset({"me@x.com"}))
    assert "after all" in said(sandbox=False)
    assert "after all" not in said(sandbox=True)
    assert "The mail went to us-east-1, while this is eu-west-1" in said()
    assert "AWS has cut the list" in said()


def test_many_recipients_are_counted() -> None:
    many = tuple(f"a{i}@y.com" for i in range(9))
    assert "a2@y.com and 6 more" in rejected(", ".join(many), "me@x.com", many).what


def test_case_before_the_at_counts() -> None:
    assert "letter by letter" in rejected("Me@x.com", "Me@x.com").advice
    assert "letter by letter" not in rejected("me@x.com", "me@x.com").advice


# What a mail refers to

PAUSED_BY_AWS = (
    "Sending paused for this account. For more information, please check the inbox of the email "
    "address associated with your AWS account."
)
SENDS = [
    ("NotFoundException", "Configuration set <events> does not exist.", Trouble.GONE,
     "no configuration set events in eu-west-1", "Create the configuration set"),
    ("ConfigurationSetDoesNotExist", "Configuration set events does not exist", Trouble.GONE,
     "no configuration set events", "Create the configuration set"),
    ("BadRequestException", "Configuration set <events> does not exist.", Trouble.REFUSED,
     "default configuration set events is gone", "choose another"),
    ("NotFoundException", "Template hello does not exist.", Trouble.GONE,
     "no template hello in eu-west-1", "Create the template"),
    ("NotFoundException", None, Trouble.GONE, "no such thing", "configuration set or the template"),
    ("SendingPausedException", "Sending is paused for configuration set events", Trouble.REFUSED,
     "configuration set events", "Switch sending on"),
    ("SendingPausedException", PAUSED_BY_AWS, Trouble.REFUSED,
     "AWS has paused", "Support Center"),
    ("SendingPausedException", "Account sending is disabled.", Trouble.REFUSED,
     "switched off", "put-account-sending-attributes"),
    ("SendingPausedException", None, Trouble.REFUSED, "paused", "enforcement status"),
    ("MailFromDomainNotVerifiedException", "MAIL FROM domain is not verified: mail.example.com",
     Trouble.REFUSED, "MAIL FROM domain mail.example.com is not", "MX record"),
    ("MailFromDomainNotVerifiedException", None, Trouble.REFUSED, "MAIL FROM domain is not", "MX"),
    ("ThrottlingException", "Daily message quota exceeded.", Trouble.REFUSED,
     "24 hours is used up", "24 hours old"),
    ("ThrottlingException", "Maximum sending rate exceeded.", Trouble.THROTTLED,
     "faster than SES allows right now; nothing was sent", "Wait a few seconds"),
    ("LimitExceededException", None, Trouble.REFUSED, "quota", "Nothing was sent"),
    ("TooManyRequestsException", "Rate exceeded", Trouble.THROTTLED, "one a second",
     "Nothing was sent"),
    ("AccountSuspendedException", None, Trouble.REFUSED, "permanently restricted", "AWS Support"),
    ("MessageRejected", "Email address is not verified.", Trouble.REFUSED,
     "not which", "In the sandbox"),
    ("BadRequestException", None, Trouble.REFUSED, "without saying which", "nothing was changed"),
]  # fmt: skip


@pytest.mark.parametrize(("code", "message", "trouble", "what", "advice"), SENDS)
def test_a_send_that_is_refused(
    code: str, message: str | None, trouble: Trouble, what: str, advice: str
) -> None:
    problem = advise("SendEmail", code, message, http_status=400, region="eu-west-1")
    assert problem.trouble is trouble
    assert what in problem.what
    assert advice in problem.advice
    assert problem.said == (message or "")


def test_a_missing_variable_of_a_template() -> None:
    problem = advise(
        "TestRenderEmailTemplate",
        "BadRequestException",
        "Attribute 'name' is not present in the rendering data.",
    )
    assert "'name'" in problem.what
    assert "drop it" in problem.advice


def test_other_rejections_keep_their_words() -> None:
    problem = advise("SendEmail", "MessageRejected", "Bad content")
    assert "Bad content" in problem.what
    assert advise("SendEmail", "MessageRejected", None).what


def test_a_second_request_for_production_access_has_no_message() -> None:
    problem = advise("PutAccountDetails", "ConflictException", None, http_status=409)
    assert problem.trouble is Trouble.EXISTS
    assert "case" in problem.advice


def test_a_failure_of_aws_while_sending_may_be_a_mail() -> None:
    problem = advise("SendEmail", "InternalFailure", None, http_status=500)
    assert problem.trouble is Trouble.MAYBE_DONE


# The SDK's own

EXCEPTIONS = [
    ("NoCredentialsError", Trouble.CREDENTIALS, "aws configure"),
    ("PartialCredentialsError", Trouble.CREDENTIALS, "environment"),
    ("ProfileNotFound", Trouble.CREDENTIALS, "AWS_PROFILE"),
    ("CredentialRetrievalError", Trouble.CREDENTIALS, "provider"),
    ("RefreshWithMFAUnsupportedError", Trouble.CREDENTIALS, "get-session-token"),
    ("UnauthorizedSSOTokenError", Trouble.CREDENTIALS, "aws sso login"),
    ("SSOTokenLoadError", Trouble.CREDENTIALS, "aws sso login"),
    ("TokenRetrievalError", Trouble.CREDENTIALS, "aws sso login"),
    ("LoginRefreshRequired", Trouble.CREDENTIALS, "aws login"),
    ("LoginTokenLoadError", Trouble.CREDENTIALS, "aws login"),
    ("LoginInsufficientPermissions", Trouble.CREDENTIALS, "signin:CreateOAuth2Token"),
    ("MissingDependencyException", Trouble.LOCAL, "botocore[crt]"),
    ("EndpointConnectionError", Trouble.NETWORK, "Region"),
    ("ConnectTimeoutError", Trouble.NETWORK, "network"),
    ("ProxyConnectionError", Trouble.NETWORK, "HTTPS_PROXY"),
    ("SSLError", Trouble.NETWORK, "AWS_CA_BUNDLE"),
    ("ReadTimeoutError", Trouble.NETWORK, "again"),
    ("ConnectionClosedError", Trouble.NETWORK, "again"),
    ("NoRegionError", Trouble.REFUSED, "Region"),
    ("InvalidRegionError", Trouble.REFUSED, "Region"),
    ("ParamValidationError", Trouble.REFUSED, "typed"),
    ("ConfigParseError", Trouble.LOCAL, "file"),
    ("UnknownServiceError", Trouble.LOCAL, "upgrade"),
    ("SomethingElse", Trouble.OTHER, "again"),
]


@pytest.mark.parametrize(("name", "trouble", "word"), EXCEPTIONS)
def test_each_exception(name: str, trouble: Trouble, word: str) -> None:
    problem = explain([name, "BotoCoreError"], "text\x1b", region="eu-west-1", operation="X")
    assert (problem.trouble, problem.code) == (trouble, name)
    assert word in problem.advice
    assert "\x1b" not in problem.what


def test_a_base_class_explains_where_the_class_is_new() -> None:
    problem = explain(["SsoOfTomorrow", "SSOError", "BotoCoreError"], "", profile="work")
    assert problem.code == "SsoOfTomorrow"
    assert "aws sso login --profile work" in problem.advice


@pytest.mark.parametrize("name", ["ReadTimeoutError", "ConnectionClosedError", "HTTPClientError"])
def test_no_answer_to_a_change_is_a_maybe(name: str) -> None:
    assert explain([name], "", changes=True).trouble is Trouble.MAYBE_DONE
    sent = explain([name], "", changes=True, operation="SendEmail")
    assert "second mail" in sent.advice


@pytest.mark.parametrize("name", ["EndpointConnectionError", "ConnectTimeoutError", "SSLError"])
def test_what_was_never_sent_was_never_done(name: str) -> None:
    assert explain([name], "", changes=True).trouble is Trouble.NETWORK


def test_every_exception_here_is_one_of_the_sdk() -> None:
    import botocore.exceptions

    for name, _trouble, _word in EXCEPTIONS[:-1]:
        assert hasattr(botocore.exceptions, name), name
