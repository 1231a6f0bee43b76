"""DKIM with dkimpy: signing as SES does, and checking as a receiver does."""

from __future__ import annotations

import binascii
import logging
from dataclasses import dataclass
from typing import Any

import dkim

from sestui.practice.mail.lookup import DnsTrouble, Lookup
from sestui.practice.ports import SigningKey

_SIGNED = (
    b"from to cc subject date message-id mime-version content-type reply-to in-reply-to references"
    b" list-unsubscribe list-unsubscribe-post feedback-id"
).split()
"""What is signed where it is there; both one-click headers must be (RFC 8058 section 4)."""
_quiet = logging.getLogger("sestui.practice.dkim")
_quiet.addHandler(logging.NullHandler())
_quiet.propagate = False


@dataclass(frozen=True, slots=True)
class Verdict:
    """Of one signature. `result` is pass, fail, temperror or permerror (RFC 8601 section 2.7.1)."""

    result: str
    domain: str = ""
    selector: str = ""
    signature: str = ""
    """The first octets of b=, which tell signatures of one domain apart."""
    reason: str = ""


class _KeyTrouble(Exception):
    """The key record is missing, revoked or not a key."""


def sign(message: bytes, key: SigningKey) -> bytes:
    """`message` with a signature on top, c=relaxed/simple as SES uses.

    Raises:
        dkim.DKIMException: the message has no From, or the key cannot be read.
    """
    signer = dkim.DKIM(message, logger=_quiet)
    present = [name.lower() for name, _ in signer.headers]
    header: bytes = signer.sign(
        key.selector.encode(),
        key.domain.encode(),
        key.private_key_pem,
        include_headers=[name for name in _SIGNED for _ in range(present.count(name))],
    )
    return header + message


def verify(message: bytes, lookup: Lookup) -> list[Verdict]:
    """A verdict for each signature, the topmost first."""
    try:
        checker = dkim.DKIM(message, logger=_quiet)
    except dkim.DKIMException:
        return []
    count = sum(name.lower() == b"dkim-signature" for name, _ in checker.headers)
    return [_verify_one(message, lookup, index) for index in range(min(count, 10))]


def _verify_one(message: bytes, lookup: Lookup, index: int) -> Verdict:
    checker = dkim.DKIM(message, logger=_quiet)

    def key(name: bytes, timeout: float) -> bytes:  # noqa: ARG001  dkimpy's signature
        found = lookup.txt(name.decode("ascii", "replace"))
        if not found:
            raise _KeyTrouble("no key for signature")
        try:
            dkim.evaluate_pk(name, found[0])
        except (dkim.DKIMException, binascii.Error, ValueError) as error:
            revoked = b"".join(found[0].split()).endswith(b"p=") or not found[0]
            raise _KeyTrouble("key revoked" if revoked else "not a key") from error
        return found[0]

    result, reason = "pass", ""
    try:
        if not checker.verify(index, dnsfunc=key):
            result, reason = "fail", "signature did not verify"
    except DnsTrouble as error:
        result, reason = "temperror", str(error)
    except _KeyTrouble as error:
        result, reason = "permerror", str(error)
    except dkim.ValidationError as error:
        # The same exception stands for a changed body and for a signature that is no signature.
        reason = str(error).partition(" (")[0]
        result = "fail" if reason.startswith("body hash") else "permerror"
    except Exception as error:  # dkimpy lets many kinds escape for a malformed signature
        result, reason = "permerror", str(error) or type(error).__name__
    return Verdict(result, reason=reason, **_labels(checker))


def _labels(checker: Any) -> dict[str, str]:
    fields: dict[bytes, bytes] = getattr(checker, "signature_fields", None) or {}

    def tag(name: bytes) -> str:
        return b"".join(fields.get(name, b"").split()).decode("ascii", "replace")

    return {"domain": tag(b"d").lower(), "selector": tag(b"s"), "signature": tag(b"b")[:8]}
