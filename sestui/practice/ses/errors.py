"""The errors SES answers with.

Codes and texts are from facts about the real service; where AWS's own wording is not known the
text is ours and says so in a comment.
"""

from __future__ import annotations

PAUSED_BY_AWS = (
    "Sending paused for this account. For more information, please check the inbox of the email "
    "address associated with your AWS account."
)


class ServiceError(Exception):
    """An answer that is an error.

    Attributes:
        code: what boto3 shows as `Error.Code`.
        message: what boto3 shows as `Error.Message`; SES answers some errors without any.
        status: the HTTP status.
    """

    def __init__(self, code: str, message: str | None, status: int = 400) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message
        self.status = status


def bad_request(message: str | None) -> ServiceError:
    return ServiceError("BadRequestException", message)


def not_found(message: str) -> ServiceError:
    return ServiceError("NotFoundException", message, 404)


def already_exists(message: str) -> ServiceError:
    return ServiceError("AlreadyExistsException", message)


def limit_exceeded(message: str) -> ServiceError:
    return ServiceError("LimitExceededException", message)


def conflict() -> ServiceError:
    """409; the real service gives it no message."""
    return ServiceError("ConflictException", None, 409)


def too_many_requests() -> ServiceError:
    return ServiceError("TooManyRequestsException", "Rate exceeded", 429)


def throttled(message: str) -> ServiceError:
    """SendEmail's own throttling, which is not TooManyRequestsException."""
    return ServiceError("ThrottlingException", message)


def access_denied(caller_arn: str, action: str, resource: str) -> ServiceError:
    """Worded as the real service words it, back-tick and apostrophe included."""
    return ServiceError(
        "AccessDeniedException",
        f"User `{caller_arn}' is not authorized to perform `{action}' on resource `{resource}'",
        403,
    )


def unverified(region: str, identities: list[str]) -> ServiceError:
    names = ", ".join(identities)
    return ServiceError(
        "MessageRejected",
        "Email address is not verified. The following identities failed the check in region "
        f"{region.upper()}: {names}",
    )


def message_rejected(message: str) -> ServiceError:
    return ServiceError("MessageRejected", message)


def not_offered(operation: str) -> ServiceError:
    """For what this service does not do. 501 is no status that SDKs retry."""
    return ServiceError(
        "NotImplementedException", f"The practice account does not offer {operation}.", 501
    )


def configuration_set_missing(name: str) -> str:
    return f"Configuration set <{name}> does not exist."


def identity_missing(name: str) -> ServiceError:
    return not_found(f"Email identity {name} does not exist.")
