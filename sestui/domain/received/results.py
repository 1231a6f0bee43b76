"""What a receiver found out, as it wrote it into the mail.

Authentication-Results (RFC 8601), ARC-Authentication-Results (RFC 8617 section 4.1.1) and
Received-SPF (RFC 7208 section 9.1). Microsoft leaves out the name of the receiver; Gmail tells a
signature's domain by `header.i` only. The texts are those of a `Source`, so they are printable.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from sestui.domain.i18n import _
from sestui.domain.received.source import Source

MOST_RESULTS = 60
_WORD = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]*")


class Origin(StrEnum):
    """Where a result comes from."""

    RESULTS = "authentication-results"
    ARC = "arc-authentication-results"
    RECEIVED_SPF = "received-spf"
    CHECKED = "checked here"
    INFERRED = "inferred"
    """Nobody wrote it; it follows from the others."""
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Result:
    """One `method=result` with its properties."""

    method: str
    result: str
    properties: tuple[tuple[str, str], ...] = ()
    """`header.d` and the like, in lower case, with their values."""
    comment: str = ""

    def get(self, *names: str) -> str:
        """The first of these properties that is there."""
        known = dict(reversed(self.properties))
        return next((known[name] for name in names if known.get(name)), "")


@dataclass(frozen=True, slots=True)
class Results:
    """All that one receiver wrote."""

    origin: Origin = Origin.NONE
    receiver: str = ""
    """Its authserv-id; empty when it does not say."""
    results: tuple[Result, ...] = ()

    def of(self, method: str) -> tuple[Result, ...]:
        return tuple(result for result in self.results if result.method == method)


def parse_results(value: str) -> tuple[str, tuple[Result, ...]]:
    """The authserv-id and the results in the value of one header. Never raises."""
    statements = _statements(value)
    receiver = ""
    found: list[Result] = []
    for number, (words, comments) in enumerate(statements):
        pairs = _pairs(words)
        if not pairs or not pairs[0][1]:
            if words and not receiver and not found:
                receiver = words[0].lower()
            continue
        if number == 0 and pairs[0][0] == "i":
            continue  # the number of an ARC set
        (method, result), *rest = pairs
        word = _WORD.match(result)
        properties = tuple((name, text) for name, text in rest if text)
        found.append(
            Result(
                method.partition("/")[0],
                word.group().lower() if word else "",
                properties,
                " ".join(comments),
            )
        )
        if len(found) == MOST_RESULTS:
            break
    return receiver, tuple(found)


def read_results(source: Source) -> tuple[Results, bool]:
    """What the last receiver wrote, and whether there was a header that nobody may trust.

    Only the topmost header counts, with those beside it (no Received between) of the same receiver:
    anyone could have written the others (RFC 8601 section 7.1). What stands below the signature
    that Amazon SES adds was there before the mail was sent.
    """
    names = [header.name for header in source.headers]
    sent_at = _sent_at(source)
    distrusted = False
    for name, origin in (
        ("authentication-results", Origin.RESULTS),
        ("arc-authentication-results", Origin.ARC),
    ):
        if name not in names:
            continue
        top = names.index(name)
        if top > sent_at:
            distrusted = True
            continue
        receiver, results = parse_results(source.headers[top].value)
        for header in source.headers[top + 1 :]:
            if header.name in ("received", "dkim-signature") or origin is Origin.ARC:
                break
            if header.name == name:
                other, more = parse_results(header.value)
                results = (*results, *more) if other == receiver else results
        return Results(origin, receiver, results[:MOST_RESULTS]), distrusted
    return Results(), distrusted


def _sent_at(source: Source) -> int:
    """The place of the topmost header that Amazon SES wrote."""
    for place, header in enumerate(source.headers):
        if header.name == "x-ses-outgoing" or (
            header.name == "dkim-signature" and re.search(r"\bd=\s*amazonses\.com\b", header.value)
        ):
            return place
    return len(source.headers)


def received_spf(source: Source) -> Result | None:
    """The topmost Received-SPF; `smtp.mailfrom` is its envelope-from."""
    value = source.first("received-spf")
    if not value:
        return None
    statements = _statements(value)
    word = _WORD.match(value)
    pairs: list[tuple[str, str]] = []
    for words, _comments in statements:
        pairs += _pairs(words)
    known = dict(pairs)
    sender = known.get("envelope-from") or known.get("x-sender") or ""
    comment = " ".join(text for _words, comments in statements for text in comments)
    if not sender and (said := re.search(r"domain of (\S+)", comment)):
        sender = said.group(1)
    found = (("smtp.mailfrom", sender), ("smtp.helo", known.get("helo", "")))
    properties = tuple(pair for pair in found if pair[1])
    return Result("spf", word.group().lower() if word else "", properties, comment)


def _statements(value: str) -> list[tuple[list[str], list[str]]]:
    """The parts between semicolons: the words of each, and its comments."""
    found: list[tuple[list[str], list[str]]] = []
    words: list[str] = []
    comments: list[str] = []
    for kind, text in _tokens(value):
        if kind == ";":
            found.append((words, comments))
            words, comments = [], []
        else:
            (comments if kind == "(" else words).append(text)
    return [*found, (words, comments)]


def _tokens(value: str) -> list[tuple[str, str]]:
    """Words, with what was quoted in them; comments; semicolons (RFC 5322 section 3.2)."""
    tokens: list[tuple[str, str]] = []
    kept: list[str] = []
    depth, quoted, escaped = 0, False, False

    def end(kind: str) -> None:
        if kept:
            tokens.append((kind, "".join(kept).strip()))
            kept.clear()

    for char in value:
        if escaped:
            kept.append(char)
            escaped = False
        elif char == "\\" and (depth or quoted):
            escaped = True
        elif depth:
            depth += (char == "(") - (char == ")")
            if depth:
                kept.append(char)
            else:
                end("(")
        elif char == '"':
            quoted = not quoted
        elif quoted:
            kept.append(char)
        elif char == "(":
            end("w")
            depth = 1
        elif char in " ;":
            end("w")
            if char == ";":
                tokens.append((";", ""))
        else:
            kept.append(char)
    end("(" if depth else "w")
    return tokens


def _pairs(words: list[str]) -> list[tuple[str, str]]:
    """`name=value` of each word; around the sign there may be blanks (`dkim = pass`)."""
    pairs: list[tuple[str, str]] = []
    waits = False
    for word in words:
        name, sign, text = word.partition("=")
        if waits and not (sign and name):
            pairs[-1] = (pairs[-1][0], text if sign else word)
            waits = bool(sign) and not text
        elif sign and not name and pairs:
            pairs[-1] = (pairs[-1][0], pairs[-1][1] or text)
            waits = not text
        else:
            pairs.append((name.lower(), text))
            waits = bool(sign) and not text
    return pairs


def receiver_name(receiver: str) -> str:
    """Whose receiver it is, where that is known; else its own name."""
    known = (
        ("google.com", "Gmail"),
        ("yahoo.com", "Yahoo"),
        ("yahoodns.net", "Yahoo"),
        ("outlook.com", "Microsoft"),
        ("messagingengine.com", "Fastmail"),
        ("icloud.com", "iCloud"),
        ("apple.com", "iCloud"),
        ("practice.example", _("the practice account")),
    )
    for domain, name in known:
        if receiver == domain or receiver.endswith("." + domain):
            return f"{name} ({receiver})"
    return receiver
