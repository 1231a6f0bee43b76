"""RSA keys for DKIM, and the selectors they go by."""

from __future__ import annotations

import base64
import secrets
from functools import lru_cache

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

_TOKEN_LETTERS = "abcdefghijklmnopqrstuvwxyz234567"


def new_token() -> str:
    """A selector as Easy DKIM makes them: 32 lower-case letters and digits."""
    return "".join(secrets.choice(_TOKEN_LETTERS) for _ in range(32))


def new_key(bits: int) -> str:
    """A new private key, PEM PKCS#8. Takes 20 to 300 ms."""
    return _pem(rsa.generate_private_key(public_exponent=65537, key_size=bits))


@lru_cache(maxsize=256)
def pem_from_given(body: str) -> str:
    """PEM from the one-line base64 DER (PKCS#1 or PKCS#8) that BYODKIM takes.

    Raises:
        ValueError: it is no RSA private key of 1024 to 2048 bits.
    """
    try:
        key = serialization.load_der_private_key(base64.b64decode(body, validate=True), None)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise ValueError("not a private key") from error
    if not isinstance(key, rsa.RSAPrivateKey) or not 1024 <= key.key_size <= 2048:
        raise ValueError("not an RSA key of 1024 to 2048 bits")
    return _pem(key)


@lru_cache(maxsize=256)
def public_value(pem: str) -> str:
    """The base64 SubjectPublicKeyInfo that goes after p= in a DKIM record."""
    key = serialization.load_pem_private_key(pem.encode(), None)
    der = key.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return base64.b64encode(der).decode()


def _pem(key: rsa.RSAPrivateKey) -> str:
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    ).decode()
