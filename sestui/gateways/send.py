"""A message in the form SendEmail wants. Source: API v2, SendEmail."""

from __future__ import annotations

from typing import Any

from sestui.domain.mail.attachment import Attachment
from sestui.domain.mail.form import Format
from sestui.domain.mail.message import Message
from sestui.domain.mail.mime import mailbox

_CHARSET = "UTF-8"


def send_parameters(message: Message) -> dict[str, Any]:
    """The parameters of sesv2:SendEmail for `message`.

    Destination is there for raw mail too: SES would otherwise go by the To: and Cc: headers, and a
    Bcc recipient would get nothing.
    """
    parameters: dict[str, Any] = {
        "FromEmailAddress": mailbox(message.display_name, message.sender),
        "Destination": {
            f"{kind}Addresses": list(addresses)
            for kind, addresses in (("To", message.to), ("Cc", message.cc), ("Bcc", message.bcc))
            if addresses
        },
        "Content": _content(message),
    }
    if message.reply_to:
        parameters["ReplyToAddresses"] = list(message.reply_to)
    if message.configuration_set:
        parameters["ConfigurationSetName"] = message.configuration_set
    if message.tags:
        parameters["EmailTags"] = [{"Name": name, "Value": value} for name, value in message.tags]
    return parameters


def _content(message: Message) -> dict[str, Any]:
    if message.format is Format.RAW:
        return {"Raw": {"Data": message.raw}}
    content: dict[str, Any]
    if message.format is Format.TEMPLATED:
        kind = "Template"
        content = {"TemplateName": message.template, "TemplateData": message.template_data}
    else:
        kind = "Simple"
        body = {
            part: _text(text)
            for part, text in (("Text", message.text), ("Html", message.html))
            if text
        }
        content = {"Subject": _text(message.subject), "Body": body}
    if message.headers:
        content["Headers"] = [{"Name": name, "Value": value} for name, value in message.headers]
    if message.attachments:
        content["Attachments"] = [_attached(file) for file in message.attachments]
    return {kind: content}


def _attached(file: Attachment) -> dict[str, Any]:
    return {
        "FileName": file.name,
        "RawContent": file.content,
        "ContentType": file.content_type,
        # The default is SEVEN_BIT, which spoils whatever is not ASCII.
        "ContentTransferEncoding": "BASE64",
    }


def _text(data: str) -> dict[str, str]:
    # Without a charset SES takes 7-bit ASCII and refuses the rest.
    return {"Data": data, "Charset": _CHARSET}
