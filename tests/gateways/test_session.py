"""Profiles and credentials, over real configuration files."""

from __future__ import annotations

from pathlib import Path

import pytest

from sestui.domain.account import Keys, Secret
from sestui.domain.errors import Trouble
from sestui.gateways.aws import Aws, Endpoints
from sestui.gateways.failures import Where
from sestui.gateways.ports import GatewayError
from sestui.gateways.session import new_session, profile_region, profiles

CONFIG = """
[default]
region = eu-west-3
[profile plain]
region = eu-central-1
[profile mfa]
role_arn = arn:aws:iam::123456789012:role/x
source_profile = long
mfa_serial = arn:aws:iam::123456789012:mfa/x
[profile long]
aws_access_key_id = AKIALONG
aws_secret_access_key = s
[profile half]
aws_access_key_id = AKIAHALF
[profile sso]
sso_session = s
sso_account_id = 123456789012
sso_role_name = r
[sso-session s]
sso_start_url = https://x.awsapps.com/start
sso_region = eu-west-1
[profile program]
credential_process = false
"""
KEYS = Keys("AKIATYPED", Secret("s"))


@pytest.fixture(autouse=True)
def config(own_home: Path) -> Path:
    folder = own_home / ".aws"
    folder.mkdir()
    (folder / "config").write_text(CONFIG)
    return folder / "config"


def open_with(profile: str) -> Aws:
    session = new_session(profile=profile)
    nowhere = "http://127.0.0.1:9"
    return Aws(session, "eu-west-1", Endpoints(nowhere, nowhere), Where(profile=profile))


def test_all_profiles_and_their_regions() -> None:
    names, regions = profiles()
    assert names == ("default", "plain", "mfa", "long", "half", "sso", "program")
    assert regions == {"default": "eu-west-3", "plain": "eu-central-1"}
    assert profile_region(new_session(profile="plain")) == "eu-central-1"
    assert profile_region(new_session()) == "eu-west-3"


def test_where_the_credentials_come_from() -> None:
    assert open_with("long").provider() == "config-file"
    assert Aws(new_session(keys=KEYS), "eu-west-1").provider() == "explicit"


@pytest.mark.parametrize(
    ("profile", "code", "word"),
    [
        ("plain", "NoCredentialsError", "aws configure"),
        ("half", "PartialCredentialsError", "missing part"),
        ("sso", "SSOTokenLoadError", "aws sso login --profile sso"),
        ("mfa", "RefreshWithMFAUnsupportedError", "get-session-token"),
        ("program", "CredentialRetrievalError", "profile"),
        ("nope", "ProfileNotFound", "aws configure"),
    ],
)
def test_each_kind_of_missing_credentials(
    profile: str, code: str, word: str, capfd: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(GatewayError) as failed:
        open_with(profile).caller()
    problem = failed.value.problem
    assert (problem.trouble, problem.code) == (Trouble.CREDENTIALS, code)
    assert word in problem.advice
    assert capfd.readouterr() == ("", "")  # nobody was asked for an MFA code on the terminal


def test_a_wrong_aws_profile_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_PROFILE", "gone")
    with pytest.raises(GatewayError) as failed:
        new_session()
    assert "gone" in failed.value.problem.what


def test_typed_keys_work_with_a_wrong_aws_profile(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_PROFILE", "gone")
    aws = Aws(new_session(keys=KEYS), "eu-west-1")
    assert aws.provider() == "explicit"
    assert aws.endpoint() == ""


def test_a_broken_configuration_stops_only_those_who_need_it(config: Path) -> None:
    config.write_text("[default\nregion")
    with pytest.raises(GatewayError) as failed:
        profiles()
    assert failed.value.trouble is Trouble.LOCAL
    assert Aws(new_session(keys=KEYS, alone=True), "eu-west-1").provider() == "explicit"


def test_the_environment_may_point_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL_SESV2", "http://127.0.0.1:4100")
    aws = Aws(new_session(keys=KEYS), "eu-west-1")
    assert aws.endpoint() == "http://127.0.0.1:4100"


@pytest.mark.parametrize("region", ["eu west", "-", "a/b"])
def test_a_region_that_is_none(region: str) -> None:
    with pytest.raises(GatewayError) as failed:
        Aws(new_session(keys=KEYS), region).caller()
    assert failed.value.trouble is Trouble.REFUSED
    assert "Region" in failed.value.problem.advice
