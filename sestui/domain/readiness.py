"""The go-live review: what is done and what is open, from what AWS and DNS say now."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from sestui.domain.account import Account
from sestui.domain.configset import ConfigurationSet, EventType
from sestui.domain.diagnosis import RecordCheck, Severity
from sestui.domain.i18n import _
from sestui.domain.identity import Identity, Status
from sestui.domain.records import Purpose


class State(StrEnum):
    DONE = "done"
    WAITING = "waiting"
    """On DNS or on AWS; nothing to do but look again."""
    ADVICE = "advice"
    """Works without, better with."""
    OPEN = "open"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Item:
    """One line of the review."""

    code: str
    state: State
    text: str
    advice: str = ""
    step: str = ""
    """The wizard's step in which it is mended."""


@dataclass(frozen=True, slots=True)
class Review:
    items: tuple[Item, ...]

    @property
    def ready(self) -> bool:
        return not any(i.state in (State.OPEN, State.WAITING, State.UNKNOWN) for i in self.items)

    @property
    def waiting(self) -> bool:
        """Nothing is open, but something is still on its way."""
        states = {i.state for i in self.items}
        return State.WAITING in states and not states & {State.OPEN, State.UNKNOWN}

    def count(self, *states: State) -> int:
        return sum(1 for item in self.items if item.state in states)


def review(
    account: Account,
    identity: Identity,
    checks: tuple[RecordCheck, ...],
    default_set: ConfigurationSet | None,
) -> Review:
    """All that AWS and the mailbox providers ask for before mail goes to strangers.

    `default_set` is the identity's default configuration set, or None when it has none or names
    one that is gone. Sources: Developer Guide; Gmail's, Yahoo's and Microsoft's rules for senders.
    """
    items = [_identity(identity)]
    if identity.is_domain:
        items += [_dkim(identity, checks), _mail_from(identity, checks), _dmarc(checks)]
    items += [_events(identity, default_set), _default_set(identity, default_set)]
    items += [_suppression(account, default_set), _health(account), _production(account)]
    return Review(tuple(items))


def _identity(identity: Identity) -> Item:
    if identity.verified:
        return Item("identity", State.DONE, _("{name} is verified").format(name=identity.name))
    text = _("{name} is not verified yet").format(name=identity.name)
    if not identity.is_domain and identity.status is Status.PENDING:
        return Item("identity", State.OPEN, text, _("Open the link in AWS's mail."), "verify")
    if identity.status in (Status.PENDING, Status.TEMPORARY_FAILURE):
        return Item("identity", State.WAITING, text, _("SES is still looking."), "verify")
    return Item("identity", State.OPEN, text, _("Start the verification again."), "verify")


def _dkim(identity: Identity, checks: tuple[RecordCheck, ...]) -> Item:
    dkim = identity.dkim
    if dkim.status is not Status.SUCCESS:
        return _of_records("dkim", _("DKIM: not verified yet"), Purpose.DKIM, dkim.status, checks)
    if not dkim.signing_enabled:
        return Item(
            "dkim",
            State.OPEN,
            _("DKIM: verified, but signing is off"),
            _("Switch it on."),
            "verify",
        )
    if bad := _wrong(checks, Purpose.DKIM):
        # SES looks again from time to time, and gives up 72 hours after a record went away.
        text = _("DKIM: verified, but a record is no longer right")
        return Item("dkim", State.OPEN, text, bad[0].cause, "verify")
    return Item("dkim", State.DONE, _("DKIM: mail is signed with your domain"))


def _mail_from(identity: Identity, checks: tuple[RecordCheck, ...]) -> Item:
    mail_from = identity.mail_from
    if not mail_from.domain:
        return Item(
            "mail_from",
            State.ADVICE,
            _("MAIL FROM: the default at amazonses.com, so SPF is not aligned"),
            _("Add a custom MAIL FROM domain."),
            "identity",
        )
    if mail_from.status is not Status.SUCCESS:
        text = _("MAIL FROM: {domain} is not verified yet").format(domain=mail_from.domain)
        return _of_records("mail_from", text, Purpose.MAIL_FROM, mail_from.status, checks)
    if bad := _wrong(checks, Purpose.MAIL_FROM):
        text = _("MAIL FROM: {domain} has a record that is not right").format(
            domain=mail_from.domain
        )
        return Item("mail_from", State.OPEN, text, bad[0].cause, "verify")
    # SES checks the MX only; receivers check the SPF record, so that one has to be seen.
    spf = [c for c in _of(checks, Purpose.MAIL_FROM) if c.record.type == "TXT"]
    if not spf or spf[0].severity is Severity.UNKNOWN:
        text = _("MAIL FROM: could not find out whether {domain} has its SPF record").format(
            domain=mail_from.domain
        )
        return Item("mail_from", State.UNKNOWN, text, spf[0].cause if spf else "", "verify")
    text = _("MAIL FROM: {domain} is in use").format(domain=mail_from.domain)
    return Item("mail_from", State.DONE, text)


def _of(checks: tuple[RecordCheck, ...], purpose: Purpose) -> list[RecordCheck]:
    return [check for check in checks if check.record.purpose is purpose]


def _wrong(checks: tuple[RecordCheck, ...], purpose: Purpose) -> list[RecordCheck]:
    """The checks that said no; one that could not find out is none of them."""
    wrong = (Severity.ERROR, Severity.WARNING)
    return [c for c in _of(checks, purpose) if c.severity in wrong and not c.published]


def _of_records(
    code: str, text: str, purpose: Purpose, status: Status, checks: tuple[RecordCheck, ...]
) -> Item:
    """Open when a record is wrong or SES has given up; waiting when only SES has to look."""
    if status is Status.FAILED:
        advice = _("SES has stopped looking. Mend the records, then start again.")
        return Item(code, State.OPEN, text, advice, "verify")
    if status is Status.NOT_STARTED:
        return Item(code, State.OPEN, text, _("SES has not begun to look. Start it."), "verify")
    if bad := _wrong(checks, purpose):
        return Item(code, State.OPEN, text, bad[0].cause, "verify")
    return Item(code, State.WAITING, text, _("SES looks again by itself."), "verify")


def _dmarc(checks: tuple[RecordCheck, ...]) -> Item:
    mine = _of(checks, Purpose.DMARC)
    if not mine or mine[0].severity is Severity.UNKNOWN:
        return Item(
            "dmarc",
            State.UNKNOWN,
            _("DMARC: could not find out"),
            mine[0].cause if mine else "",
            "verify",
        )
    if mine[0].severity is Severity.OK or mine[0].published:
        return Item("dmarc", State.DONE, _("DMARC: there is a policy"))
    return Item("dmarc", State.OPEN, _("DMARC: no valid policy"), mine[0].cause, "verify")


def _events(identity: Identity, default_set: ConfigurationSet | None) -> Item:
    wanted = (EventType.BOUNCE, EventType.COMPLAINT)
    if default_set is not None and all(default_set.hears(event) for event in wanted):
        return Item("events", State.DONE, _("Bounces and complaints reach a destination of yours"))
    if identity.feedback_forwarding:
        return Item(
            "events",
            State.ADVICE,
            _("Bounces and complaints come by e-mail only"),
            _("Add an event destination, so that a program can act on them."),
            "monitoring",
        )
    return Item(
        "events",
        State.OPEN,
        _("Bounces and complaints reach nobody"),
        _("Add an event destination for both."),
        "monitoring",
    )


def _default_set(identity: Identity, default_set: ConfigurationSet | None) -> Item:
    name = identity.configuration_set
    if not name:
        return Item(
            "configuration_set",
            State.ADVICE,
            _("No default configuration set"),
            _("With one, mail from every program is monitored."),
            "monitoring",
        )
    if default_set is None:
        return Item(
            "configuration_set",
            State.OPEN,
            _("The default configuration set {name} is gone; every send fails").format(name=name),
            _("Create it again, or choose another."),
            "monitoring",
        )
    if not default_set.sending_enabled:
        return Item(
            "configuration_set",
            State.OPEN,
            _("Sending is switched off in the configuration set {name}").format(name=name),
            _("Switch it on."),
            "monitoring",
        )
    if not default_set.reputation_metrics:
        return Item(
            "configuration_set",
            State.ADVICE,
            _("{name} has no reputation metrics").format(name=name),
            _("Switch them on to see bounce and complaint rates."),
            "monitoring",
        )
    return Item(
        "configuration_set",
        State.DONE,
        _("{name} is the default configuration set").format(name=name),
    )


def _suppression(account: Account, default_set: ConfigurationSet | None) -> Item:
    advice = _("Suppression keeps bad addresses from harming your reputation.")
    reasons, text = account.suppressed_reasons, _("The account")
    if default_set is not None and default_set.suppressed_reasons is not None:
        reasons, text = default_set.suppressed_reasons, default_set.name
    if {"BOUNCE", "COMPLAINT"} <= set(reasons):
        return Item("suppression", State.DONE, _("Suppression is on for bounces and complaints"))
    text = _("{who} does not suppress both bounces and complaints").format(who=text)
    return Item("suppression", State.ADVICE, text, advice)


def _health(account: Account) -> Item:
    if account.enforcement == "HEALTHY" and account.sending_enabled:
        return Item("health", State.DONE, _("The account is healthy and may send"))
    if account.enforcement == "HEALTHY":
        text, advice = _("Sending is switched off for the account"), _("Switch it on.")
    else:
        text = _("AWS says: {state}").format(state=account.enforcement)
        advice = _("Answer the case in the AWS Support Center.")
    return Item("health", State.OPEN, text, advice)


def _production(account: Account) -> Item:
    if account.production:
        return Item("production", State.DONE, _("Production access: you may write to anyone"))
    text = _("Still in the sandbox")
    case = f" ({account.review_case})" if account.review_case else ""
    match account.review_status:
        case "PENDING":
            return Item(
                "production",
                State.WAITING,
                text + case,
                _("AWS is reviewing; often within a day."),
                "live",
            )
        case "DENIED":
            advice = _("Open the case: AWS may only be waiting for an answer from you.")
            return Item("production", State.OPEN, text + case, advice, "live")
        case _other:
            return Item("production", State.OPEN, text, _("Ask for production access."), "live")
