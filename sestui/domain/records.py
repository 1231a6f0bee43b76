"""The DNS records SES needs, as they are typed into a DNS panel. Source: SES Developer Guide."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sestui.domain.i18n import _
from sestui.domain.identity import Identity
from sestui.domain.regions import fallback_dkim_zone, feedback_host

SPF_VALUE = "v=spf1 include:amazonses.com ~all"
DMARC_VALUE = "v=DMARC1; p=none;"
# SES never gives the public key of BYODKIM back; its console shows this in the key's place.
OWN_KEY_VALUE = "p=customerProvidedPublicKey"


class Purpose(StrEnum):
    DKIM = "dkim"
    MAIL_FROM = "mail_from"
    DMARC = "dmarc"

    @property
    def word(self) -> str:
        return {
            Purpose.DKIM: _("DKIM"),
            Purpose.MAIL_FROM: _("MAIL FROM"),
            Purpose.DMARC: _("DMARC"),
        }[self]

    @property
    def why(self) -> str:
        """What the record is for, in one sentence."""
        return {
            Purpose.DKIM: _("Proves that the mail is yours. SES verifies the domain by it."),
            Purpose.MAIL_FROM: _("Makes SPF pass for your own domain instead of amazonses.com."),
            Purpose.DMARC: _(
                "Tells receivers what to do with mail that only pretends to be yours."
            ),
        }[self]


@dataclass(frozen=True, slots=True)
class RequiredRecord:
    """One record; names have no final dot, an MX value is `10 host`."""

    purpose: Purpose
    type: str
    name: str
    value: str

    @property
    def key(self) -> str:
        """What tells this record from the others of one identity."""
        return f"{self.type} {self.name}"

    @property
    def placeholder(self) -> bool:
        """True when only the person has the value: the public key of BYODKIM."""
        return self.value == OWN_KEY_VALUE

    @property
    def line(self) -> str:
        """The record in the form of a zone file, absolute names and all.

        A placeholder is commented out: published as it stands, it would break the signature.
        """
        value = _strings(self.value) if self.type == "TXT" else f"{self.value}."
        return f"{'; ' if self.placeholder else ''}{self.name}. {self.type} {value}"


def _strings(text: str) -> str:
    """`text` as quoted strings, of 255 characters at most (RFC 1035 section 3.3)."""
    pieces = [text[at : at + 255] for at in range(0, len(text), 255)] or [""]
    return " ".join('"' + piece.replace("\\", "\\\\").replace('"', '\\"') + '"' for piece in pieces)


def required_records(identity: Identity, region: str) -> tuple[RequiredRecord, ...]:
    """The records for a domain identity, in the order they are shown; none for an address.

    DKIM targets come from `SigningHostedZone`, never from a fixed zone.
    """
    if not identity.is_domain:
        return ()
    domain = identity.name
    records = [_dkim(identity, token, region) for token in identity.dkim.tokens]
    if name := identity.mail_from.domain:
        records += [
            RequiredRecord(Purpose.MAIL_FROM, "MX", name, f"10 {feedback_host(region)}"),
            RequiredRecord(Purpose.MAIL_FROM, "TXT", name, SPF_VALUE),
        ]
    records.append(RequiredRecord(Purpose.DMARC, "TXT", f"_dmarc.{domain}", DMARC_VALUE))
    return tuple(records)


def _dkim(identity: Identity, token: str, region: str) -> RequiredRecord:
    name = f"{token}._domainkey.{identity.name}"
    if identity.dkim.own_key:
        return RequiredRecord(Purpose.DKIM, "TXT", name, OWN_KEY_VALUE)
    zone = identity.dkim.hosted_zone or fallback_dkim_zone(identity.dkim.parent_region or region)
    return RequiredRecord(Purpose.DKIM, "CNAME", name, f"{token}.{zone}")


def as_zone_file(records: tuple[RequiredRecord, ...]) -> str:
    """All records as lines of a zone file, ready to be pasted or imported."""
    return "".join(record.line + "\n" for record in records)


def as_json(identity: str, region: str, records: tuple[RequiredRecord, ...]) -> dict[str, Any]:
    """`sestui.records/1`."""
    return {
        "schema": "sestui.records/1",
        "identity": identity,
        "region": region,
        "records": [
            {"purpose": str(r.purpose), "type": r.type, "name": r.name, "value": r.value}
            for r in records
        ],
    }
