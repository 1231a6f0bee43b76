"""A certificate for this machine, and the authority that vouches for it and for nothing else."""

from __future__ import annotations

import contextlib
import ipaddress
import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from sestui.practice import files

CA = "ca.pem"
SERVER = "server.pem"
LIFE = timedelta(days=800)
"""Some clients refuse more than 825 days."""
RENEW = timedelta(days=30)


def context(folder: Path) -> ssl.SSLContext:
    """A server's side of TLS, with the certificate of `folder`; a new one where that has none.

    Raises:
        OSError: the folder cannot be written.
    """
    server = folder / SERVER
    if not _is_good(folder):
        files.make_folder(folder)
        authority, chain = _make()
        # The authority last: that it is there tells that the other is, too.
        with contextlib.suppress(OSError):
            (folder / CA).unlink()
        files.write(server, chain)
        files.write(folder / CA, authority)
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    made.minimum_version = ssl.TLSVersion.TLSv1_2
    made.load_cert_chain(server)
    return made


def _is_good(folder: Path) -> bool:
    until = datetime.now(UTC) + RENEW
    try:
        authority = x509.load_pem_x509_certificate((folder / CA).read_bytes())
        content = (folder / SERVER).read_bytes()
        leaf = x509.load_pem_x509_certificate(content)
        key = serialization.load_pem_private_key(content, None)
        leaf.verify_directly_issued_by(authority)
    except Exception:  # absent, damaged, of another authority: it is made again all the same
        return False
    return (
        min(leaf.not_valid_after_utc, authority.not_valid_after_utc) > until
        and leaf.public_key() == key.public_key()
    )


def _make() -> tuple[bytes, bytes]:
    """The authority's certificate, and the server's key and certificate; PEM.

    The authority's key is kept nowhere: whoever trusts its certificate trusts this one server.
    """
    authority_key = ec.generate_private_key(ec.SECP256R1())
    server_key = ec.generate_private_key(ec.SECP256R1())
    authority_name = _name("sestui practice account: authority")
    identifier = x509.SubjectKeyIdentifier.from_public_key(authority_key.public_key())
    authority = (
        _builder(authority_name, authority_name, authority_key.public_key())
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(certificates=True), critical=True)
        .add_extension(identifier, critical=False)
        .sign(authority_key, hashes.SHA256())
    )
    names = [x509.DNSName("localhost"), x509.IPAddress(ipaddress.IPv4Address("127.0.0.1"))]
    server = (
        _builder(_name("localhost"), authority_name, server_key.public_key())
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(certificates=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(
            x509.SubjectKeyIdentifier.from_public_key(server_key.public_key()), critical=False
        )
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(identifier),
            critical=False,
        )
        .sign(authority_key, hashes.SHA256())
    )
    key = server_key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    pem = serialization.Encoding.PEM
    return authority.public_bytes(pem), key + server.public_bytes(pem)


def _builder(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey
) -> x509.CertificateBuilder:
    now = datetime.now(UTC)
    return x509.CertificateBuilder(
        issuer_name=issuer,
        subject_name=subject,
        public_key=key,
        serial_number=x509.random_serial_number(),
        # Yesterday: the clocks of two containers on one machine need not agree.
        not_valid_before=now - timedelta(days=1),
        not_valid_after=now + LIFE,
    )


def _name(common: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common)])


def _usage(*, certificates: bool) -> x509.KeyUsage:
    """What the key may be used for: to sign certificates, or to sign a handshake."""
    return x509.KeyUsage(
        digital_signature=not certificates,
        key_cert_sign=certificates,
        crl_sign=certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )
