"""Reading SES: the practice account's for the usual, a script for what AWS may answer."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from sestui.domain.errors import Trouble
from sestui.domain.identity import IdentityKind, OnMxFailure, Status
from sestui.domain.mail.template import Template
from sestui.domain.plan import Call
from sestui.gateways.changes import BotoChanges
from sestui.gateways.journal import Journal
from sestui.gateways.limiter import Limiter
from sestui.gateways.ports import GatewayError
from sestui.gateways.ses import BotoSes
from sestui.practice.ses.faults import Fault
from sestui.practice.ses.service import SesService
from tests.gateways.conftest import HASTY, ONCE, REGION, Connect, answer
from tests.gateways.servers import RESET, ScriptedHttp

ACCOUNT = {
    "ProductionAccessEnabled": False,
    "SendingEnabled": True,
    "SendQuota": {"Max24HourSend": 200, "MaxSendRate": 1, "SentLast24Hours": 0.0},
}
HOSTILE = "[@click=app.quit]x[/]\x1b]0;T\x07\u202e"


@pytest.fixture
def ses(service: SesService, connect: Connect) -> BotoSes:
    return BotoSes(connect(service.url))


@pytest.fixture
def scripted(http: ScriptedHttp, connect: Connect) -> BotoSes:
    return BotoSes(connect(http.url))


async def test_the_account(ses: BotoSes) -> None:
    account = await ses.account()
    assert account.sandbox
    assert account.can_send
    assert account.enforcement == "HEALTHY"
    assert account.quota.max_24_hours == 200
    assert account.suppressed_reasons == ("BOUNCE", "COMPLAINT")
    assert account.review_status == ""


async def test_an_account_with_nothing_but_what_is_needed(
    scripted: BotoSes, http: ScriptedHttp
) -> None:
    http.replies = [answer(**ACCOUNT, Details={"ReviewDetails": {}}, VdmAttributes=None)]
    account = await scripted.account()
    assert not account.production
    assert account.quota.max_24_hours == 200
    assert (account.enforcement, account.review_status, account.vdm) == ("", "", False)


async def test_identities_of_every_page(scripted: BotoSes, http: ScriptedHttp) -> None:
    def row(name: str, **more: object) -> dict[str, object]:
        return {"IdentityName": name, "IdentityType": "DOMAIN", **more}

    http.replies = [
        answer(EmailIdentities=[row("a.com", VerificationStatus="SUCCESS")], NextToken="2"),
        answer(EmailIdentities=[row("b.com", SendingEnabled=True)], NextToken="3"),
        answer(
            EmailIdentities=[
                row("managed.com", IdentityType="MANAGED_DOMAIN"),
                row(HOSTILE, IdentityType="EMAIL_ADDRESS", VerificationStatus="A_NEW_ONE"),
            ]
        ),
    ]
    found = await scripted.identities()
    assert [row.status for row in found] == [Status.SUCCESS, Status.NOT_STARTED, Status.PENDING]
    assert [row.sending_enabled for row in found] == [False, True, False]
    assert found[2].kind is IdentityKind.EMAIL
    assert found[2].name.isprintable()
    sent = [json.loads(body) for _method, _path, body in http.requests]
    assert [page.get("NextToken") for page in sent] == [None, "2", "3"]
    assert {page["PageSize"] for page in sent} == {1000}


async def test_a_token_that_comes_again_ends_the_pages(
    scripted: BotoSes, http: ScriptedHttp
) -> None:
    http.replies = [answer(ConfigurationSets=["a"], NextToken="same")]
    assert await scripted.configuration_sets() == ("a", "a")


async def test_an_identity_that_is_not_there(ses: BotoSes) -> None:
    assert await ses.identity("nobody@example.com") is None


async def test_a_domain_as_it_is_after_its_creation(service: SesService, connect: Connect) -> None:
    aws = connect(service.url)
    await aws.call("sesv2", "CreateEmailIdentity", {"EmailIdentity": "example.com"})
    await aws.call(
        "sesv2",
        "PutEmailIdentityMailFromAttributes",
        {
            "EmailIdentity": "example.com",
            "MailFromDomain": "mail.example.com",
            "BehaviorOnMxFailure": "REJECT_MESSAGE",
        },
    )
    identity = await BotoSes(aws).identity("example.com")
    assert identity is not None
    assert identity.is_domain
    assert not identity.verified
    assert len(identity.dkim.tokens) == 3
    assert identity.dkim.hosted_zone.endswith("amazonses.com")
    assert identity.dkim.key_length == "RSA_2048_BIT"
    assert identity.mail_from.domain == "mail.example.com"
    assert identity.mail_from.status is Status.PENDING
    assert identity.mail_from.on_mx_failure is OnMxFailure.REJECT


async def test_an_address_as_aws_really_answers(scripted: BotoSes, http: ScriptedHttp) -> None:
    http.replies = [
        answer(
            IdentityType="EMAIL_ADDRESS",
            VerifiedForSendingStatus=False,
            MailFromAttributes={"BehaviorOnMxFailure": "USE_DEFAULT_VALUE"},
            VerificationStatus="PENDING",
            VerificationInfo={},
        )
    ]
    identity = await scripted.identity("a+b@example.com")
    assert identity is not None
    assert identity.status is Status.PENDING
    assert identity.mail_from.domain == ""
    assert identity.dkim.status is Status.NOT_STARTED
    assert http.requests[0][1] == "/v2/email/identities/a%2Bb%40example.com"


async def test_why_it_is_pending(scripted: BotoSes, http: ScriptedHttp) -> None:
    http.replies = [
        answer(
            IdentityType="DOMAIN",
            VerifiedForSendingStatus=False,
            VerificationStatus="FAILED",
            VerificationInfo={
                "ErrorType": "HOST_NOT_FOUND",
                "LastCheckedTimestamp": 1790000000,
                "SOARecord": {"PrimaryNameServer": f"ns1{HOSTILE}", "SerialNumber": 7},
            },
            DkimAttributes={"Status": "SOMETHING_NEW", "Tokens": None},
        )
    ]
    identity = await scripted.identity("example.com")
    assert identity is not None
    assert identity.kind is IdentityKind.DOMAIN
    assert identity.status is Status.FAILED
    assert identity.dkim.status is Status.PENDING
    assert identity.verification.error_type == "HOST_NOT_FOUND"
    assert identity.verification.last_checked is not None
    assert identity.verification.soa is not None
    assert identity.verification.soa.serial == 7
    assert identity.verification.soa.primary.isprintable()


async def test_a_configuration_set_and_its_destinations(
    service: SesService, connect: Connect, tmp_path
) -> None:
    aws = connect(service.url)
    changes = BotoChanges(aws, Journal(tmp_path), "123456789012")
    name = {"ConfigurationSetName": "production-emails"}
    for operation, parameters in (
        (
            "CreateConfigurationSet",
            {**name, "ReputationOptions": {"ReputationMetricsEnabled": True}},
        ),
        (
            "CreateConfigurationSetEventDestination",
            {
                **name,
                "EventDestinationName": "metrics",
                "EventDestination": {
                    "Enabled": True,
                    "MatchingEventTypes": ["BOUNCE"],
                    "CloudWatchDestination": {
                        "DimensionConfigurations": [
                            {
                                "DimensionName": "ses:configuration-set",
                                "DimensionValueSource": "MESSAGE_TAG",
                                "DefaultDimensionValue": "production-emails",
                            }
                        ]
                    },
                },
            },
        ),
    ):
        await changes.make(Call("sesv2", operation, "words", parameters))
    ses = BotoSes(aws)
    assert await ses.configuration_sets() == ("production-emails",)
    found = await ses.configuration_set("production-emails")
    assert found is not None
    assert found.reputation_metrics
    assert found.sending_enabled
    assert found.suppressed_reasons is None
    assert [each.name for each in found.destinations] == ["metrics"]
    assert await ses.configuration_set("other") is None


async def test_an_empty_list_of_reasons_is_no_absent_one(
    scripted: BotoSes, http: ScriptedHttp
) -> None:
    http.replies = [
        answer(
            ConfigurationSetName="x",
            SuppressionOptions={"SuppressedReasons": []},
            SendingOptions={"SendingEnabled": False},
        ),
        answer(EventDestinations=[]),
    ]
    found = await scripted.configuration_set("x")
    assert found is not None
    assert found.suppressed_reasons == ()
    assert not found.sending_enabled


async def test_templates(service: SesService, connect: Connect) -> None:
    aws = connect(service.url)
    content = {"Subject": "Hi {{name}}", "Text": "a\nb\t{{name}}", "Html": "<p>\x1b</p>"}
    await aws.call(
        "sesv2", "CreateEmailTemplate", {"TemplateName": "t", "TemplateContent": content}
    )
    ses = BotoSes(aws)
    assert await ses.templates() == ("t",)
    # As it is, so that an undo or an edit stores nothing else.
    assert await ses.template("t") == Template("t", "Hi {{name}}", "a\nb\t{{name}}", "<p>\x1b</p>")
    assert await ses.template("other") is None
    rendered = await ses.render("t", '{"name": "Ann"}')
    assert "Hi Ann" in rendered
    with pytest.raises(GatewayError) as failed:
        await ses.render("t", "{}")
    assert failed.value.trouble is Trouble.REFUSED


async def test_the_suppression_list(service: SesService, ses: BotoSes) -> None:
    service.suppress(REGION, "gone@example.com", "BOUNCE")
    entry = await ses.suppressed("gone@example.com")
    assert entry is not None
    assert (entry.address, entry.reason) == ("gone@example.com", "BOUNCE")
    assert entry.since is not None
    assert await ses.suppressed("here@example.com") is None


@pytest.mark.parametrize(
    ("kind", "trouble"),
    [
        ("throttle", Trouble.THROTTLED),
        ("access_denied", Trouble.DENIED),
        ("expired_token", Trouble.CREDENTIALS),
        ("invalid_token", Trouble.CREDENTIALS),
        ("timeout", Trouble.NETWORK),
        ("reset", Trouble.NETWORK),
        ("server_error", Trouble.NETWORK),
    ],
)
async def test_bad_days_and_the_next_call_is_well_again(
    service: SesService, connect: Connect, kind: str, trouble: Trouble
) -> None:
    # The next call is made with the same client, so it gets more than a moment.
    limits = replace(HASTY, read=2) if kind == "timeout" else ONCE
    ses = BotoSes(connect(service.url, limits=limits))
    service.faults.add(Fault("GetAccount", kind, 1))  # type: ignore[arg-type]
    with pytest.raises(GatewayError) as failed:
        await ses.account()
    assert failed.value.trouble is trouble
    assert failed.value.problem.operation == "GetAccount"
    assert failed.value.problem.advice
    assert await ses.account()


async def test_a_denied_call_brings_the_statement_it_needs(
    service: SesService, ses: BotoSes
) -> None:
    service.faults.add(Fault("ListEmailIdentities", "access_denied"))
    with pytest.raises(GatewayError) as failed:
        await ses.identities()
    statement = json.loads(failed.value.problem.policy)
    assert statement["Action"] == "ses:ListEmailIdentities"
    assert failed.value.problem.request_id


async def test_too_many_requests_slow_the_limiter_down(
    service: SesService, connect: Connect
) -> None:
    slept: list[float] = []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)
        clock[0] += seconds

    clock = [0.0]
    limiter = Limiter(rate=1, burst=3, monotonic=lambda: clock[0], sleep=sleep)
    service.faults.add(Fault("GetAccount", "throttle"))
    with pytest.raises(GatewayError):
        await BotoSes(connect(service.url, limiter)).account()
    assert slept == []
    await limiter.wait()
    assert slept == [1.0]  # what was left of the burst is gone


async def test_nothing_there(connect: Connect) -> None:
    with pytest.raises(GatewayError) as failed:
        await BotoSes(connect("http://127.0.0.1:9")).account()
    assert failed.value.trouble is Trouble.NETWORK
    assert "http://127.0.0.1:9" in failed.value.problem.what


async def test_an_answer_that_is_none(scripted: BotoSes, http: ScriptedHttp) -> None:
    http.replies = [(200, b"<html>captive portal</html>"), (502, b"bad gateway"), RESET]
    for _ in range(3):
        with pytest.raises(GatewayError) as failed:
            await scripted.account()
        assert failed.value.trouble is Trouble.NETWORK
