"""An SMTP server that answers what a test tells it to; TLS by a certificate of its own."""

from __future__ import annotations

import contextlib
import re
import socket
import ssl
import struct
import threading
from pathlib import Path

from sestui.practice.smtp import certificates
from tests.gateways.servers import HANG, RESET

OFFERS = ("8BITMIME", "SIZE 41943040", "STARTTLS", "AUTH PLAIN LOGIN")


class ScriptedSmtp:
    """Says what SES says, unless `replies` has something else for a command: a reply, HANG, which
    never answers, or RESET, which breaks the connection. The commands are the verbs, `greeting`,
    `user` and `password` (of AUTH LOGIN), `body` (after the final dot), `middle` (within it)."""

    def __init__(self, folder: Path, *, tls: bool = False, **replies: str) -> None:
        self.replies = replies
        self.offers: tuple[str, ...] = OFFERS
        self.commands: list[str] = []
        """As they came in, of all connections."""
        self.secured: list[bool] = []
        """For each of them, whether it came under TLS."""
        self.bodies: list[bytes] = []
        self.connections = 0
        self.context = certificates.context(folder)
        self.authority = str(folder / certificates.CA)
        self.tls = tls
        self.over = threading.Event()
        """Set when the server stops."""
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        self._threads = [threading.Thread(target=self._accept, daemon=True)]
        self._threads[0].start()

    def stop(self) -> None:
        self.over.set()
        # Closing alone does not wake an accept.
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for thread in self._threads:
            thread.join(5)

    def verbs(self) -> list[str]:
        return [re.split(r"[ :]", command)[0].upper() for command in self.commands]

    def _accept(self) -> None:
        while not self.over.is_set():
            try:
                client, _address = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            thread = threading.Thread(target=self._serve, args=(client,), daemon=True)
            self._threads.append(thread)
            thread.start()

    def _serve(self, client: socket.socket) -> None:
        talk = _Talk(self, client)
        with contextlib.suppress(OSError, _Over):
            if self.tls:
                talk.secure()
            talk.converse()
        talk.client.close()


class _Over(Exception):
    """The conversation ends."""


class _Talk:
    def __init__(self, server: ScriptedSmtp, client: socket.socket) -> None:
        self.server = server
        self.client = client
        self.file = client.makefile("rb")

    def secure(self) -> None:
        self.file.close()
        self.client.settimeout(5)
        self.client = self.server.context.wrap_socket(self.client, server_side=True)
        self.client.settimeout(None)
        self.file = self.client.makefile("rb")

    def converse(self) -> None:
        try:
            self.answer("greeting", "220 email-smtp.amazonaws.com ESMTP SimpleEmailService")
            while line := self.read():
                self.obey(line)
        finally:
            self.file.close()

    def read(self) -> str:
        line = self.file.readline().decode("latin-1").rstrip("\r\n")
        if line:
            self.server.commands.append(line)
            self.server.secured.append(isinstance(self.client, ssl.SSLSocket))
        return line

    def obey(self, line: str) -> None:
        verb = re.split(r"[ :]", line)[0].upper()
        match verb:
            case "EHLO":
                secure = isinstance(self.client, ssl.SSLSocket)
                offers = [
                    offer for offer in self.server.offers if not secure or offer != "STARTTLS"
                ]
                lines = [f"250-{offer}" for offer in ["email-smtp", *offers]]
                self.answer("EHLO", "\r\n".join([*lines, "250 Ok"]))
            case "STARTTLS":
                if self.answer(verb, "220 Ready to start TLS").startswith("220"):
                    self.secure()
            case "AUTH" if line.upper().startswith("AUTH LOGIN"):
                self.answer("user", "334 UGFzc3dvcmQ6")
                self.read()
                self.answer("password", "235 Authentication successful.")
            case "AUTH":
                self.answer(verb, "235 Authentication successful.")
            case "RCPT":
                # A reply for one recipient: {"RCPT a@b": …}
                address = line.partition("<")[2].rstrip(">")
                self.answer(f"RCPT {address}", self.server.replies.get(verb, "250 Ok"))
            case "DATA":
                if self.answer(verb, "354 End data with <CR><LF>.<CR><LF>").startswith("354"):
                    self.take_body()
            case "QUIT":
                self.answer(verb, "221 Bye")
                raise _Over
            case _:
                self.answer(verb, "250 Ok")

    def take_body(self) -> None:
        body = b""
        while (line := self.file.readline()) not in (b".\r\n", b""):
            body += line
            if "middle" in self.server.replies:
                self.answer("middle", "")
        self.server.bodies.append(body)
        self.answer("body", "250 Ok 0102018f2ab4c7d0-5e1f6f0a-000000")

    def answer(self, name: str, usual: str) -> str:
        reply = self.server.replies.get(name, usual)
        if reply == HANG:
            self.server.over.wait()
            raise _Over
        if reply == RESET:
            self.client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            raise _Over
        self.client.sendall(reply.encode() + b"\r\n")
        return reply
