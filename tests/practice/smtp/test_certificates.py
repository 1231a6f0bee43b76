"""The certificate: made once, and again when it is of no use."""

from __future__ import annotations

import os
import socket
import ssl
import threading

import pytest
from cryptography import x509

from sestui.practice.smtp import certificates


def handshake(server: ssl.SSLContext, authority, name):
    """The certificate that a client of `authority` is shown, asking for `name`."""
    trust = ssl.create_default_context(cafile=authority)
    trust.verify_flags |= ssl.VERIFY_X509_STRICT
    ours, theirs = socket.socketpair()

    def answer():
        try:
            server.wrap_socket(ours, server_side=True).close()
        except OSError:
            ours.close()

    thread = threading.Thread(target=answer)
    thread.start()
    try:
        with trust.wrap_socket(theirs, server_hostname=name) as client:
            return client.getpeercert()
    finally:
        theirs.close()
        thread.join()


@pytest.mark.parametrize("name", ["127.0.0.1", "localhost"])
def test_it_is_good_for_this_machine(tmp_path, name):
    context = certificates.context(tmp_path / "smtp")
    assert handshake(context, tmp_path / "smtp" / "ca.pem", name)


def test_and_for_no_other(tmp_path):
    context = certificates.context(tmp_path)
    with pytest.raises(ssl.SSLCertVerificationError):
        handshake(context, tmp_path / "ca.pem", "email-smtp.eu-west-1.amazonaws.com")


def test_it_stays(tmp_path):
    certificates.context(tmp_path)
    before = (tmp_path / "ca.pem").read_bytes()
    handshake(certificates.context(tmp_path), tmp_path / "ca.pem", "localhost")
    assert (tmp_path / "ca.pem").read_bytes() == before


@pytest.mark.parametrize("damaged", ["ca.pem", "server.pem"])
@pytest.mark.parametrize("content", [None, b"", b"-----BEGIN CERTIFICATE-----\n"])
def test_a_damaged_one_is_made_again(tmp_path, damaged, content):
    certificates.context(tmp_path)
    (tmp_path / damaged).unlink()
    if content is not None:
        (tmp_path / damaged).write_bytes(content)
    assert handshake(certificates.context(tmp_path), tmp_path / "ca.pem", "localhost")


def test_halves_of_two_are_made_again(tmp_path):
    certificates.context(tmp_path / "one")
    certificates.context(tmp_path / "two")
    (tmp_path / "one" / "ca.pem").replace(tmp_path / "two" / "ca.pem")
    again = certificates.context(tmp_path / "two")
    assert handshake(again, tmp_path / "two" / "ca.pem", "localhost")


def test_one_that_ends_soon_is_made_again(tmp_path, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(certificates, "LIFE", certificates.RENEW / 2)
        certificates.context(tmp_path)
    before = (tmp_path / "ca.pem").read_bytes()
    certificates.context(tmp_path)
    assert (tmp_path / "ca.pem").read_bytes() != before


def test_nobody_has_the_authority_s_key_and_nobody_else_the_server_s(tmp_path):
    certificates.context(tmp_path)
    assert sorted(each.name for each in tmp_path.iterdir()) == ["ca.pem", "server.pem"]
    assert b"PRIVATE KEY" not in (tmp_path / "ca.pem").read_bytes()
    assert len(x509.load_pem_x509_certificates((tmp_path / "ca.pem").read_bytes())) == 1
    if os.name == "posix":
        assert (tmp_path / "server.pem").stat().st_mode & 0o077 == 0
