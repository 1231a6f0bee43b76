"""botocore's model of SES API v2: the one source of routes, members and constraints."""

from __future__ import annotations

from functools import cache

from botocore.loaders import Loader
from botocore.model import ServiceModel


@cache
def service_model() -> ServiceModel:
    """The `sesv2` model of the botocore that is installed. Loaded once, about 0.1 s."""
    return ServiceModel(Loader().load_service_model("sesv2", "service-2"), "sesv2")


def enum_of(shape_name: str) -> list[str]:
    """The values of an enumeration, by the name of its shape."""
    values: list[str] = service_model().shape_for(shape_name).metadata["enum"]
    return values
