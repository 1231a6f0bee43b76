"""The hosted zones of the neighbour's Route 53, as zones of this name server."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

import dns.exception
import dns.name
import dns.rdata
from dns.name import Name

from sestui.practice.dns.zone import Zone, build

_OCTAL = re.compile(r"\\(\d{3})")
Records = list[tuple[Name, int, dns.rdata.Rdata]]


def read_zones(route53: Any) -> dict[Name, Zone]:
    """All public hosted zones. `route53` is a boto3 client.

    Raises:
        botocore.exceptions.ClientError, BotoCoreError: the neighbour does not answer.
    """
    data: dict[Name, Records] = {}
    for zone in _pages(route53, "list_hosted_zones", "HostedZones"):
        if zone["Config"].get("PrivateZone"):
            continue
        origin = dns.name.from_text(zone["Name"])
        # Two hosted zones of one name: the first is the one that the domain is delegated to.
        if origin in data:
            continue
        sets = _pages(
            route53, "list_resource_record_sets", "ResourceRecordSets", HostedZoneId=zone["Id"]
        )
        data[origin] = records_of(sets)
    return {origin: build(origin, records) for origin, records in data.items()}


def records_of(sets: Iterable[dict[str, Any]]) -> Records:
    """The records of resource record sets as ListResourceRecordSets returns them.

    Alias targets have no data of their own and are left out, as is what cannot be parsed.
    """
    records: Records = []
    for each in sets:
        # Route 53 writes `*` and other odd octets as \052.
        owner = dns.name.from_text(_OCTAL.sub(lambda m: chr(int(m[1], 8)), each["Name"]))
        for value in each.get("ResourceRecords", []):
            try:
                data = dns.rdata.from_text(
                    "IN", each["Type"], value["Value"], origin=dns.name.root, relativize=False
                )
            except (dns.exception.DNSException, ValueError):
                continue
            records.append((owner, int(each.get("TTL", 300)), data))
    return records


def _pages(client: Any, operation: str, key: str, **arguments: Any) -> Iterator[dict[str, Any]]:
    for page in client.get_paginator(operation).paginate(**arguments):
        yield from page[key]
