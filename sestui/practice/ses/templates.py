"""E-mail templates."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from sestui.practice.ses import render
from sestui.practice.ses.errors import already_exists, bad_request, limit_exceeded, not_found
from sestui.practice.ses.mime import alternative, header_date
from sestui.practice.ses.paging import page
from sestui.practice.ses.state import Template
from sestui.practice.ses.tags import check_tags
from sestui.practice.ses.world import Call, Members, reads, writes

MOST_TEMPLATES = 20_000
MOST_BYTES = 500 * 1024


def find(call: Call, name: str) -> Template:
    """The template called `name`. Raises ServiceError, NotFoundException."""
    template = call.region.templates.get(name)
    if template is None:
        raise not_found(f"Template {name} does not exist.")
    return template


def data_of(text: str | None) -> dict[str, Any]:
    """TemplateData as a mapping. Raises ServiceError, BadRequestException."""
    try:
        data = json.loads(text or "{}")
        json.dumps(data, ensure_ascii=False).encode()  # a ValueError for half a surrogate pair
    except (ValueError, RecursionError) as error:
        raise bad_request(f"Template rendering data is invalid: {error}") from None
    if not isinstance(data, dict):
        raise bad_request("Template rendering data must be a JSON object.")
    return data


def check_content(content: dict[str, str], simple: bool = False, most: int = MOST_BYTES) -> None:
    """Raises ServiceError, BadRequestException, when the content is no template."""
    parts = [content.get(part, "") for part in ("Subject", "Text", "Html")]
    if not any(part.strip() for part in parts):
        raise bad_request("Template must have at least a subject, text, or html part.")
    if sum(len(part.encode()) for part in parts) > most:
        raise bad_request(f"The template is larger than {most} bytes.")
    for part in parts:
        try:
            render.check(part, simple)
        except render.TemplateError as error:
            raise bad_request(f"Template is not valid: {error}.") from None
    if max(render.trackers(part) for part in parts) > 1:
        raise bad_request("A template can have only one {{ses:openTracker}}.")


def create(call: Call, members: Members) -> Members:
    name, content = members["TemplateName"], members["TemplateContent"]
    if name != name.strip():
        raise bad_request("TemplateName must not contain leading or trailing whitespace.")
    check_content(content)
    tags = check_tags(members.get("Tags", []))
    if name in call.region.templates:
        raise already_exists(f"Template {name} already exists.")
    if len(call.region.templates) >= MOST_TEMPLATES:
        raise limit_exceeded(f"You can have at most {MOST_TEMPLATES} templates.")
    call.region.templates[name] = Template(name, call.now, content, tags)
    return {}


def get(call: Call, members: Members) -> Members:
    template = find(call, members["TemplateName"])
    return {
        "TemplateName": template.name,
        "TemplateContent": dict(template.content),
        "Tags": list(template.tags),
    }


def list_all(call: Call, members: Members) -> Members:
    names, token = page(
        list(call.region.templates), members.get("PageSize"), members.get("NextToken"), most=100
    )
    return {
        "TemplatesMetadata": [
            {"TemplateName": name, "CreatedTimestamp": call.region.templates[name].created}
            for name in names
        ],
        "NextToken": token,
    }


def update(call: Call, members: Members) -> Members:
    check_content(members["TemplateContent"])
    find(call, members["TemplateName"]).content = members["TemplateContent"]
    return {}


def delete(call: Call, members: Members) -> Members:
    del call.region.templates[find(call, members["TemplateName"]).name]
    return {}


def test_render(call: Call, members: Members) -> Members:
    content = find(call, members["TemplateName"]).content
    data = data_of(members["TemplateData"])
    try:
        parts = {part: render.render(text, data) for part, text in content.items()}
    except render.RenderingError as error:
        raise bad_request(str(error)) from None
    message = alternative(parts.get("Text", ""), parts.get("Html", ""))
    message["Date"] = header_date(datetime.fromtimestamp(call.now, UTC))
    message["Subject"] = " ".join(parts.get("Subject", "").splitlines())
    return {"RenderedTemplate": message.as_bytes().decode()}


OPERATIONS = {
    "CreateEmailTemplate": writes("templates", create),
    "GetEmailTemplate": reads(get),
    "ListEmailTemplates": reads(list_all),
    "UpdateEmailTemplate": writes("templates", update),
    "DeleteEmailTemplate": writes("templates", delete),
    "TestRenderEmailTemplate": reads(test_render),
}
