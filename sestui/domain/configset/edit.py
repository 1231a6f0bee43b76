"""A configuration set as it is typed: everything text, nothing checked."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from sestui.domain.configset.model import (
    WORKSHOP_SET,
    ConfigurationSet,
    Destination,
    Dimension,
    parse_set_name,
)
from sestui.domain.configset.options import REASONS
from sestui.domain.i18n import _
from sestui.domain.names import InvalidName, parse_domain

if TYPE_CHECKING:
    from datetime import datetime

_UNITS = {"": 1, "s": 1, "sec": 1, "m": 60, "min": 60, "h": 3600}


class Suppression(StrEnum):
    """Nothing suppressed is a choice of its own, never what is left when a list is emptied."""

    ACCOUNT = "account"
    OWN = "own"
    NOTHING = "nothing"

    @property
    def word(self) -> str:
        return {
            Suppression.ACCOUNT: _("as the account"),
            Suppression.OWN: _("this set's own"),
            Suppression.NOTHING: _("nothing is suppressed"),
        }[self]


@dataclass(frozen=True, slots=True)
class SetDraft:
    """The fields are those of ConfigurationSet where they have the same name."""

    name: str = WORKSHOP_SET
    sending_enabled: bool = True
    reputation_metrics: bool = True
    tls_policy: str = "OPTIONAL"
    sending_pool: str = ""
    max_delivery_seconds: str = ""
    """Seconds, or with a unit: 90, 90 s, 15 min, 14 h."""
    suppression: Suppression = Suppression.ACCOUNT
    reasons: frozenset[str] = frozenset(REASONS)
    """Of `Suppression.OWN`."""
    suppression_scope: str = ""
    validation: str = ""
    redirect_domain: str = ""
    https_policy: str = "OPTIONAL"
    engagement_metrics: str = ""
    optimized_delivery: str = ""
    archive: str = ""
    tags: tuple[tuple[str, str], ...] = ()
    """Rows as typed; one with nothing in it does not count."""
    destinations: tuple[Destination, ...] = ()
    """Their texts as typed."""
    last_fresh_start: datetime | None = None
    kept: tuple[tuple[str, str], ...] = ()

    def with_destination(self, destination: Destination, name: str = "") -> SetDraft:
        """With `destination` in the place of the one called `name`, or at the end."""
        if all(each.name != name for each in self.destinations):
            return replace(self, destinations=(*self.destinations, destination))
        changed = tuple(destination if each.name == name else each for each in self.destinations)
        return replace(self, destinations=changed)

    def without_destination(self, name: str) -> SetDraft:
        left = tuple(each for each in self.destinations if each.name != name)
        return replace(self, destinations=left)


def draft_of(configuration_set: ConfigurationSet) -> SetDraft:
    """What the form shows at first; `set_of` makes the same set of it again."""
    reasons = configuration_set.suppressed_reasons
    if reasons is None:
        suppression = Suppression.ACCOUNT
    else:
        suppression = Suppression.OWN if reasons else Suppression.NOTHING
    longest = configuration_set.max_delivery_seconds
    return SetDraft(
        name=configuration_set.name,
        sending_enabled=configuration_set.sending_enabled,
        reputation_metrics=configuration_set.reputation_metrics,
        tls_policy=configuration_set.tls_policy,
        sending_pool=configuration_set.sending_pool,
        max_delivery_seconds="" if longest is None else str(longest),
        suppression=suppression,
        reasons=frozenset(reasons or REASONS),
        suppression_scope=configuration_set.suppression_scope,
        validation=configuration_set.validation,
        redirect_domain=configuration_set.redirect_domain,
        https_policy=configuration_set.https_policy,
        engagement_metrics=configuration_set.engagement_metrics,
        optimized_delivery=configuration_set.optimized_delivery,
        archive=configuration_set.archive,
        tags=configuration_set.tags,
        destinations=configuration_set.destinations,
        last_fresh_start=configuration_set.last_fresh_start,
        kept=configuration_set.kept,
    )


def set_of(draft: SetDraft) -> ConfigurationSet:
    """The set that `draft` describes, for a draft that `judge` finds no fault with.

    Raises:
        InvalidName: a text cannot be read; `judge` says so of the field.
    """
    reasons: tuple[str, ...] | None = None
    if draft.suppression is not Suppression.ACCOUNT:
        own = draft.suppression is Suppression.OWN
        reasons = tuple(sorted(draft.reasons)) if own else ()
    return ConfigurationSet(
        name=parse_set_name(draft.name),
        sending_enabled=draft.sending_enabled,
        reputation_metrics=draft.reputation_metrics,
        tls_policy=draft.tls_policy,
        suppressed_reasons=reasons,
        destinations=tuple(_tidy(each) for each in draft.destinations),
        last_fresh_start=draft.last_fresh_start,
        sending_pool=draft.sending_pool.strip(),
        max_delivery_seconds=seconds(draft.max_delivery_seconds),
        suppression_scope=draft.suppression_scope,
        validation=draft.validation,
        redirect_domain=_domain(draft.redirect_domain.strip()),
        https_policy=draft.https_policy,
        engagement_metrics=draft.engagement_metrics,
        optimized_delivery=draft.optimized_delivery,
        archive=draft.archive.strip(),
        tags=tuple(sorted(row for row in draft.tags if any(row))),
        kept=draft.kept,
    )


def _tidy(typed: Destination) -> Destination:
    return replace(
        typed,
        name=typed.name.strip(),
        target=typed.target.strip(),
        role=typed.role.strip(),
        dimensions=tuple(
            Dimension(d.name.strip(), d.source, d.default.strip()) for d in typed.dimensions
        ),
    )


def _domain(typed: str) -> str:
    # One that is no domain stays, so that what somebody else has set survives an edit.
    try:
        return parse_domain(typed) if typed else ""
    except InvalidName:
        return typed


def seconds(typed: str) -> int | None:
    """How long SES is to try; None when nothing is typed: 14 hours.

    Raises:
        InvalidName: no time.
    """
    text = typed.strip().lower()
    if not text:
        return None
    found = re.fullmatch(r"([0-9]{1,9})\s*([a-z]*)", text)
    if found is None or found[2] not in _UNITS:
        raise InvalidName(_("Type seconds, or a time such as 15 min or 2 h."))
    return int(found[1]) * _UNITS[found[2]]
