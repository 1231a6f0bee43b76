"""Macros: their syntax and what they expand to (RFC 7208 section 7)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address
from urllib.parse import quote

from sestui.domain.spf.lookup import MAX_NAME

_TOKEN = re.compile(
    r"%\{(?P<letter>[A-Za-z])(?P<keep>[0-9]*)(?P<reverse>[rR]?)(?P<delimiters>[.\-+,/_=]*)\}"
    r"|(?P<escape>%[%_-])"
    r"|(?P<literal>[!-$&-~]+)"
    r"|(?P<space> +)"
)
_ESCAPES = {"%%": "%", "%_": " ", "%-": "%20"}
_LETTERS = "slodiphv"
_EXPLANATION_LETTERS = "crt"


class BadMacro(ValueError):
    """No macro-string; `place` is where in it that shows."""

    def __init__(self, place: int) -> None:
        super().__init__(place)
        self.place = place


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a macro-string: literal text, or one macro when `letter` is set."""

    text: str
    letter: str = ""
    escape: bool = False
    """True for %%, %_ and %-, already expanded in `text`."""
    keep: int = 0
    """How many right-hand parts; 0 for all."""
    reverse: bool = False
    delimiters: str = "."

    def expand(self, value: str) -> str:
        """Split, reverse, keep, join; a capital letter escapes for a URL (section 7.3)."""
        parts = re.split(f"[{re.escape(self.delimiters)}]", value)
        if self.reverse:
            parts.reverse()
        text = ".".join(parts[-self.keep :])
        return quote(text, safe="", errors="replace") if self.letter.isupper() else text


Macros = tuple[Part, ...]


def parse_macros(text: str, *, explanation: bool = False) -> Macros:
    """`text` as macro-string, or as explain-string, which has spaces and the letters c, r and t.

    Raises:
        BadMacro: it is not one (RFC 7208 section 7.1).
    """
    parts: list[Part] = []
    place = 0
    letters = _LETTERS + _EXPLANATION_LETTERS if explanation else _LETTERS
    while place < len(text):
        match = _TOKEN.match(text, place)
        if match is None or (match["space"] and not explanation):
            raise BadMacro(place)
        if letter := match["letter"]:
            # Cut, because the digits may fill a record; no value has more than 999 parts.
            keep = min(int(match["keep"].lstrip("0")[:4] or 0), 999)
            if letter.lower() not in letters or (match["keep"] and not keep):
                raise BadMacro(place)
            parts.append(
                Part(
                    text=match[0],
                    letter=letter,
                    keep=keep,
                    reverse=bool(match["reverse"]),
                    delimiters=match["delimiters"] or ".",
                )
            )
        elif match["escape"]:
            parts.append(Part(_ESCAPES[match[0]], escape=True))
        else:
            parts.append(Part(match[0]))
        place = match.end()
    return tuple(parts)


def ends_in_macro(macros: Macros) -> bool:
    """True when the last thing is a macro-expand, which a domain may end in (section 7.1)."""
    return bool(macros) and (macros[-1].escape or bool(macros[-1].letter))


def letters_in(macros: Macros) -> set[str]:
    return {part.letter.lower() for part in macros if part.letter}


@dataclass(frozen=True, slots=True)
class Context:
    """What macros are about: one mail, and the domain whose record is evaluated."""

    ip: IPv4Address | IPv6Address
    local: str
    sender_domain: str
    helo: str
    domain: str
    receiver: str = "unknown"
    now: int = 0
    """Seconds since 1970, for %{t}."""
    validated: str = "unknown"
    """The host's name by PTR, confirmed, for %{p}."""

    def value(self, letter: str) -> str:
        """The value of one macro letter (RFC 7208 section 7.2)."""
        match letter.lower():
            case "s":
                return f"{self.local}@{self.sender_domain}"
            case "l":
                return self.local
            case "o":
                return self.sender_domain
            case "d":
                return self.domain
            case "i":
                return self.dotted
            case "p":
                return self.validated
            case "v":
                return "in-addr" if self.ip.version == 4 else "ip6"
            case "h":
                return self.helo
            case "c":
                return str(self.ip)
            case "r":
                return self.receiver
            case _:
                return str(self.now)

    @property
    def dotted(self) -> str:
        """The address for %{i}: an IPv6 one as nibbles (section 7.3)."""
        return str(self.ip) if self.ip.version == 4 else ".".join(f"{int(self.ip):032X}")

    @property
    def reverse_name(self) -> str:
        """The name whose PTR tells the host's name."""
        return self.ip.reverse_pointer


def expand(macros: Macros, context: Context) -> str:
    return "".join(
        part.expand(context.value(part.letter)) if part.letter else part.text for part in macros
    )


def as_name(expanded: str) -> str:
    """`expanded` as a name to ask for: labels drop from the left until it fits (section 7.3)."""
    name = expanded.removesuffix(".")
    while len(name) > MAX_NAME and "." in name:
        name = name.partition(".")[2]
    return name
