"""The account's suppression list: whom SES accepts mail for and then does not write to.

Sources: Developer Guide, "Using the Amazon SES account-level suppression list"; API v2,
SuppressedDestination, ListSuppressedDestinations, PutAccountSuppressionAttributes.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sestui.domain.i18n import _
from sestui.domain.names import parse_address
from sestui.domain.plan import NOT_FOUND, Call
from sestui.domain.text import printable


class Reason(StrEnum):
    BOUNCE = "BOUNCE"
    COMPLAINT = "COMPLAINT"

    @property
    def word(self) -> str:
        return {Reason.BOUNCE: _("bounced"), Reason.COMPLAINT: _("complained")}[self]


RECOMMENDED = (Reason.BOUNCE, Reason.COMPLAINT)


@dataclass(frozen=True, slots=True)
class Suppressed:
    """An entry of the list. Addresses are told apart by case."""

    address: str
    reason: str
    """BOUNCE or COMPLAINT."""
    since: datetime | None = None
    """When SES put it there, or last did."""
    message_id: str = ""
    """The mail it happened to; empty when a person put it there, and in lists."""
    feedback_id: str = ""

    @property
    def reason_word(self) -> str:
        known = self.reason in Reason.__members__
        return Reason(self.reason).word if known else printable(self.reason)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which part of the list to read; nothing said is all of it."""

    reason: Reason | None = None
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class SuppressionPage:
    """Some entries, and where to go on."""

    entries: tuple[Suppressed, ...]
    token: str = ""
    """Empty on the last page."""


class Lately(StrEnum):
    """How far back to look."""

    EVER = "ever"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"

    @property
    def word(self) -> str:
        return {
            Lately.EVER: _("at any time"),
            Lately.DAY: _("in 24 hours"),
            Lately.WEEK: _("in 7 days"),
            Lately.MONTH: _("in 30 days"),
            Lately.YEAR: _("in a year"),
        }[self]

    def since(self, now: datetime) -> datetime | None:
        days = {Lately.DAY: 1, Lately.WEEK: 7, Lately.MONTH: 30, Lately.YEAR: 365}.get(self)
        return now - timedelta(days=days) if days else None


def matching(entries: Iterable[Suppressed], typed: str) -> tuple[Suppressed, ...]:
    """Those with what is typed in their address, whatever the case."""
    wanted = typed.strip().lower()
    return tuple(each for each in entries if wanted in each.address.lower())


def spelled_otherwise(entries: Iterable[Suppressed], address: str) -> tuple[Suppressed, ...]:
    """Those that only differ from `address` by case: SES takes them for others."""
    wanted = address.lower()
    return tuple(e for e in entries if e.address != address and e.address.lower() == wanted)


def parse_listed(text: str) -> str:
    """An address as it is looked up and listed: with its case, for SES tells it apart.

    Raises:
        InvalidName: it is none.
    """
    address = text.strip()
    parsed = parse_address(address)
    return address if address.isascii() else str(parsed)


def add_plan(address: str, reason: Reason) -> tuple[Call, ...]:
    """Put an address on the list; one that is there gets the reason and today's date.

    Not in the sandbox (Developer Guide).

    Raises:
        InvalidName: the address is none.
    """
    address = parse_listed(address)
    words = _("Put {address} on the suppression list: SES accepts mail for it and drops it")
    return (
        Call(
            "sesv2",
            "PutSuppressedDestination",
            words.format(address=address),
            {"EmailAddress": address, "Reason": str(reason)},
        ),
    )


def remove_plan(entry: Suppressed, *, sandbox: bool = False) -> tuple[Call, ...]:
    """Take an address off the list, with what that means."""
    words = _("Take {address} off the suppression list.").format(address=printable(entry.address))
    words += " " + meaning(entry)
    if sandbox:
        words += " " + _("In the sandbox you cannot put it back.")
    return (
        Call(
            "sesv2",
            "DeleteSuppressedDestination",
            words,
            {"EmailAddress": entry.address},
            (NOT_FOUND,),
        ),
    )


def restore_plan(entry: Suppressed) -> tuple[Call, ...]:
    """Put a removed one back; by which mail it got there is forgotten."""
    words = _("Put {address} back on the suppression list").format(address=printable(entry.address))
    parameters = {"EmailAddress": entry.address, "Reason": entry.reason}
    return (Call("sesv2", "PutSuppressedDestination", words, parameters),)


def meaning(entry: Suppressed) -> str:
    """What a removal means."""
    if entry.reason == Reason.COMPLAINT:
        return _(
            "This person called your mail spam. Write again only if they asked you to: another "
            "complaint counts against your reputation."
        )
    return _(
        "It bounced for good. If the mailbox still does not exist, it bounces again, that counts "
        "against your reputation, and it is put back."
    )


def account_reasons_plan(reasons: Iterable[Reason]) -> tuple[Call, ...]:
    """For what SES puts addresses on the list by itself, and does not write to them."""
    chosen = [each for each in Reason if each in set(reasons)]
    if chosen:
        names = ", ".join(each.word for each in chosen)
        words = _("Suppress for the whole account who: {reasons}").format(reasons=names)
    else:
        words = _(
            "Suppress nobody: mail goes again to addresses that bounced or complained, which costs "
            "your reputation"
        )
    parameters = {"SuppressedReasons": [str(each) for each in chosen]}
    return (Call("sesv2", "PutAccountSuppressionAttributes", words, parameters),)


def lacking(reasons: Iterable[str]) -> tuple[Reason, ...]:
    """What the account does not suppress for, and had better."""
    there = set(reasons)
    return tuple(each for each in RECOMMENDED if each not in there)
