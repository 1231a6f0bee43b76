"""The command line: which commands there are, and what becomes of their results and errors."""

from __future__ import annotations

import os
from collections.abc import Sequence
from importlib import import_module
from typing import Any

import click

from sestui import __version__
from sestui.cli.options import EVERYTHING, META, takes
from sestui.cli.output import PROGRAM, ExitCode, Output, hush
from sestui.cli.session import Front, Session, has_terminal
from sestui.cli.words import Options
from sestui.domain.i18n import _
from sestui.domain.text import printable, printable_lines

COMMANDS = {
    "practice": _("Open the wizard on an account inside the program: no AWS, no charge."),
    "check": _("Compare a domain's DNS records with what SES needs."),
    "ready": _("Tell whether mail may go to strangers, and what is still open."),
    "records": _("Print the DNS records of a domain, as a table, JSON, zone file or CSV."),
    "send": _("Send one test mail, after saying what will become of it."),
    "headers": _("Judge a mail that arrived: SPF, DKIM, DMARC, alignment, encryption, delay."),
    "configset": _("List configuration sets, or show one: options, events, what is amiss."),
    "events": _("Prove that the events of a configuration set arrive, or follow them."),
    "policy": _("Print the IAM policy for the wizard, or for an application that sends."),
    "cleanup": _("List what sestui made in this account and Region, and delete it if told to."),
}
"""Each command by the line of its help; sestui.cli.<name> holds it."""


class LazyGroup(click.Group):
    """Imports a command's file when the command is chosen, not to print a list of names."""

    def list_commands(self, _ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, _ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command = import_module(f"sestui.cli.{cmd_name}").command
        if not isinstance(command, click.Command):
            raise TypeError(cmd_name)
        return command

    def format_commands(self, _ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section(_("Commands")):
            formatter.write_dl(list(COMMANDS.items()))

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and "." in args[0] and args[0] not in COMMANDS:
            raise click.UsageError(
                _("“{word}” is not a command. Did you mean: sestui check {word}").format(
                    word=args[0]
                ),
                ctx,
            )
        return super().resolve_command(ctx, args)


@click.group(
    PROGRAM,
    cls=LazyGroup,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 96},
    help=_(
        "From an AWS account to Amazon SES mail that is delivered, authenticated and monitored.\n\n"
        "Without a command the wizard opens."
    ),
    epilog=_(
        "Exit codes: 0 fine, 1 error, 2 usage, 3 not ready, 4 waiting for DNS or AWS, "
        "130 interrupted."
    ),
)
@click.version_option(__version__, prog_name=PROGRAM, message="%(prog)s %(version)s")
@takes(*EVERYTHING)
@click.pass_context
def group(ctx: click.Context, options: Options) -> int | None:
    if ctx.invoked_subcommand is not None:
        ctx.meta[META] = options
        return None
    session: Session = ctx.obj
    if not has_terminal():
        session.output.error(
            "usage",
            _("The wizard needs a terminal, and this is none."),
            _("For scripts: sestui check DOMAIN, sestui ready DOMAIN, sestui records DOMAIN."),
        )
        return ExitCode.USAGE
    return session.front.wizard(options)


def run(arguments: Sequence[str], front: Front) -> int:
    """Run one command; the exit code. Every error ends here, in words."""
    options = arguments[: arguments.index("--")] if "--" in arguments else arguments
    output = Output(as_json="--json" in options)
    try:
        result = group.main(
            list(arguments), PROGRAM, standalone_mode=False, obj=Session(output, front)
        )
        return int(result or ExitCode.OK)
    except (click.Abort, KeyboardInterrupt):
        return ExitCode.INTERRUPTED
    except click.ClickException as error:
        _usage(error, output)
        return ExitCode.USAGE if isinstance(error, click.UsageError) else ExitCode.ERROR
    except BrokenPipeError:
        hush()
        return ExitCode.ERROR
    except Exception as error:
        from sestui.gateways.ports import GatewayError  # not for --help

        if isinstance(error, GatewayError):
            output.problem(error.problem)
        elif os.environ.get("SESTUI_DEBUG"):
            raise
        else:
            _unexpected(error, output)
        return ExitCode.ERROR


def _usage(error: click.ClickException, output: Output) -> None:
    """As click does it, but never with a control character that was typed."""
    message = printable_lines(error.format_message())
    ctx = error.ctx if isinstance(error, click.UsageError) else None
    if ctx is None:
        output.error("usage", message)
        return
    hint = _("Try: {command} --help").format(command=printable(ctx.command_path))
    if output.as_json:
        output.error("usage", message, hint)
        return
    output.messages.line(ctx.get_usage())
    output.error("usage", message, hint)


def _unexpected(error: Exception, output: Output) -> None:
    """Where it happened, and no more: a message or a local may hold a secret."""
    where = ""
    trace = error.__traceback__
    while trace is not None:
        module: Any = trace.tb_frame.f_globals.get("__name__", "")
        if str(module).startswith("sestui"):
            where = f"{module}:{trace.tb_lineno}"
        trace = trace.tb_next
    output.error(
        "unexpected",
        _("Something went wrong inside sestui: {kind} at {where}.").format(
            kind=type(error).__name__, where=where
        ),
        _("Run it again with SESTUI_DEBUG=1 to see the traceback."),
    )
