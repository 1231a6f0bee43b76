"""The account in a few lines."""

from __future__ import annotations

from textual.content import Content

from sestui.domain.account import Account, Connection, RegionSource, Source
from sestui.domain.i18n import _
from sestui.domain.regions import REGIONS
from sestui.domain.steps import WizardState
from sestui.domain.text import printable

LABEL = 13


def account_card(state: WizardState) -> Content:
    """Who, where, and what this account may do, as far as it could be read."""
    connection, account = state.connection, state.account
    if connection is None:
        return Content()
    lines = [
        _line(_("Account"), _bold(connection.caller.account), connection.caller.name),
        _line(_("Region"), _bold(_region(connection)), _region_source(connection)),
        _line(_("Credentials"), Content(_credentials(connection)), connection.endpoint),
    ]
    if account is not None:
        lines += [
            _line(_("Access"), *_access(account)),
            _line(_("Quota"), Content(_quota(account)), _used(account)),
            _line(_("Health"), *_health(account)),
        ]
    return Content("\n").join(lines)


def _line(label: str, value: Content, note: str = "") -> Content:
    parts = [Content.styled(f"{label:<{LABEL}}", "$quiet"), value]
    if note:
        parts.append(Content.styled("  " + printable(note), "$quiet"))
    return Content("").join(parts)


def _bold(text: str) -> Content:
    return Content.styled(text, "bold")


def _region(connection: Connection) -> str:
    place = REGIONS.get(connection.region, "")
    return f"{connection.region} ({place})" if place else connection.region


def _region_source(connection: Connection) -> str:
    if connection.choice.source is Source.PRACTICE:
        return _("of the practice account")
    return {
        RegionSource.CHOSEN: _("chosen here"),
        RegionSource.OPTION: _("from --region"),
        RegionSource.AWS_REGION: _("from AWS_REGION"),
        RegionSource.AWS_DEFAULT_REGION: _("from AWS_DEFAULT_REGION"),
        RegionSource.PROFILE: _("from the profile"),
        RegionSource.FALLBACK: _("nothing says which, so the default"),
    }[connection.region_source]


def _credentials(connection: Connection) -> str:
    """Where they come from, in a person's words rather than in the SDK's."""
    choice = connection.choice
    words = {
        Source.PRACTICE: _("made for practice"),
        Source.TYPED: _("typed here"),
        Source.KEYRING: _("keyring, {name}").format(name=choice.profile),
        Source.PROFILE: _("profile {name}").format(name=choice.profile),
        Source.DEFAULT: "",
    }
    return printable(words[choice.source] or connection.credentials)


def _access(account: Account) -> tuple[Content, str]:
    if account.production:
        return Content.styled(_("✓ production"), "$text-success"), _("you may write to anyone")
    note = _("only to what is verified, and to the simulator")
    if account.review_status == "PENDING":
        note = _("production access is being reviewed")
    return Content.styled(_("! sandbox"), "$text-warning"), note


def _quota(account: Account) -> str:
    quota = account.quota
    rate = _("{rate:g} a second").format(rate=quota.per_second)
    if quota.max_24_hours < 0:
        return _("unlimited, {rate}").format(rate=rate)
    return _("{n:,.0f} recipients in 24 hours, {rate}").format(n=quota.max_24_hours, rate=rate)


def _used(account: Account) -> str:
    return _("{n:,.0f} used").format(n=account.quota.sent_24_hours)


def _health(account: Account) -> tuple[Content, str]:
    if account.can_send and account.enforcement == "HEALTHY":
        return Content.styled(_("✓ healthy"), "$text-success"), _("sending is enabled")
    if account.enforcement == "PROBATION":
        return Content.styled(_("! under review by AWS"), "$text-warning"), ""
    return Content.styled(_("✗ sending is paused"), "$text-error"), printable(account.enforcement)
