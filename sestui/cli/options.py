"""What can be said about where and as whom; the same words for the wizard and every command."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import wraps
from typing import Any, TypeVar

import click

from sestui.cli.words import Options
from sestui.domain.i18n import _
from sestui.domain.names import InvalidName, parse_address, parse_domain
from sestui.domain.text import printable

META = "sestui.options"
"""Where click's context keeps what was said before the command."""

Command = TypeVar("Command", bound=Callable[..., Any])


def domain(_ctx: click.Context, _parameter: click.Parameter, value: str) -> str:
    """A domain name, as `names.parse_domain` takes it."""
    try:
        return parse_domain(value)
    except InvalidName as problem:
        raise click.BadParameter(str(problem)) from None


def identity(_ctx: click.Context, _parameter: click.Parameter, value: str) -> str:
    """A domain or an address: whatever SES calls an identity."""
    try:
        return str(parse_address(value)) if "@" in value else parse_domain(value)
    except InvalidName as problem:
        raise click.BadParameter(str(problem)) from None


def nameservers(
    _ctx: click.Context, _parameter: click.Parameter, values: tuple[str, ...]
) -> tuple[str, ...]:
    """IP addresses or hosts, with or without a port."""
    if values:
        from sestui.gateways.nameserver import parse_nameserver  # not for --help

        for text in values:
            try:
                parse_nameserver(text)
            except ValueError as problem:
                raise click.BadParameter(str(problem)) from None
    return values


_WORDS: dict[str, Callable[[Any], Any]] = {
    "profile": click.option(
        "--profile", metavar="NAME", help=_("Profile of your AWS configuration.")
    ),
    "region": click.option(
        "--region", metavar="NAME", help=_("AWS Region; otherwise AWS_REGION or the profile's.")
    ),
    "endpoint_url": click.option(
        "--endpoint-url", metavar="URL", help=_("Ask this instead of AWS.")
    ),
    "nameservers": click.option(
        "--nameserver",
        "nameservers",
        metavar="HOST[:PORT]",
        callback=nameservers,
        multiple=True,
        help=_("Ask this name server instead of the world's; can be repeated."),
    ),
    "lang": click.option("--lang", metavar="CODE", help=_("Language of what sestui says.")),
}
ACCOUNT = ("profile", "region", "endpoint_url")
EVERYTHING = (*ACCOUNT, "nameservers")


def takes(*names: str) -> Callable[[Command], Command]:
    """Give a command these options, and --lang, as `options`.

    What is said after the command wins over what is said before it.
    """
    wanted = (*names, "lang")

    def decorate(command: Command) -> Command:
        @click.pass_context
        @wraps(command)
        def with_options(ctx: click.Context, /, *args: Any, **kwargs: Any) -> Any:
            given = {name: value for name in wanted if (value := kwargs.pop(name))}
            outer: Options = ctx.meta.get(META, Options())
            options = replace(outer, **given)
            _check_language(ctx, options.lang)
            return command(*args, options=options, **kwargs)

        decorated: Any = with_options
        for name in reversed(wanted):
            decorated = _WORDS[name](decorated)
        return decorated  # type: ignore[no-any-return]

    return decorate


json_option = click.option("--json", "as_json", is_flag=True, help=_("Write JSON to stdout."))


def _check_language(ctx: click.Context, language: str) -> None:
    if not language:
        return
    from sestui.gateways.catalogue import available, choose

    known = available()
    # `en` and its relatives choose no catalogue; any other word that does not is unknown.
    if language.partition("_")[0] != "en" and not choose(["--lang", language], {}):
        raise click.UsageError(
            _("There is no language “{language}”; there is: {known}.").format(
                language=printable(language), known=", ".join(known)
            ),
            ctx,
        )
