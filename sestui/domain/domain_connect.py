"""Domain Connect: what a DNS provider says of itself (draft-ietf-dconn-domainconnect).

TXT `_domainconnect.{zone}` names a host; `https://{host}/v2/{zone}/settings` has JSON with the
provider's name and the address of its panel. Fetching that is somebody else's business, and the
person is asked first: it tells a stranger that somebody looks at this domain.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlsplit

from sestui.domain.text import printable

MAX_SETTINGS = 65_536
# A host by name, with a path at most: WordPress.com has one. No port, no user, no number.
_PLACE = re.compile(
    r"(?=[^/]{4,253}(?:/|\Z))((?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{1,62})"
    r"((?:/[a-z0-9._~-]{1,64}){0,8})/?",
    re.IGNORECASE | re.ASCII,
)
_LOCAL = ("localhost", "local", "internal", "localdomain", "arpa", "test", "invalid", "onion")


def question(zone: str) -> tuple[str, str]:
    return f"_domainconnect.{zone}", "TXT"


def settings_url(values: Iterable[str], zone: str) -> str:
    """Where the settings for `zone` are, from the TXT values; empty when there is no such place.

    Anybody can publish such a record, so names that could mean this machine or its network are not
    taken.
    """
    places = {value.strip().removesuffix("/") for value in values}
    if len(places) != 1:
        return ""
    match = _PLACE.fullmatch(places.pop())
    if match is None or ".." in match[2] or match[1].lower().rsplit(".", 1)[-1] in _LOCAL:
        return ""
    return (
        f"https://{match[1].lower()}{match[2]}/v2/{quote(zone.removesuffix('.'), safe='')}/settings"
    )


@dataclass(frozen=True, slots=True)
class DomainConnect:
    """The settings, as far as they are of use here; texts are safe to draw."""

    name: str
    """What the provider calls itself before its customers."""
    panel: str = ""
    """The address of its panel, with `%domain%` in it or not; https, or empty."""
    nameservers: tuple[str, ...] = ()

    def panel_url(self, zone: str) -> str:
        return self.panel.replace("%domain%", quote(zone.removesuffix("."), safe=""))

    def speaks_for(self, nameservers: Iterable[str]) -> bool:
        """False when the record is left over from a provider that the domain has moved away from.

        True also where the settings name no servers: then nothing speaks against it.
        """
        here = {_host(host) for host in nameservers}
        return not self.nameservers or bool(here & set(self.nameservers))


def parse_settings(body: str | bytes) -> DomainConnect | None:
    """Read the JSON; None when it is not what it should be. Never raises."""
    if len(body) > MAX_SETTINGS:
        return None
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        return None
    if not isinstance(found, dict):
        return None
    name = _text(found, "providerDisplayName") or _text(found, "providerName")
    if not name:
        return None
    servers = found.get("nameServers")
    hosts = [host for host in servers if isinstance(host, str)] if isinstance(servers, list) else []
    return DomainConnect(name, _https(_text(found, "urlControlPanel")), tuple(map(_host, hosts)))


def _text(found: dict[str, Any], key: str) -> str:
    value = found.get(key)
    return printable(value.strip())[:500] if isinstance(value, str) else ""


def _https(url: str) -> str:
    """`url`, when a browser may be sent there."""
    try:
        parts = urlsplit(url.replace("%domain%", "example.com"))
        plain = parts.scheme == "https" and "." in (parts.hostname or "") and not parts.username
    except ValueError:
        return ""
    return url if plain and re.fullmatch(r"[!-~]+", url) else ""


def _host(text: str) -> str:
    return printable(text.strip().lower().removesuffix("."))[:255]
