"""As much of ASN.1's DER (X.690 section 8.1) as it takes to look into a public key.

Our own, since a crypto library would be a large dependency for one number: the length of a key.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Form(StrEnum):
    SPKI = "SubjectPublicKeyInfo"
    BARE = "RSAPublicKey"
    ED25519 = "Ed25519"
    PRIVATE = "private"
    TRUNCATED = "truncated"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class PublicKey:
    form: Form
    bits: int = 0
    trailing: bool = False

    @property
    def whole(self) -> bool:
        return self.form is not Form.TRUNCATED


class _Truncated(ValueError):
    pass


_RSA, _ED25519 = bytes.fromhex("2a864886f70d010101"), bytes.fromhex("2b6570")
_INTEGER, _BITS, _OID, _SEQUENCE = 0x02, 0x03, 0x06, 0x30


def read_der(data: bytes) -> PublicKey:
    """Read the bytes of a key. Never raises."""
    try:
        if data and data[0] != _SEQUENCE:
            return PublicKey(Form.OTHER)  # no key that was cut, just no key
        _tag, body, rest = _element(data)
        first, inner, after = _element(body)
        if first == _INTEGER:
            if len(inner) == 1:  # a version number: no public key begins with one
                return PublicKey(Form.PRIVATE)
            return PublicKey(Form.BARE, _modulus(body), bool(rest))
        if first != _SEQUENCE:
            return PublicKey(Form.OTHER)
        kind, oid, _parameters = _element(inner)
        second, bits, _none = _element(after)
        if kind != _OID or second != _BITS:
            return PublicKey(Form.OTHER)
        if oid == _ED25519:
            return PublicKey(Form.ED25519)
        sequence, numbers, _none = _element(bits[1:])
        if oid != _RSA or sequence != _SEQUENCE:
            return PublicKey(Form.OTHER)
        return PublicKey(Form.SPKI, _modulus(numbers), bool(rest))
    except _Truncated:
        return PublicKey(Form.TRUNCATED)
    except ValueError:
        return PublicKey(Form.OTHER)


def _modulus(numbers: bytes) -> int:
    tag, modulus, rest = _element(numbers)
    if tag != _INTEGER or _element(rest)[0] != _INTEGER:
        raise ValueError
    return int.from_bytes(modulus).bit_length()


def _element(data: bytes) -> tuple[int, bytes, bytes]:
    """The tag and the content of the first element, and what follows it."""
    if len(data) < 2:
        raise _Truncated
    start, size = 2, data[1]
    if size >= 0x80:
        count = size & 0x7F
        if not 1 <= count <= 4:
            raise ValueError
        start, size = 2 + count, int.from_bytes(data[2 : 2 + count])
    if start + size > len(data):
        raise _Truncated
    return data[0], data[start : start + size], data[start + size :]
