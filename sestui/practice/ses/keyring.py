"""The private keys behind DKIM: made when first asked for, kept, shown in public."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sestui.practice.ports import SigningKey
from sestui.practice.ses.dkim import domain_of, effective, is_replica, parent_of
from sestui.practice.ses.keys import new_key, new_token, pem_from_given, public_value
from sestui.practice.ses.regions import origin_region
from sestui.practice.ses.state import Region
from sestui.practice.ses.world import World

AMAZONSES = "amazonses.com"
_SIGNING = ("SUCCESS", "TEMPORARY_FAILURE")


class Keyring:
    """`SigningKeys` over the service's state."""

    def __init__(self, world: World) -> None:
        self._world = world

    def signing_key(self, region: str, identity: str) -> SigningKey | None:
        """The key of the identity's domain, when DKIM is verified and signing is enabled."""
        with self._world.lock:
            state = self._world.region(region)
            source = domain_of(state, identity)
            if source is None or source.dkim.status not in _SIGNING:
                return None
            if not source.dkim.signing_enabled:
                return None
            dkim = effective(self._world, source)
            if dkim.origin == "EXTERNAL":
                pem = pem_from_given(dkim.private_key)
                return SigningKey(source.name, dkim.selector, pem.encode())
            if not dkim.tokens:
                return None
            if is_replica(source.dkim):
                if parent_of(self._world, source)[0] is None:
                    return None
                state = self._world.region(origin_region(source.dkim.origin))
            selector = dkim.tokens[dkim.active]
            bits = _bits(dkim.current_length)
        pem = self.private_key(state, selector, bits)
        return SigningKey(source.name, selector, pem.encode())

    def amazonses_key(self, region: str) -> SigningKey:
        """The key of the signature d=amazonses.com; 1024 bits, one per Region."""
        with self._world.lock:
            state = self._world.region(region)
            if not state.keys.amazonses_selector:
                state.keys.amazonses_selector = new_token()
            selector = state.keys.amazonses_selector
        pem = self.private_key(state, selector, 1024)
        return SigningKey(AMAZONSES, selector, pem.encode())

    def public_keys(self) -> Mapping[str, str]:
        return _PublicKeys(self, self._world)

    def private_key(self, state: Region, selector: str, bits: int) -> str:
        """The key of a selector, in PEM; made outside the lock, since that takes a while."""
        with self._world.lock:
            known = state.keys.pem.get(selector)
        if known is not None:
            return known
        made = new_key(bits)
        with self._world.lock:
            kept = state.keys.pem.setdefault(selector, made)
            self._world.save(state, "keys")
            return kept


class _PublicKeys(Mapping[str, str]):
    """TXT values by name under amazonses.com; ten thousand identities cost nothing until asked."""

    def __init__(self, keyring: Keyring, world: World) -> None:
        self._keyring = keyring
        self._world = world

    def __getitem__(self, name: str) -> str:
        with self._world.lock:
            entries = self._entries(name.partition(".")[0])
        for state, found, bits in entries:
            if found == name:
                if not bits:
                    return ""
                pem = self._keyring.private_key(state, name.partition(".")[0], bits)
                return f"p={public_value(pem)}"
        raise KeyError(name)

    def __iter__(self) -> Iterator[str]:
        with self._world.lock:
            return iter([name for _, name, _ in self._entries("")])

    def __len__(self) -> int:
        with self._world.lock:
            return len(self._entries(""))

    def _entries(self, selector: str) -> list[tuple[Region, str, int]]:
        """Region, name and key length (0 for a spare selector) of one selector, or of all."""
        entries: list[tuple[Region, str, int]] = []
        for state in self._world.regions.values():
            own = state.keys.amazonses_selector
            if own and selector in ("", own):
                entries.append((state, f"{own}._domainkey.{AMAZONSES}", 1024))
            for identity in state.identities.values():
                dkim = identity.dkim
                if selector and selector not in dkim.tokens:
                    continue
                for position, token in enumerate(dkim.tokens):
                    bits = _bits(dkim.current_length) if position == dkim.active else 0
                    entries.append((state, f"{token}.{dkim.zone}", bits))
        return entries


def _bits(length: str) -> int:
    return 1024 if length == "RSA_1024_BIT" else 2048
