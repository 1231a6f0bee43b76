"""What the neighbours were told, written down and told again at the next start.

moto keeps everything in memory. Each request that changed something is one JSON line with a seed;
moto's random numbers are drawn from that seed while the request is answered, so hosted zone ids,
key ids and the like come out the same when it is repeated. Data that flows (messages, events,
metrics) is not kept.
"""

from __future__ import annotations

import base64
import io
import json
import os
import random
import re
import secrets
import threading
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import IO, Any
from urllib.parse import parse_qs

from sestui.practice import files

Environ = dict[str, Any]
StartResponse = Callable[..., Any]
WsgiApp = Callable[[Environ, StartResponse], Iterable[bytes]]

_READS = re.compile(r"(Get|List|Describe|Search|Lookup|Test|Simulate|Check|Validate|Receive)")
_FLOW_NAMES = (
    "Publish PublishBatch SendMessage SendMessageBatch DeleteMessage DeleteMessageBatch"
    " ChangeMessageVisibility ChangeMessageVisibilityBatch PurgeQueue PutEvents PutRecord"
    " PutRecordBatch PutMetricData Encrypt Decrypt ReEncrypt Sign Verify GenerateDataKey"
    " GenerateDataKeyWithoutPlaintext GenerateRandom GenerateMac VerifyMac AssumeRole"
    " AssumeRoleWithWebIdentity AssumeRoleWithSAML SetAlarmState"
)
_FLOWS = frozenset(_FLOW_NAMES.split())
_SERVICE = re.compile(r"Credential=[^/]+/\d+/([^/]+)/([^/]+)/aws4_request")
_KEPT_HEADERS = ("CONTENT_TYPE", "HTTP_AUTHORIZATION", "HTTP_X_AMZ_TARGET", "HTTP_HOST")
MAX_BODY = 10 * 1024 * 1024


class SeededPerThread(random.Random):
    """moto's source of random numbers, made one per thread, so that requests do not mix.

    moto has one `MotoRandom` object, which its modules import by name; `install` gives that very
    object this behaviour.
    """

    _local = threading.local()

    @classmethod
    def seed_thread(cls, seed: int | None) -> None:
        """Draw from `seed` in this thread; None is real randomness again."""
        cls._local.source = None if seed is None else random.Random(seed)  # noqa: S311

    @classmethod
    def source(cls) -> random.Random:
        return getattr(cls._local, "source", None) or _system

    @classmethod
    def install(cls, moto_random: random.Random) -> None:
        kind = type(moto_random)
        if not issubclass(kind, cls):
            moto_random.__class__ = type("SeededMotoRandom", (cls, kind), {})

    def random(self) -> float:
        return self.source().random()

    def getrandbits(self, k: int, /) -> int:
        return self.source().getrandbits(k)


_system = random.SystemRandom()


class Recorder:
    """WSGI middleware around moto: records changes, and repeats those of earlier runs."""

    def __init__(
        self,
        app: WsgiApp,
        journal: Path | None,
        changed: Callable[[str], None] = lambda _service: None,
        told: files.Told = lambda _text: None,
    ) -> None:
        """`changed(service)` runs after each change, before its answer is sent; `told` hears of
        damaged lines in the journal."""
        self._app = app
        self._journal = journal
        self._changed = changed
        self._told = told
        self._lock = threading.Lock()
        self._file: IO[bytes] | None = None

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        service, action = identify(environ)
        if not changes(service, action):
            return self._app(environ, start_response)
        body = request_body(environ)
        seed = secrets.randbits(64)
        answer = Answer()
        # One change at a time: the journal has them in the order in which they happened.
        with self._lock:
            answer.run(self._app, environ, seed)
            if answer.good:
                self._write(environ, body, seed)
        if answer.good:
            self._changed(service)
        start_response(answer.status, answer.headers)
        return [answer.content]

    def replay(self) -> int:
        """Repeat the journal; returns how many requests it has. Call it once, before serving.

        Raises:
            OSError: the journal cannot be read or continued.
        """
        if self._journal is None:
            return 0
        good: list[bytes] = []

        def repeat(entry: dict[str, Any]) -> None:
            try:
                Answer().run(self._app, _environ(entry), entry["seed"])
            except Exception as error:  # whatever moto makes of half a request
                raise ValueError(str(error)) from error
            good.append(json.dumps(entry).encode() + b"\n")

        if not files.JsonLines(self._journal, self._told).read(repeat):
            files.write(self._journal, b"".join(good))
        self._file = files.open_private(self._journal, "ab")
        return len(good)

    def close(self) -> None:
        with self._lock:
            if self._file is not None:
                self._file.close()
                self._file = None

    def _write(self, environ: Environ, body: bytes, seed: int) -> None:
        if self._file is None:
            return
        entry = {
            "seed": seed,
            "method": environ["REQUEST_METHOD"],
            "path": environ.get("PATH_INFO", "/"),
            "query": environ.get("QUERY_STRING", ""),
            "headers": {name: environ[name] for name in _KEPT_HEADERS if name in environ},
            "body": base64.b64encode(body).decode(),
        }
        self._file.write(json.dumps(entry).encode() + b"\n")
        self._file.flush()
        os.fsync(self._file.fileno())


class Answer:
    """A response, caught whole."""

    def __init__(self) -> None:
        self.status = ""
        self.headers: list[tuple[str, str]] = []
        self.content = b""

    @property
    def good(self) -> bool:
        return self.status.startswith("2")

    def run(self, app: WsgiApp, environ: Environ, seed: int) -> None:
        """Let `app` answer with moto's random numbers drawn from `seed`."""
        SeededPerThread.seed_thread(seed)
        try:
            chunks = app(environ, self._start)
            try:
                self.content = b"".join(chunks)
            finally:
                close = getattr(chunks, "close", None)
                if close is not None:
                    close()
        finally:
            SeededPerThread.seed_thread(None)

    def _start(self, status: str, headers: list[tuple[str, str]], _exc: Any = None) -> None:
        self.status, self.headers = status, headers


def identify(environ: Environ) -> tuple[str, str]:
    """Service and action of a request: ("sns", "CreateTopic"). REST services give their method."""
    signed = _SERVICE.search(environ.get("HTTP_AUTHORIZATION", ""))
    service = signed[2] if signed else ""
    target = environ.get("HTTP_X_AMZ_TARGET", "")
    if target:
        return service, target.rpartition(".")[2]
    if environ.get("CONTENT_TYPE", "").startswith("application/x-www-form-urlencoded"):
        action = parse_qs(request_body(environ).decode("utf-8", "replace")).get("Action", [""])[0]
        return service, action
    # The protocol that CloudWatch's newer clients speak names the operation in the path.
    operation = re.search(r"/operation/(\w+)$", environ.get("PATH_INFO", ""))
    return service, operation[1] if operation else environ.get("REQUEST_METHOD", "")


def changes(service: str, action: str) -> bool:
    """Whether a request changes something that shall be there at the next start."""
    if not service or action in ("", "GET", "HEAD", "OPTIONS"):
        return False
    if service == "sts" or action in _FLOWS:
        return False
    return not _READS.match(action)


def request_body(environ: Environ) -> bytes:
    """The body, still there for the next reader."""
    kept = environ.get("sestui.body")
    if kept is None:
        length = min(int(environ.get("CONTENT_LENGTH") or 0), MAX_BODY)
        if environ.get("wsgi.input_terminated"):  # in chunks, and it ends by itself
            length = MAX_BODY
        kept = environ["wsgi.input"].read(length) if length else b""
        environ["sestui.body"] = kept
    environ["wsgi.input"] = io.BytesIO(kept)
    return bytes(kept)


def _environ(entry: Mapping[str, Any]) -> Environ:
    texts = [entry["method"], entry["path"], entry["query"], entry["body"]]
    texts += [text for header in entry["headers"].items() for text in header]
    if not all(isinstance(text, str) for text in texts) or not isinstance(entry["seed"], int):
        raise TypeError("not a request")
    body = base64.b64decode(entry["body"], validate=True)
    return {
        "REQUEST_METHOD": entry["method"],
        "PATH_INFO": entry["path"],
        "QUERY_STRING": entry["query"],
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "SCRIPT_NAME": "",
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.input": io.BytesIO(body),
        "wsgi.errors": io.StringIO(),
        "wsgi.url_scheme": "http",
        "wsgi.version": (1, 0),
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
        **entry["headers"],
    }
