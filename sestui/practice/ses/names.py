"""Names of identities and addresses, checked as SES checks them."""

from __future__ import annotations

import re
from email.utils import parseaddr

from sestui.practice.ses.errors import bad_request

_LABEL = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?", re.IGNORECASE)
_RESOURCE = re.compile(r"[A-Za-z0-9_-]{1,64}")

SIMULATOR = "simulator.amazonses.com"


def is_domain(name: str) -> bool:
    """Whether `name` is a host name of at least two labels, in ASCII."""
    labels = name.split(".")
    return len(labels) > 1 and len(name) <= 255 and all(_LABEL.fullmatch(label) for label in labels)


def canonical(identity: str) -> str:
    """The form an identity is kept under: domains in lower case, addresses as they are."""
    return identity if "@" in identity else identity.lower()


def check_identity(identity: str) -> None:
    """Raises ServiceError, BadRequestException, when it is neither a domain nor an address."""
    if "@" not in identity:
        if not is_domain(identity):
            raise bad_request(f"Invalid domain name {identity}.")
        return
    local, _, domain = identity.rpartition("@")
    if not re.fullmatch(r"[!-?A-~]{1,64}", local) or not is_domain(domain):
        raise bad_request(f"Invalid email address<{identity}>.")


def is_resource_name(name: str) -> bool:
    """Whether it may name a configuration set or an event destination."""
    return _RESOURCE.fullmatch(name) is not None


def address_of(mailbox: str) -> str:
    """The bare address in `Name <local@domain>`.

    Raises:
        ServiceError: BadRequestException in the words of JavaMail, as SES gives them.
    """
    text = mailbox.strip()
    if "<" in text and text.endswith(">"):
        address = text[text.rindex("<") + 1 : -1].strip()
    else:
        address = parseaddr(text)[1] if "(" in text else text
    local, at, domain = address.rpartition("@")
    if any(not "!" <= letter <= "~" for letter in local or address.partition("@")[0]):
        raise bad_request("Local address contains control or whitespace")
    if not at:
        raise bad_request("Missing final '@domain'")
    if not local:
        raise bad_request("Missing local name")
    if not domain:
        raise bad_request("Missing domain")
    if any(not "!" <= letter <= "~" for letter in domain):
        raise bad_request("Domain contains control or whitespace")
    return address


def parents(domain: str) -> list[str]:
    """The domain itself and every domain above it that has at least two labels, lower case."""
    labels = domain.lower().split(".")
    return [".".join(labels[start:]) for start in range(max(1, len(labels) - 1))]


def is_simulator(address: str) -> bool:
    return address.rpartition("@")[2].lower() == SIMULATOR
