"""The record its owner meant, put together from what can be made out in a broken one.

Nothing is made weaker, and nothing is decided that only the owner can: policies that contradict
each other, or that cannot be read, are left alone.
"""

from __future__ import annotations

import re
from difflib import get_close_matches

from sestui.domain.dmarc.policy import Policy
from sestui.domain.dmarc.uris import repaired_uris
from sestui.domain.dmarc.version import cleaned, find_version

_POLICIES = ("p", "sp", "np")
_REPORTS = ("rua", "ruf")
_NAMES = ("p", "sp", "np", "psd", "t", "adkim", "aspf", "fo", "rua", "ruf", "pct", "rf", "ri")
_GLUED = re.compile(rf"[\s,]+(?=(?:{'|'.join(_NAMES)})\s{{0,9}}=)", re.IGNORECASE)
_PIECE = re.compile(r"([a-z]{1,20})\s{0,9}=\s*(.*)", re.IGNORECASE | re.DOTALL)
_NO_EQUALS = re.compile(
    rf"({'|'.join(_NAMES)})\s{{0,9}}[:\s]\s{{0,9}}(\S.*)", re.IGNORECASE | re.DOTALL
)


def rebuild(text: str) -> str:
    """The repaired record, or an empty text when it would take a decision of its owner."""
    pairs = _pairs(_body(cleaned(text)))
    values: dict[str, str] = {}
    for name, value in pairs:
        fixed = _fixed(name, value)
        if fixed is None:
            return ""
        if not fixed:
            continue
        if name in _REPORTS and name in values:
            values[name] = ",".join(dict.fromkeys(f"{values[name]},{fixed}".split(",")))
        elif values.setdefault(name, fixed) != fixed:
            return ""  # two answers to one question
    # Without a policy the record did nothing, or just what p=none does.
    policy = values.pop("p", Policy.NONE)
    rest = [f"{name}={value}" for name, value in values.items()]
    return "; ".join(["v=DMARC1", f"p={policy}", *rest])


def _body(plain: str) -> str:
    """All but the version, in whatever order."""
    found = find_version(plain)
    if found is None:
        return plain
    before = plain[: found.start()]
    # What is before the version counts only where it is made of tags: `p=none; v=DMARC1`.
    return (f"{before};" if "=" in before else "") + plain[found.end() :]


def _pairs(body: str) -> list[tuple[str, str]]:
    pairs: list[tuple[str, str]] = []
    for part in body.split(";"):
        for text in _GLUED.split(part):
            piece = text.strip(" \t,.:")
            match = _PIECE.match(piece)
            if match is None:
                match = _NO_EQUALS.fullmatch(piece)
            if match is not None:
                pairs.append((match[1].lower(), match[2].strip()))
            elif piece.lower().startswith("mailto:") and pairs and pairs[-1][0] in _REPORTS:
                pairs.append((pairs[-1][0], piece))  # the semicolon was meant to be a comma
            elif Policy.parse(piece) is not None and "p" not in dict(pairs):
                pairs.append(("p", piece))
    return [(name, value) for name, value in pairs if name != "v"]


def _fixed(name: str, value: str) -> str | None:
    """`value` as it should be written, "" to leave the tag out; None: nobody can tell."""
    word = value.strip(" \t,.'<>()[]").lower()
    if name in _POLICIES:
        close = get_close_matches(word[:20], list(Policy), 1, 0.75)
        return close[0] if close else None
    if name in _REPORTS:
        return ",".join(repaired_uris(value))
    match name:
        case "adkim" | "aspf":
            # What is neither counts as relaxed anyway.
            return word if word in ("r", "s") else {"strict": "s", "relaxed": "r"}.get(word, "")
        case "t":
            # `t=yes` counts as `n` today: to make it `y` would weaken the policy.
            return word if word in ("y", "n") else ""
        case "psd":
            return word if word in ("y", "n", "u") else ""
        case "fo":
            letters = list(dict.fromkeys(re.findall("[01ds]", word)))
            if "0" in letters and "1" in letters:
                letters.remove("0")
            return ":".join(letters)
    return value.strip(" \t,")
