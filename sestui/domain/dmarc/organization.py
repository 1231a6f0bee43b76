"""The organizational domain as RFC 7489 has it, without a public suffix list.

The full list takes 100 ms to load and is out of date the day after, so this is an estimate: good
for the suffixes under which mail domains are registered. Callers with the list inject it.
"""

from __future__ import annotations

from collections.abc import Callable

OrgOf = Callable[[str], str]
"""From a domain to its organizational domain; the domain itself when it has none above."""

# Second-level names that registries of country codes keep for registrations below them.
_GENERIC = (
    "ac co com edu gen go gob gouv gov gub gv id int ltd mil mod ne net nhs nom or org plc police "
    "sch web"
)
# What only one country has.
_OF_COUNTRY = {
    "vn": "ai biz health info io name pro",
    "uk": "me",
    "jp": "ad ed gr lg",
    "kr": "es hs kg ms pe re sc",
    "in": "firm ind nic res",
    "au": "asn",
    "nz": "geek iwi kiwi maori school",
    "za": "law school",
    "br": "adv app art blog dev eco eng ind inf med tec tur wiki",
    "tr": "bel av dr kep tel tv",
    "tw": "game idv",
    "hk": "idv",
    "sg": "per",
    "th": "in mi",
    "il": "k12 muni",
    "my": "name",
    "ph": "i ngo",
    "pl": "biz info",
}
# Countries that register right below the code, where these are domains like any other.
_FLAT = {"at": "com", "ch": "com co", "de": "com co", "fr": "co", "nl": "com co", "tv": "com co"}


def estimated_org(domain: str) -> str:
    """The registered domain that `domain` belongs to, such as `example.co.uk`."""
    labels = domain.lower().rstrip(".").split(".")
    return ".".join(labels[-(_suffix_labels(labels) + 1) :])


def _suffix_labels(labels: list[str]) -> int:
    """How many labels at the end are the public suffix."""
    if len(labels) < 3 or len(labels[-1]) != 2:
        return 1
    top, second = labels[-1], labels[-2]
    if second in _FLAT.get(top, "").split():
        return 1
    kept = f"{_GENERIC} {_OF_COUNTRY.get(top, '')}"
    return 2 if second in kept.split() else 1
