"""From method and path to an operation, by the model's own URIs."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import unquote

from botocore.model import OperationModel, ServiceModel

_EARLIER = {
    "ListConfigurationSets": ("GET", "/v2/email/configuration-sets"),
    "ListEmailIdentities": ("GET", "/v2/email/identities"),
}
"""Where SDKs and CLIs before botocore 1.44 call these; AWS answers at both places."""


@dataclass(frozen=True, slots=True)
class Match:
    operation: OperationModel
    path_parameters: dict[str, str]
    """Percent-decoded, keyed by the member's location name."""


class Routes:
    """All routes of a service. Immutable."""

    def __init__(self, service: ServiceModel) -> None:
        self._routes: dict[tuple[str, int], list[tuple[list[str], OperationModel]]] = {}
        for name in service.operation_names:
            operation = service.operation_model(name)
            places = {(operation.http["method"], operation.http["requestUri"])}
            if name in _EARLIER:
                places.add(_EARLIER[name])
            for method, uri in places:
                segments = _segments(uri)
                key = (method, len(segments))
                self._routes.setdefault(key, []).append((segments, operation))
        for candidates in self._routes.values():
            # A literal segment wins over a label: identity/certificates over identity/{Name}.
            candidates.sort(key=lambda route: sum(_is_label(part) for part in route[0]))

    def match(self, method: str, path: str) -> Match | None:
        """The operation for a request, or None.

        Args:
            method: upper case.
            path: as on the request line, still percent-encoded, without the query.
        """
        parts = _segments(path)
        for segments, operation in self._routes.get((method, len(parts)), []):
            parameters: dict[str, str] = {}
            for segment, part in zip(segments, parts, strict=True):
                if _is_label(segment):
                    parameters[segment[1:-1]] = unquote(part)
                elif segment != part:
                    break
            else:
                return Match(operation, parameters)
        return None


def _segments(path: str) -> list[str]:
    return path.split("?", 1)[0].strip("/").split("/")


def _is_label(segment: str) -> bool:
    return segment.startswith("{")
