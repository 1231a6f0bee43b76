"""Where SMTP is for a connection, and sending through the practice account's."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from sestui.connect import PracticeAccess, World
from sestui.domain.account import Caller, Choice, Connection, Keys, RegionSource, Secret, Source
from sestui.domain.errors import Trouble
from sestui.domain.mail.form import Format
from sestui.domain.mail.message import FIND_TAG, Message
from sestui.domain.smtp import Credentials, Security, derive
from sestui.domain.smtp_ports import Reach, conclude
from sestui.gateways.aws import Aws
from sestui.gateways.ports import GatewayError, Smtp
from sestui.gateways.session import new_session
from sestui.gateways.smtp import smtp_of
from sestui.gateways.smtpplace import Given, find_place
from tests.account_process import RemoteAccount
from tests.gateways.conftest import Connect
from tests.practice.conftest import letter_to, ses_client, verified_domain

AT_AWS = Connection(
    Choice(Source.PROFILE, "workshop"),
    Caller("123456789012", "arn:aws:iam::123456789012:user/anna"),
    "eu-west-1",
    RegionSource.PROFILE,
    "shared-credentials-file",
)
API = "https://email.eu-west-1.amazonaws.com"
LOCAL = Given("127.0.0.1:2587", "127.0.0.1:2465", "/ca.pem", "eu-west-1")
EMULATED = replace(AT_AWS, endpoint="http://127.0.0.1:4566")
KEYS = Keys("AKIAIOSFODNN7ANOTHER", Secret("s"))


def test_at_aws() -> None:
    place = find_place(AT_AWS, Given(), API)
    assert place.problem is None
    assert place.authority == ""
    assert [str(each) for each in place.endpoints][:2] == [
        "email-smtp.eu-west-1.amazonaws.com:587",
        "email-smtp.eu-west-1.amazonaws.com:465",
    ]
    assert str(place.api) == "email.eu-west-1.amazonaws.com:443"
    assert place.api is not None
    assert place.api.security is Security.HTTPS


def test_at_awss_fips_endpoints() -> None:
    american = replace(AT_AWS, region="us-east-1")
    place = find_place(american, Given(), "https://email-fips.us-east-1.amazonaws.com")
    assert place.endpoints[0].host == "email-smtp-fips.us-east-1.amazonaws.com"


def test_on_this_machine() -> None:
    place = find_place(AT_AWS, LOCAL, "http://127.0.0.1:4100")
    assert [(str(each), each.security) for each in place.endpoints] == [
        ("127.0.0.1:2587", Security.STARTTLS),
        ("127.0.0.1:2465", Security.TLS),
    ]
    assert place.authority == "/ca.pem"
    assert place.api is not None
    assert place.api.security is Security.NONE


def test_a_certificate_of_a_file_is_for_this_machine_only() -> None:
    given = Given("vpce-1.email-smtp.us-east-1.vpce.amazonaws.com:587", "", "/ca.pem")
    place = find_place(AT_AWS, given, API)
    assert len(place.endpoints) == 1
    assert place.authority == ""


@pytest.mark.parametrize(
    ("connection", "given", "says"),
    [
        (replace(AT_AWS, region="il-central-1"), Given(), "no SMTP interface in il-central-1"),
        (replace(EMULATED, region="us-east-1"), LOCAL, "no SMTP interface in us-east-1"),
        (EMULATED, Given(), "SES is at http://127.0.0.1:4566 here"),
        (AT_AWS, Given("127.0.0.1"), "SESTUI_SMTP is no HOST:PORT: 127.0.0.1"),
        (AT_AWS, Given("", "a b:1"), "SESTUI_SMTP_TLS is no HOST:PORT"),
        (AT_AWS, Given("127.0.0.1:99999"), "SESTUI_SMTP is no HOST:PORT"),
    ],
)
async def test_nowhere(connection: Connection, given: Given, says: str, connect: Connect) -> None:
    aws = connect("http://127.0.0.1:9")
    if given.region:
        access = PracticeAccess("", Secret(""), "", "", ("", 0), KEYS, given.region, given.smtp)
        gateway = smtp_of(aws, connection, {}, access)
    else:
        environment = {"SESTUI_SMTP": given.smtp, "SESTUI_SMTP_TLS": given.smtp_tls}
        gateway = smtp_of(aws, connection, environment)
    assert gateway.endpoints == ()
    with pytest.raises(GatewayError, match=says):
        await gateway.probe()
    with pytest.raises(GatewayError, match=says):
        await gateway.send(MAIL, derive(KEYS, "eu-west-1"))


def test_the_keys_of_a_connection() -> None:
    temporary = Keys("ASIAIOSFODNN7EXAMPLE", Secret("s"), Secret("t"))
    for keys in (KEYS, temporary):
        assert Aws(new_session(keys=keys, alone=True), "eu-west-1").keys() == keys


def test_keys_that_cannot_be_fetched() -> None:
    class Session:
        def get_credentials(self) -> Any:
            raise OSError("nobody answers")

    with pytest.raises(GatewayError) as failed:
        Aws(Session(), "eu-west-1").keys()
    assert failed.value.__context__ is None, "its frames could show the secret"


# The practice account


MAIL = Message(
    Format.FORMATTED,
    "info@smtp.example",
    ("success@simulator.amazonses.com",),
    subject="Grüße",
    text="Guten Tag",
    tags=((FIND_TAG, "run-7"),),
)


@pytest.fixture(scope="module")
def verified(account: RemoteAccount) -> RemoteAccount:
    """The account with a domain to send from."""
    client = ses_client(account)
    verified_domain(account, client, "smtp.example")
    client.close()
    return account


@pytest.fixture
async def smtp(verified: RemoteAccount, tmp_path: Path) -> Smtp:
    async def start() -> PracticeAccess:
        return PracticeAccess.of(verified.environment())

    cloud = await World(practice=start, state=tmp_path).connect(Choice(Source.PRACTICE))
    assert cloud.smtp is not None
    return cloud.smtp


def keys_of(account: RemoteAccount) -> Keys:
    return Keys(account.owner.access_key, Secret(account.owner.secret_key))


async def test_a_mail_arrives_through_either_port(verified: RemoteAccount, smtp: Smtp) -> None:
    credentials = await smtp.credentials()
    assert credentials == derive(keys_of(verified), "eu-west-1")
    for number, endpoint in enumerate(smtp.endpoints):
        mail = replace(MAIL, to=(f"reader{number}@smtp.example",))
        sent = await smtp.send(mail, credentials, endpoint.port)
        letter = letter_to(verified, mail.to[0])
        assert sent.message_id
        assert letter.message_id.startswith(f"<{sent.message_id}@")


async def test_what_the_account_refuses(account: RemoteAccount, smtp: Smtp) -> None:
    credentials = await smtp.credentials()
    with pytest.raises(GatewayError, match=r"me@unknown\.example") as failed:
        await smtp.send(replace(MAIL, sender="me@unknown.example"), credentials)
    assert failed.value.problem.code == "MessageRejected"
    with pytest.raises(GatewayError, match="password for us-east-1, but you connect to eu-west-1"):
        await smtp.send(MAIL, derive(keys_of(account), "us-east-1"))
    stranger = Credentials("AKIAIOSFODNN7EXAMPLE", credentials.password)
    with pytest.raises(GatewayError) as failed:
        await smtp.send(MAIL, stranger)
    assert failed.value.trouble is Trouble.CREDENTIALS


async def test_its_ports(smtp: Smtp) -> None:
    probes = await smtp.probe()
    assert [probe.reach for probe in probes] == [Reach.OPEN] * 3
    assert conclude(probes) == "SMTP is open on this network."


async def test_by_the_environment(verified: RemoteAccount, monkeypatch) -> None:
    """As `sestui practice --serve` exports it."""
    for name, value in verified.environment().items():
        monkeypatch.setenv(name, value)
    cloud = await World().connect(Choice(Source.DEFAULT))
    assert cloud.smtp is not None
    assert (await cloud.smtp.send(MAIL, await cloud.smtp.credentials())).message_id
