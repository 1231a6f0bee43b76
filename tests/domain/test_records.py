"""Regions, identities and the DNS records that an identity needs."""

import dataclasses

import pytest
from botocore.session import get_session

from sestui.domain.identity import (
    Dkim,
    Identity,
    IdentityKind,
    MailFrom,
    Status,
    why_pending,
)
from sestui.domain.records import (
    OWN_KEY_VALUE,
    Purpose,
    RequiredRecord,
    as_json,
    as_zone_file,
    required_records,
)
from sestui.domain.regions import REGIONS, fallback_dkim_zone, feedback_host, partition

IDENTITY = Identity(
    "example.com",
    IdentityKind.DOMAIN,
    Status.PENDING,
    verified=False,
    dkim=Dkim(tokens=("aaa", "bbb", "ccc"), hosted_zone="a31d.dkim.us-west-2.amazonses.com"),
    mail_from=MailFrom("mail.example.com"),
)


def with_dkim(**changes):
    return dataclasses.replace(IDENTITY, dkim=dataclasses.replace(IDENTITY.dkim, **changes))


def test_a_domain_needs_six_records():
    assert as_zone_file(required_records(IDENTITY, "us-west-2")) == (
        "aaa._domainkey.example.com. CNAME aaa.a31d.dkim.us-west-2.amazonses.com.\n"
        "bbb._domainkey.example.com. CNAME bbb.a31d.dkim.us-west-2.amazonses.com.\n"
        "ccc._domainkey.example.com. CNAME ccc.a31d.dkim.us-west-2.amazonses.com.\n"
        "mail.example.com. MX 10 feedback-smtp.us-west-2.amazonses.com.\n"
        'mail.example.com. TXT "v=spf1 include:amazonses.com ~all"\n'
        '_dmarc.example.com. TXT "v=DMARC1; p=none;"\n'
    )


def test_without_a_mail_from_domain_it_needs_none_for_it():
    identity = dataclasses.replace(IDENTITY, mail_from=MailFrom())
    purposes = [r.purpose for r in required_records(identity, "us-west-2")]
    assert purposes == [Purpose.DKIM] * 3 + [Purpose.DMARC]


def test_an_address_needs_no_records():
    address = dataclasses.replace(IDENTITY, name="a@example.com", kind=IdentityKind.EMAIL)
    assert required_records(address, "us-west-2") == ()


@pytest.mark.parametrize(
    ("origin", "zone", "region", "target"),
    [
        ("AWS_SES", "dkim.amazonses.com", "il-central-1", "aaa.dkim.amazonses.com"),
        ("AWS_SES", "", "us-east-1", "aaa.dkim.amazonses.com"),
        ("AWS_SES", "", "il-central-1", "aaa.dkim.il-central-1.amazonses.com"),
        # A replica has the records of its parent.
        ("AWS_SES_US_EAST_1", "", "il-central-1", "aaa.dkim.amazonses.com"),
        ("AWS_SES_IL_CENTRAL_1", "", "us-east-1", "aaa.dkim.il-central-1.amazonses.com"),
    ],
)
def test_the_dkim_target_is_what_ses_says_and_only_else_what_the_region_has(
    origin, zone, region, target
):
    identity = with_dkim(origin=origin, hosted_zone=zone)
    assert required_records(identity, region)[0].value == target


def test_a_key_of_ones_own_is_a_txt_record_whose_value_only_the_person_has():
    record = required_records(with_dkim(origin="EXTERNAL", tokens=("sel",)), "us-east-1")[0]
    assert (record.type, record.name) == ("TXT", "sel._domainkey.example.com")
    assert record.value == OWN_KEY_VALUE
    assert record.placeholder


def test_a_placeholder_is_not_published_by_importing_the_zone_file():
    record = RequiredRecord(Purpose.DKIM, "TXT", "sel._domainkey.example.com", OWN_KEY_VALUE)
    assert record.line.startswith("; sel._domainkey.example.com. TXT ")


@pytest.mark.parametrize(
    ("value", "strings"),
    [
        ("", '""'),
        ('say "a\\b"', '"say \\"a\\\\b\\""'),
        ("x" * 255, '"' + "x" * 255 + '"'),
        ("x" * 256, '"' + "x" * 255 + '" "x"'),
    ],
)
def test_a_long_text_is_split_into_strings(value, strings):
    assert RequiredRecord(Purpose.DKIM, "TXT", "a.b", value).line == f"a.b. TXT {strings}"


def test_records_of_one_identity_have_keys_of_their_own():
    records = required_records(IDENTITY, "us-west-2")
    assert len({record.key for record in records}) == len(records)


def test_the_json_is_that_of_the_schema():
    records = required_records(IDENTITY, "us-west-2")
    document = as_json("example.com", "us-west-2", records[3:4])
    assert document == {
        "schema": "sestui.records/1",
        "identity": "example.com",
        "region": "us-west-2",
        "records": [
            {
                "purpose": "mail_from",
                "type": "MX",
                "name": "mail.example.com",
                "value": "10 feedback-smtp.us-west-2.amazonses.com",
            }
        ],
    }


def test_the_regions_are_those_a_replica_can_have_as_parent():
    """The model of the API has one value for each documented Region."""
    shape = get_session().get_service_model("sesv2").shape_for("DkimSigningAttributesOrigin")
    documented = {
        value.removeprefix("AWS_SES_").lower().replace("_", "-")
        for value in shape.enum
        if value.startswith("AWS_SES_")
    }
    assert set(REGIONS) == documented


@pytest.mark.parametrize(
    ("region", "zone"),
    [
        ("us-east-1", "dkim.amazonses.com"),
        ("eu-west-1", "dkim.amazonses.com"),
        ("ap-southeast-3", "dkim.ap-southeast-3.amazonses.com"),
        ("us-gov-west-1", "dkim.amazonses.com"),
        ("us-gov-east-1", "dkim.us-gov-east-1.amazonses.com"),
    ],
)
def test_the_fallback_zone(region, zone):
    assert fallback_dkim_zone(region) == zone


@pytest.mark.parametrize(
    ("region", "name"),
    [
        ("eu-west-1", "aws"),
        ("us-gov-east-1", "aws-us-gov"),
        ("cn-north-1", "aws-cn"),
        ("eusc-de-east-1", "aws-eusc"),
    ],
)
def test_the_partition_of_a_region(region, name):
    assert partition(region) == name


def test_the_mx_host_is_that_of_the_region():
    assert feedback_host("eu-west-1") == "feedback-smtp.eu-west-1.amazonses.com"


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("SUCCESS", Status.SUCCESS),
        ("TEMPORARY_FAILURE", Status.TEMPORARY_FAILURE),
        (None, Status.NOT_STARTED),
        ("", Status.NOT_STARTED),
        ("SOMETHING_NEW", Status.PENDING),
    ],
)
def test_a_status_that_is_new_at_aws_counts_as_pending(text, status):
    assert Status.parse(text) is status


@pytest.mark.parametrize(
    ("changes", "complete"),
    [
        ({}, True),
        ({"mail_from": MailFrom()}, True),
        ({"verified": False}, False),
        ({"dkim": Dkim(Status.PENDING)}, False),
        ({"mail_from": MailFrom("mail.example.com", Status.FAILED)}, False),
        ({"kind": IdentityKind.EMAIL, "dkim": Dkim(), "mail_from": MailFrom()}, True),
        ({"kind": IdentityKind.EMAIL, "verified": False}, False),
    ],
)
def test_complete_is_verified_with_dkim_and_with_the_mail_from_domain_if_there_is_one(
    changes, complete
):
    done = dataclasses.replace(
        IDENTITY,
        verified=True,
        dkim=Dkim(Status.SUCCESS),
        mail_from=MailFrom("mail.example.com", Status.SUCCESS),
    )
    assert dataclasses.replace(done, **changes).complete is complete


@pytest.mark.parametrize(
    ("origin", "own", "parent"),
    [
        ("AWS_SES", False, ""),
        ("EXTERNAL", True, ""),
        ("AWS_SES_EU_WEST_1", False, "eu-west-1"),
        ("AWS_SES_US_GOV_EAST_1", False, "us-gov-east-1"),
    ],
)
def test_where_a_key_comes_from(origin, own, parent):
    dkim = Dkim(origin=origin)
    assert (dkim.own_key, dkim.parent_region) == (own, parent)


def test_every_reason_of_ses_is_a_sentence():
    shape = get_session().get_service_model("sesv2").shape_for("VerificationError")
    for reason in shape.enum:
        assert why_pending(reason).endswith(".")
    assert why_pending("") == ""
    assert why_pending("SOMETHING_NEW") == "SOMETHING_NEW"


def test_every_state_and_purpose_has_a_word_of_its_own():
    assert len({status.word for status in Status}) == len(Status)
    assert len({purpose.word for purpose in Purpose}) == len(Purpose)
    assert len({purpose.why for purpose in Purpose}) == len(Purpose)
