"""`sestui events`: prove that the events of a configuration set arrive, or follow them."""

from __future__ import annotations

import asyncio
import contextlib
import signal
from collections.abc import Callable, Coroutine, Sequence
from importlib import import_module
from typing import Any, TypeVar

import click

from sestui.cli.output import ExitCode, Output, Paint
from sestui.cli.session import has_terminal
from sestui.domain.configset import parse_set_name
from sestui.domain.i18n import _
from sestui.domain.names import InvalidName
from sestui.domain.plan import Call
from sestui.domain.text import printable

COMMANDS = {
    "prove": _("Send three mails to the simulator, and show each hop of their events."),
    "tail": _("Print the events of a set as they arrive."),
}
"""Each by the line of its help; sestui.cli.events_<name> holds it."""

Result = TypeVar("Result")
Command = TypeVar("Command", bound=Callable[..., Any])


class _Group(click.Group):
    """Imports one of its commands when it is chosen."""

    def list_commands(self, _ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, _ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command = import_module(f"sestui.cli.events_{cmd_name}").command
        if not isinstance(command, click.Command):
            raise TypeError(cmd_name)
        return command

    def format_commands(self, _ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section(_("Commands")):
            formatter.write_dl(list(COMMANDS.items()))


command = _Group(
    "events",
    help=_(
        "Prove that the events of a configuration set arrive, or follow them.\n\n"
        "Both make a temporary SQS queue, after a question, and remove it at the end, also when "
        "they are interrupted. sestui cleanup finds what is left of one that was killed."
    ),
)


def set_name(_ctx: click.Context, _parameter: click.Parameter, value: str) -> str:
    """The argument SET."""
    try:
        return parse_set_name(value)
    except InvalidName as problem:
        raise click.BadParameter(str(problem)) from None


def queue_arn(_ctx: click.Context, _parameter: click.Parameter, value: str) -> str:
    """The option --queue."""
    parts = value.split(":")
    if value and (len(parts) != 6 or parts[2] != "sqs" or not value.isprintable()):
        example = "arn:aws:sqs:eu-west-1:123456789012:NAME"
        raise click.BadParameter(_("The ARN of an SQS queue: {example}").format(example=example))
    return value


def takes_set(command: Command) -> Command:
    """SET, --queue and --yes, which both commands have."""
    queue = click.option(
        "--queue",
        metavar="ARN",
        default="",
        callback=queue_arn,
        help=_("A queue of yours that gets the events; nothing is taken out of it."),
    )
    yes = click.option("--yes", is_flag=True, help=_("Do it without a question."))
    name = click.argument("name", metavar="SET", callback=set_name)
    return name(queue(yes(command)))


def agreed(
    output: Output,
    plan: Sequence[Call],
    removal: Sequence[str],
    *,
    region: str,
    profile: str,
    yes: bool,
) -> bool:
    """Show what will be done, and ask, unless `--yes` has answered already."""
    if yes:
        return True
    out = output.messages
    out.line(out.paint(_("What will be done"), Paint.STRONG))
    for number, call in enumerate(plan, 1):
        out.line(f"  {number}  {printable(call.words)}")
        out.line("     " + out.paint(printable(call.command(region, profile)), Paint.FAINT))
    if removal:
        out.line(out.paint(_("And removed again at the end, whatever happens"), Paint.STRONG))
        for words in removal:
            out.line(f"  {printable(words)}")
    return click.confirm(_("Do it?"), default=False, err=True)


def need_consent(yes: bool, as_json: bool) -> None:
    """Refuse at once where nobody could be asked. Raises UsageError."""
    if not yes and (as_json or not has_terminal()):
        raise click.UsageError(
            _("This makes things in your account, and nobody can be asked here. Say --yes.")
        )


def run_to_the_end(work: Callable[[], Coroutine[Any, Any, Result]]) -> Result | ExitCode:
    """Run `work`; an interruption of any kind lets it remove what it has made.

    Once only, unlike `run_async`: mails are not sent twice.
    """

    async def main() -> Result:
        task = asyncio.current_task()
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, getattr(signal, "SIGHUP", None)):
            if number is not None and task is not None:
                with contextlib.suppress(NotImplementedError):  # Windows
                    loop.add_signal_handler(number, task.cancel)
        return await work()

    try:
        return asyncio.run(main())
    except asyncio.CancelledError:
        return ExitCode.INTERRUPTED
