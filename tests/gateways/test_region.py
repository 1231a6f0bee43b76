from __future__ import annotations

from sestui.domain.account import RegionSource
from sestui.gateways.region import find_region

BOTH = {"AWS_REGION": "eu-west-1", "AWS_DEFAULT_REGION": "eu-west-2"}


def test_the_nearest_to_the_person_wins() -> None:
    assert find_region(BOTH, chosen="a", option="b", profile="c") == ("a", RegionSource.CHOSEN)
    assert find_region(BOTH, option="b", profile="c") == ("b", RegionSource.OPTION)
    assert find_region(BOTH, profile="c") == ("eu-west-1", RegionSource.AWS_REGION)
    default = {"AWS_DEFAULT_REGION": "eu-west-2", "AWS_REGION": " "}
    assert find_region(default, profile="c") == ("eu-west-2", RegionSource.AWS_DEFAULT_REGION)
    assert find_region({}, profile="c") == ("c", RegionSource.PROFILE)
    assert find_region({}) == ("us-east-1", RegionSource.FALLBACK)
