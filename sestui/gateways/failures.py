"""Exceptions of the outside, turned into `GatewayError`s that say what to do."""

from __future__ import annotations

import errno
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sestui.domain.errors import Problem, Trouble
from sestui.domain.i18n import _
from sestui.domain.text import printable
from sestui.gateways.ports import GatewayError

if TYPE_CHECKING:
    from sestui.domain.advice_answer import BadAnswer


@dataclass(frozen=True, slots=True)
class Where:
    """What belongs to a failed call, for whoever has to explain it."""

    region: str = ""
    arn: str = ""
    profile: str = ""
    endpoint: str = ""
    """Empty for AWS's own."""
    sender: str = ""
    recipients: tuple[str, ...] = ()
    changes: bool = False
    """The call changes something, or sends."""


NOWHERE = Where()


class AnswerError(Exception):
    """An answer came and is not believed; raised inside an SDK call."""

    def __init__(self, bad: BadAnswer) -> None:
        super().__init__(f"{bad.flaw} {bad.detail}".strip())
        self.bad = bad


def aws_failure(
    error: Exception, service: str, operation: str, where: Where = NOWHERE
) -> GatewayError:
    """The `GatewayError` for whatever a boto3 call raised."""
    if isinstance(error, GatewayError):
        return error
    if isinstance(error, AnswerError):
        from sestui.domain.advice_answer import explain_answer

        return GatewayError(
            explain_answer(error.bad, endpoint=where.endpoint, changes=where.changes)
        )
    # Not at the top: most runs need none of it, and the first frame needs no run.
    from sestui.domain.advice import advise
    from sestui.domain.advice_sdk import explain

    response = getattr(error, "response", None)
    # ReadTimeoutError and its like carry a `response` too: None.
    if isinstance(response, dict) and "Error" in response:
        details = response.get("Error") or {}
        metadata = response.get("ResponseMetadata") or {}
        return GatewayError(
            advise(
                operation,
                str(details.get("Code") or ""),
                details.get("Message"),
                http_status=int(metadata.get("HTTPStatusCode") or 0),
                request_id=str(metadata.get("RequestId") or ""),
                service=service,
                region=where.region,
                arn=where.arn,
                profile=where.profile,
                sender=where.sender,
                recipients=where.recipients,
            )
        )
    names = [kind.__name__ for kind in type(error).__mro__ if kind not in _PLAIN]
    if isinstance(error, OSError) and "botocore" not in type(error).__module__:
        return GatewayError(network_problem(error, operation))
    return GatewayError(
        explain(
            names or [type(error).__name__],
            str(error),
            operation=operation,
            region=where.region,
            profile=where.profile,
            endpoint=where.endpoint,
            changes=where.changes,
        )
    )


def no_answer(operation: str, where: Where) -> GatewayError:
    """The `GatewayError` for an answer that has not come in a long time."""
    from sestui.domain.advice_sdk import explain

    return GatewayError(
        explain(["ReadTimeoutError"], "", operation=operation, changes=where.changes)
    )


_PLAIN = (Exception, BaseException, object)


def network_problem(error: OSError, operation: str = "") -> Problem:
    """Sockets that fail without any SDK between."""
    match error:
        case TimeoutError():
            what = _("No answer came in time.")
        case ConnectionRefusedError():
            what = _("Nothing listens there: the connection was refused.")
        case ConnectionResetError() | BrokenPipeError():
            what = _("The connection broke off.")
        case _ if error.errno in (errno.ENETUNREACH, errno.EHOSTUNREACH, errno.ENETDOWN):
            what = _("The network is not reachable.")
        case _:
            what = _("The connection failed: {text}.").format(text=_reason(error))
    return Problem(
        what,
        _("Check the network; it goes on by itself when the cause is gone."),
        Trouble.NETWORK,
        code=type(error).__name__,
        operation=operation,
    )


def file_problem(error: OSError, what: str, advice: str) -> Problem:
    """A file of this machine that cannot be read or written; `what` has a place for {reason}."""
    return Problem(
        what.format(reason=_reason(error)), advice, Trouble.LOCAL, code=type(error).__name__
    )


def _reason(error: OSError) -> str:
    return printable(error.strerror or str(error) or type(error).__name__)
