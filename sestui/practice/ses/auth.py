"""AWS Signature Version 4, the receiving side.

Source: "Create a signed AWS API request", AWS IAM user guide.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote, unquote

from sestui.practice.ses.errors import ServiceError

_HEADER = re.compile(
    r"AWS4-HMAC-SHA256\s+Credential=(?P<key>[^/,\s]+)/(?P<date>\d{8})/(?P<region>[a-z0-9-]+)/"
    r"(?P<service>[a-z0-9-]+)/aws4_request,\s*SignedHeaders=(?P<headers>[^,\s]+),\s*"
    r"Signature=(?P<signature>[0-9a-f]{64})\s*$"
)


@dataclass(frozen=True, slots=True)
class Caller:
    """Who signed a request, and for which Region."""

    access_key: str
    region: str


def authenticate(
    method: str,
    target: str,
    headers: Mapping[str, str],
    body: bytes,
    secrets: Mapping[str, str],
) -> Caller:
    """Who calls, after checking the signature.

    Args:
        target: path and query as on the request line.
        headers: by lower-case name.
        secrets: secret key by access key id; an empty secret means "do not check", for keys that
            a neighbour has made and this service cannot know.

    Raises:
        ServiceError: 403, with the code AWS gives.
    """
    header = headers.get("authorization", "")
    if not header:
        raise ServiceError(
            "MissingAuthenticationTokenException", "Missing Authentication Token", 403
        )
    found = _HEADER.match(header)
    if found is None:
        raise ServiceError(
            "IncompleteSignatureException",
            "The Authorization header is not a Signature Version 4 header.",
            403,
        )
    secret = secrets.get(found["key"])
    if secret is None:
        raise ServiceError(
            "UnrecognizedClientException",
            "The security token included in the request is invalid.",
            403,
        )
    if secret and not hmac.compare_digest(
        _signature(method, target, headers, body, secret=secret, parts=found), found["signature"]
    ):
        raise ServiceError(
            "InvalidSignatureException",
            "The request signature we calculated does not match the signature you provided. Check "
            "your AWS Secret Access Key and signing method. Consult the service documentation for "
            "details.",
            403,
        )
    return Caller(found["key"], found["region"])


def _signature(
    method: str,
    target: str,
    headers: Mapping[str, str],
    body: bytes,
    *,
    secret: str,
    parts: re.Match[str],
) -> str:
    path, _, query = target.partition("?")
    signed = parts["headers"].split(";")
    canonical = "\n".join(
        [
            method,
            quote(path, safe="/~"),  # the second encoding; the path came encoded once
            _canonical_query(query),
            *(f"{name}:{' '.join(headers.get(name, '').split())}" for name in signed),
            "",
            parts["headers"],
            headers.get("x-amz-content-sha256") or hashlib.sha256(body).hexdigest(),
        ]
    )
    scope = f"{parts['date']}/{parts['region']}/{parts['service']}/aws4_request"
    to_sign = "\n".join(
        [
            "AWS4-HMAC-SHA256",
            headers.get("x-amz-date", ""),
            scope,
            hashlib.sha256(canonical.encode()).hexdigest(),
        ]
    )
    key = ("AWS4" + secret).encode()
    for step in (parts["date"], parts["region"], parts["service"], "aws4_request"):
        key = hmac.new(key, step.encode(), hashlib.sha256).digest()
    return hmac.new(key, to_sign.encode(), hashlib.sha256).hexdigest()


def _canonical_query(query: str) -> str:
    pairs = []
    for pair in filter(None, query.split("&")):
        name, _, value = pair.partition("=")
        pairs.append((quote(unquote(name), safe="-_.~"), quote(unquote(value), safe="-_.~")))
    return "&".join(f"{name}={value}" for name, value in sorted(pairs))
