"""A message in the form SendEmail wants. Source: API v2, SendEmail."""

from __future__ import annotations

from typing import Any

from sestui.domain.mail import Format, Message

_CHARSET = "UTF-8"


def send_parameters(message: Message) -> dict[str, Any]:
    """The parameters of sesv2:SendEmail for `message`.

    Destination is there for raw mail too: SES would otherwise go by the To: and Cc: headers, and a
    Bcc recipient would get nothing.
    """
    parameters: dict[str, Any] = {
        "FromEmailAddress": message.sender,
        "Destination": {"ToAddresses": list(message.recipients)},
        "Content": _content(message),
    }
    if message.configuration_set:
        parameters["ConfigurationSetName"] = message.configuration_set
    if message.tags:
        parameters["EmailTags"] = [{"Name": name, "Value": value} for name, value in message.tags]
    return parameters


def _content(message: Message) -> dict[str, Any]:
    headers = [{"Name": name, "Value": value} for name, value in message.headers]
    match message.format:
        case Format.RAW:
            return {"Raw": {"Data": message.raw}}
        case Format.TEMPLATED:
            template: dict[str, Any] = {
                "TemplateName": message.template,
                "TemplateData": message.template_data,
            }
            if headers:
                template["Headers"] = headers
            return {"Template": template}
        case Format.FORMATTED | Format.HEADERS:
            body = {
                part: _text(content)
                for part, content in (("Text", message.text), ("Html", message.html))
                if content
            }
            simple: dict[str, Any] = {"Subject": _text(message.subject), "Body": body}
            if headers:
                simple["Headers"] = headers
            return {"Simple": simple}


def _text(data: str) -> dict[str, str]:
    # Without a charset SES takes 7-bit ASCII and refuses the rest.
    return {"Data": data, "Charset": _CHARSET}
