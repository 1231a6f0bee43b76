"""Send a test mail: once, marked so that it can be found, and honest about what is not known."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from sestui.domain.errors import Problem, Trouble
from sestui.domain.i18n import _
from sestui.domain.mail.build import Problems, build, build_raw
from sestui.domain.mail.form import FieldProblem, Format, MailForm, Transport
from sestui.domain.mail.message import FIND_TAG, Message, Sent
from sestui.domain.preflight import Facts
from sestui.domain.smtp import Credentials
from sestui.gateways.ports import Cloud, Files, GatewayError, Smtp

Nonce = Callable[[], str]
"""Makes a text that nobody has made before, of letters, digits, - and _."""


async def prepare(form: MailForm, files: Files, raw: bytes | None = None) -> Message | Problems:
    """The message of `form` with its files read, or all that is wrong with it.

    Args:
        raw: of a raw message that must go out byte for byte, its lines ended by CR LF; None for
            what is written in the form.
    """
    if raw is not None:
        return build_raw(form, raw)
    if form.format is Format.RAW or not form.attachments:
        return build(form)
    try:
        attachments = await files.attachments(form.attachments)
    except GatewayError as error:
        problem = FieldProblem("attachments", error.problem.what)
        built = build(form)
        return (problem,) if isinstance(built, Message) else (*built, problem)
    return build(form, attachments)


def tagged(message: Message, nonce: Nonce) -> Message:
    """`message` with a tag of its own, by which its events are found; one that is there stays."""
    if message.find_tag:
        return message
    return replace(message, tags=(*message.tags, (FIND_TAG, nonce())))


async def send_test(
    cloud: Cloud,
    message: Message,
    *,
    nonce: Nonce,
    transport: Transport = Transport.API,
    credentials: Credentials | None = None,
    port: int | None = None,
    facts: Facts | None = None,
) -> Sent:
    """Send `message`, in one attempt.

    Args:
        credentials: for SMTP; None for those that the connection's access keys are.
        port: of SMTP; None for the first that leads to SES.
        facts: what the pre-flight knew, to say more of a refusal by.

    Raises:
        GatewayError: REFUSED …: it was not sent. MAYBE_DONE: the request went out and no answer
            came, so it may have been; the problem names the tag to look for.
    """
    message = tagged(message, nonce)
    try:
        if transport is Transport.SMTP:
            smtp = _smtp(cloud)
            return await smtp.send(message, credentials or await smtp.credentials(), port)
        if message.format is Format.TEMPLATED:
            # SES accepts a message whose variable is missing, and then drops it.
            await cloud.ses.render(message.template, message.template_data)
        return await cloud.ses.send(message)
    except GatewayError as error:
        if error.trouble is Trouble.MAYBE_DONE:
            raise maybe_sent(error, message) from error
        from sestui.domain.preflight.refused import explain_refusal

        known = facts or Facts(region=cloud.connection.region)
        raise GatewayError(explain_refusal(error.problem, message, known)) from error


def _smtp(cloud: Cloud) -> Smtp:
    if cloud.smtp is None:
        raise GatewayError(
            Problem(_("There is no SMTP here."), _("Send it through the API."), Trouble.REFUSED)
        )
    return cloud.smtp


def maybe_sent(error: GatewayError, message: Message) -> GatewayError:
    """`error` with how to find out what became of `message`."""
    what = _("The mail may have been sent. {what}").format(what=error.problem.what)
    advice = _(
        "Look before you send again, since a repeat is a second mail: into the inbox, or for the "
        "tag {tag} in its events."
    ).format(tag=f"{FIND_TAG}={message.find_tag}")
    return GatewayError(replace(error.problem, what=what, advice=advice))
