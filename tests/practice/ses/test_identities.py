"""Identities: real shapes, real texts."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.practice.ses.conftest import Practice


def failure(error: pytest.ExceptionInfo[ClientError]) -> tuple[str, str | None, int]:
    answer = error.value.response
    status = answer["ResponseMetadata"]["HTTPStatusCode"]
    return answer["Error"]["Code"], answer["Error"]["Message"], status


def plain(answer: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in answer.items() if key != "ResponseMetadata"}


def test_an_address_has_the_shape_of_the_real_service(ses: Any) -> None:
    made = ses.create_email_identity(EmailIdentity="me+x/y@example.com")
    assert plain(made) == {"IdentityType": "EMAIL_ADDRESS", "VerifiedForSendingStatus": False}
    assert plain(ses.get_email_identity(EmailIdentity="me+x/y@example.com")) == {
        "IdentityType": "EMAIL_ADDRESS",
        "FeedbackForwardingStatus": True,
        "VerifiedForSendingStatus": False,
        "DkimAttributes": {
            "SigningEnabled": False,
            "Status": "NOT_STARTED",
            "SigningAttributesOrigin": "AWS_SES",
            "NextSigningKeyLength": "RSA_1024_BIT",
        },
        "MailFromAttributes": {"BehaviorOnMxFailure": "USE_DEFAULT_VALUE"},
        "Policies": {},
        "Tags": [],
        "VerificationStatus": "PENDING",
        "VerificationInfo": {},
    }


def test_a_domain_starts_with_three_tokens(ses: Any) -> None:
    dkim = ses.create_email_identity(EmailIdentity="Example.COM")["DkimAttributes"]
    assert dkim["Status"] == "NOT_STARTED"
    assert len(dkim["Tokens"]) == 3
    assert all(len(token) == 32 and token.isalnum() for token in dkim["Tokens"])
    assert dkim["SigningHostedZone"] == "dkim.amazonses.com"
    seen = ses.get_email_identity(EmailIdentity="example.com")
    assert seen["DkimAttributes"]["Status"] == "PENDING"
    assert seen["DkimAttributes"]["Tokens"] == dkim["Tokens"]
    assert seen["VerificationStatus"] == "PENDING"


def test_the_signing_hosted_zone_depends_on_the_region(practice: Practice) -> None:
    made = practice.client("eu-south-1").create_email_identity(EmailIdentity="example.com")
    assert made["DkimAttributes"]["SigningHostedZone"] == "dkim.eu-south-1.amazonses.com"


def test_regions_do_not_see_each_other(practice: Practice, ses: Any) -> None:
    ses.create_email_identity(EmailIdentity="example.com")
    assert practice.client("us-east-1").list_email_identities()["EmailIdentities"] == []


def test_existing_and_missing_identities_have_their_own_texts(ses: Any) -> None:
    ses.create_email_identity(EmailIdentity="example.com")
    with pytest.raises(ses.exceptions.AlreadyExistsException) as error:
        ses.create_email_identity(EmailIdentity="example.com")
    assert failure(error)[1:] == ("Email identity example.com already exist.", 400)
    with pytest.raises(ses.exceptions.NotFoundException) as error:
        ses.get_email_identity(EmailIdentity="other.com")
    assert failure(error)[1:] == ("Email identity other.com does not exist.", 404)
    with pytest.raises(ses.exceptions.NotFoundException):
        ses.delete_email_identity(EmailIdentity="other.com")
    ses.delete_email_identity(EmailIdentity="example.com")
    assert ses.list_email_identities()["EmailIdentities"] == []


@pytest.mark.parametrize(
    "name",
    ["exa mple..com", "com", "-a.com", "a@", "@a.com", "a" * 64 + ".com", "ü.com", "a b@c.de"],
)
def test_bad_names_are_refused(ses: Any, name: str) -> None:
    with pytest.raises(ses.exceptions.BadRequestException):
        ses.create_email_identity(EmailIdentity=name)


def test_a_missing_default_set_creates_nothing(ses: Any) -> None:
    with pytest.raises(ses.exceptions.NotFoundException, match="Configuration set <x> does not"):
        ses.create_email_identity(EmailIdentity="example.com", ConfigurationSetName="x")
    assert ses.list_email_identities()["EmailIdentities"] == []


def test_lists_come_in_pages_and_filtered(ses: Any) -> None:
    for name in ("c.com", "a.com", "b.com", "me@a.com"):
        ses.create_email_identity(EmailIdentity=name)
    first = ses.list_email_identities(PageSize=3)
    assert [each["IdentityName"] for each in first["EmailIdentities"]] == [
        "a.com",
        "b.com",
        "c.com",
    ]
    rest = ses.list_email_identities(PageSize=3, NextToken=first["NextToken"])
    assert "NextToken" not in rest
    assert rest["EmailIdentities"] == [
        {
            "IdentityType": "EMAIL_ADDRESS",
            "IdentityName": "me@a.com",
            "SendingEnabled": False,
            "VerificationStatus": "PENDING",
        }
    ]
    found = ses.list_email_identities(Filter={"IDENTITY_TYPE": "EMAIL_ADDRESS"})
    assert len(found["EmailIdentities"]) == 1


def test_mail_from_rules(ses: Any) -> None:
    ses.create_email_identity(EmailIdentity="ses.dive.day")

    def put(identity: str, domain: str) -> None:
        ses.put_email_identity_mail_from_attributes(
            EmailIdentity=identity, MailFromDomain=domain, BehaviorOnMxFailure="REJECT_MESSAGE"
        )

    with pytest.raises(ses.exceptions.BadRequestException) as error:
        put("ses.dive.day", "mail.dive.day")
    assert failure(error)[1] == (
        "Provided MAIL-FROM domain <mail.dive.day> is not subdomain of the domain of the identity "
        "<ses.dive.day>."
    )
    with pytest.raises(ses.exceptions.BadRequestException):
        put("ses.dive.day", "ses.dive.day")
    with pytest.raises(ses.exceptions.BadRequestException) as error:
        put("other.com", "mail.other.com")
    assert failure(error)[1:] == ("Identity <other.com> does not exist.", 400)
    put("ses.dive.day", "mail.ses.dive.day")
    seen = ses.get_email_identity(EmailIdentity="ses.dive.day")["MailFromAttributes"]
    assert seen == {
        "MailFromDomain": "mail.ses.dive.day",
        "MailFromDomainStatus": "PENDING",
        "BehaviorOnMxFailure": "REJECT_MESSAGE",
    }
    ses.put_email_identity_mail_from_attributes(EmailIdentity="ses.dive.day", MailFromDomain="")
    seen = ses.get_email_identity(EmailIdentity="ses.dive.day")["MailFromAttributes"]
    assert seen == {"BehaviorOnMxFailure": "USE_DEFAULT_VALUE"}


def test_dkim_calls_on_addresses_and_unknown_domains(practice: Practice, ses: Any) -> None:
    with pytest.raises(ses.exceptions.BadRequestException) as error:
        ses.put_email_identity_dkim_attributes(EmailIdentity="no.com", SigningEnabled=True)
    assert failure(error)[1:] == ("Domain no.com is not verified for DKIM signing.", 400)
    with pytest.raises(ses.exceptions.BadRequestException) as error:
        ses.put_email_identity_dkim_signing_attributes(
            EmailIdentity="a@no.com", SigningAttributesOrigin="AWS_SES"
        )
    assert failure(error)[1] == "The EmailIdentity value must be a valid domain."
    with pytest.raises(ses.exceptions.NotFoundException):
        ses.put_email_identity_dkim_signing_attributes(
            EmailIdentity="no.com", SigningAttributesOrigin="AWS_SES"
        )


def test_an_address_shows_the_dkim_of_its_domain(practice: Practice, ses: Any) -> None:
    practice.verified_domain(ses, "example.com")
    ses.create_email_identity(EmailIdentity="me@example.com")
    own = ses.get_email_identity(EmailIdentity="me@example.com")["DkimAttributes"]
    assert own == ses.get_email_identity(EmailIdentity="example.com")["DkimAttributes"]


def test_omitted_booleans_are_false(ses: Any) -> None:
    ses.create_email_identity(EmailIdentity="example.com")
    ses.put_email_identity_dkim_attributes(EmailIdentity="example.com")
    ses.put_email_identity_feedback_attributes(EmailIdentity="example.com")
    seen = ses.get_email_identity(EmailIdentity="example.com")
    assert seen["DkimAttributes"]["SigningEnabled"] is False
    assert seen["FeedbackForwardingStatus"] is False


def test_policies(practice: Practice, ses: Any) -> None:
    policy = '{"Version":"2012-10-17","Statement":[]}'
    ses.create_email_identity(EmailIdentity="example.com")
    named = {"EmailIdentity": "example.com", "PolicyName": "p1"}
    with pytest.raises(ses.exceptions.BadRequestException):
        ses.create_email_identity_policy(**named, Policy=policy)
    practice.names.publish_dkim(ses.get_email_identity(EmailIdentity="example.com"), "example.com")
    practice.service.check_now()
    ses.create_email_identity_policy(**named, Policy=policy)
    with pytest.raises(ses.exceptions.AlreadyExistsException):
        ses.create_email_identity_policy(**named, Policy=policy)
    assert ses.get_email_identity_policies(EmailIdentity="example.com")["Policies"] == {
        "p1": policy
    }
    ses.delete_email_identity_policy(**named)
    assert ses.get_email_identity(EmailIdentity="example.com")["Policies"] == {}


def test_tags(ses: Any) -> None:
    ses.create_email_identity(EmailIdentity="example.com", Tags=[{"Key": "a", "Value": "1"}])
    arn = "arn:aws:ses:eu-west-1:123456789012:identity/example.com"
    ses.tag_resource(ResourceArn=arn, Tags=[{"Key": "b", "Value": "2"}, {"Key": "a", "Value": "3"}])
    ses.untag_resource(ResourceArn=arn, TagKeys=["b"])
    assert ses.list_tags_for_resource(ResourceArn=arn)["Tags"] == [{"Key": "a", "Value": "3"}]
    with pytest.raises(ses.exceptions.NotFoundException):
        ses.list_tags_for_resource(ResourceArn=arn + "x")
