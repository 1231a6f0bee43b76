"""API v1, the query protocol: only VerifyEmailIdentity, which sends the verification mail again."""

from __future__ import annotations

from urllib.parse import parse_qs
from xml.sax.saxutils import escape

from sestui.practice.ses.errors import ServiceError, not_offered
from sestui.practice.ses.identities import MOST_IDENTITIES, mail_link
from sestui.practice.ses.names import check_identity
from sestui.practice.ses.state import Identity
from sestui.practice.ses.world import Call

_NAMESPACE = "http://ses.amazonaws.com/doc/2010-12-01/"


def parse(body: bytes) -> dict[str, str]:
    """The parameters of a form body, the last value of each."""
    form = parse_qs(body.decode("utf-8", "replace"), keep_blank_values=True)
    return {name: values[-1] for name, values in form.items()}


def run(call: Call, parameters: dict[str, str]) -> None:
    """Do what the parameters ask for.

    Raises:
        ServiceError: the action is not offered or the address is not one.
    """
    action = parameters.get("Action", "")
    if action != "VerifyEmailIdentity":
        raise not_offered(f"{action} of API v1")
    address = parameters.get("EmailAddress", "")
    try:
        if "@" not in address:
            raise ServiceError("InvalidParameterValue", "Missing final '@domain'")
        check_identity(address)
    except ServiceError as error:
        raise ServiceError("InvalidParameterValue", error.message) from None
    identity = call.region.identities.get(address)
    if identity is None:
        if len(call.region.identities) >= MOST_IDENTITIES:
            raise ServiceError("LimitExceeded", "You have too many identities.")
        identity = call.region.identities[address] = Identity(address, call.now, since=call.now)
    if not identity.verified:
        identity.status, identity.since = "PENDING", call.now
    mail_link(call, identity)


def answer(action: str, request_id: str) -> bytes:
    return (
        f'<{action}Response xmlns="{_NAMESPACE}"><{action}Result/><ResponseMetadata><RequestId>'
        f"{request_id}</RequestId></ResponseMetadata></{action}Response>"
    ).encode()


def error_answer(error: ServiceError, request_id: str) -> bytes:
    return (
        f'<ErrorResponse xmlns="{_NAMESPACE}"><Error><Type>Sender</Type><Code>'
        f"{escape(error.code)}</Code><Message>{escape(error.message or '')}</Message></Error>"
        f"<RequestId>{request_id}</RequestId></ErrorResponse>"
    ).encode()
