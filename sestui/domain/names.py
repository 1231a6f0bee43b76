"""Domain names and mail addresses, as a person types them and as DNS and SES want them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from sestui.domain.i18n import _
from sestui.domain.text import printable, quoted

_LABEL = re.compile(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?")
_ATOM = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+")
_DOT = re.compile("[.\u3002\uff0e\uff61]")
"""What IDNA takes for a dot: an input method for Chinese or Japanese types the others."""

MAX_NAME = 253
MAX_LABEL = 63
MAX_LOCAL = 64
MAX_ADDRESS = 254


class InvalidName(ValueError):
    """What was typed is not a name; the message says why, for the person who typed it.

    What it repeats of the typed text has no control characters.
    """


def parse_domain(text: str) -> str:
    """The domain name in `text`, in lower case, as A-labels (IDNA 2008), without a final dot.

    Raises:
        InvalidName: not a domain that SES could verify (RFC 1035 section 2.3.4 for the lengths).
    """
    name = _host(text)
    parent = name.removeprefix("www.")
    if parent != name and "." in parent:  # www.com is a domain like any other
        raise InvalidName(_("Leave out www: mail comes from {domain}.").format(domain=parent))
    return name


def _host(text: str) -> str:
    name = text.strip()
    if not name:
        raise InvalidName(_("Type a domain, such as example.com."))
    if "/" in name:
        raise InvalidName(_("Only the domain, without https:// and without a path."))
    if "@" in name:
        raise InvalidName(_("That is an e-mail address. For a domain, leave out the part up to @."))
    if re.search(r"\s", name):
        raise InvalidName(_("A domain has no spaces in it."))
    labels = _DOT.split(name)
    if not labels[-1]:
        labels.pop()  # the final dot of an absolute name
    if not all(labels):
        raise InvalidName(_("There are two dots in a row, or one at the beginning."))
    # Before the labels are converted too: that takes long for a long name.
    if len(name) <= MAX_NAME:
        name = ".".join(map(_a_label, labels))
    if len(name) > MAX_NAME:
        raise InvalidName(_("A domain has at most 253 characters; this one has more."))
    if len(labels) == 1:
        raise InvalidName(_("The ending is missing, such as .com or .vn."))
    if labels[-1].isdigit():
        raise InvalidName(_("This ends in a number, like an IP address; SES verifies domains."))
    return name


def _a_label(typed: str) -> str:
    """One label as DNS has it, valid."""
    label = typed.lower()
    if not typed.isascii():
        import idna  # only for the few names that need its tables

        try:
            label = idna.encode(typed, uts46=True).decode("ascii")
        except idna.IDNAError:
            label = "xn--" + typed.encode("punycode").decode("ascii")
            if len(label) <= MAX_LABEL:
                raise InvalidName(
                    _("“{label}” has a character that no domain may have there.").format(
                        label=quoted(typed)
                    )
                ) from None
    if len(label) > MAX_LABEL:
        raise InvalidName(
            _("“{label}” is longer than the 63 characters a label may have.").format(
                label=quoted(typed, 12)
            )
        )
    if not _LABEL.fullmatch(label):
        raise InvalidName(
            _("“{label}” may only have letters, digits and hyphens inside.").format(
                label=quoted(typed)
            )
        )
    if label.startswith("xn--") and not _spells_something(label[4:]):
        raise InvalidName(
            _("“{label}” looks like a converted name, but stands for nothing.").format(label=label)
        )
    return label


def _spells_something(punycode: str) -> bool:
    """Laxer than IDNA 2008: names with emoji in them exist, though none can be registered anew."""
    try:
        spelled = punycode.encode("ascii").decode("punycode")
    except UnicodeError:
        return False
    joined = spelled.replace("\u200c", "").replace("\u200d", "")  # Persian and Hindi need these
    return joined.isprintable() and spelled.encode("punycode").decode("ascii") == punycode


def unicode_domain(name: str) -> str:
    """`name` with its A-labels spelled out; itself when it has none."""
    if "xn--" not in name:
        return name
    import idna

    try:
        return printable(idna.decode(name))
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
    typed = text.strip()
    if not typed:
        raise InvalidName(_("Type an e-mail address, such as you@example.com."))
    if "<" in typed or ">" in typed:
        raise InvalidName(_("Only the address, without a name and without < and >."))
    if re.search(r"\s", typed):
        raise InvalidName(_("An address has no spaces in it."))
    local, at, domain = typed.rpartition("@")
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
    address = Address(local, _host(domain))
    if len(str(address)) > MAX_ADDRESS:
        raise InvalidName(_("An address has at most 254 characters; this one has more."))
    return address


def parse_label(text: str, domain: str) -> str:
    """The full MAIL FROM domain for what was typed: a label, or the whole name below `domain`.

    Raises:
        InvalidName: not below `domain` (SES refuses the domain itself as well).
    """
    typed = text.strip().rstrip(".")
    if not typed:
        raise InvalidName(_("Type the label only, such as mail or bounce."))
    name = _host(typed if _DOT.search(typed) else f"{typed}.{domain}")
    if name == domain:
        raise InvalidName(
            _("It must be below {domain}, not {domain} itself.").format(domain=domain)
        )
    if not is_below(name, domain):
        raise InvalidName(
            _("It must end in .{domain}; the label alone is enough.").format(domain=domain)
        )
    if name.startswith("www."):
        raise InvalidName(_("Use a label that nothing else uses, such as mail or bounce."))
    return name


def is_below(name: str, domain: str) -> bool:
    """True when `name` is `domain` or a subdomain of it."""
    return name == domain or name.endswith("." + domain)
