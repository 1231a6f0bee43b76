"""The constraints of the model: required, length, range, enumeration, pattern."""

from __future__ import annotations

import re
from typing import Any

from botocore.model import ListShape, MapShape, Shape, StructureShape

from sestui.practice.ses.errors import bad_request


def check(shape: StructureShape, members: dict[str, Any]) -> None:
    """Check a whole request.

    Raises:
        ServiceError: BadRequestException in the words of AWS's own validation, all violations at
            once: "1 validation error detected: Value at 'mailType' failed to satisfy constraint:
            Member must satisfy enum value set: [MARKETING, TRANSACTIONAL]".
    """
    violations = _structure(shape, members, "")
    if violations:
        count = f"{len(violations)} validation error{'s' if len(violations) > 1 else ''} detected: "
        raise bad_request(count + "; ".join(violations))


def _structure(shape: StructureShape, value: dict[str, Any], path: str) -> list[str]:
    found = [
        _violation(_join(path, name), "Member must not be null")
        for name in shape.required_members
        if value.get(name) is None
    ]
    for name, member in value.items():
        found += _any(shape.members[name], member, _join(path, name))
    return found


def _any(shape: Shape, value: Any, path: str) -> list[str]:
    match shape:
        case StructureShape():
            return _structure(shape, value, path)
        case ListShape():
            found = _length(shape, len(value), path)
            for number, item in enumerate(value, 1):
                where = f"{path}.{number}.member"
                if item is None:
                    found.append(_violation(where, "Member must not be null"))
                else:
                    found += _any(shape.member, item, where)
            return found
        case MapShape():
            found = []
            for key, item in value.items():
                found += _any(shape.key, key, f"{path}.{key}.key")
                found += _any(shape.value, item, f"{path}.{key}.value")
            return found
    if isinstance(value, str):
        return _string(shape, value, path)
    if isinstance(value, bytes):
        return _length(shape, len(value), path)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _range(shape, value, path)
    return []


def _string(shape: Shape, value: str, path: str) -> list[str]:
    values = shape.metadata.get("enum")
    if values and value not in values:
        known = ", ".join(sorted(values))
        return [_violation(path, f"Member must satisfy enum value set: [{known}]")]
    found = _length(shape, len(value), path)
    pattern = shape.metadata.get("pattern")
    if pattern and not re.fullmatch(pattern, value):
        found.append(_violation(path, f"Member must satisfy regular expression pattern: {pattern}"))
    return found


def _length(shape: Shape, length: int, path: str) -> list[str]:
    least, most = shape.metadata.get("min"), shape.metadata.get("max")
    if least is not None and length < least:
        text = f"Member must have length greater than or equal to {least}"
        return [_violation(path, text)]
    if most is not None and length > most:
        return [_violation(path, f"Member must have length less than or equal to {most}")]
    return []


def _range(shape: Shape, value: float, path: str) -> list[str]:
    least, most = shape.metadata.get("min"), shape.metadata.get("max")
    if least is not None and value < least:
        return [_violation(path, f"Member must have value greater than or equal to {least}")]
    if most is not None and value > most:
        return [_violation(path, f"Member must have value less than or equal to {most}")]
    return []


def _join(path: str, name: str) -> str:
    lowered = name[:1].lower() + name[1:]
    return f"{path}.{lowered}" if path else lowered


def _violation(path: str, constraint: str) -> str:
    return f"Value at '{path}' failed to satisfy constraint: {constraint}"
