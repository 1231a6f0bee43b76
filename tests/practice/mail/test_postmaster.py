"""Mail on its way: signed, judged, delivered, bounced."""

import email
import email.policy

import pytest

from tests.practice.mail.conftest import AT, DOMAIN, MIME, accepted, arrived


def test_a_mail_arrives_signed_and_with_everything_passing(postmaster, seen):
    postmaster.accept(accepted())
    (letter,) = arrived(postmaster.mailbox)
    assert (letter.dkim, letter.spf, letter.dmarc) == ("pass", "pass", "pass")
    assert letter.to == "you@mail.example"
    assert letter.subject == "Grüße <b>[red]"
    assert letter.at == AT
    raw = postmaster.mailbox.raw(letter.id)
    assert postmaster.mailbox.path(letter.id).read_bytes() == raw
    assert raw.endswith(MIME)
    assert raw.replace(b"\r\n", b"").count(b"\n") == 0
    message = email.message_from_bytes(raw, policy=email.policy.default)
    assert [name for name, _ in message.items()][:6] == [
        "Return-Path",
        "Delivered-To",
        "Received",
        "Authentication-Results",
        "DKIM-Signature",
        "DKIM-Signature",
    ]
    assert message["Return-Path"] == f"<0102-1@mail.{DOMAIN}>"
    assert "version=TLSv1.3" in message["Received"]
    own, amazon = message.get_all("DKIM-Signature")
    assert f"d={DOMAIN}" in own
    assert "list-unsubscribe" in own
    assert "d=amazonses.com" in amazon
    results = " ".join(message["Authentication-Results"].split())
    assert results.startswith(f"mx.practice.example; dkim=pass header.d={DOMAIN} header.s=tok")
    assert "dkim=pass header.d=amazonses.com" in results
    assert results.endswith(
        f"spf=pass smtp.mailfrom=mail.{DOMAIN}; dmarc=pass (p=none) header.from={DOMAIN}"
    )
    assert seen.wait(2) == ["Send", "Delivery"]
    postmaster.stop()
    assert seen.reputation_puts == 1
    assert list(postmaster.mailbox.folder.parent.glob("spool/*")) == []
    assert not postmaster.problems


@pytest.mark.parametrize(
    ("change", "dkim", "spf", "dmarc"),
    [
        ("nothing", "pass", "pass", "pass"),
        ("no key for the identity", "pass", "pass", "pass"),  # DMARC by SPF, then
        ("default mail from", "pass", "pass", "pass"),  # DMARC by DKIM
        ("unsigned, default mail from", "pass", "pass", "fail"),
        ("no dmarc", "pass", "pass", "none"),
        ("spf forgotten", "pass", "none", "pass"),
        ("spf of another", "pass", "softfail", "pass"),
        ("cname gone", "pass", "pass", "pass"),
        ("dns broken", "temperror", "temperror", "temperror"),
    ],
)
def test_what_is_wrong_in_dns_is_seen(change, dkim, spf, dmarc, postmaster, keys, world, dns):
    more = {}
    match change:
        case "no key for the identity":
            keys.own = None
        case "default mail from":
            more["envelope_from"] = "0102-1@eu-west-1.amazonses.com"
        case "unsigned, default mail from":
            keys.own = None
            more["envelope_from"] = "0102-1@eu-west-1.amazonses.com"
        case "no dmarc":
            world.panel.delete(f"_dmarc.{DOMAIN}")
        case "spf forgotten":
            world.panel.delete(f"mail.{DOMAIN}", "TXT")
        case "spf of another":
            world.panel.replace(f"mail.{DOMAIN}", "TXT", ["v=spf1 ip4:192.0.2.1 ~all"])
        case "cname gone":
            world.panel.delete(f"tok._domainkey.{DOMAIN}")
        case "dns broken":
            dns.faults.add("*", "servfail")
    postmaster.accept(accepted(**more))
    (letter,) = arrived(postmaster.mailbox)
    assert (letter.dkim, letter.spf, letter.dmarc) == (dkim, spf, dmarc)
    if change == "cname gone":
        assert f"dkim=permerror (no key for signature) header.d={DOMAIN}" in letter.auth
    if change == "unsigned, default mail from":
        assert f"header.d={DOMAIN}" not in letter.auth


def test_simulator_addresses(postmaster, seen):
    names = ["success", "bounce+1", "bounce+2", "ooto", "complaint", "suppressionlist"]
    postmaster.accept(accepted(*(f"{name}@simulator.amazonses.com" for name in names)))
    assert seen.wait(5) == ["Send", "Delivery", "Bounce", "Bounce", "Complaint"]
    _, delivery, bounce, listed, complaint = seen.events
    assert [r.partition("@")[0] for r in delivery["delivery"]["recipients"]] == [
        "success",
        "ooto",
        "complaint",
    ]
    assert bounce["bounce"]["bounceType"] == "Permanent"
    assert bounce["bounce"]["bounceSubType"] == "General"
    assert [r["emailAddress"] for r in bounce["bounce"]["bouncedRecipients"]] == [
        "bounce+1@simulator.amazonses.com",
        "bounce+2@simulator.amazonses.com",
    ]
    assert {r["status"] for r in bounce["bounce"]["bouncedRecipients"]} == {"5.1.1"}
    assert listed["bounce"]["bounceSubType"] == "Suppressed"
    assert complaint["complaint"]["complaintFeedbackType"] == "abuse"
    (reply,) = arrived(postmaster.mailbox)
    assert reply.sender == "ooto@simulator.amazonses.com"
    assert reply.to == f"0102-1@mail.{DOMAIN}"
    message = email.message_from_bytes(postmaster.mailbox.raw(reply.id))
    assert message["Auto-Submitted"] == "auto-replied"
    assert message["In-Reply-To"] == "<0102-1@eu-west-1.amazonses.com>"
    postmaster.stop()
    assert seen.reputation_puts == 0
    assert len(postmaster.mailbox.letters()) == 1


def test_a_suppressed_recipient_bounces_and_the_others_get_their_mail(postmaster, seen):
    mail = accepted(
        "no@mail.example", "you@mail.example", suppressed=frozenset(["no@mail.example"])
    )
    postmaster.accept(mail)
    assert seen.wait(3) == ["Send", "Bounce", "Delivery"]
    assert seen.events[1]["bounce"]["bounceSubType"] == "OnAccountSuppressionList"
    assert [letter.to for letter in arrived(postmaster.mailbox)] == ["you@mail.example"]


def test_one_letter_per_recipient_and_one_delivery_per_domain(postmaster, seen):
    postmaster.accept(accepted("a@one.example", "b@two.example", "c@One.example"))
    assert seen.wait(3) == ["Send", "Delivery", "Delivery"]
    assert sorted(each.to for each in arrived(postmaster.mailbox, 3)) == [
        "a@one.example",
        "b@two.example",
        "c@One.example",
    ]


def test_rejected_and_unrendered_mail_goes_nowhere(postmaster, seen):
    postmaster.accept(accepted(rejected=True))
    postmaster.accept(accepted(rendering_failure="Attribute 'name' is missing", template="hello"))
    assert seen.wait(3) == ["Send", "Reject", "Rendering Failure"]
    assert seen.events[1]["reject"] == {"reason": "Bad content"}
    assert seen.events[2]["failure"] == {
        "errorMessage": "Attribute 'name' is missing",
        "templateName": "hello",
    }
    postmaster.stop()
    assert postmaster.mailbox.letters() == []


def test_the_event_says_what_was_sent(postmaster, seen):
    postmaster.accept(accepted())
    seen.wait(1)
    assert seen.events[0]["send"] == {}
    mail = seen.events[0]["mail"]
    assert mail["timestamp"] == "2026-11-24T08:00:00.123Z"
    assert mail["sourceArn"] == "arn:aws:ses:eu-west-1:123456789012:identity/shop.example"
    assert mail["sendingAccountId"] == "123456789012"
    assert mail["messageId"] == "0102-1"
    assert mail["destination"] == ["you@mail.example"]
    assert {"name": "To", "value": "you@mail.example"} in mail["headers"]
    assert mail["commonHeaders"] == {
        "from": ["Shop <hello@shop.example>"],
        "to": ["you@mail.example"],
        "date": "Tue, 24 Nov 2026 08:00:00 +0000",
        "subject": "Grüße <b>[red]",
        "messageId": "0102-1",
    }
    assert mail["tags"] == {"ses:configuration-set": ["production-emails"]}


def test_the_verification_mail(postmaster):
    link = "http://127.0.0.1:4711/_practice/confirm?token=" + "t" * 60
    postmaster.verification_mail("me@mail.example", "eu-west-1", link)
    (letter,) = arrived(postmaster.mailbox)
    assert letter.to == "me@mail.example"
    assert letter.sender == "Amazon Web Services <no-reply-aws@amazon.com>"
    assert letter.subject == (
        "Amazon Web Services - Email Address Verification Request in region Europe (eu-west-1)"
    )
    assert (letter.dkim, letter.spf) == ("pass", "pass")
    assert f"\r\n{link}\r\n".encode() in postmaster.mailbox.raw(letter.id)


def test_what_was_accepted_before_a_crash_is_delivered_once_after_it(new_postmaster, seen):
    killed = new_postmaster()
    killed.accept(accepted())
    killed.verification_mail("me@mail.example", "eu-west-1", "http://127.0.0.1/x")
    again = new_postmaster()
    again.start()
    first = arrived(again.mailbox, 2)
    again.stop()
    assert seen.wait(2) == ["Send", "Delivery"]
    # The same mail once more, as when the crash came after the delivery: it is the same letter.
    third = new_postmaster()
    third.accept(accepted())
    third.start()
    seen.wait(4)
    third.stop()
    assert [letter.id for letter in third.mailbox.letters()] == [letter.id for letter in first]


def test_damaged_mail_does_not_stop_the_post(postmaster, tmp_path, seen):
    (tmp_path / "spool").joinpath("0.json").write_text("{")
    for mime in (
        b"",
        b"no header at all\r\n",
        b"From: x\r\n\r\n",
        b"From: a@b\r\nSubject: \xff\r\n\r\n",
    ):
        postmaster.accept(accepted(mime=mime, message_id=str(len(mime))))
    postmaster.accept(accepted("last@mail.example"))
    letters = arrived(postmaster.mailbox, 5)
    assert "last@mail.example" in {letter.to for letter in letters}


def test_addresses_cannot_add_headers(postmaster):
    postmaster.accept(accepted("a@mail.example\r\nX-Evil: yes"))
    (letter,) = arrived(postmaster.mailbox)
    assert b"\r\nX-Evil" not in postmaster.mailbox.raw(letter.id)
