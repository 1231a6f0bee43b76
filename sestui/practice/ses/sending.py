"""SendEmail, SendBulkEmail and mail by SMTP: from a request to mail that is accepted."""

from __future__ import annotations

import re
from typing import Any

from sestui.practice.ses import mime, raw, render
from sestui.practice.ses.accept import Prepared, accept
from sestui.practice.ses.errors import ServiceError, bad_request, not_found, not_offered
from sestui.practice.ses.names import address_of
from sestui.practice.ses.templates import check_content, data_of, find
from sestui.practice.ses.world import Call, Members, writes

MOST_BULK = 50
MOST_INLINE = 1024 * 1024
_TAG = re.compile(r"[A-Za-z0-9_-]{1,256}")
_COLON_TAGS = ("ses:feedback-id-a", "ses:feedback-id-b")
_BULK_STATUS = {
    "MessageRejected": "MESSAGE_REJECTED",
    "MailFromDomainNotVerifiedException": "MAIL_FROM_DOMAIN_NOT_VERIFIED",
    "BadRequestException": "INVALID_PARAMETER",
    "NotFoundException": "FAILED",
}


def send(call: Call, members: Members) -> Members:
    _refuse_unoffered(call, members)
    content = members["Content"]
    kinds = [kind for kind in ("Raw", "Simple", "Template") if kind in content]
    if len(kinds) != 1:
        raise bad_request("Content must contain exactly one of Raw, Simple, or Template.")
    tags = tags_of(members.get("EmailTags", []))
    if kinds[0] == "Raw":
        prepared = _raw(members, tags)
    elif kinds[0] == "Simple":
        prepared = _simple(members, tags)
    else:
        prepared = _template(call, members, content["Template"], tags)
    return {"MessageId": accept(call, prepared, "SendEmail")}


def send_smtp(call: Call, members: Members) -> str:
    """Accept a message that came by SMTP, given as a SendEmail request; its message id.

    Raises:
        ServiceError: why it is not accepted.
    """
    return accept(call, _raw(members, {}), "SendSmtpEmail")


def send_bulk(call: Call, members: Members) -> Members:
    _refuse_unoffered(call, members)
    entries = members["BulkEmailEntries"]
    if not 1 <= len(entries) <= MOST_BULK:
        raise bad_request(f"BulkEmailEntries must have 1 to {MOST_BULK} members.")
    template = members["DefaultContent"].get("Template")
    if template is None:
        raise bad_request("DefaultContent.Template is required.")
    return {"BulkEmailEntryResults": [_bulk(call, members, template, each) for each in entries]}


def tags_of(given: list[dict[str, str]]) -> dict[str, list[str]]:
    """EmailTags by name.

    Raises:
        ServiceError: BadRequestException for a name or value with other characters.
    """
    tags: dict[str, list[str]] = {}
    for tag in given:
        name, value = tag["Name"], tag["Value"]
        if not (_TAG.fullmatch(name) or name in _COLON_TAGS) or not _TAG.fullmatch(value):
            raise bad_request(
                f"Invalid tag <{name}>: <{value}>: only alphanumeric ASCII characters, '_', and "
                "'-' are allowed."
            )
        tags.setdefault(name, []).append(value)
    return tags


def _refuse_unoffered(call: Call, members: Members) -> None:
    if "TenantName" in members:
        raise not_found(f"Tenant {members['TenantName']} does not exist.")
    if "EndpointId" in members:
        raise not_offered("multi-region endpoints")
    if "ListManagementOptions" in members:
        name = members["ListManagementOptions"]["ContactListName"]
        raise not_found(f"List with name: {name} doesn't exist.")
    for member in ("FromEmailAddressIdentityArn", "FeedbackForwardingEmailAddressIdentityArn"):
        arn = members.get(member)
        if arn and not arn.startswith(call.arn("identity", "")):
            raise not_offered("sending with the identity of another account or Region")


def _addresses(members: Members, kind: str) -> list[str]:
    mailboxes: list[str] = members.get("Destination", {}).get(f"{kind}Addresses", [])
    for mailbox in mailboxes:
        address_of(mailbox)
    return mailboxes


def _recipients(members: Members) -> tuple[str, ...]:
    kinds = ("To", "Cc", "Bcc")
    return tuple(address_of(each) for kind in kinds for each in _addresses(members, kind))


def _feedback(members: Members) -> list[str]:
    address = members.get("FeedbackForwardingEmailAddress")
    return [address_of(address)] if address else []


def _raw(members: Members, tags: dict[str, list[str]]) -> Prepared:
    message = raw.parse(members["Content"]["Raw"]["Data"])
    source = address_of(next(iter(message.addresses("from")), message.values["from"]))
    senders = [source, *message.addresses("sender"), *message.addresses("return-path")]
    if given := members.get("FromEmailAddress"):
        senders.append(address_of(given))
    recipients = _recipients(members) or tuple(
        address for kind in ("to", "cc", "bcc") for address in message.addresses(kind)
    )
    for pair in message.values.get("x-ses-message-tags", "").split(","):
        name, equals, value = pair.strip().partition("=")
        if equals:
            for tag, values in tags_of([{"Name": name, "Value": value}]).items():
                tags.setdefault(tag, []).extend(values)
    header_set = message.values.get("x-ses-configuration-set", "").strip()
    return Prepared(
        source=source,
        senders=(*senders, *_feedback(members)),
        recipients=recipients,
        configuration_set=members.get("ConfigurationSetName") or header_set,
        tags=tags,
        build=lambda extra: raw.finish(message, extra),
    )


def _simple(members: Members, tags: dict[str, list[str]]) -> Prepared:
    if not members.get("FromEmailAddress"):
        raise bad_request(None)  # the real service gives no text here
    simple = members["Content"]["Simple"]
    body = simple["Body"]
    if "Text" not in body and "Html" not in body:
        raise bad_request("The body must have a Text or an Html part.")
    draft = mime.Draft(
        sender=members["FromEmailAddress"],
        to=_addresses(members, "To"),
        cc=_addresses(members, "Cc"),
        reply_to=members.get("ReplyToAddresses", []),
        subject=mime.decode(simple["Subject"]).text,
        text=mime.decode(body["Text"]) if "Text" in body else None,
        html=mime.decode(body["Html"]) if "Html" in body else None,
        headers=simple.get("Headers", []),
        attachments=simple.get("Attachments", []),
    )
    return _from_draft(members, draft, tags)


def _template(
    call: Call, members: Members, template: dict[str, Any], tags: dict[str, list[str]]
) -> Prepared:
    if not members.get("FromEmailAddress"):
        raise bad_request("Source cannot be empty")
    name, content = _template_content(call, template)
    data = data_of(template.get("TemplateData"))
    failure, parts = "", dict[str, str]()
    try:
        parts = {part: render.render(text, data) for part, text in content.items()}
    except render.RenderingError as error:
        # Accepted all the same: the caller learns of it by a Rendering Failure event only.
        failure = str(error)
    draft = mime.Draft(
        sender=members["FromEmailAddress"],
        to=_addresses(members, "To"),
        cc=_addresses(members, "Cc"),
        reply_to=members.get("ReplyToAddresses", []),
        subject=" ".join(parts.get("Subject", "").splitlines()),
        text=mime.Text(parts["Text"]) if "Text" in parts else None,
        html=mime.Text(parts["Html"]) if "Html" in parts else None,
        headers=template.get("Headers", []),
        attachments=template.get("Attachments", []),
    )
    prepared = _from_draft(members, draft, tags)
    prepared.template, prepared.rendering_failure = name, failure
    return prepared


def _template_content(call: Call, template: dict[str, Any]) -> tuple[str, dict[str, str]]:
    ways = [way for way in ("TemplateName", "TemplateArn", "TemplateContent") if way in template]
    if len(ways) != 1:
        raise bad_request(
            "Content.Template must specify exactly one of TemplateName, TemplateArn, or "
            "TemplateContent."
        )
    if ways[0] == "TemplateContent":
        content: dict[str, str] = template["TemplateContent"]
        check_content(content, simple=True, most=MOST_INLINE)
        return "", content
    name = template.get("TemplateName") or template["TemplateArn"].rpartition("/")[2]
    return name, find(call, name).content


def _from_draft(members: Members, draft: mime.Draft, tags: dict[str, list[str]]) -> Prepared:
    for mailbox in draft.reply_to:
        address_of(mailbox)
    source = address_of(draft.sender)
    return Prepared(
        source=source,
        senders=(source, *_feedback(members)),
        recipients=_recipients(members),
        configuration_set=members.get("ConfigurationSetName", ""),
        tags=tags,
        build=lambda extra: mime.build(draft, extra),
    )


def _bulk(
    call: Call, members: Members, template: dict[str, Any], entry: dict[str, Any]
) -> dict[str, Any]:
    own = entry.get("ReplacementEmailContent", {}).get("ReplacementTemplate", {})
    headers = {header["Name"].lower(): header for header in template.get("Headers", [])}
    headers |= {header["Name"].lower(): header for header in entry.get("ReplacementHeaders", [])}
    merged = template | {"Headers": list(headers.values())}
    if "ReplacementTemplateData" in own:
        merged["TemplateData"] = own["ReplacementTemplateData"]
    request = members | {"Destination": entry["Destination"]}
    try:
        tags = tags_of(members.get("DefaultEmailTags", [])) | tags_of(
            entry.get("ReplacementTags", [])
        )
        prepared = _template(call, request, merged, tags)
        prepared.paced = entry is members["BulkEmailEntries"][0]
        return {"Status": "SUCCESS", "MessageId": accept(call, prepared, "SendBulkEmail")}
    except ServiceError as error:
        if error.code not in _BULK_STATUS:
            raise
        return {"Status": _BULK_STATUS[error.code], "Error": error.message}


OPERATIONS = {
    "SendEmail": writes("sending", send),
    "SendBulkEmail": writes("sending", send_bulk),
}
