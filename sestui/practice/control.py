"""The practice account's own HTTP interface, below `/_practice/`: for the wizard and for teachers.

Requests carry the owner's token (`Authorization: Bearer …`); those that change something are JSON.
The link of a verification mail has a token of its own, and is opened in a browser.
"""

from __future__ import annotations

import html
import json
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any, Protocol
from urllib.parse import parse_qs, unquote, urlsplit

from sestui.practice import guard
from sestui.practice.clock import Clock
from sestui.practice.dns.faults import DnsFaults
from sestui.practice.dns.panel import Panel
from sestui.practice.events.record import Record
from sestui.practice.http import Request, Response
from sestui.practice.mail.mailbox import Mailbox

PREFIX = "/_practice/"
CONFIRM = f"{PREFIX}confirm"
MAX_HOURS = 24 * 366


class SesFaults(Protocol):
    """Faults of the SES service."""

    def to_json(self) -> list[dict[str, Any]]: ...

    def load_json(self, data: Any) -> None: ...

    def clear(self) -> None: ...


class Control:
    """Answers requests below `PREFIX`."""

    def __init__(
        self,
        *,
        clock: Clock,
        mailbox: Mailbox,
        panel: Panel,
        record: Record,
        dns_faults: DnsFaults,
        ses_faults: SesFaults,
        confirm: Callable[[str], str | None],
        check_now: Callable[[], None],
        hurry: Callable[[timedelta], None],
        seed_reputation: Callable[..., None],
        state: Callable[[], dict[str, Any]],
        has_token: Callable[[Mapping[str, str]], bool],
    ) -> None:
        """`confirm(token)` gives the address it verified; `state()` adds to `/_practice/state`;
        `has_token(headers)` tells whether the owner has sent a request."""
        self._clock = clock
        self._mailbox = mailbox
        self._panel = panel
        self._record = record
        self._dns_faults = dns_faults
        self._ses_faults = ses_faults
        self._confirm = confirm
        self._check_now = check_now
        self._hurry = hurry
        self._seed_reputation = seed_reputation
        self._state = state
        self._has_token = has_token

    def __call__(self, request: Request) -> Response:
        """The answer to a request, an error where it makes no sense."""
        if reason := guard.refusal(request, pages=(CONFIRM,)):
            return _error(403, reason)
        if request.method not in ("GET", "POST", "DELETE"):
            return _error(405, "GET, POST or DELETE")
        url = urlsplit(request.target)
        linked = request.method == "GET" and url.path == CONFIRM
        if not linked and not self._has_token(request.headers):
            return _error(401, "SESTUI_PRACTICE_TOKEN is missing, or belongs to another account")
        if not url.path.startswith(PREFIX):
            return _error(404, f"nothing but {PREFIX}")
        path = unquote(url.path).removeprefix(PREFIX)
        query = {name: values[0] for name, values in parse_qs(url.query).items()}
        given: dict[str, Any] = dict(query)
        # What a page's form can send is not of this type.
        if request.method == "POST" or request.body:
            kind = request.headers.get("content-type", "").partition(";")[0].strip()
            if kind.lower() != "application/json":
                return _error(415, "Content-Type: application/json, please")
            try:
                given |= json.loads(request.body or b"{}")
            except (ValueError, TypeError):
                return _error(400, "the body is not a JSON object")
        try:
            return self._route(request.method, path, given)
        except (ValueError, TypeError) as error:
            return _error(400, str(error))

    def _route(self, method: str, path: str, given: dict[str, Any]) -> Response:
        name, _, rest = path.partition("/")
        match method, name:
            case "GET", "state":
                return _json(self._describe())
            case "GET", "mailbox" if not rest:
                return _json([letter.to_json() for letter in self._mailbox.letters()])
            case "GET", "mailbox":
                return self._letter(rest)
            case "GET", "events" if not rest:
                return _json(self._events(given))
            case "GET", "confirm":
                return self._confirmed(str(given.get("token", "")))
            case "POST", "clock":
                return self._clock_request(given)
            case "POST", "reputation":
                return self._reputation_request(given)
            case "POST", "check":
                self._check_now()
                return _json({"checked": True})
            case _, "panel" if not rest:
                return self._panel_request(method, given)
            case _, "faults" if not rest:
                return self._faults_request(method, given)
        return _error(404, f"nothing at {PREFIX}{path} for {method}")

    def _describe(self) -> dict[str, Any]:
        return {
            "clock": self._clock.now().isoformat(),
            "clock_ahead_seconds": self._clock.offset.total_seconds(),
            "mailbox": str(self._mailbox.folder),
            **self._state(),
        }

    def _letter(self, letter_id: str) -> Response:
        try:
            return Response(200, "message/rfc822", self._mailbox.raw(letter_id))
        except KeyError:
            return _error(404, "no such message")

    def _events(self, given: dict[str, Any]) -> list[dict[str, Any]]:
        """What became of one message, or of all with the tag `name:value`."""
        if "message_id" in given:
            return self._record.of_message(_text(given, "message_id"))
        name, colon, value = _text(given, "tag").rpartition(":")
        if not colon:
            raise ValueError("tag is name:value")
        return self._record.of_tag(name, value)

    def _confirmed(self, token: str) -> Response:
        address = self._confirm(token)
        if address is None:
            return _page(
                400,
                "Verification failed",
                "The link is not valid, or it is older than 24 hours. Ask for a new one.",
            )
        return _page(
            200, "Congratulations!", f"You have successfully verified the address {address}."
        )

    def _clock_request(self, given: dict[str, Any]) -> Response:
        hours = given.get("hours")
        if isinstance(hours, bool) or not isinstance(hours, int | float):
            raise ValueError("hours is a number")
        if not 0 <= hours <= MAX_HOURS:
            raise ValueError(f"hours is 0 to {MAX_HOURS}")
        self._hurry(timedelta(hours=hours))
        return _json({"clock": self._clock.now().isoformat()})

    def _reputation_request(self, given: dict[str, Any]) -> Response:
        """`{"bounces": [0.01, …], "complaints": [0.0, …], "set": "", "days": 14}`: a history."""
        region = _text(given, "region", "")
        self._seed_reputation(
            _rates(given, "bounces"),
            _rates(given, "complaints"),
            configuration_set=_text(given, "set", ""),
            days=float(given.get("days", 14)),
            **({"region": region} if region else {}),
        )
        return _json({"seeded": len(given["bounces"])}, 201)

    def _panel_request(self, method: str, given: dict[str, Any]) -> Response:
        if method == "GET":
            return _json(self._panel.listing())
        name, rdtype = _text(given, "name"), _text(given, "type", "")
        if method == "DELETE":
            gone = self._panel.delete(name, rdtype, _text(given, "value", ""))
            return _json({"deleted": gone}, 200 if gone else 404)
        ttl = given.get("ttl", 300)
        if isinstance(ttl, bool) or not isinstance(ttl, int):
            raise ValueError("ttl is a whole number of seconds")
        if "values" in given:
            values = given["values"]
            if not isinstance(values, list) or not all(isinstance(each, str) for each in values):
                raise ValueError("values is a list of texts")
            self._panel.replace(name, rdtype, values, ttl)
        else:
            self._panel.add(name, rdtype, _text(given, "value"), ttl)
        return _json(self._panel.listing(), 201)

    def _faults_request(self, method: str, given: dict[str, Any]) -> Response:
        """`{"ses": {operation, kind, count}}` or `{"dns": {name, kind, type, count, ms}}`."""
        if method == "DELETE":
            number = given.get("id")
            if number is not None:
                gone = self._dns_faults.remove(int(number))
                return _json({"deleted": gone}, 200 if gone else 404)
            self._ses_faults.clear()
            self._dns_faults.clear()
        elif method == "POST":
            ses, dns = given.get("ses"), given.get("dns")
            if isinstance(ses, dict):
                self._ses_faults.load_json([*self._ses_faults.to_json(), ses])
            elif isinstance(dns, dict):
                self._dns_faults.add(
                    _text(dns, "name"),
                    _text(dns, "kind"),
                    rdtype=_text(dns, "type", ""),
                    count=dns.get("count"),
                    ms=int(dns.get("ms", 0)),
                )
            else:
                raise ValueError('give {"ses": {...}} or {"dns": {...}}')
        return _json(
            {"ses": self._ses_faults.to_json(), "dns": self._dns_faults.listing()},
            201 if method == "POST" else 200,
        )


def _text(given: Mapping[str, Any], name: str, default: str | None = None) -> str:
    value = given.get(name, default)
    if not isinstance(value, str):
        raise ValueError(f"{name} is missing" if value is None else f"{name} is a text")
    return value


def _rates(given: Mapping[str, Any], name: str) -> list[float]:
    values = given.get(name)
    if not isinstance(values, list) or not all(
        isinstance(each, int | float) and not isinstance(each, bool) for each in values
    ):
        raise ValueError(f"{name} is a list of rates from 0 to 1")
    return [float(each) for each in values]


def _json(value: Any, status: int = 200) -> Response:
    return Response(status, "application/json", json.dumps(value, ensure_ascii=False).encode())


def _error(status: int, message: str) -> Response:
    return _json({"error": message}, status)


def _page(status: int, title: str, text: str) -> Response:
    title, text = html.escape(title), html.escape(text)
    page = (
        '<!doctype html><html lang="en"><meta charset="utf-8">'
        f"<title>{title}</title><h1>{title}</h1><p>{text}</p></html>"
    )
    return Response(status, "text/html; charset=utf-8", page.encode())
