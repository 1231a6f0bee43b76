"""`sestui practice --serve` as a process, and what a script sees of it."""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import sys
import urllib.request
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Self

import boto3
from botocore.config import Config

from tests.journeys.terminal import PATIENCE

SERVE = (sys.executable, "-m", "sestui", "practice", "--serve")
FAST = (sys.executable, str(Path(__file__).with_name("fast_account.py")))
"""The same account without rate limits, for tests that make hundreds of calls."""
LAST = "SESTUI_MAILBOX"
"""The last of the lines that it prints."""


class Served:
    """An account until the `with` block ends.

    Attributes:
        lines: what it has printed, to be evaluated by a shell.
        environment: the same, as a mapping.
    """

    def __init__(self, *arguments: str, command: Sequence[str] = SERVE) -> None:
        self.process = subprocess.Popen(
            [*command, *arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert self.process.stdout is not None
        self.lines: list[str] = []
        self.environment: dict[str, str] = {}
        self._clients: dict[str, Any] = {}
        while LAST not in self.environment:
            line = self.process.stdout.readline()
            if not line:
                raise AssertionError(f"it has ended: {self.process.communicate()[1]}")
            self.lines.append(line)
            _export, _space, rest = line.partition(" ")
            name, _equals, value = rest.partition("=")
            self.environment[name] = shlex.split(value)[0]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exception: object) -> None:
        for client in self._clients.values():
            client.close()
        self.process.kill()
        self.process.communicate()

    def end(self) -> tuple[int, str, str]:
        """Ask it to end as `kill` does; its status, what else it printed, and stderr."""
        self.process.terminate()
        out, err = self.process.communicate(timeout=PATIENCE)
        return self.process.returncode, out, err

    def for_a_program(self, **more: str) -> dict[str, str]:
        """The environment of a program that is to use the account."""
        return {**os.environ, **self.environment, **more}

    def client(self, service: str) -> Any:
        """A boto3 client; one per service, closed at the end."""
        if service not in self._clients:
            self._clients[service] = client(self.environment, service)
        return self._clients[service]

    def control(self, method: str, path: str, given: Mapping[str, Any] | None = None) -> Any:
        return control(self.environment, method, path, given)

    def ses_fault(self, kind: str, operation: str = "*", count: int | None = None) -> None:
        fault = {"operation": operation, "kind": kind, "count": count}
        self.control("POST", "faults", {"ses": fault})

    def dns_fault(self, kind: str, name: str = "*", ms: int = 0) -> None:
        self.control("POST", "faults", {"dns": {"name": name, "kind": kind, "ms": ms}})

    def no_faults(self) -> None:
        self.control("DELETE", "faults")

    def publish(self, name: str, kind: str, value: str) -> None:
        self.control("POST", "panel", {"name": name, "type": kind, "value": value})


def client(environment: Mapping[str, str], service: str) -> Any:
    own = f"AWS_ENDPOINT_URL_{service.upper()}"
    make: Any = boto3.client  # its type knows every service by name
    return make(
        service,
        region_name=environment["AWS_REGION"],
        endpoint_url=environment.get(own, environment["AWS_ENDPOINT_URL"]),
        aws_access_key_id=environment["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=environment["AWS_SECRET_ACCESS_KEY"],
        config=Config(retries={"mode": "standard", "total_max_attempts": 5}),
    )


def control(
    environment: Mapping[str, str],
    method: str,
    path: str,
    given: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """One request to the account's own interface, with its JSON answer."""
    request = urllib.request.Request(
        f"{environment['SESTUI_PRACTICE']}/_practice/{path}",
        method=method,
        data=None if given is None else json.dumps(given).encode(),
        headers={"Authorization": f"Bearer {environment['SESTUI_PRACTICE_TOKEN']}"},
    )
    if given is not None:
        request.add_header("Content-Type", "application/json")
    with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
        found: dict[str, Any] = json.load(answer)
        return found
