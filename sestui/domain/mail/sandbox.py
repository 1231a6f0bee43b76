"""Whom the sandbox lets mail out to, and whom an identity lets send."""

from __future__ import annotations

from sestui.domain.mail.form import SIMULATOR
from sestui.domain.names import is_below


def sandbox_refuses(recipient: str, verified: frozenset[str]) -> bool:
    """True when the sandbox would not let mail to `recipient` out.

    It allows three kinds of recipient: verified addresses, any address at a verified domain, and
    the simulator. `verified` are the names of verified identities. (Developer Guide, "Request
    production access".)
    """
    local, _at, domain = recipient.rpartition("@")
    domain = domain.lower()
    if domain == SIMULATOR:
        return False
    plain = f"{local.split('+')[0]}@{domain}"
    parents = domain.split(".")
    domains = {".".join(parents[i:]) for i in range(len(parents))}
    # Domains have no case; SES tells addresses by theirs.
    names = {name if "@" in name else name.lower() for name in verified}
    return not (domains | {f"{local}@{domain}", plain}) & names


def covered(address: str, verified: frozenset[str]) -> bool:
    """True when an identity covers `address`: itself, without its +label, or a domain above it."""
    local, _at, domain = address.rpartition("@")
    if address in verified or f"{local.split('+')[0]}@{domain}" in verified:
        return True
    return any("@" not in name and is_below(domain.lower(), name.lower()) for name in verified)
