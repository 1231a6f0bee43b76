"""Where a zone begins, for a small Internet in which every domain belongs to the learner."""

from __future__ import annotations

import functools

import dns.name
from dns.name import Name

from sestui.practice.dns.zone import Zone, apex, build

PROVIDER = ("ns1.practice-dns.example.", "ns2.practice-dns.example.")
"""The practice DNS provider's name servers; they resolve to this very server."""
_ROOT = ("a.root-servers.net.", "b.root-servers.net.")
_SECOND_LEVEL = frozenset(
    b"ac asn biz co com edu edv ed go gob gouv gov govt gv health id info int ltd me med mil name"
    b" ne net nhs nic nom or org plc pro sch web".split()
)
"""Labels under which countries register (`co.uk`, `com.vn`); no list of real suffixes is needed."""


def apex_of(name: Name) -> Name:
    """The domain that looks registered, at or above `name`; else its suffix, or the root.

    `a.example.com.vn` → `example.com.vn`, `_dmarc.com` → `com`, all below `invalid` → the root.
    """
    labels = name.labels[:-1]
    suffix = _suffix_length(labels)
    if suffix and len(labels) > suffix and not labels[-suffix - 1].startswith(b"_"):
        suffix += 1
    return Name((*labels[len(labels) - suffix :], b""))


def registrable(name: Name) -> bool:
    """Whether someone could own `name` or a domain above it: not a suffix, not below `invalid`."""
    return len(apex_of(name).labels) - 1 > _suffix_length(name.labels[:-1]) > 0


def _suffix_length(labels: tuple[bytes, ...]) -> int:
    """How many labels at the end are nobody's to register; 0 where nothing can be."""
    if not labels or labels[-1].lower() == b"invalid":
        return 0
    country = len(labels[-1]) == 2 and len(labels) > 1 and labels[-2].lower() in _SECOND_LEVEL
    return 2 if country else 1


@functools.lru_cache(maxsize=1024)
def empty_zone(origin: Name) -> Zone:
    """The zone of a domain for which nothing has been published yet."""
    servers = PROVIDER if origin != dns.name.root else _ROOT
    admin = "nstld.verisign-grs.com." if origin == dns.name.root else ""
    return build(origin, apex(origin, *servers, serial=1, admin=admin))
