"""Domain names and mail addresses, as a person types them and as DNS and SES want them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from sestui.domain.i18n import _

_LABEL = re.compile(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?")
_ATOM = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+")
_ADDRESS_V4 = re.compile(r"[0-9]{1,3}(\.[0-9]{1,3}){3}")

MAX_NAME = 253
MAX_LABEL = 63
MAX_LOCAL = 64


class InvalidName(ValueError):
    """What was typed is not a name; the message says why, for the person who typed it."""


def parse_domain(text: str) -> str:
    """The domain name in `text`, in lower case, as A-labels (IDNA 2008), without a final dot.

    Raises:
        InvalidName: not a domain that SES could verify (RFC 1035 section 2.3.4 for the lengths).
    """
    name = text.strip()
    if not name:
        raise InvalidName(_("Type a domain, such as example.com."))
    if "://" in name or "/" in name:
        raise InvalidName(_("Only the domain, without https:// and without a path."))
    if "@" in name:
        raise InvalidName(_("That is an e-mail address. For a domain, leave out the part up to @."))
    if re.search(r"\s", name):
        raise InvalidName(_("A domain has no spaces in it."))
    name = _ascii(name.removesuffix(".")).lower()
    labels = name.split(".")
    if "" in labels:
        raise InvalidName(_("There are two dots in a row, or one at the beginning."))
    if len(labels) == 1:
        raise InvalidName(_("The ending is missing, such as .com or .vn."))
    if labels[0] == "www":
        raise InvalidName(_("Leave out www: mail comes from {domain}.").format(domain=name[4:]))
    return _checked(name, labels)


def _checked(name: str, labels: list[str]) -> str:
    for label in labels:
        if len(label) > MAX_LABEL:
            raise InvalidName(
                _("“{label}…” is longer than the 63 characters a label may have.").format(
                    label=label[:12]
                )
            )
        if not _LABEL.fullmatch(label):
            raise InvalidName(
                _("“{label}” may only have letters, digits and hyphens inside.").format(label=label)
            )
    if len(name) > MAX_NAME:
        raise InvalidName(_("A domain has at most 253 characters; this one has more."))
    if _ADDRESS_V4.fullmatch(name) or labels[-1].isdigit():
        raise InvalidName(_("That is an IP address; SES verifies domains."))
    return name


def _ascii(name: str) -> str:
    if name.isascii():
        return name
    import idna  # only for the few names that need its tables

    try:
        return idna.encode(name, uts46=True).decode("ascii")
    except idna.IDNAError:
        raise InvalidName(_("This name has a character that no domain may have.")) from None


def unicode_domain(name: str) -> str:
    """`name` with its A-labels spelled out; itself when it has none."""
    if "xn--" not in name:
        return name
    import idna

    try:
        return idna.decode(name)
    except idna.IDNAError:
        return name


@dataclass(frozen=True, slots=True)
class Address:
    """A mail address. The local part keeps its case: SES tells `A@x` from `a@x`."""

    local: str
    domain: str

    def __str__(self) -> str:
        return f"{self.local}@{self.domain}"


def parse_address(text: str) -> Address:
    """The mail address in `text`; its domain as A-labels.

    Raises:
        InvalidName: not an address SES accepts: 7-bit local part, dot-atom form (RFC 5321 section
            4.1.2; SES has no SMTPUTF8).
    """
    address = text.strip()
    if not address:
        raise InvalidName(_("Type an e-mail address, such as you@example.com."))
    if re.search(r"[\r\n]", text):
        raise InvalidName(_("An address is a single line."))
    local, at, domain = address.rpartition("@")
    if not at:
        raise InvalidName(_("The @ and the domain are missing, as in you@example.com."))
    if not domain:
        raise InvalidName(_("The domain after the @ is missing."))
    if not local:
        raise InvalidName(_("The name before the @ is missing."))
    if not local.isascii():
        raise InvalidName(_("SES accepts only plain letters (ASCII) before the @."))
    if len(local) > MAX_LOCAL:
        raise InvalidName(_("The part before the @ has more than 64 characters."))
    if not all(_ATOM.fullmatch(atom) for atom in local.split(".")):
        raise InvalidName(_("The part before the @ has a character or a dot where none may be."))
    if domain.lower().startswith("www."):
        return Address(local, "www." + parse_domain(domain[4:]))
    return Address(local, parse_domain(domain))


def parse_label(text: str, domain: str) -> str:
    """The full MAIL FROM domain for what was typed: a label, or the whole name below `domain`.

    Raises:
        InvalidName: not below `domain` (SES refuses the domain itself as well).
    """
    typed = text.strip().removesuffix(".").lower()
    if not typed:
        raise InvalidName(_("Type the label only, such as mail or bounce."))
    if typed == domain:
        raise InvalidName(
            _("It must be below {domain}, not {domain} itself.").format(domain=domain)
        )
    name = typed if typed.endswith("." + domain) else f"{typed}.{domain}"
    label = name[: -len(domain) - 1]
    if label.startswith("www"):
        raise InvalidName(_("Use a label that nothing else uses, such as mail or bounce."))
    return parse_domain(name)


def is_below(name: str, domain: str) -> bool:
    """True when `name` is `domain` or a subdomain of it."""
    return name == domain or name.endswith("." + domain)
