"""`sestui practice`: the wizard, or only the account, without AWS."""

from __future__ import annotations

import importlib.util
from dataclasses import replace
from pathlib import Path

import click

from sestui.cli.options import takes
from sestui.cli.output import ExitCode
from sestui.cli.session import Session, has_terminal, pass_session
from sestui.cli.words import Options
from sestui.domain.i18n import _

# What only the extra `practice` installs.
EXTRA = ("aiosmtpd", "cryptography", "flask", "flask_cors", "moto")
INSTALL = "pip install 'sestui[practice]'"


@click.command(
    "practice",
    help=_(
        "Open the wizard on an account inside the program: no AWS account, no network, "
        "no charge.\n\n"
        "With --serve only the account runs, until Ctrl-C. It prints lines for a shell, so that "
        "`aws`, boto3 or a second sestui can use it."
    ),
)
@click.option("--serve", is_flag=True, help=_("Run the account without the wizard."))
@click.option(
    "--data-dir",
    metavar="FOLDER",
    type=click.Path(file_okay=False, path_type=Path),
    help=_("Keep the account here and continue it later; otherwise it ends with the run."),
)
@takes("region")
@pass_session
def command(
    session: Session, serve: bool, data_dir: Path | None, options: Options
) -> ExitCode | int:
    if missing := [name for name in EXTRA if importlib.util.find_spec(name) is None]:
        session.output.error(
            "local",
            _("The practice account is not installed ({missing}).").format(
                missing=", ".join(missing)
            ),
            _("Install it: {command}").format(command=INSTALL),
        )
        return ExitCode.ERROR
    if serve:
        from sestui.practice.ports import DEFAULT_REGION
        from sestui.practice.serve import run

        return run(data_dir, region=options.region or DEFAULT_REGION)
    if not has_terminal():
        session.output.error(
            "usage",
            _("The wizard needs a terminal, and this is none."),
            _("Without one: sestui practice --serve"),
        )
        return ExitCode.USAGE
    return session.front.practice(replace(options, data_dir=data_dir))
