"""CloudWatch dimensions: by what the events are counted.

Source: SES Developer Guide, "Set up a CloudWatch event destination"; API v2,
CloudWatchDimensionConfiguration.
"""

from __future__ import annotations

from collections.abc import Iterator

from sestui.domain.configset.judge_destination import (
    AUTO_TAGS,
    MOST_DIMENSIONS,
    SOURCES,
    destination_problems,
)
from sestui.domain.configset.model import (
    Destination,
    DestinationKind,
    Dimension,
    EventType,
    default_dimension,
)
from sestui.domain.i18n import _

__all__ = [
    "AUTO_TAGS",
    "MOST_DIMENSIONS",
    "SOURCES",
    "advise_dimensions",
    "auto_tag_words",
    "cost_words",
    "empty_dimension",
    "judge_dimensions",
    "proposed",
    "source_words",
]


def proposed(set_name: str) -> tuple[Dimension, ...]:
    """The dimension that is right for most: mail of this set apart from that of others."""
    return (default_dimension(set_name),)


def empty_dimension() -> Dimension:
    return Dimension("", "MESSAGE_TAG", "")


def judge_dimensions(rows: tuple[Dimension, ...]) -> Iterator[tuple[str, str]]:
    """Field (`dimensions`, `dimensions.0.name`, `.source`, `.default`) and why it cannot be."""
    whole = Destination(
        "x", DestinationKind.CLOUDWATCH, frozenset({EventType.BOUNCE}), dimensions=rows
    )
    yield from destination_problems(whole, "", "", None)


def advise_dimensions(rows: tuple[Dimension, ...]) -> Iterator[tuple[str, str]]:
    """Field and what is worth knowing about it; it stops nothing."""
    if rows:
        yield "dimensions", cost_words(len(rows))
    for number, each in enumerate(rows):
        name = each.name.strip()
        if each.source == "LINK_TAG":
            yield f"dimensions.{number}.source", _("Only clicks have link tags (ses:tags).")
        elif name in ("ses:source-ip", "ses:outgoing-ip"):
            yield (
                f"dimensions.{number}.name",
                _("Every address becomes a metric of its own, each of which is charged."),
            )
        elif each.source == "EMAIL_HEADER" and name.lower() in ("subject", "date", "x-request-id"):
            yield (
                f"dimensions.{number}.name",
                _("This differs from mail to mail: every value becomes a metric of its own."),
            )


def cost_words(number: int) -> str:
    if number < 2:
        return _("CloudWatch charges one custom metric for each event and value that occurs.")
    return _(
        "CloudWatch charges a custom metric for each event and each combination of the {n} values "
        "that occurs. One dimension alone cannot be read then."
    ).format(n=number)


def source_words(source: str) -> str:
    return {
        "MESSAGE_TAG": _("message tag"),
        "EMAIL_HEADER": _("header of the mail"),
        "LINK_TAG": _("tag of a link"),
    }.get(source, source)


def auto_tag_words(name: str) -> str:
    """What SES itself writes into the tag."""
    return {
        "ses:configuration-set": _("the set that the mail was sent with"),
        "ses:from-domain": _("the domain in From"),
        "ses:source-ip": _("the address from which it was handed to SES"),
        "ses:caller-identity": _("the user or role that sent it"),
        "ses:outgoing-ip": _("the address from which SES sent it"),
        "ses:source-tls-version": _("TLS between the sender and SES"),
        "ses:outgoing-tls-version": _("TLS between SES and the recipient's server"),
    }.get(name, "")
