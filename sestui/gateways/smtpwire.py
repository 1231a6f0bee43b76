"""One mail on one SMTP connection, with every answer looked at. Blocking.

smtplib speaks the protocol; its `login` and `sendmail` are not used: the one keeps the password in
the object, the other does not tell a connection lost before the final dot from one lost after it.
"""

from __future__ import annotations

import base64
import contextlib
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sestui.domain.errors import Problem, Trouble
from sestui.domain.i18n import _
from sestui.domain.smtp import Credentials, Endpoint, Security
from sestui.domain.smtp_advice import Stage
from sestui.domain.text import printable
from sestui.gateways.failures import network_problem

if TYPE_CHECKING:
    import smtplib

    from sestui.gateways.smtptrust import Timeouts, Trust

_CHUNK = 64 * 1024
# Not this machine's name: finding it out may take a name server seconds, and it is nobody's affair.
_CALLED = "[127.0.0.1]"


@dataclass(frozen=True, slots=True)
class Envelope:
    sender: str
    recipients: tuple[str, ...]
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Answer:
    """A no of the server; `code` is 0 where it is no answer of SMTP."""

    stage: Stage
    code: int
    text: str
    recipient: str = ""


class Refused(Exception):
    """The server answered, and the answer was no; several for recipients."""

    def __init__(self, *answers: Answer) -> None:
        super().__init__(str(answers[0].code))
        self.answers = answers


class Delivery:
    """One attempt. `stage` and `complete` tell afterwards how far it came."""

    def __init__(
        self,
        endpoint: Endpoint,
        trust: Trust,
        credentials: Credentials,
        envelope: Envelope,
        timeouts: Timeouts,
    ) -> None:
        self.stage = Stage.CONNECT
        self.complete = False
        """The final dot may have left this machine, so the mail may have been taken."""
        self._endpoint = endpoint
        self._trust = trust
        self._credentials = credentials
        self._envelope = envelope
        self._timeouts = timeouts

    def run(self) -> str:
        """What the server says to the mail it has taken.

        Raises:
            Refused: an answer that is a no.
            OSError: the connection failed.
            GatewayError: certificates that cannot be read.
        """
        client = self._connect()
        try:
            self._greet(client)
            self._authenticate(client)
            self._address(client)
            text = self._hand_over(client)
        except Refused:
            _say_goodbye(client)
            raise
        except BaseException:
            client.close()
            raise
        _say_goodbye(client)
        return text

    def _connect(self) -> smtplib.SMTP:
        import smtplib

        host, port = self._endpoint.host, self._endpoint.port
        seconds = self._timeouts.connect
        try:
            if self._endpoint.security is Security.TLS:
                client: smtplib.SMTP = smtplib.SMTP_SSL(
                    host, port, _CALLED, timeout=seconds, context=self._trust.context
                )
            else:
                client = smtplib.SMTP(host, port, _CALLED, timeout=seconds)
        except smtplib.SMTPResponseException as no:
            raise self._no(no.smtp_code, no.smtp_error) from None
        assert client.sock is not None  # noqa: S101 - smtplib has connected or raised
        client.sock.settimeout(self._timeouts.read)
        return client

    def _greet(self, client: smtplib.SMTP) -> None:
        """EHLO, and TLS; in the end the server's offers are those it makes under TLS."""
        import ssl

        self._ehlo(client)
        if self._endpoint.security is Security.STARTTLS:
            self.stage = Stage.STARTTLS
            if not client.has_extn("starttls"):
                raise self._no(0, b"")
            import smtplib

            try:
                client.starttls(context=self._trust.context)
            except smtplib.SMTPResponseException as no:
                raise self._no(no.smtp_code, no.smtp_error) from None
            self._ehlo(client)
        if not isinstance(client.sock, ssl.SSLSocket):  # never a password without
            self.stage = Stage.STARTTLS
            raise self._no(0, b"")

    def _ehlo(self, client: smtplib.SMTP) -> None:
        self.stage = Stage.EHLO
        self._expect(client.ehlo(), 250)

    def _authenticate(self, client: smtplib.SMTP) -> None:
        self.stage = Stage.AUTH
        offered = client.esmtp_features.get("auth", "").upper().split()
        if "PLAIN" in offered:
            self._expect(client.docmd("AUTH", _plain(self._credentials)), 235)
        elif "LOGIN" in offered:
            self._expect(client.docmd("AUTH", f"LOGIN {_base64(self._credentials.user)}"), 334)
            self._expect(client.docmd(_base64(self._credentials.password.reveal())), 235)
        else:
            raise self._no(504, " ".join(offered).encode())

    def _address(self, client: smtplib.SMTP) -> None:
        """Sender and recipients; all of them or nothing."""
        self.stage = Stage.MAIL
        options = f" SIZE={len(self._envelope.content)}" if client.has_extn("size") else ""
        if not self._envelope.content.isascii() and client.has_extn("8bitmime"):
            options += " BODY=8BITMIME"
        self._expect(client.docmd("MAIL", f"FROM:<{self._envelope.sender}>{options}"), 250)
        self.stage = Stage.RCPT
        refused: list[Answer] = []
        for recipient in self._envelope.recipients:
            code, text = client.docmd("RCPT", f"TO:<{recipient}>")
            if code not in (250, 251):
                refused.append(Answer(Stage.RCPT, max(code, 0), _text(text), recipient))
            if code == 421:
                break
        if refused:
            with contextlib.suppress(OSError):  # the answers are what counts
                client.rset()
            raise Refused(*refused)

    def _hand_over(self, client: smtplib.SMTP) -> str:
        self.stage = Stage.DATA
        self._expect(client.docmd("DATA"), 354)
        self.stage = Stage.BODY
        content = stuffed(self._envelope.content)
        for start in range(0, len(content), _CHUNK):  # the time-out is for each of them
            client.send(content[start : start + _CHUNK])
        assert client.sock is not None  # noqa: S101 - `send` would have raised
        client.sock.settimeout(self._timeouts.final)
        # Apart from the rest: whatever fails before this line, the mail was not sent.
        self.complete = True
        client.send(b".\r\n")
        code, text = client.getreply()
        if 400 <= code < 600:
            raise self._no(code, text)
        if not 200 <= code < 300:
            raise OSError(_text(text) or "no answer")
        return _text(text)

    def _expect(self, answer: tuple[int, bytes], wanted: int) -> None:
        if answer[0] != wanted:
            raise self._no(*answer)

    def _no(self, code: int, text: bytes | str) -> Refused:
        return Refused(Answer(self.stage, max(code, 0), _text(text)))


def stuffed(content: bytes) -> bytes:
    """`content` as it goes after DATA: every line ends with CR LF and none is a lone dot.

    A bare LF or CR before a dot would otherwise end the mail for some servers (RFC 5321, section
    4.1.1.4).
    """
    lines = re.sub(rb"\r\n|\r|\n", b"\r\n", content)
    if lines and not lines.endswith(b"\r\n"):
        lines += b"\r\n"
    return re.sub(rb"(?m)^\.", b"..", lines)


def _plain(credentials: Credentials) -> str:
    return "PLAIN " + _base64(f"\0{credentials.user}\0{credentials.password.reveal()}")


def _base64(text: str) -> str:
    return base64.b64encode(text.encode(errors="replace")).decode()


def _say_goodbye(client: smtplib.SMTP) -> None:
    with contextlib.suppress(OSError):  # of smtplib's exceptions, too
        if client.sock is not None:
            client.sock.settimeout(1.0)
            client.docmd("QUIT")
    client.close()


def _text(said: bytes | str) -> str:
    return said.decode("utf-8", "replace") if isinstance(said, bytes) else said


def message_id(text: str) -> str:
    """In `Ok 0102018f…`, SES's answer to a mail it has taken; empty when it names none."""
    found = re.match(r"ok\s+<?([A-Za-z0-9._-]+)", text.strip(), re.IGNORECASE)
    return found[1] if found else ""


def failure_of(error: Exception, stage: Stage) -> Problem:
    """What to tell of a connection that failed before the mail had left."""
    import ssl

    # smtplib says "closed" for a time-out as well; what happened is behind it.
    behind = error.__context__
    cause = behind if isinstance(behind, OSError) else error
    advice = _("Nothing was sent. Try again, or another port.")
    match cause:
        case ssl.SSLCertVerificationError():
            what = _("The server's certificate is not to be trusted: {reason}.").format(
                reason=printable(cause.verify_message)
            )
            advice = _(
                "Something between here and SES answers in its place. Nothing was sent, and no "
                "password given away."
            )
        case ssl.SSLError():
            what = _("No TLS could be agreed on.")
        case _ if type(cause).__name__ == "SMTPServerDisconnected":
            what = _("The server closed the connection.")
        case OSError():
            what = network_problem(cause).what
        case _:
            what = _("Something unexpected happened: {text}.").format(text=type(cause).__name__)
    return Problem(
        what,
        advice,
        Trouble.NETWORK if isinstance(cause, OSError) else Trouble.OTHER,
        code=type(cause).__name__,
        operation=f"SMTP {stage}",
    )
