"""The addresses reports go to: tags `rua` and `ruf` (RFC 9989 sections 4.6 and 4.8)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from sestui.domain.dmarc.findings import Code, Finding, Span
from sestui.domain.dmarc.tags import Tag, trim
from sestui.domain.i18n import _
from sestui.domain.severity import Severity
from sestui.domain.text import quoted

# Commas and exclamation marks must be percent-encoded inside (RFC 9989 section 4.8).
_LABEL = r"[a-z0-9_][a-z0-9_-]{0,62}"
_HOST = rf"(?:{_LABEL}\.)+[a-z0-9-]{{2,63}}"
_MAILTO = re.compile(
    rf"mailto:[^@\s,;!/][^@\s,;!]*@({_HOST}|{_LABEL})(?:\?[^\s,!]*)?", re.IGNORECASE | re.ASCII
)
_URI = re.compile(r"[a-z][a-z0-9+.-]*:[^\s,!]+", re.IGNORECASE | re.ASCII)
_ADDRESS = re.compile(rf"[^@\s,;!:<>]+@{_HOST}", re.IGNORECASE | re.ASCII)
_SIZE = re.compile(r"!\d+[kmgt]?\Z", re.IGNORECASE | re.ASCII)
_GODADDY = "onsecureserver.net"


@dataclass(frozen=True, slots=True)
class ReportUri:
    """One address of a `rua` or `ruf` tag, as it is written."""

    text: str
    tag: str
    at: Span

    @property
    def plain(self) -> str:
        """Without the size limit of RFC 7489, such as `!10m`."""
        return _SIZE.sub("", self.text)

    @property
    def valid(self) -> bool:
        """A syntactically valid URI. Only `mailto:` has to be supported by receivers."""
        if self.plain.lower().startswith("mailto:"):
            return _MAILTO.fullmatch(self.plain) is not None
        return _URI.fullmatch(self.plain) is not None

    @property
    def host(self) -> str:
        """The domain the reports are mailed to, in lower case; empty for others."""
        match = _MAILTO.fullmatch(self.plain)
        return match[1].lower() if match else ""


def report_uris(tag: Tag) -> tuple[ReportUri, ...]:
    """The addresses in a `rua` or `ruf` tag, with their places in the record."""
    place = tag.end - len(tag.value)
    found = []
    for piece in tag.value.split(","):
        text = trim(piece)
        if text:
            start = place + piece.index(text)
            found.append(ReportUri(text, tag.name, (start, start + len(text))))
        place += len(piece) + 1
    return tuple(found)


def uri_findings(uri: ReportUri) -> list[Finding]:
    shown = quoted(uri.text, 60)
    if re.search(r"\s", uri.text) and len(repaired_uris(uri.text)) > 1:
        text = _("Between two addresses of {tag} there must be a comma: {uri}.")
        return [_finding(Code.URI_SEPARATOR, Severity.ERROR, text, uri)]
    if not uri.valid:
        if _ADDRESS.fullmatch(uri.plain):
            text = _("{uri} lacks “mailto:” in front, so no reports come. It must be mailto:{uri}.")
            return [_finding(Code.URI_NO_MAILTO, Severity.ERROR, text, uri)]
        text = _("{uri} in {tag} is no valid address; no reports go there.")
        return [_finding(Code.URI_INVALID, Severity.WARNING, text, uri)]
    found = []
    if not uri.host:
        text = _("{uri} is no mailto: address. Receivers need not support others.")
        found.append(_finding(Code.URI_SCHEME, Severity.WARNING, text, uri))
    if uri.plain != uri.text:
        text = _("The size limit at the end of {uri} is obsolete; RFC 9989 ignores it.")
        found.append(_finding(Code.URI_SIZE, Severity.OK, text, uri))
    if uri.host == _GODADDY:
        text = _(
            "This is the record GoDaddy publishes by itself: reports go to GoDaddy ({uri}). "
            "Change this record if you want them; never add a second one."
        ).format(uri=shown)
        found.append(Finding(Code.REGISTRAR_DEFAULT, Severity.OK, text, uri.at))
    return found


def _finding(code: Code, severity: Severity, text: str, uri: ReportUri) -> Finding:
    return Finding(code, severity, text.format(tag=uri.tag, uri=quoted(uri.text, 60)), uri.at)


def repaired_uris(value: str) -> tuple[str, ...]:
    """The addresses that can be made out in `value`, as they should be written, each once."""
    joined = re.sub(r"(mailto:)[/\s]+", r"\1", value, flags=re.IGNORECASE)
    found: dict[str, None] = {}
    for piece in re.split(r"[\s,;]+", joined):
        text = piece.strip("<>\"'()")
        if _ADDRESS.fullmatch(_SIZE.sub("", text)):
            text = f"mailto:{text}"
        if ReportUri(text, "", (0, 0)).valid:
            found[text] = None
    return tuple(found)
