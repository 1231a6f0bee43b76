"""Texts that were meant to be DMARC records: what receivers see in them, and why they do not."""

from __future__ import annotations

import re
from collections.abc import Iterator

from sestui.domain.dmarc.findings import Code, Finding
from sestui.domain.dmarc.tags import leading, trim
from sestui.domain.i18n import _
from sestui.domain.severity import Severity
from sestui.domain.text import quoted

# `v` is first, and its value has a case (RFC 9989 section 4.7); so it was in RFC 7489.
_WSP = r"(?:[ \t]|\\x09)"
RECORD = re.compile(rf"[vV]{_WSP}*={_WSP}*DMARC1{_WSP}*(?:;|\Z)")
QUOTE_MARKS = '"“”„‟‘’‚«»`'
# Blanks that are none to a parser, and marks nobody sees; `printable()` has escaped some.
_ODD_BLANK = "[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]"
_ODD_ESCAPE = r"\\x(?!09)(?:a0|[01][0-9a-f]|7f)|\\u(?:200[b-f]|202[a-e]|206[0-9a-f]|feff|00ad)"
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]")
_ODD = re.compile(rf"[^\x20-\x7e\t]|{_ODD_ESCAPE}", re.IGNORECASE)
_VERSION = re.compile(r"v?[ \t]{0,9}[=:]?[ \t]{0,9}dmarc[ \t]?1(?!\w)", re.IGNORECASE)
_NEAR = re.compile(r"v[ \t]{0,9}[=:][ \t]{0,9}(?:dm\w{0,9}|d\w?arc\w{0,9})", re.IGNORECASE)
_ASKS = re.compile(
    r"(?:^|[;,\s])(?:[sn]?p[ \t]{0,9}[=:][ \t]{0,9}[\"']?(?:none|quarantine|reject)\b"
    r"|ru[af][ \t]{0,9}=[ \t]{0,9}mailto:)",
    re.IGNORECASE,
)
_OTHER_VERSION = re.compile(r"v[ \t]{0,9}=", re.IGNORECASE)
_TAG_BEFORE = re.compile(r"(?:^|[;,\s])[a-z]{1,5}[ \t]{0,9}=[^;]*[;,\s]", re.IGNORECASE)


def is_intended(text: str) -> bool:
    """True for a DMARC record and for what was meant to be one; other TXT may be there too."""
    plain = cleaned(text)
    if any(pattern.search(plain) for pattern in (RECORD, _VERSION, _NEAR)):
        return True
    return _ASKS.search(plain) is not None and not _OTHER_VERSION.match(plain)


def cleaned(text: str) -> str:
    """`text` without quotes, back-slashes and invisible characters, and with plain blanks."""
    plain = re.sub(r"\\x(?:09|0a|0d|a0)", " ", text, flags=re.IGNORECASE)
    plain = re.sub(_ODD_ESCAPE, "", plain, flags=re.IGNORECASE)
    plain = _INVISIBLE.sub("", re.sub(_ODD_BLANK, " ", plain))
    # A full-width semicolon or equals sign comes from an input method for Chinese or Japanese.
    plain = plain.translate(str.maketrans("；＝：，", ";=:,", QUOTE_MARKS + "\\"))
    # An apostrophe may be part of an address, so only those around the whole go.
    return trim(trim(re.sub(r"[\r\n\v\f]", " ", plain)).strip("'"))


def find_version(plain: str) -> re.Match[str] | None:
    """Where something like `v=DMARC1` is in a cleaned text."""
    return _VERSION.search(plain) or _NEAR.search(plain)


def writing_findings(text: str) -> Iterator[Finding]:
    """Remarks about characters that do not belong in a record at all."""
    ends = (0, len(text) - 1)
    marks = [
        at for at, char in enumerate(text) if char in QUOTE_MARKS or (char == "'" and at in ends)
    ]
    if marks:
        whole = marks[0] == 0 and RECORD.match(text) is None
        text_ = (
            _("The value begins with a quote character. Your DNS panel adds quotes by itself.")
            if whole
            else _("There is a quote character in the record. Leave it out.")
        )
        yield Finding(Code.QUOTES, Severity.ERROR, text_, (marks[0], marks[-1] + 1))
    slash = re.search(r"\\(?!x[0-9a-f]{2}|u[0-9a-f]{4})", text, re.IGNORECASE)
    if slash:
        text_ = _(
            "There is a back-slash in the record. It belongs into zone files, not into a panel."
        )
        yield Finding(Code.BACKSLASHES, Severity.ERROR, text_, slash.span())
    for match in _ODD.finditer(text):
        if match[0] not in QUOTE_MARKS:
            # A single one is told by its number: it may look like nothing, or like another.
            char = f"U+{ord(match[0]):04X}" if len(match[0]) == 1 else match[0]
            text_ = _(
                "There is a character that does not belong in a record, and may be invisible: "
                "{char}. It often comes from copying out of a web page or a document."
            ).format(char=char)
            yield Finding(Code.ODD_CHARACTER, Severity.ERROR, text_, match.span())
            break


def version_findings(text: str) -> Iterator[Finding]:
    """Why receivers do not take `text` for a DMARC record."""
    lead = leading(text)
    if lead and RECORD.match(text, lead):
        said = _("There is a space before v=DMARC1. Some receivers accept that, others do not.")
        yield Finding(Code.LEADING_SPACE, Severity.ERROR, said, (0, lead))
        return
    plain = cleaned(text)
    if RECORD.match(plain):
        return  # quotes and the like are all that is wrong, and are said
    found = find_version(plain)
    if found is None:
        said = _("The record must begin with “v=DMARC1;”.")
        yield Finding(Code.VERSION_MISSING, Severity.ERROR, said, (0, 0))
        return
    at = _place(text, found[0])
    before, rest = plain[: found.start()], plain[found.end() :]
    if _TAG_BEFORE.search(before):
        said = _("v=DMARC1 must be the first tag; receivers ignore this record.")
        yield Finding(Code.VERSION_NOT_FIRST, Severity.ERROR, said, at)
    elif trim(before):
        said = _("There is something before v=DMARC1: “{text}”. Only the value belongs here.")
        yield Finding(
            Code.JUNK_BEFORE, Severity.ERROR, said.format(text=quoted(trim(before))), (0, 0)
        )
    written = re.sub(r"[ \t]*([=:])[ \t]*", r"\1", found[0]).strip()
    if written[:1] not in "vV":
        said = _("“v=” is missing before DMARC1.")
        yield Finding(Code.VERSION_MISSING, Severity.ERROR, said, at)
    elif written[1:] == "=DMARC1":
        if not re.match(r"[ \t]*(?:;|\Z)", rest):
            comma = trim(rest).startswith(",")
            code = Code.SEPARATOR_COMMA if comma else Code.SEPARATOR_MISSING
            said = _("After v=DMARC1 there must be a semicolon; receivers ignore this record.")
            yield Finding(code, Severity.ERROR, said, at)
    elif written[1:].upper() == "=DMARC1":
        said = _("DMARC1 must be in capital letters; receivers ignore “{text}”.")
        yield Finding(Code.VERSION_CASE, Severity.ERROR, said.format(text=quoted(written)), at)
    else:
        said = _("The record must begin with exactly “v=DMARC1;”, not with “{text}”.")
        yield Finding(Code.VERSION_WRONG, Severity.ERROR, said.format(text=quoted(written)), at)


def _place(text: str, part: str) -> tuple[int, int]:
    """Where `part` of the cleaned text is in `text`, as far as it can be told."""
    start = max(0, text.find(part))
    return start, min(len(text), start + len(part))
