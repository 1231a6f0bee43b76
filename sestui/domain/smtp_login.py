"""Why SES lets nobody in over SMTP, as far as that can be told."""

from __future__ import annotations

import json
from collections.abc import Sequence

from sestui.domain.account import Secret
from sestui.domain.errors import Problem, Trouble
from sestui.domain.i18n import _
from sestui.domain.policy import statement_for
from sestui.domain.smtp import (
    SMTP_REGIONS,
    Credentials,
    PasswordKind,
    kind_of,
    lint,
    regions_of,
)


def diagnose_535(
    credentials: Credentials,
    region: str,
    secret: Secret | None = None,
    regions: Sequence[str] = SMTP_REGIONS,
) -> Problem:
    """Why SES answered `535 Authentication Credentials Invalid`, as far as can be told.

    Args:
        region: that SES was asked in.
        secret: the secret access key of this user name, when it is known: all that its password
            could be is then compared.
    """
    what, advice = _mistaken(credentials, region, secret, regions)
    return Problem(what, advice, Trouble.CREDENTIALS, code="535", operation="SMTP AUTH")


def _mistaken(
    credentials: Credentials, region: str, secret: Secret | None, regions: Sequence[str]
) -> tuple[str, str]:
    if kind_of(credentials.password) is PasswordKind.SECRET_KEY:
        return (
            _("The password is a secret access key; SES wants the SMTP password made of it."),
            _("Type the secret key as such: it is converted for {region}.").format(region=region),
        )
    if reason := lint(credentials):
        return _("SES does not know these credentials. {reason}").format(reason=reason), _(
            "Correct it, or create SMTP credentials in the SES console under SMTP settings."
        )
    if secret:
        fitting = regions_of(credentials, secret, regions)
        if region in fitting:
            return (
                _("The password is right for {region}, and still SES refuses it.").format(
                    region=region
                ),
                _(
                    "The access key may be switched off or deleted (IAM, Security credentials), or "
                    "so new that SES does not know it yet: wait a minute."
                ),
            )
        if fitting:
            return (
                _("This is the password for {made}, but you connect to {region}.").format(
                    made=fitting[0], region=region
                ),
                _("Use the password made for {region}, or connect to {made}.").format(
                    made=fitting[0], region=region
                ),
            )
        return (
            _("The password was not made of this access key, for no Region."),
            _("It belongs to another key, or a character is missing. Derive it again."),
        )
    if kind_of(credentials.password) is PasswordKind.OLD:
        return (
            _("The password is of the form of before 2019."),
            _("Create new SMTP credentials, in {region}.").format(region=region),
        )
    return (
        _("SES does not accept this user name with this password in {region}.").format(
            region=region
        ),
        _(
            "Their form is right. The password may be of another Region or another key, or the "
            "access key switched off or deleted. Type the secret access key to find out."
        ),
    )


def temporary_keys_problem() -> Problem:
    """Why no SMTP credentials come of a role, SSO or a session."""
    return Problem(
        _("The connection uses temporary keys, and SES takes only long-lived ones over SMTP."),
        _(
            "Create SMTP credentials in the SES console (SMTP settings), or an IAM user with an "
            "access key that may ses:SendRawEmail, and type them here. The API needs none of it."
        ),
        Trouble.CREDENTIALS,
        policy=json.dumps(statement_for("ses:SendRawEmail"), indent=2),
    )


def no_smtp_problem(region: str) -> Problem:
    """SES has the API only there."""
    return Problem(
        _("SES has no SMTP interface in {region}.").format(region=region),
        _("Send by the API, or in a Region that has one, such as {other}.").format(
            other="eu-west-1" if region.startswith(("eu-", "me-", "af-", "il-")) else "us-east-1"
        ),
        Trouble.REFUSED,
        operation="SMTP",
    )
