"""The practice DNS provider: records as a person types them, right ones and wrong ones."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from dns.name import Name

from sestui.practice.dns.apex import PROVIDER, apex_of, registrable
from sestui.practice.dns.typed import PanelError, parse_name, parse_value
from sestui.practice.dns.zone import Zone, apex, build
from sestui.practice.store import Store

DEFAULT_TTL = 300
MAX_TTL = 2**31 - 1
_DOCUMENT = "panel"


@dataclass(frozen=True, slots=True)
class Record:
    """A record as typed: `value` is what the person entered, `ttl` in seconds."""

    name: str
    type: str
    value: str
    ttl: int = DEFAULT_TTL


class Panel:
    """Records in the store; zones are made of them on demand. Thread-safe."""

    def __init__(
        self,
        store: Store | None = None,
        elsewhere: Callable[[Name], str | None] = lambda _: None,
    ) -> None:
        """`elsewhere` says who else serves a name ("Route 53"): its records are not taken here."""
        self._store = store
        self._elsewhere = elsewhere
        self._lock = threading.Lock()
        self._serial = 1
        self._records: list[Record] = []
        if store:
            self._restore(store)
        self.zones: Mapping[Name, Zone] = self._built(self._records, self._serial)
        """Replaced, never changed; read it without a lock."""

    def _restore(self, store: Store) -> None:
        """Take the records back that were kept, without those that are damaged."""
        kept = store.load(_DOCUMENT, _is_kept)
        if kept is None:
            return
        damaged: list[str] = []
        for each in kept["records"]:
            try:
                record = Record(**each)
                parse_name(record.name)
                parse_value(record.type, record.value)
                if not 0 <= record.ttl <= MAX_TTL:
                    raise PanelError("the TTL")
                self._records.append(record)
            except (TypeError, AttributeError, ValueError):
                damaged.append(ascii(each)[:80])
        self._serial = kept["serial"]
        if damaged:
            store.keep_copy(_DOCUMENT, f"damaged: {', '.join(damaged)}")
            self._save(self._records)

    def add(self, name: str, rdtype: str, value: str, ttl: int = DEFAULT_TTL) -> Record:
        """Add a record; one that is there already stays as it is.

        Raises:
            PanelError: a panel would refuse it.
        """
        record = self._checked(name, rdtype, value, ttl)
        with self._lock:
            if record not in self._records:
                self._refuse_clash(self._records, record)
                same = (record.name, record.type, record.value)
                rest = [r for r in self._records if (r.name, r.type, r.value) != same]
                self._save([*rest, record])
        return record

    def replace(
        self, name: str, rdtype: str, values: Iterable[str], ttl: int = DEFAULT_TTL
    ) -> list[Record]:
        """Make `values` all there is of this name and type.

        Raises:
            PanelError: a panel would refuse one of them; nothing is changed then.
        """
        new = [self._checked(name, rdtype, value, ttl) for value in values]
        key = _key(parse_name(name)), rdtype.upper()
        with self._lock:
            records = [r for r in self._records if (r.name, r.type) != key]
            for record in new:
                self._refuse_clash(records, record)
                records.append(record)
            self._save(records)
        return new

    def delete(self, name: str, rdtype: str = "", value: str = "") -> int:
        """Delete the records of a name; of one type or one value when given. Returns how many.

        Raises:
            PanelError: `name` is no name.
        """
        key = _key(parse_name(name))
        with self._lock:
            records = [
                r
                for r in self._records
                if r.name != key
                or (rdtype and r.type != rdtype.upper())
                or (value and r.value != value.strip())
            ]
            gone = len(self._records) - len(records)
            if gone:
                self._save(records)
        return gone

    def listing(self) -> list[dict[str, Any]]:
        """All records, by name and type."""
        with self._lock:
            return [asdict(r) for r in sorted(self._records, key=lambda r: (r.name, r.type))]

    def _checked(self, name: str, rdtype: str, value: str, ttl: int) -> Record:
        owner = parse_name(name)
        rdtype = rdtype.upper()
        parse_value(rdtype, value)
        if not 0 <= ttl <= MAX_TTL:
            raise PanelError("the TTL is a number of seconds from 0 to 2147483647")
        if (elsewhere := self._elsewhere(owner)) is not None:
            raise PanelError(f"{_key(owner)} is served by {elsewhere}: add its records there")
        if not registrable(owner):
            raise PanelError(f"{_key(owner)} is not a domain that can be registered")
        if rdtype == "CNAME" and owner == apex_of(owner):
            raise PanelError("a CNAME cannot stand at the top of a zone")
        return Record(_key(owner), rdtype, value.strip(), ttl)

    @staticmethod
    def _refuse_clash(records: list[Record], new: Record) -> None:
        """A CNAME stands alone at its name (RFC 1034 section 3.6.2)."""
        there = {r.type for r in records if r.name == new.name and r.value != new.value}
        if new.type == "CNAME" and there:
            raise PanelError(f"{new.name} has {', '.join(sorted(there))} already; a CNAME is alone")
        if new.type != "CNAME" and "CNAME" in there:
            raise PanelError(f"{new.name} has a CNAME already; nothing else can stand beside it")

    def _save(self, records: list[Record]) -> None:
        serial = self._serial + 1
        if self._store:
            kept = {"serial": serial, "records": [asdict(r) for r in records]}
            self._store.save(_DOCUMENT, kept)
        self._records, self._serial = records, serial
        self.zones = self._built(records, serial)

    @staticmethod
    def _built(records: list[Record], serial: int) -> dict[Name, Zone]:
        data: dict[Name, list[Any]] = {}
        for record in records:
            owner = parse_name(record.name)
            origin = apex_of(owner)
            zone = data.setdefault(origin, apex(origin, *PROVIDER, serial))
            zone.append((owner, record.ttl, parse_value(record.type, record.value)))
        return {origin: build(origin, zone) for origin, zone in data.items()}


def _is_kept(kept: Any) -> bool:
    return (
        isinstance(kept, dict)
        and isinstance(kept.get("serial"), int)
        and isinstance(kept.get("records"), list)
    )


def _key(name: Name) -> str:
    return name.to_text(omit_final_dot=True).lower()
