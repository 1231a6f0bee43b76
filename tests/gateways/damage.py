"""Answers that are damaged on the way: what can happen to one, a server that sends it byte for
byte as told, and whole answers to every operation, made from botocore's models.
"""

from __future__ import annotations

import contextlib
import http.client
import json
import re
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit
from xml.sax.saxutils import escape

import botocore.session

PAGE = b"\xef\xbb\xbf \n<!-- hi -->\n<!DOCTYPE html>\n<html><body>Please sign in.</body></html>"


@dataclass(frozen=True)
class Answer:
    """An answer before it is sent."""

    status: int
    body: bytes
    type: str = "application/json"
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Sent:
    """What goes over the wire: pieces, with a pause before each but the first."""

    pieces: tuple[bytes, ...]
    pause: float = 0.0


Damage = Callable[[Answer], Sent]


def head(answer: Answer, length: int | None, **more: str) -> bytes:
    named = {"Content-Type": answer.type, "x-amzn-RequestId": "request-1", **answer.headers, **more}
    if length is not None:
        named["Content-Length"] = str(length)
    lines = [f"HTTP/1.1 {answer.status} X", *(f"{name}: {value}" for name, value in named.items())]
    return ("\r\n".join(lines) + "\r\nConnection: close\r\n\r\n").encode()


def whole(answer: Answer) -> Sent:
    return Sent((head(answer, len(answer.body)) + answer.body,))


def cut(part: float | int) -> Damage:
    """The rest of an announced body does not come. A float: that share of it; an int: an index."""

    def damage(answer: Answer) -> Sent:
        end = int(len(answer.body) * part) if isinstance(part, float) else part
        return Sent((head(answer, len(answer.body)) + answer.body[:end],))

    return damage


def cut_unannounced(answer: Answer) -> Sent:
    """As HTTP/1.0 would: the end of the connection is the end of the body."""
    return Sent((head(answer, None) + answer.body[: len(answer.body) // 2],))


def cut_chunk(answer: Answer) -> Sent:
    start = head(answer, None, **{"Transfer-Encoding": "chunked"})
    return Sent((start + f"{len(answer.body):x}\r\n".encode() + answer.body[:-3],))


def emptied(answer: Answer) -> Sent:
    return Sent((head(answer, 0),))


def dripped(answer: Answer) -> Sent:
    """Slow, and complete."""
    content = head(answer, len(answer.body)) + answer.body
    step = max(1, len(content) // 4)
    return Sent(tuple(content[at : at + step] for at in range(0, len(content), step)), 0.02)


def replaced(body: bytes, status: int | None = None, kind: str | None = None) -> Damage:
    def damage(answer: Answer) -> Sent:
        return whole(Answer(status or answer.status, body, kind or answer.type))

    return damage


def mislabelled(answer: Answer) -> Sent:
    return whole(Answer(answer.status, answer.body, "text/html; charset=utf-8"))


def redirected(answer: Answer) -> Sent:
    target = {"Location": "http://portal.example/sign-in"}
    return whole(Answer(302, b"", "text/html", target))


class DamagingServer:
    """Answers each request with what `reply` makes of its operation and its body."""

    def __init__(self, reply: Callable[[Request], Sent]) -> None:
        self.reply = reply
        self.requests: list[Request] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def _serve(self) -> None:
                body = self.rfile.read(int(self.headers.get("content-length") or 0))
                request = Request(self.command, self.path, dict(self.headers.items()), body)
                outer.requests.append(request)
                sent = outer.reply(request)
                self.close_connection = True
                # Whoever has heard enough hangs up.
                with contextlib.suppress(OSError):
                    for number, piece in enumerate(sent.pieces):
                        if number:
                            time.sleep(sent.pause)
                        self.wfile.write(piece)

            do_GET = do_POST = do_PUT = do_DELETE = do_PATCH = _serve

            def log_message(self, *_args: object) -> None:
                pass

        class Server(ThreadingHTTPServer):
            daemon_threads = True
            request_queue_size = 64

            def handle_error(self, *_args: object) -> None:
                pass

        self._server = Server(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        serve = {"poll_interval": 0.02}
        threading.Thread(target=self._server.serve_forever, kwargs=serve, daemon=True).start()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@dataclass(frozen=True)
class Request:
    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def operation(self) -> str:
        """By its target, its action, or its route at SES."""
        target = {name.lower(): value for name, value in self.headers.items()}.get("x-amz-target")
        if target:
            return target.rpartition(".")[2]
        if action := parse_qs(self.body.decode("latin-1")).get("Action"):
            return action[0]
        path = urlsplit(self.path).path
        return next(
            name
            for method, pattern, name in _routes()
            if method == self.method and pattern.fullmatch(path)
        )


def forward(url: str, request: Request) -> Answer:
    """What the server at `url` answers."""
    place = urlsplit(url)
    connection = http.client.HTTPConnection(place.hostname or "", place.port, timeout=30)
    with contextlib.closing(connection):
        kept = {name: value for name, value in request.headers.items() if name != "Connection"}
        connection.request(request.method, request.path, request.body, kept)
        response = connection.getresponse()
        return Answer(response.status, response.read(), response.headers["Content-Type"] or "")


@cache
def _routes() -> list[tuple[str, re.Pattern[str], str]]:
    model = service_model("sesv2")
    found = []
    for name in model.operation_names:
        http_ = model.operation_model(name).http
        pattern = re.sub(r"\\{[^}]*\\}", "[^/]+", re.escape(http_["requestUri"].rstrip("/")))
        found.append((http_["method"], re.compile(pattern + "/?"), name))
    # The longer way first: /identities/{name}/dkim before what would take it for a name.
    return sorted(found, key=lambda row: -len(row[1].pattern))


@cache
def service_model(service: str) -> Any:
    return botocore.session.Session().get_service_model(service)


# Whole answers and requests


def sample(shape: Any, *, required_only: bool = False) -> Any:
    """A value of the shape, as in JSON."""
    match shape.type_name:
        case "structure" if getattr(shape, "is_tagged_union", False) and shape.members:
            name, member = next(iter(shape.members.items()))
            return {member.serialization.get("name", name): sample(member)}
        case "structure":
            return {
                member.serialization.get("name", name): sample(member, required_only=required_only)
                for name, member in shape.members.items()
                if (not required_only or name in shape.required_members)
                and member.serialization.get("location") not in ("header", "statusCode")
            }
        case "list":
            return [sample(shape.member, required_only=required_only)]
        case "map":
            return {"Key": sample(shape.value)}
        case "boolean":
            return False
        case "integer" | "long":
            return max(1, int(shape.metadata.get("min", 1)))
        case "float" | "double":
            return 1.5
        case "timestamp":
            return 1790000000
        case "blob":
            return "eA=="
    least = int(shape.metadata.get("min", 1))
    return shape.enum[0] if getattr(shape, "enum", None) else "x" * max(1, least)


ATTRIBUTES = {
    "GetTopicAttributes": {"TopicArn": "arn:t", "Policy": '{"Statement": []}'},
    "GetSubscriptionAttributes": {"SubscriptionArn": "arn:s"},
    "GetQueueAttributes": {"QueueArn": "arn:q", "Policy": "{}"},
}
"""Maps, of which the model does not say what is in them."""


def whole_value(service: str, operation: str) -> Any:
    """All members of an answer, as in JSON."""
    shape = service_model(service).operation_model(operation).output_shape
    value = sample(shape) if shape is not None else {}
    if operation in ATTRIBUTES:
        value["Attributes"] = ATTRIBUTES[operation]
    return value


def encoded(service: str, operation: str, value: Any) -> Answer:
    """`value` in the service's format."""
    model = service_model(service).operation_model(operation)
    if model.service_model.resolved_protocol not in ("query", "ec2"):
        return Answer(200, json.dumps(value).encode())
    shape = model.output_shape
    inner = _xml(shape, value) if shape is not None else ""
    if wrapper := shape.serialization.get("resultWrapper") if shape is not None else "":
        inner = f"<{wrapper}>{inner}</{wrapper}>"
    meta = "<ResponseMetadata><RequestId>request-1</RequestId></ResponseMetadata>"
    text = f'<{operation}Response xmlns="urn:x">{inner}{meta}</{operation}Response>'
    return Answer(200, text.encode(), "text/xml")


def _xml(shape: Any, value: Any) -> str:
    """The inside of an element."""
    match shape.type_name, value:
        case _, None:
            return ""
        case "structure", dict():
            return "".join(
                _element(member.serialization.get("name", name), member, value[key])
                for name, member in shape.members.items()
                if (key := member.serialization.get("name", name)) in value
            )
        case "list", list():
            name = shape.member.serialization.get("name", "member")
            return "".join(f"<{name}>{_xml(shape.member, each)}</{name}>" for each in value)
        case "map", dict():
            return "".join(
                f"<entry><key>{escape(key)}</key><value>{_xml(shape.value, each)}</value></entry>"
                for key, each in value.items()
            )
        case "timestamp", int():
            return "2026-09-21T13:33:20Z"
        case _, bool():
            return str(value).lower()
        case _, list() | dict():
            return "<other>x</other>"
    return escape(str(value))


def _element(name: str, shape: Any, value: Any) -> str:
    if shape.type_name == "list" and shape.serialization.get("flattened"):
        inner = shape.member.serialization.get("name", name)
        return "".join(f"<{inner}>{_xml(shape.member, each)}</{inner}>" for each in value)
    return f"<{name}>{_xml(shape, value)}</{name}>"


def places(value: Any, way: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The way to each part of `value`."""
    rows: list[tuple[Any, ...]] = [way] if way else []
    if isinstance(value, dict):
        for name, each in value.items():
            rows += places(each, (*way, name))
    elif isinstance(value, list):
        for number, each in enumerate(value):
            rows += places(each, (*way, number))
    return rows


def at(value: Any, way: tuple[Any, ...]) -> Any:
    for step in way:
        value = value[step]
    return value


def changed(value: Any, way: tuple[Any, ...], new: Any) -> Any:
    """A copy of `value` with `new` at the place that `way` leads to."""
    if not way:
        return new
    step, *rest = way
    copy: Any = dict(value) if isinstance(value, dict) else list(value)
    copy[step] = changed(value[step], tuple(rest), new)
    return copy
