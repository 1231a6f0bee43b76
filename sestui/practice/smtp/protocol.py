"""One SMTP connection, as email-smtp.REGION.amazonaws.com leads it."""

from __future__ import annotations

import asyncio
import logging
import ssl
import struct
from socket import SO_LINGER, SOL_SOCKET
from typing import Any, NoReturn

from aiosmtpd.smtp import (
    MISSING,
    SMTP,
    AuthResult,
    Envelope,
    LoginPassword,
    Session,
    TLSSetupException,
)

from sestui.practice.http import Hold, Reset
from sestui.practice.ports import Login, Unready
from sestui.practice.ses.accept import MOST_BYTES
from sestui.practice.ses.errors import ServiceError
from sestui.practice.ses.faults import Kind
from sestui.practice.ses.names import address_of
from sestui.practice.smtp import replies
from sestui.practice.smtp.gate import Gate, check

IDENT = "ESMTP SimpleEmailService-practice"
IDLE_SECONDS = 300.0
_log = logging.getLogger(__name__)

# It warns of its own deprecations, and writes down what clients say.
logging.getLogger("mail.log").setLevel(logging.CRITICAL)

_LOGIN_TROUBLE: dict[Kind, str] = {
    "not_subscribed": replies.NOT_SUBSCRIBED,
    "temporary_failure": replies.TEMPORARY_AUTHENTICATION_FAILURE,
    "server_error": replies.TEMPORARY_AUTHENTICATION_FAILURE,
    "throttle": replies.TEMPORARY_AUTHENTICATION_FAILURE,
}


class Conversation(SMTP):
    """A connection; plain until STARTTLS, or `wrapped` in TLS from its first octet."""

    AuthLoginUsernameChallenge = "Username:"
    AuthLoginPasswordChallenge = "Password:"

    def __init__(
        self,
        gate: Gate,
        region: str,
        context: ssl.SSLContext,
        *,
        wrapped: bool,
        open_: set[Conversation],
    ) -> None:
        """`open_` holds this one from its first octet to its last."""
        self.wrapped = wrapped
        self.login_fault: Kind | None = None
        self._open = open_
        self._region = region
        self._gate = gate
        super().__init__(
            _Hooks(gate),
            data_size_limit=MOST_BYTES,
            hostname=f"email-smtp.{region}.amazonaws.com",
            ident=IDENT,
            tls_context=None if wrapped else context,
            require_starttls=not wrapped,
            # The other port has no STARTTLS, which is what this asks about.
            auth_require_tls=not wrapped,
            timeout=IDLE_SECONDS,
            authenticator=self._checked,
            loop=asyncio.get_running_loop(),
        )

    @property
    def secure(self) -> bool:
        return self.wrapped or self._tls_protocol is not None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)  # for the second time after STARTTLS
        if self._handler_coroutine is not None and self not in self._open:
            self._open.add(self)
            self._handler_coroutine.add_done_callback(lambda _task: self._open.discard(self))

    def abort(self) -> None:
        """Break the connection; what the client sees is a reset."""
        transport = self._original_transport or self.transport
        if isinstance(transport, asyncio.Transport):
            # Lingering for no time makes the close a reset.
            inner = transport.get_extra_info("socket")
            if inner is not None:
                inner.setsockopt(SOL_SOCKET, SO_LINGER, struct.pack("ii", 1, 0))
            transport.abort()

    async def end(self) -> None:
        """Break the connection, whatever it waits for."""
        self.abort()
        if self._handler_coroutine is not None:
            self._handler_coroutine.cancel()
            await asyncio.wait([self._handler_coroutine], timeout=1.0)

    async def push(self, status: Any) -> None:
        """Send a reply, in the words of SES where aiosmtpd has its own."""
        if isinstance(status, str):
            status = replies.one_line(replies.WORDS.get(status, status))
        await super().push(status)

    async def smtp_AUTH(self, arg: str) -> None:  # noqa: N802 - aiosmtpd's names
        """The names of mechanisms are in either case (RFC 4954, section 4)."""
        mechanism, space, rest = (arg or "").partition(" ")
        await super().smtp_AUTH(mechanism.upper() + space + rest)

    async def check_auth_needed(self, caller_method: str) -> bool:
        """aiosmtpd warns of a demand for AUTH on a port without STARTTLS; hence here."""
        if self.session is not None and self.session.authenticated:
            return False
        await self.push(replies.AUTHENTICATION_REQUIRED)
        return True

    def _checked(
        self, _server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, given: Any
    ) -> AuthResult:
        assert isinstance(given, LoginPassword)  # noqa: S101 - of PLAIN and LOGIN
        user, password = (part.decode("utf-8", "replace") for part in given)
        try:
            login = check(self._gate, self._region, user, password)
        except Unready:
            return _refusal(replies.TEMPORARY_AUTHENTICATION_FAILURE)
        if login is None:
            return _refusal(replies.INVALID_CREDENTIALS)
        return AuthResult(success=True, auth_data=login, message=replies.AUTHENTICATED)


class _Hooks:
    """What aiosmtpd asks for at each command; a returned text is the reply."""

    def __init__(self, gate: Gate) -> None:
        self._gate = gate

    async def handle_EHLO(  # noqa: N802
        self,
        server: Conversation,
        session: Session,
        _envelope: Envelope,
        hostname: str,
        _replies: list[str],
    ) -> list[str]:
        session.host_name = hostname
        lines = [server.hostname, "8BITMIME", f"SIZE {MOST_BYTES}"]
        lines.append("AUTH PLAIN LOGIN" if server.secure else "STARTTLS")
        return [f"250-{line}" for line in lines] + ["250 Ok"]

    async def handle_AUTH(  # noqa: N802
        self, server: Conversation, _session: Session, _envelope: Envelope, _arguments: list[str]
    ) -> Any:
        """Trouble stays for a connection: clients try one mechanism after the other."""
        server.login_fault = server.login_fault or self._gate.login_fault()
        fault = server.login_fault
        if fault is None:
            return MISSING
        if fault in ("timeout", "timeout_after"):
            await _nothing_more()
        if fault in ("reset", "reset_after"):
            server.abort()
            await _nothing_more()
        return _LOGIN_TROUBLE.get(fault, replies.INVALID_CREDENTIALS)

    async def handle_MAIL(  # noqa: N802
        self,
        _server: Conversation,
        _session: Session,
        envelope: Envelope,
        address: str,
        options: list[str],
    ) -> str:
        try:
            envelope.mail_from = address_of(address)
        except ServiceError:
            return replies.BAD_SENDER
        envelope.mail_options.extend(options)
        return "250 Ok"

    async def handle_RCPT(  # noqa: N802
        self,
        _server: Conversation,
        _session: Session,
        envelope: Envelope,
        address: str,
        _options: list[str],
    ) -> str:
        try:
            envelope.rcpt_tos.append(address_of(address))
        except ServiceError:
            return replies.BAD_RECIPIENT
        return "250 Ok"

    async def handle_DATA(  # noqa: N802
        self, server: Conversation, session: Session, envelope: Envelope
    ) -> str:
        login, sender, data = session.auth_data, envelope.mail_from, envelope.original_content
        assert isinstance(login, Login)  # noqa: S101 - DATA comes after AUTH
        try:
            message_id = await asyncio.to_thread(
                self._gate.accept, login.caller, sender or "", envelope.rcpt_tos, data or b""
            )
        except ServiceError as error:
            return replies.reply_of(error)
        except Hold:
            await _nothing_more()
        except Reset:
            server.abort()
            await _nothing_more()
        return replies.ACCEPTED.format(message_id=message_id)

    async def handle_exception(self, error: Exception) -> str:
        """A bug of ours, or a handshake that failed; the client is told either way."""
        if not isinstance(error, TLSSetupException):
            _log.error("an SMTP connection failed", exc_info=error)
        return replies.TEMPORARY_FAILURE


async def _nothing_more() -> NoReturn:
    """Say nothing until the client gives up or the account stops, which cancels this."""
    await asyncio.Event().wait()
    raise AssertionError("unreachable")


def _refusal(reply: str) -> AuthResult:
    return AuthResult(success=False, handled=False, message=reply)
