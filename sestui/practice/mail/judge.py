"""The verdict of the receiving side on one message: SPF, DKIM and DMARC, and the header of it."""

from __future__ import annotations

import email.parser
import email.utils
import re
from dataclasses import dataclass

from sestui.practice.mail import dmarc, signing, spf
from sestui.practice.mail.lookup import Lookup

RECEIVER = "mx.practice.example"
SENDING_IP = "127.0.0.1"
"""Practice mail comes from the loopback network, which the practice SPF of Amazon SES allows."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a receiver found out; `author` is the domain of the From header, in lower case."""

    author: str
    mail_from: str
    spf: str
    spf_reason: str
    dkim: tuple[signing.Verdict, ...]
    dmarc: dmarc.Dmarc

    def header(self) -> bytes:
        """The Authentication-Results header (RFC 8601), folded, with CRLF."""
        parts = [_dkim_part(verdict) for verdict in self.dkim] or ["dkim=none"]
        parts.append(f"spf={self.spf}{_comment(self.spf_reason)} smtp.mailfrom={self.mail_from}")
        policy = f" (p={self.dmarc.policy})" if self.dmarc.policy else ""
        reason = _comment(self.dmarc.reason) if not policy else ""
        parts.append(f"dmarc={self.dmarc.result}{policy}{reason} header.from={self.author}")
        folded = ";\r\n\t".join(parts)
        return f"Authentication-Results: {RECEIVER};\r\n\t{folded}\r\n".encode()


def judge(message: bytes, envelope_from: str, lookup: Lookup) -> Judgement:
    """Judge a message with CRLF line ends that came from `envelope_from`."""
    mail_from = envelope_from.rpartition("@")[2].lower()
    author = author_domain(message)
    spf_result, reason = spf.check(lookup, SENDING_IP, mail_from)
    signatures = signing.verify(message, lookup)
    passed = [("dkim", each.domain) for each in signatures if each.result == "pass"]
    if spf_result == "pass":
        passed.append(("spf", mail_from))
    # Without one author domain there is nothing to align with (RFC 9989 section 4.3).
    found = dmarc.check(lookup, author, passed) if author else dmarc.Dmarc("permerror")
    return Judgement(author, mail_from, spf_result, reason, tuple(signatures), found)


def author_domain(message: bytes) -> str:
    """The domain of the From header, in lower case; "" when there is none."""
    headers = email.parser.BytesHeaderParser().parsebytes(message)
    _, address = email.utils.parseaddr(str(headers.get("From", "")))
    _, at, domain = address.lower().rpartition("@")
    return domain if at and re.fullmatch(r"[a-z0-9_.-]+", domain) else ""


def _dkim_part(verdict: signing.Verdict) -> str:
    part = f"dkim={verdict.result}{_comment(verdict.reason)} header.d={verdict.domain or 'unknown'}"
    if verdict.selector:
        part += f" header.s={verdict.selector}"
    # b= has slashes and equals signs, so it is a quoted-string.
    return part + (f' header.b="{verdict.signature}"' if verdict.signature else "")


def _comment(text: str) -> str:
    """` (text)`, with nothing in it that could end the comment or the line."""
    text = re.sub(r"[^ -~]|[()\\]", " ", text).strip()[:120]
    return f" ({text})" if text else ""
