"""A practice account in a process of its own, for tests that only use it.

One child process a test worker: loading moto takes seconds, and a busy thread of the account beside
the test would keep Pilot waiting for an idle process. Each `practice_account()` is a new account in
that child. What a test reaches for on it (`account.ses.faults.add(...)`) is done over there; data
comes back as a copy.

`python -m tests.account_process` is the child: pickled requests on stdin, answers on stdout.
"""

from __future__ import annotations

import atexit
import gc
import os
import pickle
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import is_dataclass
from datetime import date, timedelta
from enum import Enum
from functools import cached_property
from pathlib import Path, PurePath
from typing import IO, TYPE_CHECKING, Any

from sestui.practice.ports import DEFAULT_REGION
from tests.keys import OWNER

if TYPE_CHECKING:
    from sestui.practice.owner import Owner
    from sestui.practice.ses.world import Options

_DATA = (str, bytes, int, float, bool, type(None), tuple, list, dict, set, frozenset)
_MORE_DATA = (date, timedelta, PurePath, Enum)
_LENGTH = struct.Struct("!Q")


class Part:
    """A part of the account over there: its attributes, and calling it."""

    def __init__(self, child: Child, path: tuple[str, ...] = ()) -> None:
        self._child = child
        self._path = path

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        path = (*self._path, name)
        is_data, value = self._child.ask("look", path)
        return value if is_data else Part(self._child, path)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self._child.ask("call", self._path, args, kwargs)


class RemoteAccount(Part):
    """A `PracticeAccount`; `mailbox.wait` and the boto3 clients are made here."""

    def client(self, service: str) -> Any:
        """A boto3 client of SES ("sesv2") or of a service beside it; one each."""
        if service != "sesv2":
            return self.neighbours.client(service)
        if "sesv2" not in self.__dict__:
            self.__dict__["sesv2"] = boto_client(service, self.endpoint, owner=self.owner)
        return self.__dict__["sesv2"]

    def close(self) -> None:
        """Close the clients."""
        self.neighbours.close()
        if client := self.__dict__.pop("sesv2", None):
            client.close()

    @cached_property
    def mailbox(self) -> Mailbox:
        return Mailbox(self._child, ("mailbox",))

    @cached_property
    def neighbours(self) -> Neighbours:
        return Neighbours(self._child, ("neighbours",))


class Mailbox(Part):
    def wait(self, enough: Callable[[list[Any]], bool], timeout: float) -> bool:
        """Wait until the messages are `enough`; False when `timeout` seconds were not."""
        end = time.monotonic() + timeout
        while not enough(self.letters()):
            if time.monotonic() > end:
                return False
            time.sleep(0.02)
        return True


class Neighbours(Part):
    """The services beside SES; their clients speak HTTP from here."""

    def client(self, service: str, region: str = DEFAULT_REGION) -> Any:
        """A boto3 client; one per service and Region."""
        clients = self.__dict__.setdefault("clients", {})
        if (service, region) not in clients:
            clients[service, region] = boto_client(service, self.endpoint, region, owner=self.owner)
        return clients[service, region]

    def close(self) -> None:
        for client in self.__dict__.pop("clients", {}).values():
            client.close()


def boto_client(
    service: str, endpoint: str, region: str = DEFAULT_REGION, *, owner: Owner = OWNER
) -> Any:
    """A boto3 client with an owner's keys and one attempt; to be closed."""
    import boto3
    from botocore.config import Config

    make: Any = boto3.client  # its type knows every service by name
    return make(
        service,
        region_name=region,
        endpoint_url=endpoint,
        aws_access_key_id=owner.access_key,
        aws_secret_access_key=owner.secret_key,
        config=Config(retries={"total_max_attempts": 1}, max_pool_connections=4),
    )


class Child:
    """The process, and one question to it at a time."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.account_process"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=Path(__file__).parents[1],
        )

    def ask(self, *question: Any) -> Any:
        """The answer.

        Raises:
            Exception: what it raised over there.
            EOFError: the process has ended.
        """
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        with self._lock:
            _write(self._process.stdin, question)
            failed, answer = _read(self._process.stdout)
        if failed:
            raise answer
        return answer

    def end(self) -> None:
        """It ends with its stdin."""
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                pipe.close()
        self._process.wait(20)


_child: Child | None = None


@contextmanager
def practice_account(
    data_dir: Path | None = None, *, options: Options | None = None
) -> Iterator[RemoteAccount]:
    """A new account with all of its parts running; it ends with the `with` block.

    `options` are those for tests where none are given.
    """
    global _child
    if _child is None:
        _child = Child()
        atexit.register(_child.end)
    _child.ask("start", data_dir, options)
    account = RemoteAccount(_child)
    try:
        yield account
    finally:
        account.close()
        _child.ask("stop")


def _write(pipe: IO[bytes], value: Any) -> None:
    content = pickle.dumps(value)
    pipe.write(_LENGTH.pack(len(content)) + content)
    pipe.flush()


def _read(pipe: IO[bytes]) -> Any:
    head = pipe.read(_LENGTH.size)
    if len(head) < _LENGTH.size:
        raise EOFError
    return pickle.loads(pipe.read(_LENGTH.unpack(head)[0]))


class _Host:
    """What the child does with each request."""

    def __init__(self) -> None:
        self._account: Any = None

    def start(self, data_dir: Path | None, options: Options | None) -> None:
        from sestui.practice.account import FAST, PracticeAccount

        account = PracticeAccount(data_dir, options=options or FAST)
        account.start()
        if not account.neighbours.wait(60):
            raise RuntimeError(account.neighbours.problem)
        self._account = account
        gc.freeze()  # moto is large, and stays: looking through it each time takes long

    def stop(self) -> None:
        if self._account is not None:
            self._account.stop()
        self._account = None

    def look(self, path: tuple[str, ...]) -> tuple[bool, Any]:
        found = self._find(path)
        is_data = isinstance(found, _DATA + _MORE_DATA) or (
            is_dataclass(found) and not isinstance(found, type)
        )
        return (True, found) if is_data else (False, None)

    def call(self, path: tuple[str, ...], args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        return self._find(path)(*args, **kwargs)

    def _find(self, path: tuple[str, ...]) -> Any:
        found = self._account
        for name in path:
            found = getattr(found, name)
        return found


def _serve() -> None:
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever prints, prints to stderr
    host = _Host()
    while True:
        try:
            what, *given = _read(sys.stdin.buffer)
        except EOFError:
            break
        try:
            answer = False, getattr(host, what)(*given)
            pickle.dumps(answer)
        except Exception as error:
            answer = True, error
        _write(answers, answer)
    host.stop()


if __name__ == "__main__":
    _serve()
