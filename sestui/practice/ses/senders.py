"""Who may send, to whom, and under which envelope sender."""

from __future__ import annotations

from collections.abc import Sequence

from sestui.practice.ses.dkim import domain_of
from sestui.practice.ses.errors import ServiceError, unverified
from sestui.practice.ses.names import is_simulator, parents
from sestui.practice.ses.regions import default_mail_from
from sestui.practice.ses.state import Identity, Region


def identity_for(region: Region, address: str) -> Identity | None:
    """The verified identity that an address belongs to: the most specific one.

    An address is compared as it is written, case included; `user+label@…` also belongs to
    `user@…`; a domain covers all its subdomains.
    """
    local, _, domain = address.rpartition("@")
    names = [address, f"{local.partition('+')[0]}@{domain}", *parents(domain)]
    for name in names:
        identity = region.identities.get(name)
        if identity is not None and identity.verified:
            return identity
    return None


def check_verified(region: Region, senders: Sequence[str], recipients: Sequence[str]) -> None:
    """Check that all senders are verified, and in the sandbox all recipients too.

    Raises:
        ServiceError: MessageRejected, naming all that are not.
    """
    failed = [address for address in senders if identity_for(region, address) is None]
    if not region.account.production:
        failed += [
            address
            for address in recipients
            if not is_simulator(address) and identity_for(region, address) is None
        ]
    if failed:
        raise unverified(region.name, list(dict.fromkeys(failed)))


def envelope_domain(region: Region, identity: Identity) -> str:
    """The MAIL FROM domain of mail sent with an identity; an address takes its domain's.

    Raises:
        ServiceError: MailFromDomainNotVerifiedException, when the custom one is not verified and
            its behavior on MX failure is REJECT_MESSAGE.
    """
    for each in (identity, domain_of(region, identity.name)):
        if each is None or not each.mail_from.domain:
            continue
        if each.mail_from.status == "SUCCESS":
            return each.mail_from.domain
        if each.mail_from.behavior == "REJECT_MESSAGE":
            raise ServiceError(
                "MailFromDomainNotVerifiedException",
                f"MAIL FROM domain is not verified: {each.mail_from.domain}",
            )
        break
    return default_mail_from(region.name)


def default_set(region: Region, identity: Identity) -> str:
    """The default configuration set: the address's own before its domain's; "" for none."""
    above = domain_of(region, identity.name)
    return identity.configuration_set or (above.configuration_set if above else "")
