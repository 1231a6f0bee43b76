"""SendEmail: who may send what to whom, and what the postmaster is handed."""

from __future__ import annotations

import json
from datetime import timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any, cast

import pytest
from botocore.exceptions import ClientError

from sestui.practice.ses.world import Options
from tests.practice.ses.conftest import Accepted, Practice, Start
from tests.practice.ses.test_identities import failure

EICAR = (r"X5O!P%@AP[4\PZX54(P^)7CC)7}$" + "EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*").encode()
SUCCESS = "success@simulator.amazonses.com"


def utf8(text: str) -> dict[str, str]:
    return {"Data": text, "Charset": "UTF-8"}


def send(ses: Any, to: Any = SUCCESS, *, content: Any = None, **members: Any) -> str:
    destination = {"ToAddresses": [to] if isinstance(to, str) else to}
    simple = {"Subject": utf8("Hi"), "Body": {"Text": utf8("Hello")}}
    request = {
        "FromEmailAddress": "me@example.com",
        "Destination": destination,
        "Content": {"Simple": simple} if content is None else content,
    }
    answer: str = ses.send_email(**request | members)["MessageId"]
    return answer


def simple(**members: Any) -> dict[str, Any]:
    return {"Simple": {"Subject": utf8("Hi"), "Body": {"Text": utf8("Hello")}} | members}


def mime(mail: Accepted) -> EmailMessage:
    return cast(EmailMessage, message_from_bytes(mail.mime, policy=default))


@pytest.fixture
def ses(practice: Practice) -> Any:
    client = practice.client()
    practice.verified_domain(client, "example.com")
    return client


def test_a_whole_message(practice: Practice, ses: Any) -> None:
    practice.verified_address(ses, "you@other.com")
    message_id = ses.send_email(
        FromEmailAddress="Zoë <me@sub.example.com>",
        Destination={
            "ToAddresses": ["You <you@other.com>"],
            "CcAddresses": [SUCCESS],
            "BccAddresses": ["hidden@example.com"],
        },
        ReplyToAddresses=["help@example.com"],
        EmailTags=[{"Name": "campaign", "Value": "one"}],
        Content={
            "Simple": {
                "Subject": utf8("Xin chào"),
                "Body": {"Text": utf8("Chào bạn"), "Html": utf8("<b>Chào bạn</b>")},
                "Headers": [{"Name": "List-Unsubscribe", "Value": "<https://example.com/u>"}],
                "Attachments": [
                    {
                        "FileName": "a.pdf",
                        "RawContent": b"%PDF\xff",
                        "ContentTransferEncoding": "BASE64",
                    },
                    {
                        "FileName": "logo.png",
                        "RawContent": b"\x89PNG",
                        "ContentDisposition": "INLINE",
                        "ContentId": "logo",
                        "ContentTransferEncoding": "BASE64",
                    },
                ],
            }
        },
    )["MessageId"]
    (mail,) = practice.post.accepted
    assert mail.message_id == message_id
    assert message_id.startswith("0102")
    assert message_id.endswith("-000000")
    assert mail.source == "me@sub.example.com"
    assert mail.identity == "example.com"
    assert mail.recipients == ("you@other.com", SUCCESS, "hidden@example.com")
    assert mail.envelope_from == f"{message_id}@eu-west-1.amazonses.com"
    assert mail.tags["campaign"] == ["one"]
    assert mail.tags["ses:from-domain"] == ["sub.example.com"]
    message = mime(mail)
    assert b"\n" not in mail.mime.replace(b"\r\n", b"")
    assert message["From"] == "Zoë <me@sub.example.com>"
    assert message["To"] == "You <you@other.com>"
    assert message["Cc"] == SUCCESS
    assert message["Bcc"] is None
    assert message["Reply-To"] == "help@example.com"
    assert message["Subject"] == "Xin chào"
    assert message["Message-ID"] == f"<{message_id}@eu-west-1.amazonses.com>"
    assert message["Date"].datetime == mail.at.replace(microsecond=0)
    assert message["List-Unsubscribe"] == "<https://example.com/u>"
    body, html = message.get_body(("plain",)), message.get_body(("html",))
    assert body is not None
    assert html is not None
    assert body.get_content().strip() == "Chào bạn"
    assert html.get_content().strip() == "<b>Chào bạn</b>"
    (attached,) = message.iter_attachments()
    assert attached.get_filename() == "a.pdf"
    assert attached.get_content() == b"%PDF\xff"
    logo = next(part for part in message.walk() if part["Content-ID"] == "<logo>")
    assert logo.get_content_disposition() == "inline"


def test_without_a_charset_text_is_ascii(practice: Practice, ses: Any) -> None:
    send(ses, content={"Simple": {"Subject": {"Data": "é"}, "Body": {"Text": {"Data": "Chào"}}}})
    message = mime(practice.post.accepted[0])
    assert message["Subject"] == "?"
    assert message.get_content().strip() == "Ch?o"


def test_the_sandbox_names_all_who_fail(practice: Practice, ses: Any) -> None:
    with pytest.raises(ses.exceptions.MessageRejected) as error:
        send(ses, ["a@b.com", SUCCESS, "me@example.com"], FromEmailAddress="x@no.com")
    assert failure(error)[1] == (
        "Email address is not verified. The following identities failed the check in region "
        "EU-WEST-1: x@no.com, a@b.com"
    )
    practice.service.decide_review("eu-west-1", "GRANTED")
    send(ses, "a@b.com")


def test_addresses_are_case_sensitive_and_labels_are_covered(practice: Practice, ses: Any) -> None:
    practice.verified_address(ses, "Me@Other.com")
    for sender in ("Me@Other.com", "Me+x@Other.com"):
        send(ses, FromEmailAddress=sender)
    for sender in ("me@Other.com", "Me@other.com"):
        with pytest.raises(ses.exceptions.MessageRejected):
            send(ses, FromEmailAddress=sender)


def test_the_most_specific_identity_wins(practice: Practice, ses: Any) -> None:
    practice.verified_address(ses, "me@example.com")
    send(ses)
    assert practice.post.accepted[0].identity == "me@example.com"


def test_quota_of_the_day(practice: Practice, ses: Any) -> None:
    for _ in range(4):
        send(ses, [f"r{number}@example.com" for number in range(50)])
    assert ses.get_account()["SendQuota"]["SentLast24Hours"] == 200.0
    with pytest.raises(ClientError) as error:
        send(ses, "r@example.com")
    assert failure(error) == ("ThrottlingException", "Daily message quota exceeded.", 400)
    send(ses)  # the simulator does not count
    practice.clock.hurry(timedelta(hours=24))
    send(ses, "r@example.com")


def test_rate_of_the_second(start: Start) -> None:
    practice = start(Options(control_rate=None, check_every=1e9, send_rate=0.001))
    ses = practice.client()
    practice.verified_domain(ses, "example.com")
    send(ses)
    with pytest.raises(ClientError) as error:
        send(ses)
    assert failure(error) == ("ThrottlingException", "Maximum sending rate exceeded.", 400)


def test_configuration_sets(practice: Practice, ses: Any) -> None:
    with pytest.raises(ses.exceptions.NotFoundException, match="Configuration set <x> does not"):
        send(ses, ConfigurationSetName="x")
    ses.create_configuration_set(ConfigurationSetName="x")
    ses.put_email_identity_configuration_set_attributes(
        EmailIdentity="example.com", ConfigurationSetName="x"
    )
    send(ses)
    assert practice.post.accepted[0].configuration_set == "x"
    assert practice.post.accepted[0].tags["ses:configuration-set"] == ["x"]
    ses.put_configuration_set_sending_options(ConfigurationSetName="x", SendingEnabled=False)
    with pytest.raises(ses.exceptions.SendingPausedException) as error:
        send(ses)
    assert failure(error)[1] == "Sending is paused for configuration set x"
    ses.delete_configuration_set(ConfigurationSetName="x")
    with pytest.raises(ses.exceptions.BadRequestException) as error:
        send(ses)
    assert failure(error)[1] == "Configuration set <x> does not exist."


def test_mail_from(practice: Practice, ses: Any) -> None:
    def put(behavior: str) -> None:
        ses.put_email_identity_mail_from_attributes(
            EmailIdentity="example.com",
            MailFromDomain="mail.example.com",
            BehaviorOnMxFailure=behavior,
        )

    put("REJECT_MESSAGE")
    with pytest.raises(ses.exceptions.MailFromDomainNotVerifiedException):
        send(ses)
    put("USE_DEFAULT_VALUE")
    send(ses)
    practice.names.publish("mail.example.com", "MX", "10 feedback-smtp.eu-west-1.amazonses.com.")
    practice.service.check_now()
    send(ses)
    domains = [mail.envelope_from.partition("@")[2] for mail in practice.post.accepted]
    assert domains == ["eu-west-1.amazonses.com", "mail.example.com"]


def test_paused(practice: Practice, ses: Any) -> None:
    ses.put_account_sending_attributes(SendingEnabled=False)
    with pytest.raises(ses.exceptions.SendingPausedException):
        send(ses)
    ses.put_account_sending_attributes(SendingEnabled=True)
    practice.service.set_enforcement("eu-west-1", "SHUTDOWN")
    with pytest.raises(ses.exceptions.SendingPausedException):
        send(ses)
    with pytest.raises(ses.exceptions.BadRequestException):
        ses.put_account_sending_attributes(SendingEnabled=True)


def test_suppressed_addresses_are_accepted(practice: Practice, ses: Any) -> None:
    with pytest.raises(ses.exceptions.BadRequestException, match="sandbox"):
        ses.put_suppressed_destination(EmailAddress="a@example.com", Reason="BOUNCE")
    assert practice.service.suppress("eu-west-1", "a@example.com", "BOUNCE", message_id="m")
    assert not practice.service.suppress("eu-west-1", SUCCESS, "BOUNCE")
    send(ses, ["a@example.com", "A@example.com"])
    assert practice.post.accepted[0].suppressed == {"a@example.com"}
    ses.create_configuration_set(
        ConfigurationSetName="x", SuppressionOptions={"SuppressedReasons": []}
    )
    send(ses, "a@example.com", ConfigurationSetName="x")
    assert practice.post.accepted[1].suppressed == frozenset()
    listed = ses.list_suppressed_destinations(Reasons=["BOUNCE"])
    assert len(listed["SuppressedDestinationSummaries"]) == 1
    assert (
        ses.list_suppressed_destinations(Reasons=["COMPLAINT"])["SuppressedDestinationSummaries"]
        == []
    )
    one = ses.get_suppressed_destination(EmailAddress="a@example.com")["SuppressedDestination"]
    assert one["Reason"] == "BOUNCE"
    ses.delete_suppressed_destination(EmailAddress="a@example.com")
    with pytest.raises(ses.exceptions.NotFoundException):
        ses.get_suppressed_destination(EmailAddress="a@example.com")


@pytest.mark.parametrize(
    ("members", "text"),
    [
        ({"to": "nobody"}, "Missing final '@domain'"),
        ({"to": "a b@c.de"}, "Local address contains control or whitespace"),
        ({"to": "a@"}, "Missing domain"),
        ({"to": []}, "At least one destination address is required."),
        ({"to": [SUCCESS] * 51}, "Recipient count exceeds 50."),
        ({"FromEmailAddress": ""}, None),
        ({"content": simple(Headers=[{"Name": "Subject", "Value": "x"}])}, ...),
        ({"content": simple(Headers=[{"Name": "X-A", "Value": "x"}] * 16)}, ...),
        ({"content": simple(Headers=[{"Name": "X-A", "Value": "é"}])}, ...),
        ({"content": simple(Attachments=[{"FileName": "a.exe", "RawContent": b"x"}])}, ...),
        ({"content": simple(Attachments=[{"FileName": "a.png", "RawContent": b"\xff"}])}, ...),
        ({"content": simple(Body={"Text": {"Data": "x", "Charset": "klingon"}})}, ...),
        ({"content": {}}, ...),
        ({"EmailTags": [{"Name": "a b", "Value": "x"}]}, ...),
    ],
)
def test_what_is_refused(practice: Practice, ses: Any, members: Any, text: Any) -> None:
    # botocore would refuse some of these itself; the service must hold without it.
    client = practice.client(parameter_validation=False)
    with pytest.raises(ses.exceptions.BadRequestException) as error:
        send(client, **members)
    if text is not ...:
        assert failure(error)[1] == text
    assert practice.post.accepted == []


def test_forty_megabytes(practice: Practice, ses: Any) -> None:
    attachment = {
        "FileName": "a.bin",
        "RawContent": bytes(31 * 1024 * 1024),
        "ContentTransferEncoding": "BASE64",
    }
    with pytest.raises(ses.exceptions.BadRequestException, match="Message length is more than"):
        send(ses, content=simple(Attachments=[attachment]))


def test_raw(practice: Practice, ses: Any) -> None:
    ses.create_configuration_set(ConfigurationSetName="x")
    raw = (
        b"From: Me <me@example.com>\nTo: success@simulator.amazonses.com\nBcc: b@example.com\n"
        b"Subject: =?utf-8?q?Xin_ch=C3=A0o?=\nMessage-ID: <mine@example.com>\nX-Folded: a\n b\n"
        b"X-SES-CONFIGURATION-SET: x\nX-SES-MESSAGE-TAGS: a=b, c=d\n\nHello\n"
    )
    message_id = ses.send_email(Content={"Raw": {"Data": raw}})["MessageId"]
    (mail,) = practice.post.accepted
    assert mail.recipients == (SUCCESS, "b@example.com")
    assert mail.configuration_set == "x"
    assert mail.tags["a"] == ["b"]
    assert mail.tags["c"] == ["d"]
    assert b"X-Folded: a\r\n b\r\n" in mail.mime
    assert b"X-SES-CONF" not in mail.mime
    assert b"Bcc" not in mail.mime
    assert mail.mime.endswith(b"\r\n\r\nHello\r\n")
    message = mime(mail)
    assert message.get_all("Message-ID") == [f"<{message_id}@eu-west-1.amazonses.com>"]


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        (b"Subject: x\n\nbody", "Missing required header 'From'."),
        (b"From: me@example.com\nSubject: a\nSubject: b\n\nx", "Duplicate header 'Subject'."),
        (b"From: me@example.com\n\n" + b"x" * 1001, ...),
    ],
)
def test_raw_that_is_refused(practice: Practice, ses: Any, raw: bytes, text: Any) -> None:
    with pytest.raises(ses.exceptions.BadRequestException) as error:
        send(ses, content={"Raw": {"Data": raw}})
    if text is not ...:
        assert failure(error)[1] == text


def test_raw_senders_must_all_be_verified(practice: Practice, ses: Any) -> None:
    raw = b"From: me@example.com\nSender: x@no.com\n\nHello"
    with pytest.raises(ses.exceptions.MessageRejected, match=r"EU-WEST-1: x@no\.com$"):
        send(ses, content={"Raw": {"Data": raw}})


def test_a_virus_is_accepted_and_rejected_later(practice: Practice, ses: Any) -> None:
    attachment = {
        "FileName": "a.txt",
        "RawContent": EICAR,
        "ContentTransferEncoding": "BASE64",
    }
    send(ses, content=simple(Attachments=[attachment]))
    send(ses)
    assert [mail.rejected for mail in practice.post.accepted] == [True, False]


def template(stored: str = "t", **data: Any) -> dict[str, Any]:
    return {"Template": {"TemplateName": stored, "TemplateData": json.dumps(data)}}


def test_templates(practice: Practice, ses: Any) -> None:
    content = {
        "Subject": "Hi {{name}}",
        "Text": "{{#if vip}}Dear{{else}}Hello{{/if}} {{user.first}}",
        "Html": "{{#each items}}<li>{{@index}} {{this}}</li>{{/each}}{{name}}",
    }
    ses.create_email_template(TemplateName="t", TemplateContent=content)
    data = {"name": "<Zoë>", "vip": True, "user": {"first": "Z"}, "items": ["a", "b"]}
    send(ses, content=template(**data))
    message = mime(practice.post.accepted[0])
    assert message["Subject"] == "Hi <Zoë>"
    text, html = message.get_body(("plain",)), message.get_body(("html",))
    assert text is not None
    assert html is not None
    assert text.get_content().strip() == "Dear Z"
    assert html.get_content().strip() == "<li>0 a</li><li>1 b</li><Zoë>"
    rendered = ses.test_render_email_template(TemplateName="t", TemplateData=json.dumps(data))
    assert "multipart/alternative" in rendered["RenderedTemplate"]
    with pytest.raises(ses.exceptions.BadRequestException) as error:
        ses.test_render_email_template(TemplateName="t", TemplateData="{}")
    missing = "Attribute 'name' is not present in the rendering data."
    assert failure(error)[1] == missing
    send(ses, content=template(vip=False))
    failed = practice.post.accepted[1]
    assert failed.rendering_failure == missing
    assert failed.template == "t"


def test_template_errors(practice: Practice, ses: Any) -> None:
    with pytest.raises(ses.exceptions.NotFoundException):
        send(ses, content=template("none"))
    with pytest.raises(ses.exceptions.BadRequestException) as error:
        practice.client().send_email(
            Destination={"ToAddresses": [SUCCESS]}, Content=template("none")
        )
    assert failure(error)[1] == "Source cannot be empty"
    inline = {"TemplateContent": {"Subject": "s", "Text": "{{a}}"}, "TemplateData": '{"a": 1}'}
    send(ses, content={"Template": inline})
    assert mime(practice.post.accepted[0]).get_content().strip() == "1"
    inline["TemplateContent"] = {"Subject": "s", "Text": "{{#if a}}x{{/if}}"}
    with pytest.raises(ses.exceptions.BadRequestException):
        send(ses, content={"Template": inline})
    for text in ("{{#if a}}x", "{{/if}}", "{{ses:openTracker}}{{ses:openTracker}}", "", "{{#x y}}"):
        with pytest.raises(ses.exceptions.BadRequestException):
            ses.create_email_template(TemplateName="t", TemplateContent={"Html": text})


def test_template_operations(ses: Any) -> None:
    for name in ("b", "a"):
        ses.create_email_template(TemplateName=name, TemplateContent={"Subject": name})
    with pytest.raises(ses.exceptions.AlreadyExistsException):
        ses.create_email_template(TemplateName="a", TemplateContent={"Subject": "x"})
    ses.update_email_template(TemplateName="a", TemplateContent={"Subject": "new"})
    assert ses.get_email_template(TemplateName="a")["TemplateContent"] == {"Subject": "new"}
    listed = ses.list_email_templates()["TemplatesMetadata"]
    assert [each["TemplateName"] for each in listed] == ["a", "b"]
    ses.delete_email_template(TemplateName="a")
    with pytest.raises(ses.exceptions.NotFoundException):
        ses.get_email_template(TemplateName="a")


def test_bulk(practice: Practice, ses: Any) -> None:
    ses.create_email_template(TemplateName="t", TemplateContent={"Subject": "{{n}}", "Text": "x"})
    entries = [
        {
            "Destination": {"ToAddresses": [to]},
            "ReplacementEmailContent": {
                "ReplacementTemplate": {"ReplacementTemplateData": json.dumps({"n": to})}
            },
        }
        for to in (SUCCESS, "x@no.com")
    ]
    results = ses.send_bulk_email(
        FromEmailAddress="me@example.com",
        DefaultContent={"Template": {"TemplateName": "t", "TemplateData": "{}"}},
        BulkEmailEntries=entries,
    )["BulkEmailEntryResults"]
    assert [each["Status"] for each in results] == ["SUCCESS", "MESSAGE_REJECTED"]
    assert mime(practice.post.accepted[0])["Subject"] == SUCCESS
