"""SES over SMTP: one attempt, and what became of it. smtplib and ssl are imported when used."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from sestui.domain.account import Connection, Keys, Secret
from sestui.domain.errors import Problem, Trouble
from sestui.domain.i18n import _, ngettext
from sestui.domain.names import InvalidName
from sestui.domain.smtp import Credentials, Endpoint, derive, judge_user, lint
from sestui.domain.smtp_advice import Stage, smtp_problem
from sestui.domain.smtp_login import temporary_keys_problem
from sestui.domain.text import printable
from sestui.gateways.ports import GatewayError
from sestui.gateways.smtpplace import Given, Place, find_place
from sestui.gateways.smtptrust import Timeouts, Trust
from sestui.gateways.threads import in_thread

if TYPE_CHECKING:
    from sestui.domain.mail.message import Message, Sent
    from sestui.domain.smtp_ports import PortProbe
    from sestui.gateways.aws import Aws
    from sestui.gateways.practice import PracticeAccess
    from sestui.gateways.smtpwire import Answer, Delivery

# Nothing but the way to the server has been tried there, so another port is no second attempt.
_BEFORE_LOGIN = {Stage.CONNECT, Stage.EHLO, Stage.STARTTLS}


def smtp_of(
    aws: Aws,
    connection: Connection,
    environment: Mapping[str, str],
    practice: PracticeAccess | None = None,
) -> SesSmtp:
    """The SMTP interface that belongs to a connection. Never fails: its methods say what is wrong.

    Args:
        environment: of the process: SESTUI_SMTP and its like say that it is not at AWS.
        practice: the account that is connected to, instead of any environment.
    """
    given = Given.of(environment)
    if practice is not None:
        given = Given(practice.smtp, practice.smtp_tls, practice.smtp_ca, practice.region)
    url = str(aws.client("sesv2").meta.endpoint_url or "")
    place = find_place(connection, given, url)
    return SesSmtp(connection.region, aws.keys, place, environment.get("AWS_CA_BUNDLE", ""))


class SesSmtp:
    """`Smtp`, by smtplib.

    Args:
        keys: gives the access keys in use; blocking. Raises GatewayError.
        bundle: path of certificates to believe besides the system's.
        timeouts: None for those that suit AWS.
    """

    def __init__(
        self,
        region: str,
        keys: Callable[[], Keys],
        place: Place,
        bundle: str = "",
        timeouts: Timeouts | None = None,
    ) -> None:
        self._region = region
        self._keys = keys
        self._place = place
        self._bundle = bundle
        self._timeouts = timeouts or Timeouts()

    @property
    def region(self) -> str:
        return self._region

    @property
    def endpoints(self) -> tuple[Endpoint, ...]:
        return self._place.endpoints

    async def credentials(self) -> Credentials:
        """Those that the keys in use are, over SMTP.

        Raises:
            GatewayError: there are none, or they are of a kind that SMTP does not take.
        """
        keys = await in_thread(self._keys)
        if keys.temporary:
            raise GatewayError(temporary_keys_problem())
        try:
            judge_user(keys.access_key_id)
        except InvalidName as reason:
            problem = Problem(str(reason), _("Type SMTP credentials."), Trouble.CREDENTIALS)
        else:
            return derive(keys, self._region)
        raise GatewayError(problem)

    async def probe(self) -> tuple[PortProbe, ...]:
        """Every port at the same time, and the API's to compare with.

        Raises:
            GatewayError: there is no SMTP here, or certificates that cannot be read.
        """
        from sestui.gateways.smtpprobe import try_port

        self._check()
        trust = self._trust()
        places = (*self._place.endpoints, *((self._place.api,) if self._place.api else ()))
        seconds = self._timeouts.probe
        probes = [in_thread(try_port, place, trust, seconds) for place in places]
        return tuple(await asyncio.gather(*probes))

    async def send(
        self, message: Message, credentials: Credentials, port: int | None = None
    ) -> Sent:
        """One attempt; only the way to the server is tried on one port after the other.

        A cancellation does not stop it: the mail may be sent.

        Args:
            port: the only one to try.

        Raises:
            GatewayError: NETWORK when nothing was sent, MAYBE_DONE when SES may have taken it.
        """
        from sestui.domain.mail.message import Sent

        self._check()
        if reason := lint(credentials):
            advice = _("Correct it; SES has not been asked, and nothing was sent.")
            raise GatewayError(Problem(reason, advice, Trouble.CREDENTIALS, operation="SMTP AUTH"))
        places = [place for place in self._place.endpoints if port in (None, place.port)]
        if not places:
            what = _("SES has no SMTP on port {port}.").format(port=port)
            raise GatewayError(Problem(what, _("Choose another port."), Trouble.REFUSED))
        outcome = await in_thread(self._deliver, message, credentials, places)
        if isinstance(outcome, Problem):
            raise GatewayError(outcome)
        return Sent(message, outcome)

    def _check(self) -> None:
        if self._place.problem is not None:
            raise GatewayError(self._place.problem)

    def _trust(self) -> Trust:
        return Trust(self._place.authority, self._bundle, self._timeouts.certificate)

    def _deliver(
        self, message: Message, credentials: Credentials, places: Iterable[Endpoint]
    ) -> str | Problem:
        """The message id, or what went wrong. Blocking.

        What went wrong is returned, since an exception would carry the frames of the login along.
        """
        from sestui.domain.mail.mime import mime
        from sestui.gateways.smtpwire import Delivery, Envelope

        try:
            envelope = Envelope(message.sender, message.recipients, mime(message))
        except ValueError as reason:
            return Problem(str(reason), _("Send it by the API."), Trouble.REFUSED)
        trust = self._trust()
        failed: list[_Failure] = []
        for place in places:
            delivery = Delivery(place, trust, credentials, envelope, self._timeouts)
            outcome = self._attempt(delivery, message, credentials)
            if isinstance(outcome, str):
                return outcome
            if delivery.stage not in _BEFORE_LOGIN or outcome.trouble is not Trouble.NETWORK:
                return outcome
            failed.append(_Failure(place, outcome))
        return _no_way(failed)

    def _attempt(
        self, delivery: Delivery, message: Message, credentials: Credentials
    ) -> str | Problem:
        from sestui.gateways.smtpwire import Refused, message_id

        try:
            return message_id(delivery.run())
        except GatewayError as error:
            return error.problem
        except Refused as no:
            return self._refused(no.answers, message, credentials)
        except Exception as error:  # a bug, too, must not show the frames of a login
            return _broken(error, delivery, message)

    def _refused(
        self, answers: tuple[Answer, ...], message: Message, credentials: Credentials
    ) -> Problem:
        first = answers[0]
        problem = smtp_problem(
            first.code,
            first.text,
            first.stage,
            region=self._region,
            sender=message.sender,
            recipients=message.recipients,
            credentials=credentials,
            secret=self._secret_of(credentials) if first.code == 535 else None,
        )
        if not first.recipient:
            return problem
        text = ngettext(
            "SES refuses one of {all} recipients: {names}. Nothing was sent to anybody.",
            "SES refuses {n} of {all} recipients: {names}. Nothing was sent to anybody.",
            len(answers),
        )
        names = ", ".join(f"{each.recipient} ({each.code} {each.text})" for each in answers)
        what = text.format(n=len(answers), all=len(message.recipients), names=printable(names))
        return replace(problem, what=what)

    def _secret_of(self, credentials: Credentials) -> Secret | None:
        """The secret key of this user name, when it is that of the connection."""
        try:
            keys = self._keys()
        except GatewayError:
            return None
        return keys.secret if keys.access_key_id == credentials.user else None


class _Failure(NamedTuple):
    place: Endpoint
    problem: Problem


def _no_way(failed: list[_Failure]) -> Problem:
    """No port led to SES; what each of them said."""
    last = failed[-1].problem
    if len(failed) == 1:
        what = _("{place}: {what}").format(place=failed[0].place, what=last.what)
        return replace(last, what=what)
    # What a certificate says is worse news than a port that is shut.
    worst = next((each.problem for each in failed if each.problem.code in _ALARMING), last)
    each = "; ".join(f"{place.port}: {problem.what.rstrip('.')}" for place, problem in failed)
    return replace(
        worst,
        what=_("No port led to SES. {each}.").format(each=each),
        advice=worst.advice
        if worst.code in _ALARMING
        else _("Nothing was sent. The network may block SMTP; the API may still get through."),
    )


_ALARMING = {"SSLCertVerificationError", "SSLError"}


def _broken(error: Exception, delivery: Delivery, message: Message) -> Problem:
    """The connection, or this program, failed."""
    from sestui.gateways.smtpwire import failure_of

    if not delivery.complete:
        return failure_of(error, delivery.stage)
    from sestui.domain.mail.message import FIND_TAG

    return Problem(
        _("The mail went out and no answer came back: SES may have taken it."),
        _(
            "Before you send it again, look for it in the inbox, or for events with the tag {tag}."
        ).format(tag=f"{FIND_TAG}={message.find_tag}")
        if message.find_tag
        else _("Look into the inbox before you send it again."),
        Trouble.MAYBE_DONE,
        code=type(error).__name__,
        operation=f"SMTP {delivery.stage}",
    )
