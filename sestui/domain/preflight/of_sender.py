"""Whether SES lets the sender send, and with whose settings."""

from __future__ import annotations

from collections.abc import Iterator

from sestui.domain.i18n import _
from sestui.domain.identity import IdentitySummary, OnMxFailure, Status
from sestui.domain.mail.message import Message
from sestui.domain.preflight.facts import Facts, in_simulator, senders
from sestui.domain.preflight.note import Action, ActionKind, Note, stop, unsure, warn

_IN_VERIFICATION = (Status.PENDING, Status.NOT_STARTED)


def sender_notes(message: Message, facts: Facts) -> Iterator[Note]:
    for sender in senders(message):
        if not facts.acting(sender):
            yield _not_verified(sender, facts)
    yield from _shadow(message, facts)
    yield from _mail_from(message, facts)
    yield from _free_mail(message, facts)


def other_sender(sender: str, facts: Facts) -> tuple[Action, ...]:
    """The same name at a verified domain, where there is one."""
    local = sender.rpartition("@")[0]
    domains = sorted(name for name in facts.verified if "@" not in name)
    addresses = sorted(name for name in facts.verified if "@" in name)
    if domains:
        return (Action(ActionKind.USE_ADDRESS, f"{local}@{domains[0]}"),)
    return (Action(ActionKind.USE_ADDRESS, addresses[0]),) if addresses else ()


def other_case(address: str, names: frozenset[str]) -> str:
    """A verified address that differs by case only; empty for none."""
    same = (name for name in names if name.lower() == address.lower() and name != address)
    return next(same, "")


def _not_verified(sender: str, facts: Facts) -> Note:
    region = facts.region or _("this Region")
    if waiting := facts.covering(sender):
        return _under_way(sender, waiting[0], region, facts)
    if facts.identities is None:
        return unsure(
            "sender_unknown",
            _("Whether {sender} is verified in {region} could not be found out.").format(
                sender=sender, region=region
            ),
        )
    if twin := other_case(sender, facts.verified):
        return stop(
            "sender_case",
            _("{sender} is not verified, {twin} is: SES tells upper from lower case.").format(
                sender=sender, twin=twin
            ),
            _("Write it as it was verified."),
            Action(ActionKind.USE_ADDRESS, twin),
        )
    return stop(
        "sender_unverified",
        _("{sender} is not a verified sender in {region}.").format(sender=sender, region=region),
        _("Use an address at a verified domain, or verify this one. Each Region has its own."),
        *other_sender(sender, facts),
        Action(ActionKind.VERIFY_ADDRESS, sender),
    )


def _under_way(sender: str, identity: IdentitySummary, region: str, facts: Facts) -> Note:
    pending = identity.status in _IN_VERIFICATION
    text = (
        _("{name} is not verified yet in {region}, so {sender} cannot send.")
        if pending
        else _("The verification of {name} in {region} has failed, so {sender} cannot send.")
    )
    advice = (
        _("Open the link in Amazon's mail to that address.")
        if pending and "@" in identity.name
        else _("The Verify step shows what is missing.")
    )
    return stop(
        "sender_pending" if pending else "sender_failed",
        text.format(name=identity.name, region=region, sender=sender),
        advice,
        Action(ActionKind.OPEN_VERIFY, identity.name),
        *other_sender(sender, facts),
    )


def _shadow(message: Message, facts: Facts) -> Iterator[Note]:
    """An identity of its own below a verified domain: its settings count, not the domain's."""
    acting = facts.acting(message.sender)
    if len(acting) < 2:
        return
    near, far = (facts.details.get(row.name) for row in acting[:2])
    if near is None or far is None:
        return
    lacks = []
    if far.dkim.signing_enabled and not near.dkim.signing_enabled:
        lacks.append(_("mail is not signed with DKIM"))
    if far.mail_from.domain and not near.mail_from.domain:
        lacks.append(_("it has no custom MAIL FROM domain"))
    if far.configuration_set and not (near.configuration_set or message.configuration_set):
        lacks.append(
            _("it has no default configuration set ({set} is the domain's)").format(
                set=far.configuration_set
            )
        )
    if lacks:
        yield warn(
            "identity_shadow",
            _(
                "{near} is verified by itself beside {far}, so its own settings count: {lacks}."
            ).format(near=near.name, far=far.name, lacks="; ".join(lacks)),
            _("Set it up like the domain, delete it, or send from another address there."),
            Action(ActionKind.OPEN_VERIFY, near.name),
        )


def _mail_from(message: Message, facts: Facts) -> Iterator[Note]:
    """A custom MAIL FROM domain that SES has not seen the MX of (Developer Guide, "MAIL FROM")."""
    read = [facts.details.get(row.name) for row in facts.acting(message.sender)]
    custom = next((identity for identity in read if identity and identity.mail_from.domain), None)
    if custom is None or custom.mail_from.status is Status.SUCCESS:
        return
    open_verify = Action(ActionKind.OPEN_VERIFY, custom.name)
    domain = custom.mail_from.domain
    if custom.mail_from.on_mx_failure is OnMxFailure.REJECT:
        yield stop(
            "mail_from_not_verified",
            _("The MAIL FROM domain {domain} is not verified, and SES may not do without.").format(
                domain=domain
            ),
            _("Publish its MX record, or let SES use its own domain meanwhile."),
            open_verify,
        )
    else:
        yield warn(
            "mail_from_fallback",
            _("The MAIL FROM domain {domain} is not verified: amazonses.com stands in.").format(
                domain=domain
            ),
            _("SPF is then not aligned. Publish its MX record."),
            open_verify,
        )


def _free_mail(message: Message, facts: Facts) -> Iterator[Note]:
    from sestui.domain.received.author import is_free_mail  # with all of DMARC behind it

    domain = message.sender.rpartition("@")[2].lower()
    if not is_free_mail(domain) or all(map(in_simulator, message.recipients)):
        return
    own = [a for a in other_sender(message.sender, facts) if not is_free_mail(_domain(a.argument))]
    yield warn(
        "free_mail",
        _("SES cannot sign for {domain}: receivers refuse such mail or call it spam.").format(
            domain=domain
        ),
        _("Send from a domain of yours, and put {sender} into Reply-To.").format(
            sender=message.sender
        ),
        *own,
    )


def _domain(address: str) -> str:
    return address.rpartition("@")[2].lower()
