"""Header fields of one's own: what SES refuses, and the pair for one-click unsubscribing."""

from __future__ import annotations

import re
from collections.abc import Sequence

from sestui.domain.i18n import _
from sestui.domain.names import InvalidName
from sestui.domain.text import lines_of, quoted

Headers = tuple[tuple[str, str], ...]

MAX_HEADERS = 15
# Developer Guide, "Header fields": these are set by other parameters or by SES itself. That of the
# body's encoding is not in the guide's list; but there is one already, and a mail has it once.
FORBIDDEN_HEADERS = frozenset(
    {
        "bcc", "cc", "content-disposition", "content-transfer-encoding", "content-type", "date",
        "from", "message-id", "mime-version", "reply-to", "return-path", "subject", "to",
    }
)  # fmt: skip
_HAS_A_FIELD = frozenset({"bcc", "cc", "from", "reply-to", "subject", "to"})
HEADER_NAME = re.compile(r"[!-9;-@A-~]{1,126}")
_HEADER_VALUE = re.compile(r"[ -~]{1,995}")
_MOST = 996
UNSUBSCRIBE, UNSUBSCRIBE_POST = "List-Unsubscribe", "List-Unsubscribe-Post"
ONE_CLICK = "List-Unsubscribe=One-Click"


def header_problem(name: str, value: str) -> str:
    """Why SES would refuse this header; empty when it would not (API v2, MessageHeader)."""
    if not HEADER_NAME.fullmatch(name):
        return _("“{name}” cannot be a header's name.").format(name=quoted(name))
    if name.lower() in _HAS_A_FIELD:
        return _("{name} has a field of its own above.").format(name=name)
    if name.lower() in FORBIDDEN_HEADERS:
        return _("{name} is set by SES, whatever is written here.").format(name=name)
    if name.lower().startswith("x-ses-"):
        return _("{name} is read by SES: use the fields Config set and Tags.").format(name=name)
    if not value:
        return _("{name} has no value.").format(name=name)
    if not _HEADER_VALUE.fullmatch(value) or len(name) + len(value) > _MOST:
        return _("The value of {name} must be plain ASCII, 995 characters at most.").format(
            name=name
        )
    return ""


def headers_problem(headers: Sequence[tuple[str, str]]) -> tuple[int, str]:
    """The first header SES would refuse, counted from 0, and why; the text is empty for none."""
    seen: set[str] = set()
    for number, (name, value) in enumerate(headers):
        if problem := header_problem(name, value):
            return number, problem
        if name.lower() in seen:
            return number, _("{name} is there twice; SES takes it once.").format(name=name)
        seen.add(name.lower())
    if len(headers) > MAX_HEADERS:
        return MAX_HEADERS, _("SES takes at most 15 headers of your own.")
    return 0, ""


def read_headers(text: str) -> tuple[tuple[str, str, int], ...]:
    """Name, value and number of the line, from 1, of the `Name: value` lines of `text`.

    Raises:
        InvalidName: a line that is of another form.
    """
    headers: list[tuple[str, str, int]] = []
    for number, line in enumerate(lines_of(text), 1):
        if not line.strip():
            continue
        name, colon, value = line.partition(":")
        if not colon:
            raise InvalidName(
                _("“{line}” is not of the form Name: value.").format(line=quoted(line))
            )
        headers.append((name.strip(), value.strip(), number))
    return tuple(headers)


def parse_headers(text: str) -> Headers:
    """The `Name: value` lines of `text`.

    Raises:
        InvalidName: a line SES would refuse; the message names it.
    """
    headers = tuple((name, value) for name, value, _line in read_headers(text))
    _number, problem = headers_problem(headers)
    if problem:
        raise InvalidName(problem)
    return headers


def parse_typed(text: str) -> Headers:
    """Name and value of each line of `text`, right or wrong."""
    lines = (line.partition(":") for line in lines_of(text) if line.strip())
    return tuple((name.strip(), value.strip()) for name, _colon, value in lines)


def header_lines(headers: Sequence[tuple[str, str]]) -> str:
    """What `parse_headers` reads."""
    return "\n".join(f"{name}: {value}" for name, value in headers)


def unsubscribe_pair(domain: str) -> Headers:
    """A one-click unsubscribe pair for mail of `domain` (RFC 8058 section 3.1), to be adapted.

    The address of the page must know who unsubscribes, take a POST, and answer over HTTPS; the pair
    must be signed by DKIM, which SES does.
    """
    page, address = f"https://{domain}/unsubscribe?id=TOKEN", f"unsubscribe@{domain}"
    return (
        (UNSUBSCRIBE, f"<{page}>, <mailto:{address}?subject=unsubscribe>"),
        (UNSUBSCRIBE_POST, ONE_CLICK),
    )


def with_unsubscribe(headers: Sequence[tuple[str, str]], domain: str) -> Headers:
    """`headers` with a correct pair; what is already right of it stays as it is."""
    pair = dict(unsubscribe_pair(domain))
    for name, value in headers:
        if name.lower() == UNSUBSCRIBE.lower() and "<https://" in value.lower():
            pair[UNSUBSCRIBE] = value
    others = [h for h in headers if h[0].lower() not in {name.lower() for name in pair}]
    return (*others, *pair.items())


def unsubscribe_problem(headers: Sequence[tuple[str, str]]) -> str:
    """Why receivers will not take the unsubscribe headers for one-click; empty when they will, or
    when there are none (RFC 8058 section 3.1)."""
    by_name = {name.lower(): value for name, value in headers}
    page, post = by_name.get(UNSUBSCRIBE.lower()), by_name.get(UNSUBSCRIBE_POST.lower())
    if post is None:
        return ""
    if page is None:
        return _("List-Unsubscribe-Post does nothing without List-Unsubscribe.")
    if "<https://" not in page.lower():
        return _("One click needs an https:// address in List-Unsubscribe, between < and >.")
    if post.strip().lower() != ONE_CLICK.lower():
        return _("List-Unsubscribe-Post must be exactly List-Unsubscribe=One-Click.")
    return ""
