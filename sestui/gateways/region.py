"""Which Region, and who said so."""

from __future__ import annotations

from collections.abc import Mapping

from sestui.domain.account import RegionSource

FALLBACK_REGION = "us-east-1"


def find_region(
    environment: Mapping[str, str], *, chosen: str = "", option: str = "", profile: str = ""
) -> tuple[str, RegionSource]:
    """The Region to work in and where it comes from.

    Args:
        environment: of the process. boto3 1.44 ignores AWS_REGION, so it is read here.
        chosen: by the person, in the wizard.
        option: of the command line.
        profile: what the profile in the AWS configuration says.
    """
    candidates = (
        (chosen, RegionSource.CHOSEN),
        (option, RegionSource.OPTION),
        (environment.get("AWS_REGION", ""), RegionSource.AWS_REGION),
        (environment.get("AWS_DEFAULT_REGION", ""), RegionSource.AWS_DEFAULT_REGION),
        (profile, RegionSource.PROFILE),
    )
    for region, source in candidates:
        if region.strip():
            return region.strip(), source
    return FALLBACK_REGION, RegionSource.FALLBACK
