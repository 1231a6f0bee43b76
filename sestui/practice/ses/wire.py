"""Requests read and answers written by the shapes of the model."""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from botocore.model import ListShape, MapShape, OperationModel, Shape, StructureShape

from sestui.practice.ses.errors import ServiceError
from sestui.practice.ses.validation import check

_LONE_SURROGATE = re.compile("[\ud800-\udfff]")


def serialization_error(message: str) -> ServiceError:
    return ServiceError("SerializationException", message)


def parse_request(
    operation: OperationModel,
    path_parameters: Mapping[str, str],
    query: Mapping[str, list[str]],
    body: bytes,
) -> dict[str, Any]:
    """The members of a request, by their names in the model; absent ones are absent.

    Blobs become bytes, timestamps epoch seconds.

    Raises:
        ServiceError: SerializationException for a body of the wrong form, BadRequestException for
            members that break a constraint of the model.
    """
    shape = operation.input_shape
    if shape is None:
        return {}
    payload = _json_object(body)
    members: dict[str, Any] = {}
    for name, member in shape.members.items():
        location = member.serialization.get("location")
        key = str(member.serialization.get("name", name))
        value: Any
        if location == "uri":
            value = path_parameters.get(key)
        elif location == "querystring" or (not body and key in query):  # `routes._EARLIER`
            value = _from_query(member, query.get(key), name)
        else:
            value = _from_json(member, payload.get(key), name)
        if value is not None:
            members[name] = value
    check(shape, members)
    return members


def serialize(shape: StructureShape | None, answer: Mapping[str, Any]) -> bytes:
    """The answer as JSON, by the output shape; members that are None are left out.

    Raises:
        ValueError: `answer` has a member the shape does not know (a mistake in this program).
    """
    if shape is None:
        return b"{}"
    return json.dumps(_to_json(shape, answer)).encode()


def _json_object(body: bytes) -> dict[str, Any]:
    if not body.strip():
        return {}
    try:
        payload = json.loads(body)
    except (ValueError, RecursionError):
        raise serialization_error("The request body is not valid JSON.") from None
    if not isinstance(payload, dict):
        raise serialization_error("The request body is not a JSON object.")
    return payload


def _from_query(shape: Shape, values: list[str] | None, name: str) -> Any:
    if not values:
        return None
    if isinstance(shape, ListShape):
        return [_from_text(shape.member, value, name) for value in values]
    return _from_text(shape, values[-1], name)


def _from_text(shape: Shape, value: str, name: str) -> Any:
    try:
        match shape.type_name:
            case "integer" | "long":
                return int(value)
            case "boolean":
                return {"true": True, "false": False}[value.lower()]
            case "timestamp":
                return _epoch(value)
            case _:
                return value
    except (KeyError, ValueError):
        raise serialization_error(f"{name} is not a {shape.type_name}.") from None


def _epoch(value: object) -> float:
    if isinstance(value, str):
        try:
            return float(value)
        except ValueError:
            return datetime.fromisoformat(value).timestamp()
    if isinstance(value, int | float):
        return float(value)
    raise ValueError(value)


def _from_json(shape: Shape, value: Any, path: str) -> Any:
    if value is None:
        return None
    wrong = serialization_error(f"{path} is not a {shape.type_name}.")
    match shape:
        case StructureShape():
            if not isinstance(value, dict):
                raise wrong
            found = {
                name: _from_json(member, value.get(name), f"{path}.{name}")
                for name, member in shape.members.items()
            }
            return {name: member for name, member in found.items() if member is not None}
        case ListShape():
            if not isinstance(value, list):
                raise wrong
            return [_from_json(shape.member, item, path) for item in value]
        case MapShape():
            if not isinstance(value, dict):
                raise wrong
            return {key: _from_json(shape.value, item, path) for key, item in value.items()}
    return _scalar(shape.type_name, value, wrong)


def _scalar(type_name: str, value: Any, wrong: ServiceError) -> Any:
    match type_name:
        case "string":
            # JSON can spell half a surrogate pair, which no file and no mail can hold.
            good = isinstance(value, str) and not _LONE_SURROGATE.search(value)
        case "boolean":
            good = isinstance(value, bool)
        case "integer" | "long":
            good = isinstance(value, int) and not isinstance(value, bool)
        case "double" | "float":
            good = isinstance(value, int | float) and not isinstance(value, bool)
        case "blob":
            try:
                return base64.b64decode(value, validate=True)
            except (TypeError, ValueError, binascii.Error):
                raise wrong from None
        case "timestamp":
            try:
                return _epoch(value)
            except ValueError:
                raise wrong from None
        case _:
            good = False
    if not good:
        raise wrong
    return value


def _to_json(shape: Shape, value: Any) -> Any:
    match shape:
        case StructureShape():
            if unknown := set(value) - set(shape.members):
                raise ValueError(f"{shape.name} has no {', '.join(sorted(unknown))}")
            return {
                name: _to_json(shape.members[name], member)
                for name, member in value.items()
                if member is not None
            }
        case ListShape():
            return [_to_json(shape.member, item) for item in value]
        case MapShape():
            return {key: _to_json(shape.value, item) for key, item in value.items()}
    if shape.type_name == "blob":
        return base64.b64encode(value).decode()
    return value
