"""What each field of a configuration set is called, what it means and what it costs.

Sources: Developer Guide, "Creating configuration sets", "Configuring custom domains to handle open
and click tracking", "Virtual Deliverability Manager", "Email archiving"; SES pricing page.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sestui.domain.configset.model import ConfigurationSet
from sestui.domain.configset.options import Group
from sestui.domain.i18n import _


@dataclass(frozen=True, slots=True)
class About:
    """One field, for the person who fills it in."""

    group: Group
    label: str
    means: str
    costs: str = ""


def about(field: str) -> About:
    """`field` is the name of one of the fields of ConfigurationSet.

    Raises:
        KeyError: it is none that is edited.
    """
    return _switches()[field] if field in _switches() else _others()[field]


def _switches() -> dict[str, About]:
    return {
        "sending_enabled": About(
            Group.SENDING,
            _("Sending"),
            _("Off: SES refuses every mail that is sent through this set."),
        ),
        "reputation_metrics": About(
            Group.REPUTATION,
            _("Reputation metrics"),
            _("Bounce and complaint rates of this set alone, in CloudWatch."),
            _("CloudWatch charges for them as custom metrics."),
        ),
        "tls_policy": About(
            Group.DELIVERY,
            _("TLS"),
            _("Required: mail to a server that has no TLS is not delivered at all."),
        ),
        "engagement_metrics": About(
            Group.VDM,
            _("Engagement metrics"),
            _("Counts opens and clicks: a pixel and rewritten links in the mail."),
            _("Deliverability Manager charges for each message."),
        ),
        "optimized_delivery": About(
            Group.VDM,
            _("Optimized shared delivery"),
            _("SES chooses the shared addresses that reach a provider best; it may take longer."),
            _("Deliverability Manager charges for each message."),
        ),
        "https_policy": About(
            Group.TRACKING,
            _("HTTPS for links"),
            _("Required: links and pixel by HTTPS, which needs a CDN with a certificate."),
            _("A CDN such as CloudFront is charged by use."),
        ),
    }


def _others() -> dict[str, About]:
    return {
        "sending_pool": About(
            Group.DELIVERY,
            _("Dedicated pool"),
            _("Sends from your own addresses. Empty: the shared ones."),
            _("Dedicated addresses are charged monthly or by message."),
        ),
        "max_delivery_seconds": About(
            Group.DELIVERY,
            _("Longest delivery"),
            _("For how long SES tries, 5 minutes to 14 hours; then it counts as bounced."),
        ),
        "suppressed_reasons": About(
            Group.SUPPRESSION,
            _("Suppression list"),
            _("Which addresses are left out and added: those that bounced, that complained."),
        ),
        "suppression_scope": About(
            Group.SUPPRESSION,
            _("Whose list"),
            _("The account's, or that of the tenant for whom the mail is sent."),
        ),
        "validation": About(
            Group.SUPPRESSION,
            _("Auto validation"),
            _("Mail to addresses that SES thinks are not valid is held back."),
            _("Each address that is checked is charged."),
        ),
        "redirect_domain": About(
            Group.TRACKING,
            _("Redirect domain"),
            _("Links and pixel go through it, not awstrack.me. A verified domain with a CNAME."),
        ),
        "archive": About(
            Group.ARCHIVING,
            _("Archive"),
            _("Keeps a copy of every mail in a Mail Manager archive."),
            _("Charged by what is taken in and by what is kept."),
        ),
        "tags": About(
            Group.TAGS,
            _("Tags"),
            _("For your own order, for cost reports and for IAM conditions."),
        ),
        "destinations": About(
            Group.EVENTS,
            _("Event destinations"),
            _("Where SES tells what became of each mail, 10 at most."),
            _("SNS, EventBridge, Firehose and CloudWatch charge for what they are given."),
        ),
        "dimensions": About(
            Group.EVENTS,
            _("Dimensions"),
            _("Metrics are counted for each combination of values, and only read together."),
            _("CloudWatch charges a custom metric for every combination that occurs."),
        ),
    }


def shown(configuration_set: ConfigurationSet, field: str) -> str:
    """The value of `field` as it is shown."""
    value: Any = getattr(configuration_set, field)
    return str(_shown(field, value))


def _shown(field: str, value: Any) -> Any:
    match field:
        case "sending_enabled" | "reputation_metrics":
            return _("on") if value else _("off")
        case "tls_policy":
            return {"OPTIONAL": _("when possible"), "REQUIRE": _("required")}.get(value, value)
        case "https_policy":
            return {
                "OPTIONAL": _("as the link was"),
                "REQUIRE": _("for links and pixel"),
                "REQUIRE_OPEN_ONLY": _("for the pixel only"),
            }.get(value, value)
        case "engagement_metrics" | "optimized_delivery":
            return {
                "": _("as the account"),
                "ENABLED": _("on"),
                "DISABLED": _("off"),
            }.get(value, value)
        case "suppressed_reasons":
            return reasons_text(value)
        case "max_delivery_seconds":
            return _("14 hours") if value is None else duration(value)
        case "suppression_scope" | "validation":
            return value.lower() if value else _("as the account")
        case "sending_pool":
            return value or _("shared addresses")
        case "redirect_domain":
            return value or "awstrack.me"
        case "archive":
            return value or _("none")
        case "tags":
            return ", ".join(f"{key}={text}" for key, text in value) or _("none")
        case _:
            return value


def reasons_text(reasons: tuple[str, ...] | None) -> str:
    if reasons is None:
        return _("as the account")
    if not reasons:
        return _("nothing is suppressed")
    words = {"BOUNCE": _("bounces"), "COMPLAINT": _("complaints")}
    return ", ".join(words.get(reason, reason) for reason in reasons)


def duration(seconds: int) -> str:
    """In the largest unit that needs no fraction."""
    if seconds % 3600 == 0:
        return _("{n} h").format(n=seconds // 3600)
    if seconds % 60 == 0:
        return _("{n} min").format(n=seconds // 60)
    return _("{n} s").format(n=seconds)
