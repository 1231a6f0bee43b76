"""What to type where: the boxes of a DNS panel, filled in for one record."""

from __future__ import annotations

from dataclasses import dataclass

from sestui.domain.providers import Provider, name_box, panel_url, value_box
from sestui.domain.records import RequiredRecord


@dataclass(frozen=True, slots=True)
class Fix:
    """How to put one record right. An empty `value`: only a person knows, or none is needed."""

    text: str
    """What to do, in a sentence or two."""
    type: str
    name_box: str
    """What goes into the panel's box for the name; it may have to stay empty."""
    name_full: str
    """The whole name, as it is in DNS afterwards."""
    value: str = ""
    """What the record says in the end, as in `RequiredRecord`."""
    value_box: str = ""
    """What goes into the box for the value: with quotes or a final dot where the panel wants it."""
    priority: str = ""
    """What goes into the box for the priority; empty where there is none."""
    panel: str = ""
    """Whose panel: the DNS host's name; empty when it is not known."""
    panel_url: str = ""
    notes: tuple[str, ...] = ()
    """What is special about this panel."""


def fix_for(
    record: RequiredRecord,
    text: str,
    apex: str,
    provider: Provider | None,
    value: str | None = None,
) -> Fix:
    """The boxes for `record`, as the provider's panel wants them filled in.

    Args:
        value: what to put there instead of the record's own value; empty for nothing.
    """
    wanted = record.value if value is None else value
    if record.placeholder and value is None:
        wanted = ""  # SES does not give the public key; only its owner has it
    box = value_box(provider, record.type, wanted) if wanted else None
    box_text = box.value if box else ""
    if wanted.endswith(".") and not box_text.endswith("."):
        box_text += "."  # without it this panel has put the zone behind the value
    return Fix(
        text,
        record.type,
        name_box(provider, record.name, apex),
        record.name,
        wanted.removesuffix(".") if record.type != "TXT" else wanted,
        box_text,
        box.priority if box else "",
        provider.name if provider else "",
        panel_url(provider, apex),
        provider.notes if provider else (),
    )
