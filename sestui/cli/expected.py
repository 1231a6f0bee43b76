"""`sestui.records/1` read back: what `sestui records DOMAIN --format json` wrote.

The file may come from anyone, so nothing in it is believed before it has been looked at.
"""

from __future__ import annotations

import json
import re
from typing import Any

from sestui.domain.i18n import _
from sestui.domain.names import MAX_NAME
from sestui.domain.records import Purpose, RequiredRecord
from sestui.domain.text import printable

SCHEMA = "sestui.records/1"
TYPES = ("CNAME", "MX", "TXT")
MOST = 100
_LABEL = re.compile(r"[A-Za-z0-9_-]{1,63}")


class NotRecords(ValueError):
    """The text is no `sestui.records/1`; the message says where it is not."""


def read_records(text: str, domain: str) -> tuple[str, tuple[RequiredRecord, ...]]:
    """The Region and the records that `text` expects of `domain`.

    Raises:
        NotRecords: it is something else, or about another domain.
    """
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        raise NotRecords(_("It is no JSON.")) from None
    if not isinstance(document, dict) or document.get("schema") != SCHEMA:
        raise NotRecords(
            _("It is no {schema}, as `sestui records DOMAIN --format json` writes it.").format(
                schema=SCHEMA
            )
        )
    identity = document.get("identity")
    if identity != domain:
        raise NotRecords(
            _("It is about {other}, not about {domain}.").format(
                other=printable(str(identity)), domain=domain
            )
        )
    rows = document.get("records")
    if not isinstance(rows, list) or not rows or len(rows) > MOST:
        raise NotRecords(_("It has no list of records."))
    region = document.get("region", "")
    return (
        printable(region) if isinstance(region, str) else "",
        tuple(_record(number, row) for number, row in enumerate(rows, 1)),
    )


def _record(number: int, row: Any) -> RequiredRecord:
    where = _("Record {number}: ").format(number=number)
    if not isinstance(row, dict):
        raise NotRecords(where + _("not an object."))
    values = [str(row.get(key) or "") for key in ("purpose", "type", "name", "value")]
    if not all(values):
        raise NotRecords(where + _("purpose, type, name and value are all needed."))
    purpose, kind, name, value = (printable(text) for text in values)
    if purpose not in set(Purpose):
        raise NotRecords(
            where + _("the purpose is one of {known}.").format(known=", ".join(Purpose))
        )
    if kind not in TYPES:
        raise NotRecords(where + _("the type is one of {known}.").format(known=", ".join(TYPES)))
    name = name.removesuffix(".")
    if len(name) > MAX_NAME or not all(_LABEL.fullmatch(label) for label in name.split(".")):
        raise NotRecords(where + _("the name is no domain name."))
    if kind == "MX" and len(value.split(" ")) != 2:
        raise NotRecords(where + _("an MX is written as `10 host`."))
    return RequiredRecord(Purpose(purpose), kind, name, value)
