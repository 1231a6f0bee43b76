"""The option groups of a configuration set, read from SES and written back. Source: API v2.

A group is replaced as a whole by its Put call, and a boolean that is left out counts as false. So a
group is always written with all its members, those among them that are not edited here.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from enum import StrEnum
from typing import Any

from sestui.domain.configset.model import (
    ConfigurationSet,
    Destination,
    DestinationKind,
    default_dimension,
)
from sestui.domain.i18n import _

Answer = Mapping[str, Any]

MIN_DELIVERY, MAX_DELIVERY = 300, 50_400
REASONS = ("BOUNCE", "COMPLAINT")


class Group(StrEnum):
    """An option group, or another part of a set that is changed by calls of its own."""

    SENDING = "SendingOptions"
    REPUTATION = "ReputationOptions"
    DELIVERY = "DeliveryOptions"
    SUPPRESSION = "SuppressionOptions"
    TRACKING = "TrackingOptions"
    VDM = "VdmOptions"
    ARCHIVING = "ArchivingOptions"
    SECURITY = "MessageSecurityOptions"
    EVENTS = "EventDestinations"
    TAGS = "Tags"

    @property
    def word(self) -> str:
        return {
            Group.SENDING: _("Sending"),
            Group.REPUTATION: _("Reputation metrics"),
            Group.DELIVERY: _("Delivery"),
            Group.SUPPRESSION: _("Suppression"),
            Group.TRACKING: _("Open and click tracking"),
            Group.VDM: _("Deliverability Manager"),
            Group.ARCHIVING: _("Archiving"),
            Group.SECURITY: _("Message security"),
            Group.EVENTS: _("Event destinations"),
            Group.TAGS: _("Tags"),
        }[self]


_NO_OPTIONS = ("ConfigurationSetName", "Tags", "ResponseMetadata")
_VALIDATION = "SuppressionOptions.ValidationOptions"
# What the fields of ConfigurationSet say; all else in an answer is kept as it is.
_MODELLED = frozenset(
    {
        "SendingOptions.SendingEnabled",
        "ReputationOptions.ReputationMetricsEnabled",
        "ReputationOptions.LastFreshStart",
        "DeliveryOptions.TlsPolicy",
        "DeliveryOptions.SendingPoolName",
        "DeliveryOptions.MaxDeliverySeconds",
        "SuppressionOptions.SuppressedReasons",
        "SuppressionOptions.SuppressionScope",
        "TrackingOptions.CustomRedirectDomain",
        "TrackingOptions.HttpsPolicy",
        "VdmOptions.DashboardOptions.EngagementMetrics",
        "VdmOptions.GuardianOptions.OptimizedSharedDelivery",
        "ArchivingOptions.ArchiveArn",
    }
)


def read(name: str, answer: Answer, events: Answer) -> ConfigurationSet:
    """From GetConfigurationSet and GetConfigurationSetEventDestinations.

    AWS leaves out members freely, so nothing is taken for granted to be there.
    """

    def member(*path: str) -> Any:
        found: Any = answer
        for step in path:
            found = (found or {}).get(step)
        return found

    reasons = member("SuppressionOptions", "SuppressedReasons")
    sending = member("SendingOptions", "SendingEnabled")
    validation = _threshold(member("SuppressionOptions", "ValidationOptions"))
    return ConfigurationSet(
        name=name,
        sending_enabled=True if sending is None else bool(sending),
        reputation_metrics=bool(member("ReputationOptions", "ReputationMetricsEnabled")),
        tls_policy=member("DeliveryOptions", "TlsPolicy") or "OPTIONAL",
        # An empty list is a choice of its own: nothing is suppressed.
        suppressed_reasons=None if reasons is None else tuple(sorted(reasons)),
        destinations=tuple(
            Destination.parse(each) for each in events.get("EventDestinations") or ()
        ),
        last_fresh_start=member("ReputationOptions", "LastFreshStart"),
        sending_pool=member("DeliveryOptions", "SendingPoolName") or "",
        max_delivery_seconds=member("DeliveryOptions", "MaxDeliverySeconds"),
        suppression_scope=member("SuppressionOptions", "SuppressionScope") or "",
        validation=validation or "",
        redirect_domain=member("TrackingOptions", "CustomRedirectDomain") or "",
        https_policy=member("TrackingOptions", "HttpsPolicy") or "OPTIONAL",
        engagement_metrics=member("VdmOptions", "DashboardOptions", "EngagementMetrics") or "",
        optimized_delivery=member("VdmOptions", "GuardianOptions", "OptimizedSharedDelivery") or "",
        archive=member("ArchivingOptions", "ArchiveArn") or "",
        tags=tuple(sorted((t["Key"], t.get("Value", "")) for t in answer.get("Tags") or ())),
        kept=tuple(sorted(_kept(answer, known_validation=validation is not None))),
    )


def _threshold(options: Any) -> str | None:
    """ValidationOptions in a word; None when it says more than one word can."""
    if options is None:
        return ""
    if options == {"ConditionThreshold": {"ConditionThresholdEnabled": "DISABLED"}}:
        return "DISABLED"
    condition = options.get("ConditionThreshold") or {}
    verdict = (condition.get("OverallConfidenceThreshold") or {}).get("ConfidenceVerdictThreshold")
    return verdict if verdict and options == _validation_options(verdict) else None


def _validation_options(word: str) -> dict[str, Any]:
    if word == "DISABLED":
        return {"ConditionThreshold": {"ConditionThresholdEnabled": "DISABLED"}}
    return {
        "ConditionThreshold": {
            "ConditionThresholdEnabled": "ENABLED",
            "OverallConfidenceThreshold": {"ConfidenceVerdictThreshold": word},
        }
    }


def _kept(answer: Answer, *, known_validation: bool) -> Iterator[tuple[str, str]]:
    known = _MODELLED | {_VALIDATION} if known_validation else _MODELLED
    waiting = [(key, value) for key, value in answer.items() if key not in _NO_OPTIONS]
    while waiting:
        path, value = waiting.pop()
        if path in known or value is None:
            continue
        if isinstance(value, Mapping) and any(each.startswith(path + ".") for each in known):
            waiting += [(f"{path}.{key}", inner) for key, inner in value.items()]
        else:
            yield path, json.dumps(value, sort_keys=True, default=str)


def signing_scheme(configuration_set: ConfigurationSet) -> str:
    """S/MIME or the name of another scheme that is set elsewhere; empty when there is none."""
    kept = dict(configuration_set.kept).get("MessageSecurityOptions")
    scheme = (json.loads(kept) or {}).get("SigningScheme") or {} if kept else {}
    name = next(iter(scheme), "")
    return {"SmimeScheme": "S/MIME", "DefaultScheme": ""}.get(name, name)


def members(configuration_set: ConfigurationSet, group: Group) -> dict[str, Any]:
    """The group as Create takes it, whole; empty when there is nothing to say in it."""
    found = _modelled(configuration_set, group)
    for path, value in configuration_set.kept:
        head, *inner = path.split(".")
        if head != group.value:
            continue
        if not inner:
            return dict(json.loads(value) or {})
        place = found
        for step in inner[:-1]:
            place = place.setdefault(step, {})
        place[inner[-1]] = json.loads(value)
    return found


def _modelled(each: ConfigurationSet, group: Group) -> dict[str, Any]:
    match group:
        case Group.SENDING:
            return {"SendingEnabled": each.sending_enabled}
        case Group.REPUTATION:
            return {"ReputationMetricsEnabled": each.reputation_metrics}
        case Group.DELIVERY:
            return _said(
                TlsPolicy=each.tls_policy,
                SendingPoolName=each.sending_pool,
                MaxDeliverySeconds=each.max_delivery_seconds,
            )
        case Group.SUPPRESSION:
            return _suppression(each)
        case Group.TRACKING if each.redirect_domain:
            return {
                "CustomRedirectDomain": each.redirect_domain,
                "HttpsPolicy": each.https_policy,
            }
        case Group.VDM:
            return _said(
                DashboardOptions=_said(EngagementMetrics=each.engagement_metrics),
                GuardianOptions=_said(OptimizedSharedDelivery=each.optimized_delivery),
            )
        case Group.ARCHIVING:
            return _said(ArchiveArn=each.archive)
        case _:
            return {}


def _suppression(each: ConfigurationSet) -> dict[str, Any]:
    found = _said(SuppressionScope=each.suppression_scope)
    if each.suppressed_reasons is not None:
        found["SuppressedReasons"] = list(each.suppressed_reasons)
    if each.validation:
        found["ValidationOptions"] = _validation_options(each.validation)
    return found


def _said(**given: Any) -> dict[str, Any]:
    return {name: value for name, value in given.items() if value}


def unknown_groups(configuration_set: ConfigurationSet) -> dict[str, Any]:
    """Groups that this version does not know, by name, as they came."""
    known = set(Group)
    return {
        path: json.loads(value)
        for path, value in configuration_set.kept
        if "." not in path and path not in known
    }


def duplicate(configuration_set: ConfigurationSet, new_name: str) -> ConfigurationSet:
    """The same under another name.

    Left out: destinations at Pinpoint, which is retired, and those of a kind that is not known.
    """
    copied = tuple(
        replace(
            each,
            dimensions=tuple(
                default_dimension(new_name)
                if dimension == default_dimension(configuration_set.name)
                else dimension
                for dimension in each.dimensions
            ),
        )
        for each in configuration_set.destinations
        if each.kind is not DestinationKind.PINPOINT and not each.unknown
    )
    return replace(configuration_set, name=new_name, destinations=copied, last_fresh_start=None)


def tracking_target(region: str) -> str:
    """What the CNAME of a redirect domain points to (Developer Guide, "custom domains")."""
    return f"r.{region}.awstrack.me"
