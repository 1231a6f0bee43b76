"""AWS Signature Version 4, the receiving side: in the Authorization header, or in the query.

Source: "Create a signed AWS API request", AWS IAM user guide; botocore/auth.py for what S3 does
differently. How old a signature is does not matter here: the practice clock can be hurried, and
the machine's clock need not be right for a lesson.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Callable, Collection
from dataclasses import dataclass
from enum import Enum
from urllib.parse import quote, unquote

from botocore.utils import normalize_url_path

from sestui.practice.http import Request
from sestui.practice.ports import Login

_ALGORITHM = "AWS4-HMAC-SHA256"
_CREDENTIAL = re.compile(
    r"(?P<key>[^/,\s]+)/(?P<date>\d{8})/(?P<region>[a-z0-9-]+)/(?P<service>[a-z0-9.-]+)"
    r"/aws4_request"
)
_SIGNATURE = re.compile(r"[0-9a-f]{64}")
_TIME = re.compile(r"\d{8}T\d{6}Z")


class Fault(Enum):
    """What is wrong with a signature: AWS's code where answers are JSON, and where they are XML."""

    MISSING = "MissingAuthenticationTokenException", "MissingAuthenticationToken"
    INCOMPLETE = "IncompleteSignatureException", "IncompleteSignature"
    UNKNOWN_KEY = "UnrecognizedClientException", "InvalidClientTokenId"
    WRONG = "InvalidSignatureException", "SignatureDoesNotMatch"


class Unproven(Exception):
    """A request that does not prove who has sent it; the text is AWS's."""

    def __init__(self, fault: Fault, text: str) -> None:
        super().__init__(text)
        self.json_code, self.xml_code = fault.value


@dataclass(frozen=True, slots=True)
class Signed:
    """Who has signed a request, and for what."""

    login: Login
    region: str
    service: str
    header: str
    """The Authorization header, made from the query where the signature was there."""


def verify(
    request: Request, find: Callable[[str], Login | None], services: Collection[str]
) -> Signed:
    """Who calls, after checking the signature.

    Args:
        find: whose access key an id is.
        services: the names that this port may be signed for.

    Raises:
        Unproven: nobody whom we know has signed this very request.
    """
    parts = _of_header(request) or _of_query(request)
    if parts is None:
        raise Unproven(Fault.MISSING, "Missing Authentication Token")
    scope = _CREDENTIAL.fullmatch(parts.credential)
    if (
        scope is None
        or not _SIGNATURE.fullmatch(parts.signature)
        or not _TIME.fullmatch(parts.time)
        or not parts.time.startswith(scope["date"])
        or "host" not in parts.names
    ):
        raise Unproven(Fault.INCOMPLETE, "The request has no complete Signature Version 4.")
    if scope["service"] not in services:
        expected = " or ".join(f"'{each}'" for each in sorted(services))
        text = f"Credential should be scoped to correct service: {expected}."
        raise Unproven(Fault.WRONG, text)
    login = find(scope["key"])
    if login is None:
        text = "The security token included in the request is invalid."
        raise Unproven(Fault.UNKNOWN_KEY, text)
    if not hmac.compare_digest(_signature(request, parts, scope, login.secret), parts.signature):
        raise Unproven(
            Fault.WRONG,
            "The request signature we calculated does not match the signature you provided. Check "
            "your AWS Secret Access Key and signing method. Consult the service documentation for "
            "details.",
        )
    return Signed(login, scope["region"], scope["service"], parts.as_header())


@dataclass(frozen=True, slots=True)
class _Parts:
    """What a client says of its signature."""

    credential: str
    names: tuple[str, ...]
    """Of the headers that are signed, in their order."""
    signature: str
    time: str
    query: str
    """Of the request, without the signature itself."""

    def as_header(self) -> str:
        names = ";".join(self.names)
        return (
            f"{_ALGORITHM} Credential={self.credential}, SignedHeaders={names},"
            f" Signature={self.signature}"
        )


def _of_header(request: Request) -> _Parts | None:
    header = request.headers.get("authorization")
    if header is None:
        return None
    algorithm, _space, rest = header.strip().partition(" ")
    said = dict(_pair(each.strip()) for each in rest.split(",")) if algorithm == _ALGORITHM else {}
    return _Parts(
        credential=said.get("Credential", ""),
        names=tuple(said.get("SignedHeaders", "").split(";")),
        signature=said.get("Signature", ""),
        time=request.headers.get("x-amz-date") or request.headers.get("date", ""),
        query=request.target.partition("?")[2],
    )


def _of_query(request: Request) -> _Parts | None:
    """A link that was signed beforehand. It reads: no page makes a change by one."""
    query = request.target.partition("?")[2]
    pairs = [_pair(each) for each in query.split("&")]
    said = {name: unquote(value) for name, value in pairs}
    if said.get("X-Amz-Algorithm") != _ALGORITHM or request.method not in ("GET", "HEAD"):
        return None
    return _Parts(
        credential=said.get("X-Amz-Credential", ""),
        names=tuple(said.get("X-Amz-SignedHeaders", "").split(";")),
        signature=said.get("X-Amz-Signature", ""),
        time=said.get("X-Amz-Date", ""),
        query="&".join(f"{name}={value}" for name, value in pairs if name != "X-Amz-Signature"),
    )


def _pair(text: str) -> tuple[str, str]:
    name, _equals, value = text.partition("=")
    return name, value


def _signature(request: Request, parts: _Parts, scope: re.Match[str], secret: str) -> str:
    path = request.target.partition("?")[0]
    if scope["service"] != "s3":
        # Encoded for the second time: the path came encoded once.
        path = quote(normalize_url_path(path), safe="/~")
    canonical = "\n".join(
        [
            request.method,
            path,
            _canonical_query(parts.query),
            *(f"{name}:{' '.join(request.headers.get(name, '').split())}" for name in parts.names),
            "",
            ";".join(parts.names),
            _payload(request, scope["service"]),
        ]
    )
    to_sign = "\n".join(
        [
            _ALGORITHM,
            parts.time,
            f"{scope['date']}/{scope['region']}/{scope['service']}/aws4_request",
            # What came over the wire was read as Latin-1, octet by octet.
            hashlib.sha256(canonical.encode("latin-1", "replace")).hexdigest(),
        ]
    )
    key = ("AWS4" + secret).encode()
    for step in (scope["date"], scope["region"], scope["service"], "aws4_request"):
        key = hmac.new(key, step.encode(), hashlib.sha256).digest()
    return hmac.new(key, to_sign.encode("latin-1", "replace"), hashlib.sha256).hexdigest()


def _payload(request: Request, service: str) -> str:
    """The hash of the body. S3 alone takes the client's word for it, or for there being none."""
    said = request.headers.get("x-amz-content-sha256", "")
    if service == "s3":
        return said or "UNSIGNED-PAYLOAD"
    return hashlib.sha256(request.body).hexdigest()


def _canonical_query(query: str) -> str:
    pairs = []
    for pair in filter(None, query.split("&")):
        name, value = _pair(pair)
        pairs.append((quote(unquote(name), safe="-_.~"), quote(unquote(value), safe="-_.~")))
    return "&".join(f"{name}={value}" for name, value in sorted(pairs))
