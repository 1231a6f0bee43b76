"""This machine: clipboard, files, keyring, preferences."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from sestui.domain.account import Keys
    from sestui.domain.mail.attachment import Attachment


class Clipboard(Protocol):
    async def copy(self, text: str) -> bool:
        """True when a program of this machine took the text; OSC 52 is the front end's own way."""
        ...


class Files(Protocol):
    """Reading files of this machine that a person has named."""

    async def attachments(self, paths: Sequence[str]) -> tuple[Attachment, ...]:
        """The files at `paths`. GatewayError (LOCAL) names the first that cannot be read."""
        ...

    async def read(self, path: str) -> bytes:
        """All bytes of a file; hostile when it is a mail. GatewayError (LOCAL) when it cannot."""
        ...

    async def sizes(self, paths: Sequence[str]) -> Mapping[str, int]:
        """Bytes by path; a file that cannot be read has none."""
        ...


class KeyStore(Protocol):
    """Access keys in the OS keyring, only when the person asked for it."""

    async def keep(self, name: str, keys: Keys) -> None: ...

    async def keys(self, name: str) -> Keys | None: ...

    async def forget(self, name: str) -> None: ...


class Preferences(Protocol):
    """Small things that make the next start pleasant; no secrets."""

    def load(self) -> dict[str, Any]:
        """Empty when there is nothing, or nothing readable."""
        ...

    def save(self, values: Mapping[str, Any]) -> None: ...
