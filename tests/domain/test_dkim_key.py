"""DKIM keys: what is in them, what is wrong with them, what they should be."""

import base64

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from sestui.domain.der import Form, read_der
from sestui.domain.dkim_key import KeyCode, parse_key, read_selector
from sestui.domain.dns import Answer, Outcome
from sestui.domain.severity import Severity
from sestui.domain.text import printable

RSA, ED25519 = "2a864886f70d010101", "2b6570"


def der(tag: int, *parts: bytes) -> bytes:
    body = b"".join(parts)
    size = len(body)
    if size < 0x80:
        return bytes([tag, size]) + body
    length = size.to_bytes((size.bit_length() + 7) // 8)
    return bytes([tag, 0x80 | len(length)]) + length + body


def integer(number: int) -> bytes:
    return der(0x02, number.to_bytes(number.bit_length() // 8 + 1))


def bare(bits: int) -> bytes:
    """RSAPublicKey with a modulus of `bits`; that it is no product of primes nobody looks at."""
    return der(0x30, integer((1 << (bits - 1)) | 0x55AA55), integer(65537))


def spki(bits: int, oid: str = RSA) -> bytes:
    algorithm = der(0x30, der(0x06, bytes.fromhex(oid)), der(0x05))
    return der(0x30, algorithm, der(0x03, b"\0" + bare(bits)))


def b64(data: bytes) -> str:
    return base64.b64encode(data).decode()


KEY = b64(spki(2048))
KEY_1024 = b64(spki(1024))
WRAPPED = b64(der(0x30, der(0x30, der(0x06, bytes.fromhex(ED25519))), der(0x03, b"\0" + bytes(32))))
PKCS8 = b64(der(0x30, integer(0), der(0x30, der(0x06, bytes.fromhex(RSA))), der(0x04, bytes(64))))
PKCS1 = b64(der(0x30, integer(0), integer(1 << 2047), integer(65537)))


def test_the_keys_are_as_long_as_real_ones():
    assert len(KEY) == 392  # facts/ses.md 2.7
    assert len(KEY_1024) == 216


@pytest.mark.parametrize(
    ("text", "bits"),
    [
        (f"p={KEY}", 2048),
        (f"v=DKIM1; k=rsa; p={KEY}", 2048),
        (f"v=DKIM1;k=rsa;t=s;s=email;h=sha1:sha256;n=made by hand;p={KEY};", 2048),
        (f"v=DKIM1; s=*; x=later; p={KEY_1024}", 1024),
        (f"k=rsa; p={KEY[:100]} {KEY[100:]}", 2048),
        (f"p={b64(spki(1536))}", 1536),
    ],
)
def test_a_good_key_is_never_called_wrong(text, bits):
    key = parse_key(text)
    assert (key.bits, key.type, key.repaired) == (bits, "rsa", "")
    assert {finding.severity for finding in key.findings} <= {Severity.OK}
    assert key.usable
    assert key.data == base64.b64decode(KEY if bits == 2048 else key.text.rpartition("p=")[2])


# code, text, the repaired record ("" for none), and whether it is Easy DKIM
CASES = {
    KeyCode.EMPTY: ("p=", "", True),
    KeyCode.REVOKED: ("v=DKIM1; p=", "", False),
    KeyCode.NOT_A_KEY: ("v=spf1 include:amazonses.com ~all", "", False),
    KeyCode.ALIAS_AS_TEXT: ("abc.dkim.amazonses.com", "", False),
    KeyCode.PLACEHOLDER: ("p=customerProvidedPublicKey", "", False),
    KeyCode.WRITING: (f'"v=DKIM1; p={KEY[:200]}" "{KEY[200:]}"', f"v=DKIM1; p={KEY}", False),
    KeyCode.VERSION: (f"v=dkim1; p={KEY}", f"v=DKIM1; p={KEY}", False),
    KeyCode.P_MISSING: ("v=DKIM1; k=rsa", "", False),
    KeyCode.TAG_DUPLICATE: (f"p={KEY}; p={KEY_1024}", None, False),
    KeyCode.TAG_CASE: (f"v=DKIM1; P={KEY}", f"v=DKIM1; p={KEY}", False),
    KeyCode.KEY_TYPE: (f"k=dsa; p={KEY}", "", False),
    KeyCode.HASH: (f"h=sha1; p={KEY}", "", False),
    KeyCode.SERVICE: (f"s=tlsrpt; p={KEY}", "", False),
    KeyCode.TESTING: (f"t=y; p={KEY}", "", False),
    KeyCode.NO_SUBDOMAINS: (f"t=s; p={KEY}", "", False),
    KeyCode.BLANKS: (f"p={KEY[:9]} {KEY[9:]}", "", False),
    KeyCode.PEM: (
        f"p=-----BEGIN PUBLIC KEY-----{KEY}-----END PUBLIC KEY-----",
        f"v=DKIM1; p={KEY}",
        False,
    ),
    KeyCode.BASE64: (f"p={KEY[:-4]}…", "", False),
    KeyCode.PADDING: (f"p={b64(spki(1032)).rstrip('=')}", f"v=DKIM1; p={b64(spki(1032))}", False),
    KeyCode.TRUNCATED: (f"p={KEY}"[:255], "", False),
    KeyCode.TRAILING: (f"p={b64(spki(2048) + spki(2048))}", "", False),
    KeyCode.UNREADABLE: (f"p={b64(b'hello world, this is no key')}", "", False),
    KeyCode.PRIVATE: (f"p={PKCS8}", "", False),
    KeyCode.BARE: (f"p={b64(bare(2048))}", "", False),
    KeyCode.TOO_SHORT: (f"p={b64(spki(512))}", "", False),
    KeyCode.SHORT: (f"p={KEY_1024}", "", False),
    KeyCode.TOO_LONG: (f"p={b64(spki(4096))}", "", False),
    KeyCode.ED25519: (f"k=ed25519; p={b64(bytes(range(32)))}", "", False),
}


@pytest.mark.parametrize("code", [code for code in KeyCode if code is not KeyCode.SEVERAL])
def test_each_finding_has_an_example(code):
    text, repaired, easy = CASES[code]
    key = parse_key(text, easy=easy)
    found = {finding.code: finding for finding in key.findings}
    assert code in found
    assert "{" not in found[code].text
    if repaired is not None:
        assert key.repaired == repaired
    if key.repaired:
        assert parse_key(key.repaired).usable


@pytest.mark.parametrize("text", ["", "p=", "v=DKIM1; k=rsa; p=", "v=DKIM1; p= ; n=revoked"])
def test_an_empty_key_is_normal_for_a_spare_selector_of_ses(text):
    (finding,) = parse_key(text, easy=True).findings
    assert (finding.code, finding.severity) == (KeyCode.EMPTY, Severity.OK)
    (finding,) = parse_key(text).findings
    assert (finding.code, finding.severity) == (KeyCode.REVOKED, Severity.ERROR)


def test_a_key_that_was_cut():
    for cut in range(20, len(KEY) - 4):
        key = parse_key(f"p={KEY[:cut]}")
        assert KeyCode.TRUNCATED in [finding.code for finding in key.findings]
        assert not key.usable
        assert key.repaired == ""
    (finding,) = parse_key(f"v=DKIM1; p={KEY}"[:255]).findings
    assert "255" in finding.text


@pytest.mark.parametrize("key", [PKCS8, PKCS1])
def test_a_private_key_is_an_alarm(key):
    found = parse_key(f"v=DKIM1; p={key}")
    assert [finding.code for finding in found.findings] == [KeyCode.PRIVATE]
    assert found.repaired == ""


def test_ed25519():
    key = parse_key(f"v=DKIM1; k=ed25519; p={b64(bytes(range(32)))}")
    assert (key.type, key.bits) == ("ed25519", 256)
    (finding,) = parse_key(f"k=ed25519; p={WRAPPED}").findings
    assert (finding.code, finding.severity) == (KeyCode.ED25519, Severity.ERROR)


@pytest.mark.parametrize("zone", ["dkim.amazonses.com", "a31d.dkim.us-west-2.amazonses.com."])
def test_the_target_typed_as_a_text(zone):
    (finding,) = parse_key(f"abcdefghij.{zone}").findings
    assert finding.code is KeyCode.ALIAS_AS_TEXT


def selector(outcome, *values, easy=False):
    answer = Answer("s._domainkey.example.com", "TXT", outcome, values)
    return read_selector(answer, easy=easy)


def test_all_that_is_at_a_selector():
    found = selector(Outcome.FOUND, f"p={KEY}", "")
    assert [finding.code for finding in found.findings] == [KeyCode.SEVERAL, KeyCode.REVOKED]
    assert [key.bits for key in found.keys] == [2048, 0]
    found = selector(Outcome.FOUND, f"p={KEY}")
    assert (found.known, found.findings) == (True, ())
    assert (selector(Outcome.NO_SUCH_NAME).known, selector(Outcome.TIMED_OUT).known) == (
        True,
        False,
    )
    assert selector(Outcome.TIMED_OUT).keys == ()


def test_keys_of_others_are_read_alike():
    serialization = pytest.importorskip("cryptography.hazmat.primitives.serialization")
    rsa = pytest.importorskip("cryptography.hazmat.primitives.asymmetric.rsa")
    for bits in (1024, 2048):
        key = rsa.generate_private_key(65537, bits)
        data = key.public_key().public_bytes(
            serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
        )
        read = parse_key(f"p={b64(data)}")
        assert (read.bits, read.data, read.usable) == (bits, data, True)
        for form in (
            serialization.PrivateFormat.PKCS8,
            serialization.PrivateFormat.TraditionalOpenSSL,
        ):
            secret = key.private_bytes(
                serialization.Encoding.DER, form, serialization.NoEncryption()
            )
            assert read_der(secret).form is Form.PRIVATE


@pytest.mark.parametrize(
    "data",
    [
        der(0x30, der(0x04, bytes(9))),
        der(0x30, der(0x30, der(0x06, b"\x55")), der(0x03, b"\0" + bare(1024))),
        der(0x30, der(0x30, der(0x05)), der(0x03, b"\0" + bare(1024))),
        der(0x30, der(0x30, der(0x06, bytes.fromhex(RSA))), der(0x04, bare(1024))),
        der(0x30, der(0x30, der(0x06, bytes.fromhex(RSA))), der(0x03, b"\0" + integer(5))),
        spki(1024).replace(integer(65537), der(0x04, b"\1\0\1")),
        der(0x31, bytes(9)),
        b"\x30\x80\0\0",
    ],
)
def test_other_structures_are_no_keys(data):
    assert read_der(data).form is Form.OTHER


@given(st.integers(1024, 2048))
def test_any_length_is_measured(bits):
    assert parse_key(f"p={b64(spki(bits))}").bits == bits


@given(st.binary(max_size=80) | st.binary(max_size=80).map(lambda rest: spki(64)[:9] + rest))
@example(b"\x30\x84\xff\xff\xff\xff")
@example(b"\x30\x80\x00\x00")
def test_no_bytes_are_too_odd(data):
    assert read_der(data).bits >= 0


PIECES = st.sampled_from(["v=DKIM1", "k=rsa", "p=", f"p={KEY}", "t=y", '"', "\\;", ";", " ", "h=x"])


@given(st.text() | st.lists(PIECES, max_size=8).map(";".join), st.booleans())
@example("p=" + " " * 60_000 + "x", False)
@example("p=" + "A" * 60_000, False)
@example("p=" + "-" * 16_000, False)
@example("p=" + "BEGIN" * 3_000, False)
def test_no_text_is_too_odd(text, easy):
    key = parse_key(text, easy=easy)
    assert key.usable or key.findings
    errors = [finding for finding in key.findings if finding.severity is Severity.ERROR]
    assert key.usable or errors or easy  # who is told that it is useless is told why
    assert all(printable(finding.text) == finding.text for finding in key.findings)
    if key.repaired:
        again = parse_key(key.repaired, easy=easy)
        assert again.usable
        assert again.repaired == ""
