"""The practice account's own interface: mailbox, DNS panel, clock. JSON over loopback HTTP."""

from __future__ import annotations

import json
import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from sestui.domain.account import Keys, Secret
from sestui.domain.errors import Problem, Trouble
from sestui.domain.i18n import _
from sestui.domain.text import printable
from sestui.gateways.failures import network_problem
from sestui.gateways.nameserver import parse_nameserver
from sestui.gateways.ports import GatewayError, PracticeMail
from sestui.gateways.threads import in_thread

TIMEOUT = 15.0
"""Seconds; hurrying the clock lets SES look up every identity."""
_MOST_BYTES = 64 * 1024 * 1024
_LOOPBACK = {"127.0.0.1", "localhost"}


@dataclass(frozen=True, slots=True)
class PracticeAccess:
    """Where the practice account listens, and the keys that open it."""

    control: str
    """URL of its own interface, without a path."""
    token: Secret
    """Opens that interface."""
    ses: str
    neighbours: str
    nameserver: tuple[str, int]
    keys: Keys
    region: str
    smtp: str = ""
    """HOST:PORT of its SMTP interface, with STARTTLS."""
    smtp_tls: str = ""
    """HOST:PORT of the one that is TLS from the first octet."""
    smtp_ca: str = ""
    """Path of the certificate that both are trusted by. The file is there a moment later than this
    is known, and at the latest when the server greets."""

    @classmethod
    def of(cls, values: Mapping[str, str]) -> PracticeAccess:
        """From what `sestui practice --serve` exports.

        Raises:
            ValueError: something is missing, or no name server.
        """
        try:
            return cls(
                control=values["SESTUI_PRACTICE"],
                token=Secret(values["SESTUI_PRACTICE_TOKEN"]),
                ses=values["AWS_ENDPOINT_URL_SESV2"],
                neighbours=values["AWS_ENDPOINT_URL"],
                nameserver=parse_nameserver(values["SESTUI_NAMESERVER"]),
                keys=Keys(values["AWS_ACCESS_KEY_ID"], Secret(values["AWS_SECRET_ACCESS_KEY"])),
                region=values.get("AWS_REGION") or values["AWS_DEFAULT_REGION"],
                smtp=values["SESTUI_SMTP"],
                smtp_tls=values["SESTUI_SMTP_TLS"],
                smtp_ca=values["SESTUI_SMTP_CA"],
            )
        except KeyError as missing:
            raise ValueError(f"{missing.args[0]} is missing") from None


class PracticeHttp:
    """`Practice`, over the account's control interface.

    Args:
        place: gives its URL, such as http://127.0.0.1:4100, and the token that opens it; asked at
            each call, since the account may still be starting.
    """

    def __init__(self, place: Callable[[], Awaitable[tuple[str, Secret]]]) -> None:
        self._place = place

    async def mailbox(self) -> tuple[PracticeMail, ...]:
        letters = await self._json("GET", "mailbox")
        return tuple(_mail(letter) for letter in letters)

    async def read(self, mail_id: str) -> bytes:
        return await self._call("GET", "mailbox/" + quote(mail_id, safe=""))

    async def open_link(self, url: str) -> str:
        base, _token = await self._place()
        # A mail in the box may hold any link; only the account's own are followed.
        if loopback_port(url) is None or loopback_port(url) != loopback_port(base):
            raise GatewayError(
                Problem(
                    _("{url} is no link of the practice account.").format(url=printable(url)),
                    _("Only the links in its own verification mails are opened."),
                    Trouble.REFUSED,
                )
            )
        link = urlsplit(url)
        target = link.path + (f"?{link.query}" if link.query else "")
        # As a browser would: the link has a token of its own.
        status, body = await in_thread(_exchange, urlsplit(base).netloc, "GET", target, None)
        text = page_text(body.decode("utf-8", "replace"))
        if status >= 400:
            raise _refused("", text)
        return text

    async def events(
        self, message_id: str = "", tag: tuple[str, str] = ("", "")
    ) -> tuple[str, ...]:
        wanted = {"message_id": message_id} if message_id else {"tag": ":".join(tag)}
        found = await self._json("GET", f"events?{urlencode(wanted)}")
        return tuple(json.dumps(event) for event in found)

    async def publish(self, records: Sequence[tuple[str, str, str]]) -> None:
        for name, kind, value in records:
            await self._json("POST", "panel", {"name": name, "type": kind, "value": value})

    async def hurry(self, hours: float) -> None:
        await self._json("POST", "clock", {"hours": hours})

    async def state(self) -> dict[str, Any]:
        """What the account says of itself: its clock, its mailbox folder and more."""
        found: dict[str, Any] = await self._json("GET", "state")
        return found

    async def _json(self, method: str, path: str, given: dict[str, Any] | None = None) -> Any:
        body = await self._call(method, path, given)
        try:
            return json.loads(body)
        except ValueError:
            raise _refused(path, _("the answer is no JSON")) from None

    async def _call(self, method: str, path: str, given: dict[str, Any] | None = None) -> bytes:
        url, token = await self._place()
        place, target = urlsplit(url).netloc, f"/_practice/{path}"
        status, body = await in_thread(_exchange, place, method, target, given, token)
        if status >= 400:
            raise _refused(path, _reason(body) or f"HTTP {status}")
        return body


def loopback_port(url: str) -> int | None:
    """The port of a plain HTTP URL of this machine; None for any other URL, or none."""
    try:
        parts = urlsplit(url)
        if parts.scheme == "http" and parts.hostname in _LOOPBACK:
            return parts.port
    except ValueError:  # brackets or a port that are none
        pass
    return None


def _exchange(
    place: str,
    method: str,
    target: str,
    given: dict[str, Any] | None,
    token: Secret | None = None,
) -> tuple[int, bytes]:
    """One request on a connection of its own; status and body. No proxy is ever asked."""
    import http.client

    connection = http.client.HTTPConnection(place, timeout=TIMEOUT)
    try:
        body = None if given is None else json.dumps(given).encode()
        headers = {} if body is None else {"Content-Type": "application/json"}
        if token is not None:
            headers["Authorization"] = f"Bearer {token.reveal()}"
        connection.request(method, target, body, headers)
        response = connection.getresponse()
        return response.status, response.read(_MOST_BYTES)
    except OSError as error:
        raise GatewayError(network_problem(error, "practice")) from error
    except (http.client.HTTPException, ValueError) as error:  # ValueError: a token with line ends
        raise _refused(target, type(error).__name__) from error
    finally:
        connection.close()


def _mail(letter: dict[str, Any]) -> PracticeMail:
    return PracticeMail(
        id=str(letter["id"]),
        at=datetime.fromisoformat(str(letter["at"])),
        sender=printable(str(letter.get("from", ""))),
        recipient=printable(str(letter.get("to", ""))),
        subject=printable(str(letter.get("subject", ""))),
        results=printable(str((letter.get("auth") or {}).get("header", ""))),
        # <ID@eu-west-1.amazonses.com>: SES makes the header of the id that SendEmail returned.
        message_id=printable(str(letter.get("message_id", ""))).strip("<>").partition("@")[0],
    )


def page_text(page: str) -> str:
    """What a person would read on an HTML page, one line for each block of it."""
    import html

    body = re.sub(r"(?is)<(head|title|script|style)\b.*?</\1\s*>", " ", page)
    text = html.unescape(re.sub(r"<[^>]*>", "\n", body))
    lines = (" ".join(line.split()) for line in text.splitlines())
    return "\n".join(printable(line) for line in lines if line)


def _reason(body: bytes) -> str:
    try:
        found = json.loads(body)
        return printable(str(found["error"]))
    except (ValueError, KeyError, TypeError):
        return ""


def _refused(path: str, reason: str) -> GatewayError:
    return GatewayError(
        Problem(
            _("The practice account refused: {reason}.").format(reason=reason.rstrip(".")),
            _("Correct it and try again."),
            Trouble.REFUSED,
            operation=path.partition("/")[0],
        )
    )
