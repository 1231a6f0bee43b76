"""What was probably meant by a term that is none: the near misses, named as such."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import get_close_matches

from sestui.domain.i18n import _
from sestui.domain.spf.draft import Change, Piece
from sestui.domain.spf.findings import Code
from sestui.domain.spf.terms import MECHANISMS, BadTerm, Fault, is_address, is_top_label
from sestui.domain.text import quoted

_Q = r"(?P<q>[+?~-]?)"
_START = r"(?:include|ip4|ip6|exists|ptr|mx|a|all|redirect|exp)(?![\w.-])"
_BETWEEN = re.compile(rf"[,;]+(?=[+?~-]?{_START}|[0-9]+(?:\.[0-9]+){{3}}(?:[/,;]|$))", re.I)
_GLUE = re.compile(
    r"(?<=[^+?~:=/-])(?=[+?~-]?(?:(?:include|ip4|ip6|exists):|redirect=)|[+?~-]all(?:$|[+?~-]))",
    re.IGNORECASE,
)
_WAITING = re.compile(rf"{_Q}(?:include|ip4|ip6|a|mx|ptr|exists|redirect|exp)[:=]", re.I)
_EQUALS = re.compile(rf"{_Q}(?:include|ip4|ip6|a|mx|ptr|exists)(=).+", re.I)
_COLON = re.compile(r"[+?~-]?(?:redirect|exp)(:).+", re.I)
_NO_COLON = re.compile(rf"{_Q}(?:include|ip4|ip6|exists)(::+|[;./]:?)[^:].*", re.I)
_RUN_ON = re.compile(rf"{_Q}(?:include(?=[\w-]+(?:\.[\w-]+)+\.?$)|ip4(?=\d+\.)|ip6(?=\w+:))", re.I)
_ALL = re.compile(rf"{_Q}all(?=[^\w])", re.I)
_NAMED = re.compile(rf"{_Q}(?P<name>[A-Za-z][\w-]{{0,11}})(?P<sign>[:=/]|$)(?P<rest>.*)", re.DOTALL)
_MISSPELLED = {"ipv4": "ip4", "ip4v": "ip4", "ipv6": "ip6", "ip6v": "ip6", "prt": "ptr"}
_DOMAIN = re.compile(r"[\w-]+(?:\.[\w-]+)+\.?")
_PREFIX = re.compile(r"(?:/+[0-9]*)+\Z")


@dataclass(frozen=True, slots=True)
class Explanation:
    code: Code
    text: str
    changes: tuple[Change, ...] = ()
    """What puts it right; none where only a person can tell."""
    grey: bool = False


def explain(fault: BadTerm, piece: Piece) -> Explanation:
    """The most helpful thing to say about `piece`, which `read_term` refused."""
    return (
        _between_pieces(piece)
        or separators(piece.text)
        or _signs(piece.text)
        or _names(piece.text)
        or _arguments(fault, piece.text)
        or plain(fault, piece.text)
    )


def separators(text: str) -> Explanation | None:
    """Terms that something else than a space divides, or nothing; in valid terms, too."""
    if "\\" in text:
        changes = tuple(Change(at, at + 1) for at, char in enumerate(text) if char == "\\")
        return Explanation(Code.BACKSLASH, _("SPF has no backslash; leave it out."), changes)
    commas = [Change(match.start(), match.end(), " ") for match in _BETWEEN.finditer(text)]
    bare = text.rstrip(",;")
    if bare != text:
        commas.append(Change(len(bare), len(text)))
    if commas:
        said = _("Terms are separated by spaces, not by commas or semicolons.")
        return Explanation(Code.COMMA, said, tuple(commas))
    glue = [match.start() for match in _GLUE.finditer(text)]
    if glue:
        said = _("Two terms are written together; a space is missing before {term}.").format(
            term=quoted(text[glue[0] :])
        )
        return Explanation(Code.GLUED, said, tuple(Change(at, at, " ") for at in glue))
    return None


def _between_pieces(piece: Piece) -> Explanation | None:
    text, following = piece.text, piece.following
    said = _("There is a space inside of a term, after {term}.")
    gap = Change(len(text), len(text) + piece.following_gap)
    argument = following.rstrip(",;")
    bare = bool(_DOMAIN.fullmatch(argument)) or is_number(argument)
    if (
        (_WAITING.fullmatch(text) and bare)
        or (text in ("+", "-", "~", "?") and re.match(_START, following, re.I))
        or (following[:1] in (":", "=", ".") and following[1:])
    ):
        return Explanation(Code.SPACE_INSIDE, said.format(term=quoted(text)), (gap,))
    if re.fullmatch("[+?~-]?(include|ip4|ip6|exists)", text, re.I) and bare:
        changes = (Change(gap.start, gap.end, ":"),)
        return Explanation(Code.COLON_MISSING, _colon_missing(text), changes)
    if text[0] in ":=./" and piece.previous is not None and not re.match(_START, text[1:], re.I):
        return Explanation(
            Code.SPACE_INSIDE,
            _("There is a space inside of a term, before {term}.").format(term=quoted(text)),
            (Change(-piece.gap, 0),),
        )
    return None


def extra_colon(text: str) -> Explanation | None:
    """`include::x` is valid: a domain may begin with a colon, but none does."""
    match = re.match(rf"{_Q}(?:include|a|mx|exists|ptr)(::+)", text, re.I)
    if match is None:
        return None
    changes = (Change(match.start(2), match.end(2), ":"),)
    return Explanation(Code.COLON_MISSING, _colon_missing(text[: match.start(2)]), changes)


def _colon_missing(name: str) -> str:
    return _("After {name} comes one colon.").format(name=quoted(name))


def _signs(text: str) -> Explanation | None:
    """Signs in front of a term, and between its name and its argument."""
    if match := re.match(r"[+?~-]+(?=[+?~-])", text):
        said = _("A term has one sign in front of it at most.")
        return Explanation(Code.QUALIFIER_WRONG, said, (Change(0, match.end()),))
    if re.match(r"[+?~-](?:redirect|exp)[=:]", text, re.I):
        said = _("There is no sign in front of redirect= or exp=.")
        return Explanation(Code.QUALIFIER_WRONG, said, (Change(0, 1),))
    if re.match(rf"[^\w\s+?~:%-]+{_START}", text, re.I):
        said = _("{sign} is no sign SPF knows; there are +, -, ~ and ?.").format(sign=text[0])
        return Explanation(Code.QUALIFIER_WRONG, said)
    if match := _EQUALS.fullmatch(text):
        return equals_for_colon(text, match.start(2))
    if match := _COLON.fullmatch(text):
        changes = (Change(match.start(1), match.end(1), "="),)
        said = _("{name} is written with an equals sign, not with a colon.").format(
            name=quoted(text[: match.start(1)])
        )
        return Explanation(Code.COLON_FOR_EQUALS, said, changes)
    if match := _NO_COLON.fullmatch(text):
        changes = (Change(match.start(2), match.end(2), ":"),)
        return Explanation(Code.COLON_MISSING, _colon_missing(text[: match.start(2)]), changes)
    if match := _RUN_ON.match(text):
        changes = (Change(match.end(), match.end(), ":"),)
        return Explanation(Code.COLON_MISSING, _colon_missing(match[0]), changes)
    if match := _ALL.match(text):
        said = _("Nothing belongs after {term}.").format(term=quoted(match[0]))
        return Explanation(Code.ALL_WITH_ARGUMENT, said, (Change(match.end(), len(text)),))
    return None


def equals_for_colon(text: str, place: int) -> Explanation:
    said = _("{name} is written with a colon, not with an equals sign.").format(
        name=quoted(text[:place])
    )
    return Explanation(Code.EQUALS_FOR_COLON, said, (Change(place, place + 1, ":"),))


def _names(text: str) -> Explanation | None:
    """Names of mechanisms that are spelled wrong, or are missing."""
    sign = len(text) - len(text.lstrip("+?~-"))
    bare = text[sign:]
    if is_number(bare):
        name = "ip6:" if ":" in bare else "ip4:"
        said = _("An address alone is no term; it wants {name} before it.").format(name=name)
        return Explanation(Code.BARE_ADDRESS, said, (Change(sign, sign, name),))
    if _DOMAIN.fullmatch(bare) and is_top_label(bare.rstrip(".").rpartition(".")[2]):
        said = _("A name alone is no term; it wants include: before it.")
        # Of other names, nobody knows whether `include:`, `a:` or `mx:` was meant.
        known = "amazon" in bare.lower() or "spf" in bare.lower()
        return Explanation(
            Code.BARE_DOMAIN, said, (Change(sign, sign, "include:"),) if known else ()
        )
    match = _NAMED.fullmatch(text)
    name = match["name"].lower() if match else ""
    if match is None or name in (*MECHANISMS, "redirect", "exp"):
        return None
    if name == "ip" and is_number(match["rest"]):
        meant = "ip6" if match["rest"].count(":") > 1 else "ip4"
    elif name in _MISSPELLED:
        meant = _MISSPELLED[name]
    elif match["sign"]:
        long = ("include", "exists", "redirect")
        meant = next(iter(get_close_matches(name, long, 1, 0.75)), "")
    else:
        meant = "all" if match["q"] and get_close_matches(name, ["all"], 1, 0.7) else ""
    if meant:
        said = _("{name} is no mechanism; {meant} is.").format(name=quoted(name), meant=meant)
        return Explanation(
            Code.MISSPELLED, said, (Change(match.start("name"), match.end("name"), meant),)
        )
    return None


def _arguments(fault: BadTerm, text: str) -> Explanation | None:
    """A mechanism whose argument belongs to another one."""
    name, argument = fault.name, fault.argument
    start = text.lower().find(name)
    named = Change(start, start + len(name), "a")
    if fault.fault is Fault.ADDRESS:
        for version, code in ((6, Code.IP4_WITH_IPV6), (4, Code.IP6_WITH_IPV4)):
            if is_address(argument, version) and not name.endswith(str(version)):
                right = f"ip{version}"
                said = _("{address} is an address for {right}:, not for {name}:.").format(
                    address=quoted(argument), right=right, name=name
                )
                grey = version == 6
                return Explanation(code, said, (Change(named.start, named.end, right),), grey)
        if _DOMAIN.fullmatch(argument) and is_top_label(argument.rpartition(".")[2]):
            said = _("{name}: takes an address; for a name there is a:.").format(name=name)
            return Explanation(Code.ADDRESS_IS_NAME, said, (named,))
    bare = _PREFIX.sub("", argument)
    if fault.fault is Fault.DOMAIN and name in ("a", "mx", "include", "ptr") and is_number(bare):
        right = "ip4" if is_address(bare, 4) else "ip6"
        said = _("{name}: takes a name; for an address there is {right}:.").format(
            name=name, right=right
        )
        changes = (Change(named.start, named.end, right),)
        return Explanation(Code.NAME_IS_ADDRESS, said, changes)
    if name in ("include", "exists", "ptr", "redirect", "exp") and bare != argument:
        said = _("{name} takes no prefix length.").format(name=name)
        changes = (Change(len(text) - len(argument) + len(bare), len(text)),)
        return Explanation(
            Code.PREFIX_WRONG, said, changes if bare and text.endswith(argument) else ()
        )
    return None


def plain(fault: BadTerm, text: str) -> Explanation:
    term, argument = quoted(text), quoted(fault.argument)
    match fault.fault:
        case Fault.ARGUMENT:
            said = _("{term} needs something after it.").format(term=term)
            return Explanation(Code.ARGUMENT_MISSING, said)
        case Fault.NO_ARGUMENT:
            said = _("Nothing belongs after {term}.").format(term="all")
            return Explanation(Code.ALL_WITH_ARGUMENT, said)
        case Fault.ADDRESS:
            said = _("{address} is no complete address.").format(address=argument)
            return Explanation(Code.ADDRESS_WRONG, said)
        case Fault.PREFIX:
            said = _("{term} has no valid prefix length after the slash.").format(term=term)
            return Explanation(Code.PREFIX_WRONG, said)
        case Fault.DOMAIN:
            said = _("{domain} is no complete domain name.").format(domain=argument)
            return Explanation(Code.DOMAIN_WRONG, said)
        case Fault.MACRO:
            said = _("{term} has a % that begins no macro.").format(term=term)
            return Explanation(Code.MACRO_WRONG, said)
        case Fault.NAME:
            said = _("{term} is no term SPF knows.").format(term=term)
            return Explanation(Code.UNKNOWN_MECHANISM, said)


def is_number(text: str) -> bool:
    """True for an IPv4 or IPv6 address, with or without a prefix length."""
    bare = text.partition("/")[0]
    return is_address(bare, 4) or is_address(bare, 6)
