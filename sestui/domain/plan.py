"""Changes, shown before they are made: each call in words and as an `aws` command."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

EXISTS = "AlreadyExistsException"
NOT_FOUND = "NotFoundException"

# Where the AWS CLI's option is not the parameter's name in kebab case.
_RENAMED = {("sns", "Subscribe", "Endpoint"): "notification-endpoint"}


@dataclass(frozen=True, slots=True)
class Expected:
    """What a call was planned from. It is read again just before the call is made, and when it is
    not the same any more, the call is not made: what others have written meanwhile would be lost.
    """

    service: str
    operation: str
    """The reading one."""
    parameters: Mapping[str, Any]
    read: Callable[[Mapping[str, Any]], object] = field(compare=False)
    """What counts of the answer, which is empty when there is no such thing."""
    was: object
    """What `read` said when the plan was made."""


@dataclass(frozen=True, slots=True)
class Call:
    """One AWS call that changes something; made by the `Changes` gateway, and only there."""

    service: str
    """boto3's name: sesv2, ses, sns, iam …"""
    operation: str
    """As in the API: CreateEmailIdentity."""
    words: str
    """What it does, for the person who agrees to it."""
    parameters: Mapping[str, Any] = field(default_factory=dict)
    tolerate: tuple[str, ...] = ()
    """Error codes that mean it is done already, such as AlreadyExistsException."""
    settles: float = 0.0
    """Seconds for which a refusal may only mean that an earlier call has not spread yet."""
    expected: Expected | None = field(default=None, compare=False)
    """For a call that writes something back, or over something: what that was."""

    def command(self, region: str, profile: str = "") -> str:
        """The same call for the AWS CLI, ready to be pasted into a shell."""
        words = ["aws", self.service, _kebab(self.operation)]
        for name, value in self.parameters.items():
            words += self._option(name, value)
        words += _words("region", region)
        if profile:
            words += _words("profile", profile)
        return shlex.join(words)

    def _option(self, name: str, value: object) -> list[str]:
        option = _RENAMED.get((self.service, self.operation, name)) or _kebab(name)
        if isinstance(value, bool):
            return [f"--{option}" if value else f"--no-{option}"]
        if isinstance(value, str):
            return _words(option, value)
        return _words(option, json.dumps(value, ensure_ascii=False, separators=(",", ":")))


Plan = Sequence[Call]


def _words(option: str, value: str) -> list[str]:
    # The CLI takes a word that begins with a hyphen for another option.
    return [f"--{option}={value}"] if value.startswith("-") else [f"--{option}", value]


def _kebab(name: str) -> str:
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "-", name).lower()
