"""The formats in which AWS answers, and the types that the parts of an answer have to be of."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from xml.etree import ElementTree as ET

from sestui.domain.advice_answer import Flaw

Path = tuple[str, ...]

_LEAST_SECONDS, _MOST_SECONDS = -6.2e10, 2.5e11
"""Since 1970: of the years 6 and 9892. Milliseconds would lie far beyond."""
_NOT_IN_BODY = ("header", "headers", "statusCode", "uri")


class Flawed(Exception):
    """What is wrong with an answer, for whoever knows which answer it is."""

    def __init__(self, flaw: Flaw, detail: str = "") -> None:
        super().__init__(flaw, detail)
        self.flaw = flaw
        self.detail = detail


# Types


def misfit(shape: Any, value: Any) -> Path | None:
    """The way to the first part of `value` that is not of the type its shape has; None: all fits.

    Args:
        shape: botocore's, of which only the public face is used.
        value: as decoded from JSON or CBOR, or made of XML by `_plain`.
    """
    match shape.type_name:
        case "structure" if getattr(shape, "is_document_type", False):
            return None
        case "structure":
            return _misfit_in_structure(shape, value)
        case "list":
            if not isinstance(value, list):
                return ()
            for number, each in enumerate(value):
                if (path := misfit(shape.member, each)) is not None:
                    return f"[{number}]", *path
            return None
        case "map":
            if not isinstance(value, dict):
                return ()
            for name, each in value.items():
                if not isinstance(name, str):
                    return ()
                if (path := misfit(shape.value, each)) is not None:
                    return name[:40], *path
            return None
        case kind:
            return None if _fits(kind, value) else ()


def _misfit_in_structure(shape: Any, value: Any) -> Path | None:
    if not isinstance(value, dict):
        return ()
    for name, member in shape.members.items():
        serialization = member.serialization
        if serialization.get("location") in _NOT_IN_BODY:
            continue
        found = value.get(serialization.get("name", name))
        if found is not None and (path := misfit(member, found)) is not None:
            return name, *path
    return None


def _fits(kind: str, value: Any) -> bool:
    match kind:
        case "string" | "character":
            return isinstance(value, str)
        case "boolean":
            return isinstance(value, bool)
        case "integer" | "long":
            return isinstance(value, int) and not isinstance(value, bool)
        case "float" | "double":
            return _is_number(value)
        case "timestamp":
            return _is_time(value)
        case "blob":
            return isinstance(value, (str, bytes))
    return True


def _is_number(value: Any) -> bool:
    try:
        return not isinstance(value, bool) and math.isfinite(value)
    except (TypeError, OverflowError):
        return False


def _is_time(value: Any) -> bool:
    from botocore.utils import parse_timestamp

    if isinstance(value, datetime):
        return True
    if not isinstance(value, str):
        return _is_number(value) and _LEAST_SECONDS < value < _MOST_SECONDS
    try:
        parse_timestamp(value)
    except (ValueError, TypeError, OverflowError, OSError, RuntimeError):
        return False
    return True


# Formats


def _says_nothing(model: Any) -> bool:
    return model.output_shape is None or not model.output_shape.members


class _Json:
    def read(self, model: Any, body: bytes) -> Any:
        """The object in `body`; nothing, or `null`, will do where the model has nothing to say."""
        if _says_nothing(model) and body.strip() in (b"", b"null"):
            return {}
        return self._object(body)

    def judge_error(self, body: bytes) -> None:
        """Its type may be in a header, or its status say all: then no body is no flaw."""
        if not body.strip():
            return
        found = self._object(body)
        for name in ("__type", "code", "Code", "message", "Message"):
            if not isinstance(found.get(name), (str, type(None))):
                raise Flawed(Flaw.WRONG_TYPE, name)

    def _object(self, body: bytes) -> dict[str, Any]:
        try:
            # As botocore reads it: it would take what is in another encoding for nothing.
            found = json.loads(body.decode())
        except (ValueError, RecursionError):
            found = None
        if not isinstance(found, dict):
            raise Flawed(Flaw.UNREADABLE, "JSON")
        return found


class _Cbor:
    def read(self, model: Any, body: bytes) -> Any:
        if _says_nothing(model) and not body:
            return {}
        return self._map(body)

    def judge_error(self, body: bytes) -> None:
        if body:
            self._map(body)

    def _map(self, body: bytes) -> dict[str, Any]:
        from botocore.parsers import create_parser

        parser = create_parser("smithy-rpc-v2-cbor")
        stream = parser.get_peekable_stream_from_bytes(body)
        try:
            found = parser.parse_data_item(stream)
        except Exception:  # of many kinds, for one cause
            found = None
        if not isinstance(found, dict) or stream.read(1):
            raise Flawed(Flaw.UNREADABLE, "CBOR")
        return found


class _Xml:
    def read(self, model: Any, body: bytes) -> Any:
        """The members of the answer, with the texts of numbers and the like converted."""
        root = self._root(body)
        shape = model.output_shape
        if model.service_model.resolved_protocol == "rest-xml":
            return _plain(shape, root) if shape is not None else {}
        if _tag(root) != f"{model.name}Response":
            raise Flawed(Flaw.UNREADABLE, f"XML ({model.name}Response)")
        if shape is None:
            return {}
        wrapper = shape.serialization.get("resultWrapper")
        for child in root if wrapper else ():
            if _tag(child) == wrapper:
                return _plain(shape, child)
        if wrapper:
            raise Flawed(Flaw.INCOMPLETE, wrapper)
        return _plain(shape, root)

    def judge_error(self, body: bytes) -> None:
        codes = [each for each in self._root(body).iter() if _tag(each) == "Code"]
        if not codes or not (codes[0].text or "").strip():
            raise Flawed(Flaw.INCOMPLETE, "Code")

    def _root(self, body: bytes) -> ET.Element:
        try:
            # Expat limits what entities expand to.
            return ET.fromstring(body, ET.XMLParser(encoding="utf-8"))  # noqa: S314
        except ET.ParseError:
            raise Flawed(Flaw.UNREADABLE, "XML") from None


_JSON, _XML = _Json(), _Xml()
FORMATS: Mapping[str, _Json | _Cbor | _Xml] = {
    "json": _JSON,
    "rest-json": _JSON,
    "smithy-rpc-v2-cbor": _Cbor(),
    "query": _XML,
    "ec2": _XML,
    "rest-xml": _XML,
}


def _tag(node: ET.Element) -> str:
    """Without its namespace."""
    return node.tag.rpartition("}")[2]


def _plain(shape: Any, node: ET.Element) -> Any:
    """`node` as JSON would have it. What is not as the shape says stays a text, or a dict."""
    match shape.type_name:
        case "structure" | "list" | "map" if not len(node) and (node.text or "").strip():
            return node.text
        case "structure":
            return _plain_structure(shape, node)
        case "list":
            return [_plain(shape.member, child) for child in node]
        case "map":
            return _plain_map(shape, node)
        case _ if len(node):
            return {}
        case kind:
            return _scalar(kind, node.text or "")


def _plain_structure(shape: Any, node: ET.Element) -> dict[str, Any]:
    children: dict[str, list[ET.Element]] = {}
    for child in node:
        children.setdefault(_tag(child), []).append(child)
    found: dict[str, Any] = {}
    for name, member in shape.members.items():
        key = member.serialization.get("name", name)
        if member.type_name == "list" and member.serialization.get("flattened"):
            rows = children.get(member.member.serialization.get("name") or key, [])
            if rows:
                found[key] = [_plain(member.member, each) for each in rows]
        elif rows := children.get(key, []):
            # Where one belongs and there are several, no type fits.
            found[key] = _plain(member, rows[0]) if len(rows) == 1 else [*rows]
    return found


def _plain_map(shape: Any, node: ET.Element) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for entry in node:
        parts = {_tag(each): each for each in entry}
        key = parts.get(shape.key.serialization.get("name", "key"))
        value = parts.get(shape.value.serialization.get("name", "value"))
        if key is not None:
            found[key.text or ""] = None if value is None else _plain(shape.value, value)
    return found


def _scalar(kind: str, text: str) -> Any:
    """The value that `text` stands for; the text itself when it stands for none of this kind."""
    try:
        match kind:
            case "boolean":
                return {"true": True, "false": False}.get(text, text)
            case "integer" | "long":
                return int(text)
            case "float" | "double":
                return float(text)
    except ValueError:
        pass
    return text
