"""The keys of an account's owner: made with its folder, known to nobody else."""

from __future__ import annotations

import base64
import hmac
import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Self

from sestui.practice.store import Store

_DOCUMENT = "owner"


@dataclass(frozen=True, slots=True)
class Owner:
    """An access key for the services, and a token for the account's own interface."""

    access_key: str
    secret_key: str = field(repr=False)
    token: str = field(repr=False)

    @classmethod
    def new(cls) -> Self:
        """Keys of the form that AWS gives."""
        access_key = "AKIA" + base64.b32encode(secrets.token_bytes(10)).decode()
        secret_key = base64.b64encode(secrets.token_bytes(30)).decode()
        return cls(access_key, secret_key, secrets.token_urlsafe(32))

    @classmethod
    def of(cls, store: Store) -> Self:
        """Those in `store`, or new ones, which are then kept there."""
        kept = store.load(_DOCUMENT, _is_whole)
        if kept is not None:
            return cls(**kept)
        owner = cls.new()
        store.save(_DOCUMENT, asdict(owner))
        return owner

    def has_sent(self, headers: Mapping[str, str]) -> bool:
        """Whether a request, by its headers, carries the token."""
        given = headers.get("authorization", "").encode()
        return hmac.compare_digest(given, f"Bearer {self.token}".encode())


def _is_whole(kept: Any) -> bool:
    names = set(Owner.__slots__)
    return (
        isinstance(kept, dict)
        and set(kept) == names
        and all(isinstance(kept[name], str) and kept[name] for name in names)
    )
