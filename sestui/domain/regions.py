"""What differs from Region to Region. Source: AWS General Reference, Amazon SES endpoints."""

from __future__ import annotations

# The Regions of the General Reference; the SDK lists six more that SES does not document.
REGIONS: dict[str, str] = {
    "us-east-1": "N. Virginia",
    "us-east-2": "Ohio",
    "us-west-1": "N. California",
    "us-west-2": "Oregon",
    "af-south-1": "Cape Town",
    "ap-south-1": "Mumbai",
    "ap-south-2": "Hyderabad",
    "ap-southeast-1": "Singapore",
    "ap-southeast-2": "Sydney",
    "ap-southeast-3": "Jakarta",
    "ap-southeast-5": "Malaysia",
    "ap-northeast-1": "Tokyo",
    "ap-northeast-2": "Seoul",
    "ap-northeast-3": "Osaka",
    "ca-central-1": "Central Canada",
    "ca-west-1": "Calgary",
    "eu-central-1": "Frankfurt",
    "eu-central-2": "Zurich",
    "eu-west-1": "Ireland",
    "eu-west-2": "London",
    "eu-west-3": "Paris",
    "eu-south-1": "Milan",
    "eu-north-1": "Stockholm",
    "il-central-1": "Tel Aviv",
    "me-south-1": "Bahrain",
    "me-central-1": "UAE",
    "sa-east-1": "São Paulo",
    "us-gov-east-1": "GovCloud East",
    "us-gov-west-1": "GovCloud West",
}

_OWN_DKIM_ZONE = {
    "af-south-1",
    "ap-south-2",
    "ap-southeast-3",
    "ap-southeast-5",
    "ap-northeast-3",
    "ca-west-1",
    "eu-south-1",
    "eu-central-2",
    "il-central-1",
    "me-central-1",
    "us-gov-east-1",
}


def fallback_dkim_zone(region: str) -> str:
    """The DKIM zone for an answer without `SigningHostedZone` (SDKs before December 2025).

    The zone varies by Region and cell, so what SES says always goes first.
    """
    own = region in _OWN_DKIM_ZONE
    return f"dkim.{region}.amazonses.com" if own else "dkim.amazonses.com"


def feedback_host(region: str) -> str:
    """The one MX host of a custom MAIL FROM domain in `region`."""
    return f"feedback-smtp.{region}.amazonses.com"


def partition(region: str) -> str:
    """The partition in ARNs of `region`."""
    start = region.split("-", 1)[0]
    if region.startswith("us-gov-"):
        return "aws-us-gov"
    return {"cn": "aws-cn", "eusc": "aws-eusc"}.get(start, "aws")
