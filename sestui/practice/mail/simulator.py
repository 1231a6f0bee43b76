"""What becomes of each recipient: the mailbox simulator's addresses, and everyone else's."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

Fate = Literal["mailbox", "success", "bounce", "ooto", "complaint", "suppressionlist"]
DOMAIN = "simulator.amazonses.com"
_SCENARIOS: dict[str, Fate] = {
    "success": "success",
    "bounce": "bounce",
    "ooto": "ooto",
    "complaint": "complaint",
    "suppressionlist": "suppressionlist",
}


def fate(recipient: str) -> Fate:
    """What happens to mail for `recipient`, `+labels` of the simulator included.

    An address of the simulator that does not exist bounces, as any unknown user does.
    """
    local, _, domain = recipient.strip("<> ").lower().rpartition("@")
    if domain != DOMAIN:
        return "mailbox"
    return _SCENARIOS.get(local.partition("+")[0], "bounce")


def sort(recipients: Iterable[str]) -> dict[Fate, list[str]]:
    """Recipients by their fate, in their order."""
    sorted_: dict[Fate, list[str]] = {}
    for recipient in recipients:
        sorted_.setdefault(fate(recipient), []).append(recipient)
    return sorted_
