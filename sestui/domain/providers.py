"""Where a domain's records are edited, and what to type there: the DNS providers.

The facts are in `providers.json` beside this file, with the date they were checked: labels and
links of other people's panels change. Whoever adds a provider adds it there, and to its test.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field, fields
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sestui.domain.i18n import _
from sestui.domain.names import is_below


@dataclass(frozen=True, slots=True)
class Provider:
    """What is known of one provider's panel. The defaults are what most of them want."""

    id: str = ""
    name: str = ""
    ns: tuple[str, ...] = ()
    """Patterns of its name servers, as in file names: `ns*.example.net`."""
    soa: tuple[str, ...] = ()
    """Patterns of the mailbox in the SOA record."""
    name_style: str = "relative"
    """relative: the Name box wants what is left of the zone; full: all of it; either."""
    apex: str = "@"
    """What stands for the domain itself in the Name box; empty: the box stays empty."""
    priority: str = "own"
    """own: an MX's priority has a box of its own; in_value: it is written before the host."""
    quotes: str = "no"
    """Around a TXT value. no: never; yes: always; auto: the panel adds them."""
    target_dot: str = "no"
    """At the end of a target. needed: without it the zone is appended; optional; no: never."""
    panel: str = ""
    """The address of the panel, with {domain}; empty when none is known."""
    refuses_underscore: bool = False
    """Known to refuse `_` in a name, and so DKIM records."""
    sure: bool = True
    """False where the evidence is thin: to be said gently."""
    boxes: dict[str, str] = field(default_factory=dict, hash=False)
    """What the boxes are called there: name, value, type, priority."""
    notes_en: tuple[str, ...] = ()
    alternatives: tuple[str, ...] = ()
    """The names of the providers it may be, when the name servers cannot tell."""

    @property
    def known(self) -> bool:
        return bool(self.id)

    @property
    def ambiguous(self) -> bool:
        return bool(self.alternatives)

    @property
    def notes(self) -> tuple[str, ...]:
        """What is peculiar about it, in the language in use."""
        return tuple(_(note) for note in self.notes_en)


GENERIC = Provider()
"""What to go by for a provider nobody has described."""


@dataclass(frozen=True, slots=True)
class ValueBox:
    """What goes into the Value box, and into the Priority box where there is one."""

    value: str
    priority: str = ""


@cache
def _data() -> dict[str, Any]:
    text = Path(__file__).with_name("providers.json").read_text("utf-8")
    data: dict[str, Any] = json.loads(text)
    return data


def checked_on() -> str:
    """Year and month the data was last looked at."""
    return str(_data()["checked_on"])


@cache
def providers() -> tuple[Provider, ...]:
    """All that are known, in the order of the file."""
    return tuple(_provider(entry) for entry in _data()["providers"])


def _provider(entry: dict[str, Any]) -> Provider:
    lists = {"ns", "soa"}
    values: dict[str, Any] = {
        name: tuple(value) if name in lists else value
        for name, value in entry.items()
        if name != "notes"
    }
    return Provider(**values, notes_en=tuple(entry["notes"]))


def candidates(
    nameservers: Iterable[str], soa_mname: str = "", soa_rname: str = ""
) -> tuple[Provider, ...]:
    """The providers it may be, by name servers first, else by the SOA record.

    The primary in the SOA alone misreads name servers with the customer's own names, the name
    servers alone misread delegated zones: so callers give those of the zone itself.
    """
    hosts = [_plain(host) for host in nameservers]
    votes = {
        provider.id: sum(_matches(host, provider.ns) for host in hosts) for provider in providers()
    }
    most = max(votes.values(), default=0)
    if most:
        return tuple(p for p in providers() if votes[p.id] == most)
    mname, rname = _plain(soa_mname), _plain(soa_rname)
    return tuple(p for p in providers() if _matches(mname, p.ns) or _matches(rname, p.soa))


def recognise(
    nameservers: Iterable[str], soa_mname: str = "", soa_rname: str = ""
) -> Provider | None:
    """The provider, or None. Where it may be one of several, one `Provider` that stands for all:
    its name tells them, and what they differ in is as for an unknown provider.
    """
    found = candidates(nameservers, soa_mname, soa_rname)
    if len(found) < 2:
        return found[0] if found else None
    told: dict[str, Any] = {
        "id": "+".join(p.id for p in found),
        "name": _(" or ").join(p.name for p in found),
        "sure": False,
        "notes_en": tuple(dict.fromkeys(note for p in found for note in p.notes_en)),
        "alternatives": tuple(p.name for p in found),
    }
    agreed: dict[str, Any] = {
        name: getattr(found[0], name)
        for name in (each.name for each in fields(Provider))
        if name not in told and all(getattr(p, name) == getattr(found[0], name) for p in found)
    }
    return Provider(**agreed, **told)


def _matches(host: str, patterns: tuple[str, ...]) -> bool:
    return bool(host) and any(fnmatchcase(host, pattern) for pattern in patterns)


def _plain(host: str) -> str:
    # fnmatch is quick for names; text from DNS can be longer than one.
    return host.lower().removesuffix(".")[:255]


def name_box(provider: Provider | None, name: str, zone: str) -> str:
    """What to type into the Name box for the record at `name`, in the zone `zone`."""
    provider = provider or GENERIC
    name, zone = name.removesuffix("."), zone.removesuffix(".")
    if provider.name_style == "full" or not is_below(name.lower(), zone.lower()):
        return name
    if len(name) == len(zone):
        return provider.apex
    return name[: -len(zone) - 1]


def value_box(provider: Provider | None, kind: str, value: str) -> ValueBox:
    """What to type for a record of type `kind`; `value` as in `RequiredRecord`."""
    provider = provider or GENERIC
    if kind == "TXT":
        return ValueBox(_strings(value) if provider.quotes == "yes" else value)
    dot = "." if provider.target_dot == "needed" else ""
    if kind != "MX":
        return ValueBox(value.removesuffix(".") + dot)
    priority, _space, host = value.rpartition(" ")
    host = host.removesuffix(".") + dot
    if provider.priority == "in_value":
        return ValueBox(f"{priority} {host}".strip())
    return ValueBox(host, priority)


def panel_url(provider: Provider | None, zone: str) -> str:
    """The address where the records of `zone` are edited; empty when it is not known."""
    if provider is None or not provider.panel:
        return ""
    return provider.panel.replace("{domain}", quote(zone.removesuffix("."), safe=""))


def box_label(provider: Provider | None, box: str) -> str:
    """What the box is called there: `box` is name, value, type or priority."""
    own = (provider or GENERIC).boxes.get(box)
    usual = {
        "name": _("Name"),
        "value": _("Value"),
        "type": _("Type"),
        "priority": _("Priority"),
    }
    return own or usual[box]


def _strings(text: str) -> str:
    """`text` in quotes, as several strings when it is long (RFC 1035 section 3.3)."""
    pieces = [text[start : start + 255] for start in range(0, len(text), 255)] or [""]
    return " ".join('"' + piece.replace("\\", "\\\\").replace('"', '\\"') + '"' for piece in pieces)
