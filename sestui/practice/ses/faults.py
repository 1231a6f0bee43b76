"""Bad days that can be switched on, for teaching and for tests."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Literal, get_args

from sestui.practice.ses.errors import (
    PAUSED_BY_AWS,
    ServiceError,
    access_denied,
    configuration_set_missing,
    not_found,
    too_many_requests,
    unverified,
)
from sestui.practice.ses.names import is_simulator

Kind = Literal[
    "throttle",
    "access_denied",
    "expired_token",
    "invalid_token",
    "timeout",
    "timeout_after",
    "reset",
    "reset_after",
    "server_error",
    "paused",
    "suspended",
    "message_rejected",
    "mail_from_not_verified",
    "set_paused",
    "set_not_found",
    "template_not_found",
    "daily_quota",
    "not_subscribed",
    "temporary_failure",
]
KINDS: tuple[Kind, ...] = get_args(Kind)
SENDING = ("SendEmail", "SendRawEmail")
"""Operations with the sending rate; SendRawEmail is a message that comes by SMTP."""
SMTP_LOGIN = "AUTH"
"""The operation of a login by SMTP. "*" does not mean it: a message is then what meets trouble."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One kind of trouble for one operation.

    Attributes:
        operation: its name, or "*" for every one but SMTP_LOGIN.
        kind: `timeout` never answers and does nothing, `reset` breaks the connection before doing
            anything; `timeout_after` and `reset_after` do the work first.
        count: how many calls it befalls, None for all until it is cleared.
    """

    operation: str
    kind: Kind
    count: int | None = None


class Faults:
    """The faults that are on. Thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._faults: list[Fault] = []

    def add(self, fault: Fault) -> None:
        """Switch a fault on.

        Raises:
            ValueError: the kind is not known, or the count is not positive.
        """
        if fault.kind not in KINDS:
            raise ValueError(f"unknown kind of fault: {fault.kind!r}; known: {', '.join(KINDS)}")
        if fault.count is not None and fault.count < 1:
            raise ValueError("count must be at least 1")
        with self._lock:
            self._faults.append(fault)

    def clear(self) -> None:
        with self._lock:
            self._faults.clear()

    def take(self, operation: str) -> Kind | None:
        """The trouble a call of `operation` meets, if any; counts it."""
        wanted = (operation,) if operation == SMTP_LOGIN else ("*", operation)
        with self._lock:
            for position, fault in enumerate(self._faults):
                if fault.operation not in wanted:
                    continue
                if fault.count == 1:
                    del self._faults[position]
                elif fault.count is not None:
                    left = Fault(fault.operation, fault.kind, fault.count - 1)
                    self._faults[position] = left
                return fault.kind
        return None

    def to_json(self) -> list[dict[str, Any]]:
        with self._lock:
            return [asdict(fault) for fault in self._faults]

    def load_json(self, data: Any) -> None:
        """Replace all faults by a list as `to_json` gives it.

        Raises:
            ValueError: `data` is not such a list; the faults are then as before.
        """
        try:
            faults = [Fault(**each) for each in data]
        except TypeError as error:
            raise ValueError(f"not a list of faults: {error}") from None
        checked = Faults()
        for fault in faults:
            checked.add(fault)
        with self._lock:
            self._faults = faults


@dataclass(frozen=True, slots=True)
class Asked:
    """The request that meets trouble, for the answers that repeat something of it.

    Attributes:
        caller: ARN of the user.
        action: of IAM, without "ses:".
        resource: the ARN that an access check would be about.
        members: of the request; empty when it could not be read.
    """

    caller: str
    region: str
    action: str
    resource: str
    members: Mapping[str, Any] = field(default_factory=dict)

    @property
    def sender(self) -> str:
        source = str(self.members.get("FromEmailAddress", "sender@example.com"))
        return source.rpartition("<")[2].rstrip(">")

    @property
    def unverified(self) -> list[str]:
        """All that a check could fail for in the sandbox."""
        kinds = self.members.get("Destination", {})
        recipients = [each for addresses in kinds.values() for each in addresses]
        return [self.sender, *(each for each in recipients if not is_simulator(each))]

    @property
    def configuration_set(self) -> str:
        return str(self.members.get("ConfigurationSetName", "production-emails"))

    @property
    def template(self) -> str:
        content = self.members.get("Content", {}).get("Template", {})
        return str(content.get("TemplateName", "WorkshopTemplate"))


def error_of(kind: Kind, operation: str, asked: Asked) -> ServiceError:
    """What a fault answers with."""
    match kind:
        case "access_denied":
            return access_denied(asked.caller, f"ses:{asked.action}", asked.resource)
        case "throttle" if operation not in SENDING:
            return too_many_requests()
        case "message_rejected":
            return unverified(asked.region, asked.unverified)
        case "mail_from_not_verified":
            domain = asked.sender.rpartition("@")[2]
            return ServiceError(
                "MailFromDomainNotVerifiedException",
                f"MAIL FROM domain is not verified: mail.{domain}",
            )
        case "set_paused":
            return ServiceError(
                "SendingPausedException",
                f"Sending is paused for configuration set {asked.configuration_set}",
            )
        case "set_not_found":
            return not_found(configuration_set_missing(asked.configuration_set))
        case "template_not_found":
            return not_found(f"Template {asked.template} does not exist.")
    code, message, status = _ANSWERS[kind]
    return ServiceError(code, message, status)


_ANSWERS: dict[Kind, tuple[str, str | None, int]] = {
    "throttle": ("ThrottlingException", "Maximum sending rate exceeded.", 400),
    "expired_token": (
        "ExpiredTokenException",
        "The security token included in the request is expired",
        403,
    ),
    "invalid_token": (
        "UnrecognizedClientException",
        "The security token included in the request is invalid.",
        403,
    ),
    # No message: the real service gives none for its own failures.
    "server_error": ("InternalServiceErrorException", None, 500),
    "paused": ("SendingPausedException", PAUSED_BY_AWS, 400),
    "suspended": (
        "AccountSuspendedException",
        "The account has been permanently restricted from sending email.",
        400,
    ),
    "daily_quota": ("ThrottlingException", "Daily message quota exceeded.", 400),
    "not_subscribed": (
        "OptInRequired",
        "The AWS Access Key Id needs a subscription for the service",
        403,
    ),
    "temporary_failure": ("ServiceUnavailable", None, 503),
}
