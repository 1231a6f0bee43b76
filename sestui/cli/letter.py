"""A mail as the words of the command line say it, for `sestui send`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import click

from sestui.domain.i18n import _
from sestui.domain.mail.form import FieldProblem, Format, MailForm, Scenario, Transport

OPTIONS = {
    "sender": "--from",
    "display_name": "--name",
    "to": "--to",
    "cc": "--cc",
    "bcc": "--bcc",
    "reply_to": "--reply-to",
    "subject": "--subject",
    "text": "--text",
    "html": "--html",
    "headers": "--header",
    "raw": "--raw",
    "template": "--template",
    "template_data": "--data",
    "attachments": "--attach",
    "tags": "--tag",
    "configuration_set": "--configuration-set",
}
"""The option that fills each field of `MailForm`."""

_NOT_WITH_RAW = (
    "sender", "name", "reply_to", "subject", "text", "html", "text_file", "html_file", "template",
    "data", "headers", "attach",
)  # fmt: skip
_NOT_WITH_TEMPLATE = ("subject", "text", "html", "text_file", "html_file")


def form_of(said: Mapping[str, Any]) -> MailForm:
    """The form that the options fill in.

    Raises:
        UsageError: two of them cannot go together, or one is missing that nothing else says.
    """
    _refuse(said)
    to = list(said["to"])
    if said["scenario"]:
        to.append(Scenario(said["scenario"]).address)
    return MailForm(
        format=_format(said),
        sender=said["sender"],
        display_name=said["name"],
        to=", ".join(to),
        cc=", ".join(said["cc"]),
        bcc=", ".join(said["bcc"]),
        reply_to=", ".join(said["reply_to"]),
        subject=said["subject"],
        text=said["text"] or _read(said["text_file"]),
        html=said["html"] or _read(said["html_file"]),
        headers="\n".join(_one_line(line) for line in said["headers"]),
        template=said["template"],
        template_data=_data(said["data"]),
        attachments=tuple(said["attach"]),
        configuration_set=said["configuration_set"],
        tags=", ".join(said["tags"]),
        transport=Transport.SMTP if said["smtp"] else Transport.API,
    )


def refuse(problems: Sequence[FieldProblem]) -> click.UsageError:
    """All that is wrong, each with its option."""
    lines = [
        _("{option}: {problem}").format(
            option=OPTIONS.get(problem.field, problem.field), problem=problem.text
        )
        for problem in problems
    ]
    return click.UsageError("\n".join(lines), click.get_current_context(silent=True))


def _format(said: Mapping[str, Any]) -> Format:
    if said["raw"] is not None:
        return Format.RAW
    if said["template"]:
        return Format.TEMPLATED
    return Format.HEADERS if said["headers"] else Format.FORMATTED


def _refuse(said: Mapping[str, Any]) -> None:
    if said["raw"] is not None:
        _alone("--raw", said, _NOT_WITH_RAW, _("the message says it itself"))
    elif said["template"]:
        _alone("--template", said, _NOT_WITH_TEMPLATE, _("the template says it"))
        if said["smtp"]:
            raise click.UsageError(_("SES fills in templates over the API only: leave out --smtp."))
    elif said["data"]:
        raise click.UsageError(_("--data is for a template; name it by --template."))
    for one, other in (("text", "text_file"), ("html", "html_file")):
        if said[one] and said[other] is not None:
            raise click.UsageError(
                _("--{one} and --{other} say the same thing; give one of them.").format(
                    one=one, other=other.replace("_", "-")
                )
            )
    if said["port"] and not said["smtp"]:
        raise click.UsageError(_("--port is for --smtp."))
    if not (said["sender"] or said["raw"] is not None):
        raise click.UsageError(_("Who is it from? Say so by --from."))


def _alone(option: str, said: Mapping[str, Any], others: Sequence[str], why: str) -> None:
    names = {"name": "display_name", "data": "template_data", "attach": "attachments"}
    for other in others:
        if said[other]:
            spelled = OPTIONS.get(names.get(other, other), f"--{other.replace('_', '-')}")
            raise click.UsageError(
                _("{other} does not go with {option}: {why}.").format(
                    other=spelled, option=option, why=why
                )
            )


def _one_line(header: str) -> str:
    """A line break would begin another header."""
    if "\n" in header or "\r" in header:
        raise click.BadParameter(_("A header is one line."), param_hint="--header")
    return header


def _data(text: str) -> str:
    """JSON, or that of the file whose name follows an @."""
    if not text.startswith("@"):
        return text or "{}"
    try:
        return Path(text[1:]).read_text("utf-8-sig")
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", "") or _("it is no UTF-8 text")
        raise click.BadParameter(
            _("{file} cannot be read: {reason}.").format(file=text[1:], reason=reason),
            param_hint="--data",
        ) from None


def _read(file: Any) -> str:
    if file is None:
        return ""
    try:
        return str(file.read())
    except UnicodeDecodeError:
        raise click.UsageError(
            _("{file} is no UTF-8 text.").format(file=file.name),
            click.get_current_context(silent=True),
        ) from None
