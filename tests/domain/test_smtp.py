"""SMTP as far as it is words and arithmetic: passwords, what is typed for them, the ports."""

from __future__ import annotations

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sestui.domain.account import Keys, Secret
from sestui.domain.names import InvalidName
from sestui.domain.regions import REGIONS
from sestui.domain.severity import Severity
from sestui.domain.smtp import (
    SMTP_REGIONS,
    Credentials,
    Endpoint,
    PasswordKind,
    Security,
    credentials_of,
    derive,
    judge_password,
    judge_user,
    kind_of,
    lint,
    regions_of,
    smtp_endpoints,
    smtp_host,
    smtp_password,
)
from sestui.domain.smtp_ports import PortProbe, Reach, conclude

SECRET = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
USER = "AKIAIOSFODNN7EXAMPLE"
EU = "BMW5RDrXmmVs0lV7GpI4oLkHXpZ4stDsk6q91z1g38Pk"
OLD = base64.b64encode(b"\x02" + bytes(range(32))).decode()


@pytest.mark.parametrize(
    ("region", "password"),
    [("us-east-1", "BLBM/9hSUELfq8Gw+rU1YcBjkOxGbhT2XG763xVLGWL9"), ("eu-west-1", EU)],
)
def test_the_password_of_the_documentation_key(region: str, password: str) -> None:
    assert smtp_password(SECRET, region) == password


@given(st.text(), st.sampled_from(SMTP_REGIONS))
def test_a_password_is_of_its_form_whatever_the_key(secret: str, region: str) -> None:
    assert kind_of(Secret(smtp_password(secret, region))) is PasswordKind.SMTP


@given(st.text(min_size=1))
def test_what_is_typed_as_a_password_is_judged_without_being_repeated(text: str) -> None:
    said = lint(Credentials(USER, Secret(text)))
    assert len(text) < 12 or text not in said


def test_a_password_is_in_no_repr() -> None:
    credentials = derive(Keys(USER, Secret(SECRET)), "eu-west-1")
    assert credentials == Credentials(USER, Secret(EU))
    assert EU not in repr(credentials)
    assert SECRET not in repr(credentials)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (EU, PasswordKind.SMTP),
        (f" {EU}\n", PasswordKind.SMTP),
        (OLD, PasswordKind.OLD),
        (SECRET, PasswordKind.SECRET_KEY),
        (EU[:-1], PasswordKind.OTHER),
        ("B" * 44, PasswordKind.SMTP),
        ("C" * 44, PasswordKind.OTHER),
        ("hunter2", PasswordKind.OTHER),
        ("", PasswordKind.OTHER),
        ("ü" * 44, PasswordKind.OTHER),
    ],
)
def test_what_a_typed_password_is(text: str, kind: PasswordKind) -> None:
    assert kind_of(Secret(text)) is kind


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "Type the SMTP user name"),
        (f"{USER} ", "a space"),
        ("ASIAIOSFODNN7EXAMPLE", "temporary key"),
        (USER.lower(), "capital letters"),
        (USER[:-1], "this one has 19"),
        ("AIDAIOSFODNN7EXAMPLE", "something else in IAM"),
        ("me@example.com", "mail address"),
        ("ses-smtp-user.20240906-101112", "IAM user's name"),
        ("[red]\x1b]0;x", r"\x1b"),
    ],
)
def test_what_is_no_user_name(text: str, says: str) -> None:
    with pytest.raises(InvalidName, match=says.replace("\\", r"\\")) as problem:
        judge_user(text)
    assert str(problem.value).isprintable()


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (" ", "Paste"),
        (f"{EU}\n", "line break"),
        (SECRET, "secret access key"),
        ("hunter2", "this has 7"),
        ("C" * 44, "begins with B"),
    ],
)
def test_what_is_no_password(text: str, says: str) -> None:
    with pytest.raises(InvalidName, match=says):
        judge_password(text)


def test_what_can_be_a_password() -> None:
    judge_user(USER)
    judge_password(EU)
    judge_password(OLD)
    judge_password(SECRET, secret_key=True)
    assert lint(Credentials(USER, Secret(EU))) == ""
    assert "temporary" in lint(Credentials("ASIAIOSFODNN7EXAMPLE", Secret(EU)))
    assert "secret access key" in lint(Credentials(USER, Secret(SECRET)))


def test_a_typed_secret_key_becomes_the_password_of_the_region() -> None:
    derived = Credentials(USER, Secret(EU))
    assert credentials_of(USER, Secret(SECRET), "eu-west-1") == derived
    assert credentials_of(f" {USER}", Secret(f"{EU} "), "us-east-1") == derived


def test_the_regions_a_password_was_made_for() -> None:
    assert regions_of(Credentials(USER, Secret(EU)), Secret(SECRET)) == ("eu-west-1",)
    assert regions_of(Credentials(USER, Secret(EU)), Secret("x")) == ()


@pytest.mark.parametrize(
    ("region", "fips", "host"),
    [
        ("eu-west-1", False, "email-smtp.eu-west-1.amazonaws.com"),
        ("us-east-1", True, "email-smtp-fips.us-east-1.amazonaws.com"),
        ("us-gov-west-1", True, "email-smtp-fips.us-gov-west-1.amazonaws.com"),
        ("eu-west-1", True, "email-smtp.eu-west-1.amazonaws.com"),  # there is no FIPS one
        ("cn-north-1", False, "email-smtp.cn-north-1.amazonaws.com.cn"),
        ("xx-new-1", False, "email-smtp.xx-new-1.amazonaws.com"),
        ("il-central-1", False, ""),
    ],
)
def test_the_host(region: str, fips: bool, host: str) -> None:
    assert smtp_host(region, fips=fips) == host


def test_the_endpoints() -> None:
    found = smtp_endpoints("eu-west-1")
    assert [(each.port, each.security) for each in found] == [
        (587, Security.STARTTLS),
        (465, Security.TLS),
        (2587, Security.STARTTLS),
        (2465, Security.TLS),
        (25, Security.STARTTLS),
    ]
    assert smtp_endpoints("me-central-1") == ()
    assert len(SMTP_REGIONS) == len(REGIONS) - 10


def probes(**reaches: Reach) -> list[PortProbe]:
    """`p587=Reach.OPEN`; the rest is open."""
    found = [
        PortProbe(each, reaches.get(f"p{each.port}", Reach.OPEN), 20)
        for each in smtp_endpoints("eu-west-1")
    ]
    api = Endpoint("email.eu-west-1.amazonaws.com", 443, Security.HTTPS)
    return [*found, PortProbe(api, reaches.get("p443", Reach.OPEN), 20)]


LOST = Reach.TIMED_OUT


@pytest.mark.parametrize(
    ("reaches", "says"),
    [
        ({}, "SMTP is open on this network."),
        ({"p25": LOST}, "SMTP is open on this network."),
        (
            {"p587": LOST, "p465": Reach.REFUSED, "p25": LOST},
            "587, 465 are blocked on this network, 2587 works.",
        ),
        ({"p587": LOST}, "587 is blocked on this network, 465 works."),
        ({f"p{port}": LOST for port in (25, 465, 587, 2465, 2587)}, "Send by the API"),
        ({f"p{port}": LOST for port in (25, 443, 465, 587, 2465, 2587)}, "not even HTTPS"),
        ({"p465": Reach.UNTRUSTED}, "answers in its place"),
    ],
)
def test_what_the_ports_say_together(reaches: dict[str, Reach], says: str) -> None:
    assert says in conclude(probes(**reaches))


def test_each_port_has_words() -> None:
    endpoint = smtp_endpoints("eu-west-1")[0]
    words = {reach: PortProbe(endpoint, reach).words for reach in Reach}
    assert len(set(words.values())) == len(Reach)
    assert PortProbe(endpoint, Reach.OTHER, said="554 go away").words == "554 go away"
    assert PortProbe(endpoint, Reach.OPEN).severity is Severity.OK
    assert conclude([]) == ""
