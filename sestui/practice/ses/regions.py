"""What differs between Regions.

Source: AWS General Reference, "Amazon SES endpoints and quotas".
"""

from __future__ import annotations

_OWN_ZONE = """
af-south-1 ap-south-2 ap-southeast-3 ap-southeast-5 ap-northeast-3 ca-west-1 eu-south-1
eu-central-2 il-central-1 me-central-1 us-gov-east-1
"""
_OWN_DKIM_ZONE = frozenset(_OWN_ZONE.split())

# The first four digits of a message id tell the Region it was sent in.
_MESSAGE_ID_PREFIX = {
    "us-east-1": "0100",
    "us-west-2": "0101",
    "eu-west-1": "0102",
    "ap-northeast-1": "0106",
    "eu-central-1": "0107",
    "ap-southeast-2": "0108",
    "ap-south-1": "0109",
    "ca-central-1": "010d",
    "ap-southeast-1": "010e",
    "us-east-2": "010f",
}


def signing_hosted_zone(region: str) -> str:
    """What DKIM CNAMEs point into: `DkimAttributes.SigningHostedZone`."""
    return f"dkim.{region}.amazonses.com" if region in _OWN_DKIM_ZONE else "dkim.amazonses.com"


def feedback_host(region: str) -> str:
    """What the one MX of a custom MAIL FROM domain names."""
    return f"feedback-smtp.{region}.amazonses.com"


def default_mail_from(region: str) -> str:
    """The MAIL FROM domain of mail without a custom one."""
    return "amazonses.com" if region == "us-east-1" else f"{region}.amazonses.com"


def message_id_host(region: str) -> str:
    """The right side of the Message-ID header."""
    return "email.amazonses.com" if region == "us-east-1" else f"{region}.amazonses.com"


def message_id_prefix(region: str) -> str:
    return _MESSAGE_ID_PREFIX.get(region, "0111")


def origin_region(origin: str) -> str:
    """The Region of a Deterministic Easy DKIM origin: AWS_SES_EU_WEST_1 is eu-west-1."""
    return origin.removeprefix("AWS_SES_").lower().replace("_", "-")
