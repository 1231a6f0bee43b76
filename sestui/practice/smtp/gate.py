"""What the SMTP interface asks of the account."""

from __future__ import annotations

import hmac
from collections.abc import Sequence
from typing import Protocol

from sestui.domain.smtp import smtp_password
from sestui.practice.ports import Login
from sestui.practice.ses.faults import Kind


class Gate(Protocol):
    """The account, as SMTP sees it. Called from any thread."""

    def login(self, key_id: str) -> Login | None:
        """Who has a key; None for a key that is unknown. Raises Unready."""
        ...

    def login_fault(self) -> Kind | None:
        """The trouble that a login meets, if any; counts it."""
        ...

    def accept(self, caller: str, sender: str, recipients: Sequence[str], data: bytes) -> str:
        """The id of a message that is accepted. Raises ServiceError, Hold or Reset."""
        ...


def check(gate: Gate, region: str, user: str, password: str) -> Login | None:
    """Whose user name and SMTP password these are; None when they are wrong.

    Raises:
        Unready: try again later.
    """
    if not user.startswith("AKIA"):
        return None  # temporary credentials (ASIA…) have no SMTP password
    login = gate.login(user)
    if login is None:
        return None
    right = smtp_password(login.secret, region)
    return login if hmac.compare_digest(right.encode(), password.encode()) else None
