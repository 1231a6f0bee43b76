"""The parts together: from an identity to a mail that passes, and an event in a queue."""

import urllib.request

from tests.practice.conftest import letter_to, simple, verified_domain


def test_a_domain_with_records_in_the_panel_sends_mail_that_passes(account, ses):
    verified_domain(account, ses, "panel.example")
    ses.send_email(
        FromEmailAddress="Shop <hello@panel.example>",
        Destination={"ToAddresses": ["you@panel.example"]},
        Content=simple("It works"),
    )
    letter = letter_to(account, "you@panel.example")
    assert (letter.dkim, letter.spf, letter.dmarc) == ("pass", "pass", "pass")
    assert letter.subject == "It works"
    assert "header.d=panel.example" in letter.auth


def test_a_domain_with_records_in_route_53_sends_mail_that_passes(account, ses):
    route53 = account.neighbours.client("route53")
    (zone,) = [
        z for z in route53.list_hosted_zones()["HostedZones"] if z["Name"] == "workshop.example."
    ]

    def publish(name, rdtype, value):
        record = {"Name": name, "Type": rdtype, "TTL": 60, "ResourceRecords": [{"Value": value}]}
        change = {"Action": "CREATE", "ResourceRecordSet": record}
        route53.change_resource_record_sets(
            HostedZoneId=zone["Id"], ChangeBatch={"Changes": [change]}
        )

    verified_domain(account, ses, "workshop.example", publish)
    ses.send_email(
        FromEmailAddress="hello@workshop.example",
        Destination={"ToAddresses": ["you@workshop.example"]},
        Content=simple(),
    )
    letter = letter_to(account, "you@workshop.example")
    assert (letter.dkim, letter.spf, letter.dmarc) == ("pass", "pass", "pass")


def test_the_link_of_the_verification_mail_works(account, ses):
    ses.create_email_identity(EmailIdentity="me@inbox.example")
    letter = letter_to(account, "me@inbox.example")
    assert letter.subject.endswith("in region Europe (Ireland)")
    text = account.mailbox.raw(letter.id).decode()
    (link,) = [line for line in text.splitlines() if "confirm?token=" in line]
    with urllib.request.urlopen(link) as answer:
        assert answer.status == 200
        assert b"successfully verified" in answer.read()
    assert ses.get_email_identity(EmailIdentity="me@inbox.example")["VerifiedForSendingStatus"]
