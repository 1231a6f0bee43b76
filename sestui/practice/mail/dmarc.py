"""DMARC of a received mail: which record applies, and whether a pass is aligned (RFC 9989)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from sestui.practice.mail.lookup import DnsTrouble, Lookup

_RECORD = re.compile(rb"v[ \t]*=[ \t]*DMARC1[ \t]*(;|$)")
_POLICIES = ("none", "quarantine", "reject")
MAX_WALK = 8


@dataclass(frozen=True, slots=True)
class Dmarc:
    """`result` is pass, fail, none, temperror or permerror; `policy` is the one that applies."""

    result: str
    policy: str = ""
    reason: str = ""


def check(lookup: Lookup, author: str, authenticated: Iterable[tuple[str, str]]) -> Dmarc:
    """DMARC for From domain `author`; `authenticated` has ("spf" or "dkim", domain) that passed."""
    walk = _Walk(lookup)
    try:
        at, tags = walk.applying(author)
        if not tags:
            return Dmarc("none")
        policy = _policy(tags, own=at == author)
        if not policy:
            return Dmarc("permerror", reason=f"the record at _dmarc.{at} has no policy")
        for method, domain in authenticated:
            strict = tags.get(f"a{method}", "r").lower() == "s"
            if domain == author or (not strict and walk.org(domain) == walk.org(author)):
                return Dmarc("pass", policy)
    except DnsTrouble as error:
        return Dmarc("temperror", reason=str(error))
    return Dmarc("fail", policy, "neither SPF nor DKIM passed for a domain aligned with From")


class _Walk:
    """The tree walk of RFC 9989 section 4.10, each record looked up once."""

    def __init__(self, lookup: Lookup) -> None:
        self._lookup = lookup
        self._known: dict[str, dict[str, str]] = {}

    def applying(self, author: str) -> tuple[str, dict[str, str]]:
        """Where the record for mail from `author` is, and its tags; empty when there is none."""
        own = self._record(author)
        if own:
            return author, own
        org = self.org(author)
        return org, self._record(org)

    def org(self, domain: str) -> str:
        """The organizational domain of `domain`; itself when no record is found on the way up."""
        org = domain
        for name in _names_up(domain):
            tags = self._record(name)
            psd = tags.get("psd", "").lower() if tags else ""
            if psd == "n":
                return name
            if psd == "y" and name != domain:
                # One label below the public suffix domain.
                return domain.split(".")[-len(name.split(".")) - 1 :][0] + "." + name
            if tags:
                org = name
        return org

    def _record(self, name: str) -> dict[str, str]:
        if name not in self._known:
            records = [t for t in self._lookup.txt(f"_dmarc.{name}") if _RECORD.match(t)]
            # More than one record is none at all.
            self._known[name] = _tags(records[0]) if len(records) == 1 else {}
        return self._known[name]


def _names_up(domain: str) -> list[str]:
    labels = domain.split(".")
    names = [domain]
    if len(labels) >= MAX_WALK:
        labels = labels[-MAX_WALK:]
    names += [".".join(labels[start:]) for start in range(1, len(labels))]
    return names[:MAX_WALK]


def _tags(record: bytes) -> dict[str, str]:
    pairs = (part.partition("=") for part in record.decode("utf-8", "replace").split(";"))
    return {name.strip().lower(): value.strip() for name, equals, value in pairs if equals}


def _policy(tags: dict[str, str], *, own: bool) -> str:
    """The policy; "" when the record asks for no processing at all."""
    policy = tags.get("p", "").lower()
    if not own and "sp" in tags:
        policy = tags["sp"].lower()
    if policy not in _POLICIES:
        return "none" if re.search(r"mailto:[^,\s]+@", tags.get("rua", "")) else ""
    return policy
