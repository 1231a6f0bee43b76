"""The gate all mail passes: paused, verified, within quota; then an id and the postmaster."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from sestui.practice.ports import Accepted
from sestui.practice.ses.account import quota, sent_last_day, settle
from sestui.practice.ses.configuration_sets import find
from sestui.practice.ses.errors import (
    PAUSED_BY_AWS,
    ServiceError,
    bad_request,
    configuration_set_missing,
    throttled,
)
from sestui.practice.ses.limits import TokenBucket
from sestui.practice.ses.mime import has_virus, header_date
from sestui.practice.ses.names import is_simulator
from sestui.practice.ses.regions import message_id_host, message_id_prefix
from sestui.practice.ses.senders import check_verified, default_set, envelope_domain, identity_for
from sestui.practice.ses.state import Identity
from sestui.practice.ses.suppression import applying
from sestui.practice.ses.world import Call

MOST_RECIPIENTS = 50
MOST_BYTES = 40 * 1024 * 1024


@dataclass(slots=True)
class Prepared:
    """A message before it is accepted.

    Attributes:
        senders: all addresses that must be verified, `source` (the From address) first.
        build: makes the MIME message, given the headers that SES sets.
        paced: whether it counts for the sending rate.
    """

    source: str
    senders: tuple[str, ...]
    recipients: tuple[str, ...]
    configuration_set: str
    tags: dict[str, list[str]]
    build: Callable[[Mapping[str, str]], bytes]
    template: str = ""
    rendering_failure: str = ""
    paced: bool = True


def accept(call: Call, prepared: Prepared, operation: str) -> str:
    """Accept a message: the answer is its message id.

    Raises:
        ServiceError: why it is not accepted.
    """
    account = settle(call.region.account, call.world.options, call.now)
    if account.enforcement == "SHUTDOWN":
        raise ServiceError("SendingPausedException", PAUSED_BY_AWS)
    if not account.sending_enabled:
        raise ServiceError("SendingPausedException", "Account sending is disabled.")
    _check_recipients(prepared.recipients)
    if prepared.configuration_set:
        _check_set(call, prepared.configuration_set)
    check_verified(call.region, prepared.senders, prepared.recipients)
    identity = identity_for(call.region, prepared.source)
    if identity is None:
        raise ValueError(f"{prepared.source} was verified a moment ago")
    chosen = prepared.configuration_set or _default_set(call, identity)
    domain = envelope_domain(call.region, identity)
    counted = sum(not is_simulator(address) for address in prepared.recipients)
    message_id = _message_id(call)
    message = prepared.build(_headers(call, message_id))
    if len(message) > MOST_BYTES:
        raise bad_request(f"Message length is more than {MOST_BYTES} bytes long: '{len(message)}'.")
    _check_quota(call, counted)
    if prepared.paced:
        _check_rate(call)
    call.region.sending.sent.append((call.now, counted))
    mail = Accepted(
        message_id=message_id,
        region=call.region.name,
        at=datetime.fromtimestamp(call.now, UTC),
        source=prepared.source,
        identity=identity.name,
        envelope_from=f"{message_id}@{domain}",
        recipients=prepared.recipients,
        mime=message,
        configuration_set=chosen or None,
        tags=prepared.tags | _auto_tags(call, prepared, chosen, operation),
        suppressed=applying(call.region, chosen, list(prepared.recipients)),
        rendering_failure=prepared.rendering_failure,
        template=prepared.template,
        rejected=has_virus(message),
    )
    call.after.append(lambda: call.world.postmaster.accept(mail))
    return message_id


def _check_recipients(recipients: tuple[str, ...]) -> None:
    if not recipients:
        raise bad_request("At least one destination address is required.")
    if len(recipients) > MOST_RECIPIENTS:
        raise bad_request(f"Recipient count exceeds {MOST_RECIPIENTS}.")


def _check_set(call: Call, name: str) -> None:
    if not find(call, name).options["SendingOptions"]["SendingEnabled"]:
        raise ServiceError(
            "SendingPausedException", f"Sending is paused for configuration set {name}"
        )


def _default_set(call: Call, identity: Identity) -> str:
    name = default_set(call.region, identity)
    if name and name not in call.region.sets:
        # A default that was deleted: 400 here, and 404 only for one the caller names.
        raise bad_request(configuration_set_missing(name))
    if name:
        _check_set(call, name)
    return name


def _check_quota(call: Call, counted: int) -> None:
    daily, _ = quota(call.region.account)
    if counted and sent_last_day(call.region, call.now) + counted > daily:
        raise throttled("Daily message quota exceeded.")


def _check_rate(call: Call) -> None:
    rate = call.world.options.send_rate
    if rate is None:
        return
    if rate < 0:
        rate = quota(call.region.account)[1]
    known = call.world.send_limits.get(call.region.name)
    if known is None or known[0] != rate:
        known = (rate, TokenBucket(rate, max(rate, 1.0)))
        call.world.send_limits[call.region.name] = known
    if not known[1].take():
        raise throttled("Maximum sending rate exceeded.")


def _message_id(call: Call) -> str:
    """As SES makes them: Region and milliseconds in hexadecimal, a UUID, six zeros."""
    return f"{message_id_prefix(call.region.name)}{int(call.now * 1000):012x}-{uuid.uuid4()}-000000"


def _headers(call: Call, message_id: str) -> dict[str, str]:
    at = datetime.fromtimestamp(call.now, UTC)
    return {
        "Message-ID": f"<{message_id}@{message_id_host(call.region.name)}>",
        "Date": header_date(at),
        "Feedback-ID": f"::1.{call.region.name}.practice:AmazonSES",
        "X-SES-Outgoing": f"{at:%Y.%m.%d}-127.0.0.1",
    }


def _auto_tags(
    call: Call, prepared: Prepared, configuration_set: str, operation: str
) -> dict[str, list[str]]:
    tags = {
        "ses:operation": [operation],
        "ses:source-ip": ["127.0.0.1"],
        "ses:from-domain": [prepared.source.rpartition("@")[2].lower()],
        "ses:caller-identity": [call.caller_arn.rpartition("/")[2]],
    }
    if configuration_set:
        tags["ses:configuration-set"] = [configuration_set]
    return tags
