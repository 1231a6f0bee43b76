"""A DKIM key record: the TXT at `{selector}._domainkey.{domain}`, read and judged.

RFC 6376 section 3.6.1 (with erratum 3017: the key is a SubjectPublicKeyInfo), RFC 8301 (lengths and
hashes), RFC 8463 (Ed25519). SES takes RSA keys of 1024 to 2048 bits.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from sestui.domain.der import Form, read_der
from sestui.domain.dmarc.findings import Finding, codes
from sestui.domain.dmarc.tags import Tag, split_tags, without_blanks
from sestui.domain.dmarc.version import cleaned, writing_findings
from sestui.domain.dns import Answer, Outcome
from sestui.domain.i18n import _
from sestui.domain.records import OWN_KEY_VALUE
from sestui.domain.severity import Severity
from sestui.domain.text import quoted

MAX_TEXT = 16_384
"""Four times a key of 16384 bits; what is behind it is not looked at."""
# The first and the last line of a PEM file.
_MARKER = re.compile(r"-{0,9}(?:BEGIN|END)[A-Z ]{0,30}KEY-{0,9}")
FEWEST_BITS, MOST_BITS, STRONG_BITS = 1024, 2048, 2048


class KeyCode(StrEnum):
    """Findings about DKIM keys. The values are stable: scripts compare them."""

    EMPTY = "dkim_empty"
    REVOKED = "dkim_revoked"
    SEVERAL = "dkim_several"
    NOT_A_KEY = "dkim_not_a_key"
    ALIAS_AS_TEXT = "dkim_alias_as_text"
    PLACEHOLDER = "dkim_placeholder"
    WRITING = "dkim_writing"
    VERSION = "dkim_version"
    P_MISSING = "dkim_p_missing"
    TAG_DUPLICATE = "dkim_tag_duplicate"
    TAG_CASE = "dkim_tag_case"
    KEY_TYPE = "dkim_key_type"
    HASH = "dkim_hash"
    SERVICE = "dkim_service"
    TESTING = "dkim_testing"
    NO_SUBDOMAINS = "dkim_no_subdomains"
    BLANKS = "dkim_blanks"
    PEM = "dkim_pem"
    BASE64 = "dkim_base64"
    PADDING = "dkim_padding"
    TRUNCATED = "dkim_truncated"
    TRAILING = "dkim_trailing"
    UNREADABLE = "dkim_unreadable"
    PRIVATE = "dkim_private"
    BARE = "dkim_bare"
    TOO_SHORT = "dkim_too_short"
    SHORT = "dkim_short"
    TOO_LONG = "dkim_too_long"
    ED25519 = "dkim_ed25519"


@dataclass(frozen=True, slots=True)
class DkimKey:
    """A text at a selector, read."""

    text: str
    findings: tuple[Finding, ...] = ()
    type: str = "rsa"
    bits: int = 0
    """The length of the key; 0 when there is none, or it cannot be read."""
    data: bytes = b""
    """The key itself, to compare with the one that was meant."""
    repaired: str = ""
    """The record as it should be; empty when it is fine or cannot be repaired."""

    @property
    def usable(self) -> bool:
        """True when receivers can check signatures with it."""
        return self.bits > 0 and all(f.severity is not Severity.ERROR for f in self.findings)


@dataclass(frozen=True, slots=True)
class Selector:
    """All keys at one selector, with the remarks about them."""

    keys: tuple[DkimKey, ...]
    known: bool
    """False when there was no answer: there may well be a key."""
    findings: tuple[Finding, ...] = ()


def read_selector(answer: Answer, *, easy: bool = False) -> Selector:
    """Judge the TXT answer for a selector. `easy`: Easy DKIM, whose spare selectors are empty."""
    values = answer.values if answer.outcome is Outcome.FOUND else ()
    keys = tuple(parse_key(value, easy=easy) for value in values)
    found = [finding for key in keys for finding in key.findings]
    if len(keys) > 1:
        text = _("There are {n} TXT records at {name}; receivers may take the wrong one. Keep one.")
        said = text.format(n=len(keys), name=answer.name)
        found.insert(0, Finding(KeyCode.SEVERAL, Severity.ERROR, said))
    return Selector(keys, answer.certain, tuple(found))


def parse_key(text: str, *, easy: bool = False) -> DkimKey:
    """Read one TXT value. Never raises. `easy`: Easy DKIM, whose spare selectors are empty."""
    text = text[:MAX_TEXT]
    key = _examine(text, easy=easy)
    better = _rebuild(text)
    after = _examine(better, easy=easy) if better else key
    # Only what repairs all there is to repair, and only if something is wrong.
    if not after.usable or not set(_remarks(after)) < set(_remarks(key)):
        better = ""
    return DkimKey(text, key.findings, key.type, key.bits, key.data, better)


def _remarks(key: DkimKey) -> tuple[StrEnum, ...]:
    return codes(f for f in key.findings if f.severity is not Severity.OK)


def _examine(text: str, *, easy: bool) -> DkimKey:
    tags = split_tags(cleaned(text))
    found = [Finding(KeyCode.WRITING, f.severity, f.text, f.at) for f in writing_findings(text)]
    first: dict[str, Tag] = {}
    for tag in tags:
        if tag.name in first:
            said = _("There are two “{tag}”, which makes the record invalid.")
            said = said.format(tag=quoted(tag.name))
            found.append(Finding(KeyCode.TAG_DUPLICATE, Severity.ERROR, said))
        elif tag.name:
            first[tag.name] = tag
    special = _special(text, first, easy)
    if special is not None:
        return DkimKey(text, (*found, special))
    found += _tag_findings(tags, first)
    kind = first["k"].value.lower() if "k" in first else "rsa"
    bits, data, about = (
        _material(first["p"].value, kind, len(text)) if "p" in first else (0, b"", [])
    )
    return DkimKey(text, (*found, *about), kind, bits, data)


def _special(text: str, first: dict[str, Tag], easy: bool) -> Finding | None:
    """What is no key at all, for one reason or another."""
    if not text.strip() or ("p" in first and not first["p"].value):
        if easy:
            said = _("An empty key. That is normal: AWS keeps spare selectors empty.")
            return Finding(KeyCode.EMPTY, Severity.OK, said)
        said = _("The key is empty, which means that it was revoked: no signature passes.")
        return Finding(KeyCode.REVOKED, Severity.ERROR, said)
    if OWN_KEY_VALUE in text:
        said = _("This is the placeholder of the SES console. Publish your own public key instead.")
        return Finding(KeyCode.PLACEHOLDER, Severity.ERROR, said)
    if re.fullmatch(r"[\"']?[\w.-]+\.dkim\.[\w.-]*amazonses\.com\.?[\"']?", text.strip(), re.I):
        said = _("You made a TXT record; it must be a CNAME record with the same value.")
        return Finding(KeyCode.ALIAS_AS_TEXT, Severity.ERROR, said)
    if not first.keys() & {"p", "k"} and first.get("v", Tag("", "", 0, 0)).value[:4] != "DKIM":
        said = _("“{text}” is no DKIM key.").format(text=quoted(text))
        return Finding(KeyCode.NOT_A_KEY, Severity.ERROR, said)
    return None


def _tag_findings(tags: tuple[Tag, ...], first: dict[str, Tag]) -> Iterator[Finding]:
    for tag in tags:
        if tag.name in ("v", "p", "k", "t", "h", "s") and tag.written != tag.name:
            said = _("“{tag}” must be a small letter.").format(tag=tag.name)
            yield Finding(KeyCode.TAG_CASE, Severity.ERROR, said, tag.at)
    version = first.get("v")
    if version and (version.value != "DKIM1" or version is not tags[0]):
        said = _("If there is a v, it must be first and exactly v=DKIM1; this key is ignored.")
        yield Finding(KeyCode.VERSION, Severity.ERROR, said, version.at)
    if "p" not in first:
        said = _("There is no p, so no public key.")
        yield Finding(KeyCode.P_MISSING, Severity.ERROR, said)
    kind = first.get("k")
    if kind and kind.value.lower() not in ("rsa", "ed25519"):
        said = _("k={value} is no type of key; SES signs with rsa.").format(
            value=quoted(kind.value)
        )
        yield Finding(KeyCode.KEY_TYPE, Severity.ERROR, said, kind.at)
    hashes = first.get("h")
    if hashes and "sha256" not in _list(hashes):
        said = _("h={value} does not allow sha256, which SES signs with.")
        said = said.format(value=quoted(hashes.value))
        yield Finding(KeyCode.HASH, Severity.ERROR, said, hashes.at)
    service = first.get("s")
    if service and not {"*", "email"} & set(_list(service)):
        said = _("s={value}: this key is not for mail.").format(value=quoted(service.value))
        yield Finding(KeyCode.SERVICE, Severity.ERROR, said, service.at)
    flags = _list(first["t"]) if "t" in first else []
    if "y" in flags:
        said = _("t=y: a test. Receivers may take mail with a failing signature for unsigned.")
        yield Finding(KeyCode.TESTING, Severity.WARNING, said, first["t"].at)
    if "s" in flags:
        said = _("t=s: this key is not for subdomains.")
        yield Finding(KeyCode.NO_SUBDOMAINS, Severity.OK, said, first["t"].at)


def _list(tag: Tag) -> list[str]:
    return [without_blanks(part).lower() for part in tag.value.split(":")]


def _material(value: str, kind: str, length: int) -> tuple[int, bytes, list[Finding]]:
    """The key in `value`: its bits, its bytes and what is to be said of it."""
    found: list[Finding] = []

    def say(code: KeyCode, severity: Severity, text: str) -> None:
        found.append(Finding(code, severity, text))

    plain = without_blanks(value)
    if plain != value:
        say(KeyCode.BLANKS, Severity.OK, _("There are blanks in the key; receivers skip them."))
    marker = _MARKER.search(value)
    if marker:
        say(KeyCode.PEM, Severity.ERROR, _("Leave out the lines with BEGIN and END."))
        plain = without_blanks(_MARKER.sub("", value))
    if not re.fullmatch(r"[A-Za-z0-9+/]+={0,2}", plain):
        say(KeyCode.BASE64, Severity.ERROR, _("There are characters that no key has (base64)."))
        return 0, b"", found
    cut = _("The key is cut off. Publish it as several strings of at most 255 characters.")
    if 255 in (length, len(plain), len(plain) + 2):
        cut = _("The key is cut off at 255 characters. Publish it as several strings.")
    digits = plain.rstrip("=")
    if len(digits) % 4 == 1:
        say(KeyCode.TRUNCATED, Severity.ERROR, cut)
        return 0, b"", found
    data = base64.b64decode(digits + "=" * (-len(digits) % 4))
    if kind == "ed25519" and len(data) == 32:
        say(KeyCode.ED25519, Severity.WARNING, _("An Ed25519 key; SES signs with RSA only."))
        return 256, data, found
    key = read_der(data)
    if key.whole and len(plain) % 4:
        say(KeyCode.PADDING, Severity.WARNING, _("The “=” at the end of the key are missing."))
    match key.form:
        case Form.TRUNCATED:
            say(KeyCode.TRUNCATED, Severity.ERROR, cut)
        case Form.PRIVATE:
            text = _("This is a PRIVATE key, and the world can read it. Make a new pair at once.")
            say(KeyCode.PRIVATE, Severity.ERROR, text)
        case Form.ED25519:
            text = _("An Ed25519 key in a wrapping no receiver expects (RFC 8463): SES needs RSA.")
            say(KeyCode.ED25519, Severity.ERROR, text)
        case Form.OTHER:
            say(KeyCode.UNREADABLE, Severity.ERROR, _("This is no public key that can be read."))
        case Form.BARE:
            text = _("The key has no wrapping (PKCS#1). Not all receivers read it.")
            say(KeyCode.BARE, Severity.WARNING, text)
    if key.trailing:
        text = _("There is something behind the key; it may have been pasted twice.")
        say(KeyCode.TRAILING, Severity.ERROR, text)
    if key.bits:
        found += _length_findings(key.bits)
    return key.bits, data, found


def _length_findings(bits: int) -> Iterator[Finding]:
    if bits < FEWEST_BITS:
        text = _("{bits} bits are too few: receivers ignore keys below 1024 (RFC 8301).")
        yield Finding(KeyCode.TOO_SHORT, Severity.ERROR, text.format(bits=bits))
    elif bits > MOST_BITS:
        text = _("{bits} bits: SES takes keys of 1024 to 2048 bits only.")
        yield Finding(KeyCode.TOO_LONG, Severity.ERROR, text.format(bits=bits))
    elif bits < STRONG_BITS:
        text = _("{bits} bits are enough today; 2048 are better.")
        yield Finding(KeyCode.SHORT, Severity.OK, text.format(bits=bits))


def _rebuild(text: str) -> str:
    tags = {tag.name: tag.value for tag in reversed(split_tags(cleaned(text))) if tag.name}
    value = without_blanks(_MARKER.sub("", tags.pop("p", "")))
    if not value or len(tags) > 20:
        return ""
    tags.pop("v", "")
    digits = value.rstrip("=")
    rest = [f"{name}={other}" for name, other in reversed(tags.items())]
    return "; ".join(["v=DKIM1", *rest, f"p={digits}{'=' * (-len(digits) % 4)}"])
