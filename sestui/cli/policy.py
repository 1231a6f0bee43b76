"""`sestui policy`: the IAM policy for the wizard, or the least an application needs to send."""

from __future__ import annotations

import re

import click

from sestui.cli.options import ACCOUNT, identity, takes
from sestui.cli.output import ExitCode
from sestui.cli.session import Session, outside, pass_session, run_async
from sestui.cli.words import Options
from sestui.domain.configset import parse_set_name
from sestui.domain.i18n import _
from sestui.domain.names import InvalidName
from sestui.domain.policy import sending_policy, wizard_policy

WIZARD, SENDING = "wizard", "sending"


@click.command(
    "policy",
    help=_(
        "Print an IAM policy as JSON.\n\n"
        "wizard: all that sestui may want to do; nobody is asked. sending: the least an "
        "application needs to send as one address of one identity; the account and the Region "
        "are looked up, or given by --account and --region."
    ),
)
@click.option(
    "--for",
    "purpose",
    type=click.Choice([WIZARD, SENDING]),
    default=WIZARD,
    show_default=True,
    help=_("Who is to be allowed."),
)
@click.option(
    "--identity",
    "name",
    metavar="NAME",
    callback=lambda ctx, parameter, value: value and identity(ctx, parameter, value),
    help=_("With sending: the domain or address that is verified."),
)
@click.option(
    "--sender",
    metavar="ADDRESS",
    help=_("With sending: the From address; *@example.com allows all of a domain."),
)
@click.option("--configuration-set", metavar="NAME", help=_("With sending: the set that is used."))
@click.option("--account", metavar="ID", help=_("With sending: the account, instead of asking."))
@takes(*ACCOUNT)
@pass_session
def command(
    session: Session,
    *,
    purpose: str,
    name: str | None,
    sender: str | None,
    configuration_set: str | None,
    account: str | None,
    options: Options,
) -> ExitCode:
    if purpose == WIZARD:
        session.output.result.document(wizard_policy())
        return ExitCode.OK
    if not name:
        raise click.UsageError(_("For sending, --identity is needed."))
    sender = _sender(sender, name)
    if configuration_set:
        try:
            configuration_set = parse_set_name(configuration_set)
        except InvalidName as problem:
            raise click.BadParameter(str(problem), param_hint="--configuration-set") from None
    if account and not re.fullmatch(r"[0-9]{12}", account):
        raise click.BadParameter(_("An account id has 12 digits."), param_hint="--account")
    region = options.region
    if not (account and region):
        place = run_async(lambda: outside(session, options)).connection
        account, region = account or place.caller.account, region or place.region
    session.output.result.document(
        sending_policy(region, account, name, sender, configuration_set or "")
    )
    return ExitCode.OK


def _sender(sender: str | None, name: str) -> str:
    """The address the condition is about: `*` may stand for any part before the @."""
    default = name if "@" in name else f"*@{name}"
    text = (sender or default).strip()
    local, at, host = text.rpartition("@")
    covered = host.lower() == name or host.lower().endswith(f".{name}") or text == name
    if not at or not local or not text.isascii() or re.search(r"\s", text):
        raise click.BadParameter(
            _("An address such as noreply@{domain}, or *@{domain}.").format(
                domain=name.rpartition("@")[2]
            ),
            param_hint="--sender",
        )
    if not covered:
        raise click.BadParameter(
            _("{sender} is not covered by the identity {identity}.").format(
                sender=text, identity=name
            ),
            param_hint="--sender",
        )
    return text
