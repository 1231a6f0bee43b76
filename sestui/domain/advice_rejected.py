"""MessageRejected taken apart: which address, sender or recipient, the sandbox or the Region.

One sentence of AWS stands for four causes: the sender is not verified; a recipient is not, and the
account is in the sandbox; either is verified in another Region; or it is written in another way.
Source: Developer Guide, "Troubleshooting"; API v2, SendEmail.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from sestui.domain.errors import Trouble
from sestui.domain.i18n import _

Said = tuple[Trouble, str, str]

_FAILED = re.compile(r"failed the check in region ([A-Za-z0-9-]+):\s*(.+)$", re.DOTALL)
_COMMA = re.compile(r',(?=(?:[^"]*"[^"]*")*[^"]*$)')
_MOST = 10_000
"""Characters that are looked at; AWS cuts the list long before."""
_NAMED = 3


@dataclass(frozen=True, slots=True)
class Rejection:
    """What "failed the check"."""

    region: str = ""
    """In lower case, where AWS writes it in upper case."""
    names: tuple[str, ...] = ()
    """As AWS writes them: `Name <a@b.c>` where the mail says so."""
    more: bool = False
    """AWS has cut the list."""

    @property
    def addresses(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(map(_address, self.names)))


def read_rejection(text: str) -> Rejection:
    """The Region and the identities that a MessageRejected names; empty when it names none."""
    found = _FAILED.search(text[:_MOST])
    if found is None:
        return Rejection()
    listed = found[2].rstrip()
    names = [part.strip(" .…") for part in _COMMA.split(listed)]
    more = listed.endswith(("…", "..."))
    return Rejection(found[1].lower(), tuple(name for name in names if name), more)


def explain_rejection(
    text: str,
    *,
    region: str,
    senders: Sequence[str],
    recipients: Sequence[str],
    sandbox: bool | None = None,
    verified: frozenset[str] = frozenset(),
) -> Said:
    """What happened and what to do.

    Args:
        region: of the connection.
        senders: all addresses the mail claims to be from; empty when they are not known.
        sandbox: of the account, as SES last said; None: not known.
        verified: names of verified identities in the Region; empty: not known.
    """
    rejection = read_rejection(text)
    if not rejection.names:
        return _without_names(text)
    failed = _Failed.of(rejection, senders, recipients)
    where = rejection.region or region
    what = [
        *(_sender(address, where, verified) for address in failed.senders),
        *_recipients(failed.recipients, where, sandbox),
        *_others(failed.others, where, known=bool(senders)),
    ]
    if rejection.more:
        what.append(_("There are more; AWS has cut the list."))
    if where and region and where != region:
        what.append(
            _("The mail went to {where}, while this is {region}.").format(
                where=where, region=region
            )
        )
    return Trouble.REFUSED, " ".join(what), " ".join(_advice(failed, where, verified))


@dataclass(frozen=True, slots=True)
class _Failed:
    senders: tuple[str, ...]
    recipients: tuple[str, ...]
    others: tuple[str, ...]

    @classmethod
    def of(cls, rejection: Rejection, senders: Sequence[str], recipients: Sequence[str]) -> _Failed:
        from_, to = ({address.lower() for address in each} for each in (senders, recipients))
        addresses = rejection.addresses
        return cls(
            tuple(a for a in addresses if a.lower() in from_),
            tuple(a for a in addresses if a.lower() in to - from_),
            tuple(a for a in addresses if a.lower() not in from_ | to),
        )


def _without_names(text: str) -> Said:
    if "not verified" in text.lower():
        return (
            Trouble.REFUSED,
            _("SES says that an address is not verified, and not which."),
            _(
                "Verify the sender in this Region. In the sandbox recipients count too: a verified "
                "address, a verified domain, or the simulator."
            ),
        )
    return (
        Trouble.REFUSED,
        _("SES rejected the mail: {text}").format(text=text)
        if text
        else _("SES rejected the mail without saying why."),
        _("Check sender, recipients and headers; nothing was sent."),
    )


def _sender(address: str, region: str, verified: frozenset[str]) -> str:
    if twin := _twin(address, verified):
        return _(
            "{address} is your sender, and not verified in {region}; {twin} is: SES tells upper "
            "from lower case."
        ).format(address=address, region=region, twin=twin)
    return _("{address} is your sender, and not verified in {region}.").format(
        address=address, region=region
    )


def _recipients(addresses: tuple[str, ...], region: str, sandbox: bool | None) -> tuple[str, ...]:
    if not addresses:
        return ()
    # SES checks recipients in the sandbox only, so it is in the sandbox, whatever was known.
    text = (
        _("{names}: a recipient, and this account is in the sandbox in {region} after all.")
        if sandbox is False
        else _("{names}: a recipient, and this account is in the sandbox in {region}.")
        if len(addresses) == 1
        else _("{names}: recipients, and this account is in the sandbox in {region}.")
    )
    return (text.format(names=_listed(addresses), region=region),)


def _others(addresses: tuple[str, ...], region: str, *, known: bool) -> tuple[str, ...]:
    if not addresses:
        return ()
    text = _("Not verified in {region}: {names}.").format(region=region, names=_listed(addresses))
    if known:
        text += " " + _("That is neither From nor a recipient: look at Return-Path and Sender.")
    return (text,)


def _advice(failed: _Failed, region: str, verified: frozenset[str]) -> list[str]:
    advice: list[str] = []
    for address in failed.senders:
        advice.append(
            _("Write it as it was verified.")
            if _twin(address, verified)
            else _("Verify {sender} or its domain in {region}, or send from one that is.").format(
                sender=address, region=region
            )
        )
    if failed.recipients:
        advice.append(
            _(
                "In the sandbox a recipient must be a verified address, at a verified domain, or "
                "at the simulator. Production access lifts that."
            )
        )
        if not failed.senders:
            advice.append(_("Nothing is wrong with your domain."))
    if failed.others and not advice:
        advice.append(
            _(
                "Verify them in this Region. In the sandbox recipients count too: a verified "
                "address, a verified domain, or the simulator."
            )
        )
    everybody = (*failed.senders, *failed.recipients, *failed.others)
    if not verified and any(name != name.lower() for name in everybody):
        advice.append(_("SES tells upper from lower case before the @; compare letter by letter."))
    return advice


def _listed(addresses: Sequence[str]) -> str:
    shown = ", ".join(addresses[:_NAMED])
    more = len(addresses) - _NAMED
    return _("{names} and {n} more").format(names=shown, n=more) if more > 0 else shown


def _twin(address: str, verified: frozenset[str]) -> str:
    """A verified address that differs by case only; empty for none."""
    same = (name for name in verified if name.lower() == address.lower() and name != address)
    return next(same, "")


def _address(name: str) -> str:
    found = re.search(r"<([^<>]+)>\s*$", name)
    return found[1] if found else name
