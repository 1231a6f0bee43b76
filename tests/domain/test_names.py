"""Names as a person types them: accepted in one form, or refused with the reason."""

import unicodedata

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from sestui.domain.names import (
    MAX_ADDRESS,
    MAX_LABEL,
    MAX_NAME,
    Address,
    InvalidName,
    is_below,
    parse_address,
    parse_domain,
    parse_label,
    unicode_domain,
)
from sestui.domain.text import printable

anything = st.text(st.characters())
# Near enough to names to get past the first checks.
nearly = st.text(st.sampled_from("ab9-._@ /:wXN。é例\u0301\u200d\x1b\u202e["), max_size=80)
labels = st.from_regex(r"[a-z0-9]([a-z0-9-]{0,20}[a-z0-9])?", fullmatch=True).filter(
    lambda label: not label.startswith("xn--")
)
domains = st.tuples(
    st.lists(labels.filter(lambda label: label != "www"), min_size=1, max_size=4),
    st.sampled_from(["com", "vn", "co.uk", "xn--p1ai"]),
).map(lambda parts: ".".join([*parts[0], parts[1]]))


def check_that_it_can_be_drawn(refused: InvalidName) -> None:
    assert printable(str(refused)) == str(refused)


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("example.com", "example.com"),
        ("  Example.COM. ", "example.com"),
        ("mail.example.co.uk", "mail.example.co.uk"),
        ("123.com", "123.com"),
        ("www.com", "www.com"),
        ("wwwx.example.com", "wwwx.example.com"),
        ("bücher.de", "xn--bcher-kva.de"),
        ("BÜCHER.de", "xn--bcher-kva.de"),
        ("bu\u0308cher.de", "xn--bcher-kva.de"),
        ("XN--BCHER-KVA.de", "xn--bcher-kva.de"),
        ("straße.de", "xn--strae-oqa.de"),  # IDNA 2003 would make it strasse.de
        ("例え。jp。", "xn--r8jz45g.jp"),
        ("đườngsách.vn", "xn--ngsch-zqa64az7bvy2n.vn"),
        ("soft\u00adhyphen.com", "softhyphen.com"),
        ("xn--i-7iq.ws", "xn--i-7iq.ws"),  # a heart: older than IDNA 2008, and in use
        ("xn--mgba3gch31f060k.com", "xn--mgba3gch31f060k.com"),  # has a zero width non-joiner
        (".".join(["a" * 63] * 3 + ["b" * 61]), ".".join(["a" * 63] * 3 + ["b" * 61])),
    ],
)
def test_a_domain_is_taken_in_lower_case_and_as_a_labels(typed, name):
    assert parse_domain(typed) == name


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("", "Type a domain"),
        (" \t", "Type a domain"),
        ("https://example.com", "without https://"),
        ("example.com/path", "without https://"),
        ("me@example.com", "e-mail address"),
        ("exa mple..com", "no spaces"),
        ("example\u00a0x.com", "no spaces"),
        ("example..com", "two dots"),
        ("bücher..de", "two dots"),
        (".example.com", "two dots"),
        (".", "two dots"),
        ("example.com..", "two dots"),
        ("localhost", "ending is missing"),
        ("com.", "ending is missing"),
        ("192.0.2.1", "IP address"),
        ("example.123", "IP address"),
        ("www.example.com", "mail comes from example.com"),
        ("WWW.EXAMPLE.com", "mail comes from example.com"),
        ("www.bücher.de", "mail comes from xn--bcher-kva.de"),
        ("a" * 64 + ".com", "63 characters"),
        ("é" * 60 + ".com", "63 characters"),  # short to the eye, long in Punycode
        (".".join(["a" * 63] * 4), "253 characters"),
        (".".join(["é" * 50] * 5), "253 characters"),
        ("é" * 100_000, "253 characters"),
        ("-a.com", "letters, digits and hyphens"),
        ("a-.com", "letters, digits and hyphens"),
        ("_dmarc.example.com", "letters, digits and hyphens"),
        ("_", "letters, digits and hyphens"),
        ("example.com:25", "letters, digits and hyphens"),
        ("[192.0.2.1]", "letters, digits and hyphens"),
        ("*.example.com", "letters, digits and hyphens"),
        ("{0}.com", "“{0}”"),
        ("xn--.com", "letters, digits and hyphens"),
        ("xn--a.com", "stands for nothing"),
        ("xn--99999999.com", "stands for nothing"),
        ("xn--zzzzzzzzzzz99.com", "stands for nothing"),
        ("👍.com", "no domain may have"),
        ("\u2488.com", "no domain may have"),
        ("\u202eexample.com", "no domain may have"),
        ("\ud800.com", "no domain may have"),
        ("\x1b]0;owned\x07.com", "“\\x1b]0;owned\\x07”"),
    ],
)
def test_what_is_no_domain_is_refused_with_the_reason(typed, why):
    with pytest.raises(InvalidName) as refused:
        parse_domain(typed)
    assert why in str(refused.value)


@given(anything | nearly)
def test_whatever_is_typed_is_a_valid_name_or_a_reason_that_can_be_drawn(typed):
    try:
        name = parse_domain(typed)
    except InvalidName as refused:
        check_that_it_can_be_drawn(refused)
    else:
        assert name.isascii()
        assert name == name.lower()
        assert len(name) <= MAX_NAME
        assert all(0 < len(label) <= MAX_LABEL for label in name.split("."))
        assert parse_domain(name) == name


@given(domains)
def test_a_domain_that_is_one_stays_as_it_is(name):
    assert parse_domain(name) == name
    assert parse_domain(f" {name.upper()}. ") == name


@pytest.mark.parametrize(
    ("name", "spelled"),
    [
        ("example.com", "example.com"),
        ("xn--bcher-kva.de", "bücher.de"),
        ("mail.xn--r8jz45g.jp", "mail.例え.jp"),
        ("xn--a.com", "xn--a.com"),
        ("xn--i-7iq.ws", "xn--i-7iq.ws"),
        ("xn--mgba3gch31f060k.com", "نامه\\u200cای.com"),  # the joiner is shown, not drawn
    ],
)
def test_a_domain_is_spelled_out_where_that_means_something(name, spelled):
    assert unicode_domain(name) == spelled


@given(anything | st.text("xn-abc019.é\u200c", max_size=40).map("xn--{}".format))
def test_only_what_has_something_to_spell_out_is_changed(name):
    shown = unicode_domain(name)
    assert shown == name or ("xn--" in name and not shown.isascii())


@given(st.lists(st.text("abcüéßđườ例えж한\u0301", min_size=1, max_size=8), min_size=1, max_size=3))
def test_what_is_spelled_out_is_the_same_domain(labels):
    try:
        name = parse_domain(".".join([*labels, "vn"]))
    except InvalidName:
        assume(False)
    assert parse_domain(unicode_domain(name)) == name


@given(st.text("xn-abckwz0189", max_size=40).map("xn--{}".format))
def test_spelled_out_it_can_be_drawn(name):
    shown = unicode_domain(name)
    assert not [c for c in shown if unicodedata.category(c) in ("Cc", "Cf")]


@pytest.mark.parametrize(
    ("typed", "local", "domain"),
    [
        ("you@example.com", "you", "example.com"),
        ("  You+tag@Example.COM\n", "You+tag", "example.com"),
        ("first.last@mail.example.com", "first.last", "mail.example.com"),
        ("o'brien!#$%&*/=?^_`{|}~-@example.com", "o'brien!#$%&*/=?^_`{|}~-", "example.com"),
        ("a@bücher.de", "a", "xn--bcher-kva.de"),
        ("a@www.example.com", "a", "www.example.com"),
        ("x" * 64 + "@example.com", "x" * 64, "example.com"),
    ],
)
def test_an_address_keeps_the_case_before_the_at_sign_only(typed, local, domain):
    address = parse_address(typed)
    assert address == Address(local, domain)
    assert str(address) == f"{local}@{domain}"


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("", "Type an e-mail address"),
        ("example.com", "The @ and the domain"),
        ("you@", "after the @"),
        ("@example.com", "before the @"),
        ("you@example", "ending is missing"),
        ("Anna <anna@example.com>", "without a name"),
        ("<anna@example.com>", "without a name"),
        ("a b@example.com", "no spaces"),
        ("a@ example.com", "no spaces"),
        ("a@example.com\nBcc: b@example.com", "no spaces"),
        ("é@example.com", "ASCII"),
        ("x" * 65 + "@example.com", "64 characters"),
        ("x@" + ".".join(["a" * 63] * 3 + ["b" * 61]), "254 characters"),
        ("a..b@example.com", "where none may be"),
        (".a@example.com", "where none may be"),
        ("a.@example.com", "where none may be"),
        ("a@b@example.com", "where none may be"),
        ("a,b@example.com", "where none may be"),
        ("mailto:a@example.com", "where none may be"),
        ('"a"@example.com', "where none may be"),
        ("a\x1b@example.com", "where none may be"),
        ("a@exa\x1bmple.com", "“exa\\x1bmple”"),
        ("a@[192.0.2.1]", "letters, digits and hyphens"),
    ],
)
def test_what_is_no_address_is_refused_with_the_reason(typed, why):
    with pytest.raises(InvalidName) as refused:
        parse_address(typed)
    assert why in str(refused.value)


@given(anything | nearly | nearly.map("a@{}".format))
def test_whatever_is_typed_is_an_address_or_a_reason_that_can_be_drawn(typed):
    try:
        address = str(parse_address(typed))
    except InvalidName as refused:
        check_that_it_can_be_drawn(refused)
    else:
        assert address.isascii()
        assert address.isprintable()
        assert " " not in address
        assert len(address) <= MAX_ADDRESS
        assert str(parse_address(address)) == address


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("mail", "mail.xn--bcher-kva.de"),
        (" Bounce. ", "bounce.xn--bcher-kva.de"),
        ("mail.xn--bcher-kva.de", "mail.xn--bcher-kva.de"),
        ("mail.bücher.de", "mail.xn--bcher-kva.de"),
        ("Mail.BÜCHER.de.", "mail.xn--bcher-kva.de"),
        ("a.b.bücher.de", "a.b.xn--bcher-kva.de"),
        ("é", "xn--9ca.xn--bcher-kva.de"),
        ("www2", "www2.xn--bcher-kva.de"),
    ],
)
def test_a_label_becomes_the_whole_mail_from_domain(typed, name):
    assert parse_label(typed, "xn--bcher-kva.de") == name


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("", "Type the label"),
        (".", "Type the label"),
        ("example.com", "not example.com itself"),
        ("Example.COM.", "not example.com itself"),
        ("mail.example.org", "must end in .example.com"),
        ("notexample.com", "must end in .example.com"),
        ("mail.exmaple.com", "must end in .example.com"),
        ("www", "nothing else uses"),
        ("www.example.com", "nothing else uses"),
        ("ma il", "no spaces"),
        ("_mail", "letters, digits and hyphens"),
        ("a@b", "e-mail address"),
        ("x" * 64, "63 characters"),
        ("\x1b[31m", "“\\x1b[31m”"),
    ],
)
def test_a_mail_from_domain_that_ses_would_refuse_is_refused(typed, why):
    with pytest.raises(InvalidName) as refused:
        parse_label(typed, "example.com")
    assert why in str(refused.value)


@given(anything | nearly, domains)
def test_whatever_is_typed_the_mail_from_domain_is_below_the_identity(typed, domain):
    try:
        name = parse_label(typed, domain)
    except InvalidName as refused:
        check_that_it_can_be_drawn(refused)
    else:
        assert name != domain
        assert is_below(name, domain)
        assert parse_label(name, domain) == name


@given(labels, domains)
def test_a_label_and_the_whole_name_say_the_same(label, domain):
    assume(label != "www")
    assert parse_label(label, domain) == parse_label(f"{label}.{domain}", domain)


def test_below_means_at_a_dot():
    assert is_below("example.com", "example.com")
    assert is_below("mail.example.com", "example.com")
    assert not is_below("notexample.com", "example.com")
    assert not is_below("example.com", "mail.example.com")
