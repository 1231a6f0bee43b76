"""Verification by looking records up, and by time passing."""

from __future__ import annotations

import base64
from datetime import UTC, datetime, timedelta
from typing import Any

import dns.rcode
import pytest
from botocore.exceptions import ClientError
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from sestui.practice.ses.world import Options
from tests.practice.conftest import wait_until
from tests.practice.ses.conftest import Practice, Start

HOURS = timedelta(hours=1)


def seen(ses: Any, name: str = "example.com") -> dict[str, Any]:
    answer: dict[str, Any] = ses.get_email_identity(EmailIdentity=name)
    return answer


def error_type(ses: Any) -> str | None:
    return seen(ses)["VerificationInfo"].get("ErrorType")


def statuses(ses: Any) -> tuple[str, str, bool]:
    identity = seen(ses)
    return (
        identity["VerificationStatus"],
        identity["DkimAttributes"]["Status"],
        identity["VerifiedForSendingStatus"],
    )


def test_a_domain_is_verified_when_all_three_records_are_there(
    practice: Practice, ses: Any
) -> None:
    made = ses.create_email_identity(EmailIdentity="example.com")
    practice.service.check_now()
    assert error_type(ses) == "HOST_NOT_FOUND"
    practice.names.publish_dkim(made, "example.com")
    last = made["DkimAttributes"]["Tokens"][2] + "._domainkey.example.com"
    right = practice.names.records[(last, "CNAME")]
    practice.names.publish(last, "CNAME", "wrong.example.net.")
    practice.service.check_now()
    assert error_type(ses) == "INVALID_VALUE"
    practice.names.remove(last, "CNAME")
    practice.names.publish(last, "TXT", '"typed as TXT"')
    practice.service.check_now()
    assert error_type(ses) == "TYPE_NOT_FOUND"
    practice.names.rcode = dns.rcode.SERVFAIL
    practice.service.check_now()
    assert error_type(ses) == "DNS_SERVER_ERROR"
    assert statuses(ses) == ("PENDING", "PENDING", False)
    practice.names.rcode = None
    practice.names.publish(last, "CNAME", *right)
    practice.service.check_now()
    assert statuses(ses) == ("SUCCESS", "SUCCESS", True)
    info = seen(ses)["VerificationInfo"]
    assert "ErrorType" not in info
    assert abs(info["LastCheckedTimestamp"] - datetime.now(UTC)) < timedelta(minutes=1)
    assert info["LastSuccessTimestamp"] == info["LastCheckedTimestamp"]
    assert info["SOARecord"] == {
        "PrimaryNameServer": "ns1.provider.test",
        "AdminEmail": "hostmaster.provider.test",
        "SerialNumber": 2026010101,
    }


def test_failed_is_final_until_it_is_put_again(practice: Practice, ses: Any) -> None:
    made = ses.create_email_identity(EmailIdentity="example.com")
    practice.clock.hurry(71 * HOURS)
    practice.service.check_now()
    assert statuses(ses) == ("PENDING", "PENDING", False)
    practice.clock.hurry(HOURS)
    practice.service.check_now()
    assert statuses(ses) == ("FAILED", "FAILED", False)
    practice.names.publish_dkim(made, "example.com")
    practice.service.check_now()
    assert statuses(ses) == ("FAILED", "FAILED", False)
    again = ses.put_email_identity_dkim_signing_attributes(
        EmailIdentity="example.com", SigningAttributesOrigin="AWS_SES"
    )
    assert again["DkimStatus"] == "PENDING"
    assert again["DkimTokens"] == made["DkimAttributes"]["Tokens"]
    assert again["SigningHostedZone"] == "dkim.amazonses.com"
    practice.service.check_now()
    assert statuses(ses) == ("SUCCESS", "SUCCESS", True)


def test_a_lost_record_is_temporary_for_72_hours(practice: Practice, ses: Any) -> None:
    practice.verified_domain(ses, "example.com")
    saved = dict(practice.names.records)
    practice.names.records.clear()
    practice.service.check_now()
    assert statuses(ses) == ("TEMPORARY_FAILURE", "TEMPORARY_FAILURE", True)
    practice.names.records.update(saved)
    practice.service.check_now()
    assert statuses(ses) == ("SUCCESS", "SUCCESS", True)
    practice.names.records.clear()
    practice.service.check_now()
    practice.clock.hurry(72 * HOURS)
    practice.service.check_now()
    assert statuses(ses) == ("FAILED", "FAILED", False)


def test_mail_from_needs_exactly_one_mx(practice: Practice, ses: Any) -> None:
    practice.verified_domain(ses, "example.com")

    def put() -> None:
        ses.put_email_identity_mail_from_attributes(
            EmailIdentity="example.com",
            MailFromDomain="mail.example.com",
            BehaviorOnMxFailure="USE_DEFAULT_VALUE",
        )

    def status() -> str:
        practice.service.check_now()
        value: str = seen(ses)["MailFromAttributes"]["MailFromDomainStatus"]
        return value

    host = "10 feedback-smtp.eu-west-1.amazonses.com."
    put()
    assert status() == "PENDING"
    practice.names.publish("mail.example.com", "MX", host, "20 other.example.com.")
    assert status() == "PENDING"
    practice.names.publish("mail.example.com", "MX", "10 feedback-smtp.us-east-1.amazonses.com.")
    assert status() == "PENDING"
    practice.names.publish("mail.example.com", "MX", host)
    assert status() == "SUCCESS"
    practice.names.remove("mail.example.com", "MX")
    assert status() == "TEMPORARY_FAILURE"
    practice.clock.hurry(72 * HOURS)
    assert status() == "FAILED"
    practice.names.publish("mail.example.com", "MX", host)
    assert status() == "FAILED"
    put()
    assert status() == "SUCCESS"


def test_byodkim_is_verified_by_its_public_key(practice: Practice, ses: Any) -> None:
    key = rsa.generate_private_key(public_exponent=65537, key_size=1024)
    der = key.private_bytes(
        serialization.Encoding.DER,
        serialization.PrivateFormat.TraditionalOpenSSL,
        serialization.NoEncryption(),
    )
    ses.create_email_identity(
        EmailIdentity="example.com",
        DkimSigningAttributes={
            "DomainSigningSelector": "mine",
            "DomainSigningPrivateKey": base64.b64encode(der).decode(),
        },
    )
    dkim = seen(ses)["DkimAttributes"]
    assert dkim["SigningAttributesOrigin"] == "EXTERNAL"
    assert "SigningHostedZone" not in dkim
    public = base64.b64encode(
        key.public_key().public_bytes(
            serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
        )
    ).decode()
    practice.names.publish("mine._domainkey.example.com", "TXT", '"p=AAAA"')
    practice.service.check_now()
    assert error_type(ses) == "INVALID_VALUE"
    assert practice.service.signing_key("eu-west-1", "example.com") is None
    value = f'"v=DKIM1; p={public[:100]}" "{public[100:]}"'
    practice.names.publish("mine._domainkey.example.com", "TXT", value)
    practice.service.check_now()
    assert statuses(ses) == ("SUCCESS", "SUCCESS", True)
    signing = practice.service.signing_key("eu-west-1", "me@example.com")
    assert signing is not None
    assert (signing.domain, signing.selector) == ("example.com", "mine")


def test_a_private_key_that_is_none_is_refused(ses: Any) -> None:
    for key in ("AAAA", "not base64!"):
        with pytest.raises(ses.exceptions.BadRequestException):
            ses.create_email_identity(
                EmailIdentity="example.com",
                DkimSigningAttributes={
                    "DomainSigningSelector": "mine",
                    "DomainSigningPrivateKey": key,
                },
            )


def test_a_replica_follows_its_parent(practice: Practice, ses: Any) -> None:
    wanted = {"DomainSigningAttributesOrigin": "AWS_SES_EU_WEST_1"}
    other = practice.client("us-east-1")
    other.create_email_identity(EmailIdentity="example.com", DkimSigningAttributes=wanted)
    practice.service.check_now()
    assert error_type(other) == "REPLICATION_PRIMARY_NOT_FOUND"
    practice.verified_domain(ses, "example.com")
    practice.service.check_now()
    mine, theirs = seen(ses)["DkimAttributes"], seen(other)["DkimAttributes"]
    assert theirs["Status"] == "SUCCESS"
    assert theirs["Tokens"] == mine["Tokens"]
    assert theirs["SigningAttributesOrigin"] == "AWS_SES_EU_WEST_1"
    assert practice.service.signing_key("us-east-1", "example.com") == (
        practice.service.signing_key("eu-west-1", "example.com")
    )
    with pytest.raises(ses.exceptions.BadRequestException):
        ses.delete_email_identity(EmailIdentity="example.com")


def test_a_replica_of_its_own_region_has_no_parent(practice: Practice, ses: Any) -> None:
    wanted = {"DomainSigningAttributesOrigin": "AWS_SES_EU_WEST_1"}
    ses.create_email_identity(EmailIdentity="example.com", DkimSigningAttributes=wanted)
    practice.service.check_now()
    assert error_type(ses) == "REPLICATION_PRIMARY_INVALID_REGION"


def test_an_address_is_verified_by_its_link(practice: Practice, ses: Any) -> None:
    ses.create_email_identity(EmailIdentity="me@example.com")
    (address, region, link) = practice.post.verification[0]
    assert (address, region) == ("me@example.com", "eu-west-1")
    assert practice.service.confirm("nothing") is None
    assert practice.service.confirm(link.rpartition("/")[2]) == "me@example.com"
    identity = seen(ses, "me@example.com")
    assert identity["VerificationStatus"] == "SUCCESS"
    assert identity["VerifiedForSendingStatus"] is True


def test_a_link_is_valid_for_24_hours_and_can_be_sent_again(practice: Practice, ses: Any) -> None:
    ses.create_email_identity(EmailIdentity="me@example.com")
    old = practice.post.token("me@example.com")
    practice.clock.hurry(24 * HOURS)
    practice.service.check_now()
    assert practice.service.confirm(old) is None
    assert seen(ses, "me@example.com")["VerificationStatus"] == "FAILED"
    practice.client(api="ses").verify_email_identity(EmailAddress="me@example.com")
    assert seen(ses, "me@example.com")["VerificationStatus"] == "PENDING"
    assert practice.service.confirm(practice.post.token("me@example.com")) == "me@example.com"


def test_v1_refuses_what_it_does_not_have(practice: Practice) -> None:
    v1 = practice.client(api="ses")
    with pytest.raises(ClientError, match="does not offer GetSendQuota of API v1"):
        v1.get_send_quota()
    with pytest.raises(ClientError, match="Missing final '@domain'"):
        v1.verify_email_identity(EmailAddress="example.com")


def test_a_key_length_switch_keeps_the_records(practice: Practice, ses: Any) -> None:
    practice.verified_domain(ses, "example.com")
    before = practice.service.signing_key("eu-west-1", "example.com")

    def switch(length: str) -> Any:
        return ses.put_email_identity_dkim_signing_attributes(
            EmailIdentity="example.com",
            SigningAttributesOrigin="AWS_SES",
            SigningAttributes={"NextSigningKeyLength": length},
        )

    with pytest.raises(ses.exceptions.BadRequestException):
        switch("RSA_2048_BIT")
    assert switch("RSA_1024_BIT")["DkimStatus"] == "PENDING"
    assert statuses(ses) == ("SUCCESS", "PENDING", True)
    practice.service.check_now()
    after = practice.service.signing_key("eu-west-1", "example.com")
    assert before is not None
    assert after is not None
    assert after.selector != before.selector
    with pytest.raises(ses.exceptions.BadRequestException):
        switch("RSA_2048_BIT")
    practice.clock.hurry(24 * HOURS)
    switch("RSA_2048_BIT")


def test_one_selector_has_the_key_and_the_others_are_empty(practice: Practice, ses: Any) -> None:
    made = ses.create_email_identity(EmailIdentity="example.com")["DkimAttributes"]
    keys = practice.service.public_keys()
    names = [f"{token}.dkim.amazonses.com" for token in made["Tokens"]]
    assert set(names) == set(keys)
    values = [keys[name] for name in names]
    assert values.count("") == 2
    assert max(values).startswith("p=MIIB")
    assert [keys[name] for name in names] == values
    second = practice.service.amazonses_key("eu-west-1")
    assert second.domain == "amazonses.com"
    assert keys[f"{second.selector}._domainkey.amazonses.com"].startswith("p=MIG")
    with pytest.raises(KeyError):
        keys["nobody.dkim.amazonses.com"]


def test_the_service_looks_by_itself(start: Start) -> None:
    practice = start(Options(check_every=0.02, recheck_every=0.02, control_rate=None))
    ses = practice.client()
    practice.names.publish_dkim(
        ses.create_email_identity(EmailIdentity="example.com"), "example.com"
    )
    wait_until(lambda: statuses(ses) == ("SUCCESS", "SUCCESS", True))
    practice.names.records.clear()
    wait_until(lambda: statuses(ses)[0] == "TEMPORARY_FAILURE")
