"""DKIM signatures checked with dkimpy, by keys that were looked up before: no question goes out.

dkimpy is loaded at the first check.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sestui.domain.i18n import _
from sestui.domain.received.signature import Check, Checked
from sestui.domain.text import quoted

SMALLEST_KEY = 1024
"""Bits; receivers do not take shorter ones (RFC 8301 section 3.2)."""
_quiet = logging.getLogger("sestui.dkim")
_quiet.addHandler(logging.NullHandler())
_quiet.propagate = False


@dataclass(frozen=True, slots=True)
class Key:
    """What DNS said where the key of a signature is."""

    value: bytes = b""
    """The TXT record, its strings joined; empty when there is none."""
    known: bool = True
    """False when there was no answer, or an error: there may well be a key."""
    detail: str = ""


def check_signatures(message: bytes, keys: Sequence[Key]) -> tuple[Checked, ...]:
    """Check the signatures of `message`, the topmost first, each by the key of the same place.

    Never raises, whatever the message is. It computes, so it belongs into a thread.

    Args:
        message: the whole message; its line ends may be CR LF or LF.
    """
    return tuple(_check(message, number, key) for number, key in enumerate(keys))


def _check(message: bytes, number: int, key: Key) -> Checked:
    if not key.known:
        return Checked(Check.KEY_UNKNOWN, key.detail)
    if not key.value:
        return Checked(Check.KEY_MISSING, key.detail)
    import dkim

    if (unusable := _unusable(key.value)) is not None:
        return unusable

    def answer(_name: bytes, timeout: float = 0) -> bytes:  # noqa: ARG001  dkimpy's signature
        return key.value

    try:
        checker: Any = dkim.DKIM(message, logger=_quiet, minkey=SMALLEST_KEY)
        valid = checker.verify(number, dnsfunc=answer)
    except dkim.KeyFormatError as error:
        return Checked(Check.KEY_UNUSABLE, _said(error))
    except dkim.ValidationError as error:
        # One exception for a changed body, an old signature, and for what is no signature.
        said = str(error)
        if said.startswith("body hash"):
            return Checked(Check.BODY_ALTERED)
        if said.startswith("x= value is past"):
            return Checked(Check.EXPIRED)
        return Checked(Check.UNREADABLE, _said(error))
    except Exception as error:  # dkimpy lets many kinds escape for a malformed signature
        return Checked(Check.UNREADABLE, _said(error))
    return Checked(Check.VALID if valid else Check.BROKEN)


def _unusable(value: bytes) -> Checked | None:
    """Why the record is no key; None when it is one. dkimpy would only say that it is broken."""
    import dkim

    if b"".join(value.split()).rstrip(b";").endswith(b"p="):
        return Checked(Check.KEY_UNUSABLE, _("the key is revoked: p= is empty"))
    try:
        dkim.evaluate_pk(b"key", value)
    except dkim.NaClNotFoundError:
        return Checked(Check.UNSUPPORTED, _("an Ed25519 key"))
    except Exception as error:  # KeyFormatError, binascii.Error, ASN.1 of a hostile key …
        return Checked(Check.KEY_UNUSABLE, _said(error))
    return None


def _said(error: Exception) -> str:
    return quoted(" ".join(str(error).split()) or type(error).__name__, 80)
