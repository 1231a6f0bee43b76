"""The three HTTP ports answer the account's owner, and neither a web page nor another user."""

from __future__ import annotations

import http.client
import json
from contextlib import closing
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import boto3
import pytest
from botocore import UNSIGNED
from botocore.auth import SigV4Auth, SigV4QueryAuth
from botocore.awsrequest import AWSRequest
from botocore.config import Config
from botocore.credentials import Credentials
from botocore.exceptions import ClientError

from sestui.practice.owner import Owner
from tests.account_process import boto_client, practice_account
from tests.practice.conftest import letter_to

REGION = "eu-west-1"


@pytest.fixture(scope="module")
def account(tmp_path_factory):
    with practice_account(tmp_path_factory.mktemp("closed") / "account") as account:
        yield account


@pytest.fixture
def ports(account):
    """The HTTP ports by what is behind them."""
    urls = {
        "ses": account.endpoint,
        "neighbours": account.neighbours.endpoint,
        "control": account.control_url,
    }
    return {name: urlsplit(url).port for name, url in urls.items()}


def send(port, method, path, body=b"", **headers):
    """A request as it is, without anything that a client adds; status and body."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    with closing(connection):
        connection.putrequest(method, path, skip_host="Host" in headers, skip_accept_encoding=True)
        for name, value in headers.items():
            connection.putheader(name.replace("_", "-"), value)
        if body:
            connection.putheader("Content-Length", str(len(body)))
        connection.endheaders(body)
        answer = connection.getresponse()
        return answer.status, answer.read(), answer.headers


def signed(account, port, service, method, path, body=b"", *, query=False, **headers):
    """The headers and the path of a request that the owner has signed."""
    owner = account.owner
    keys = Credentials(owner.access_key, owner.secret_key)
    host = headers.pop("Host", f"127.0.0.1:{port}")
    headers = {name.replace("_", "-"): value for name, value in headers.items()}
    request = AWSRequest(method, f"http://127.0.0.1:{port}{path}", {"Host": host, **headers}, body)
    (SigV4QueryAuth if query else SigV4Auth)(keys, service, REGION).add_auth(request)
    target = urlsplit(request.url)
    path = target.path + (f"?{target.query}" if target.query else "")
    return path, {name.replace("-", "_"): value for name, value in request.headers.items()}


TOPIC = b"Action=CreateTopic&Name=planted&Version=2010-03-31"
FORM = "application/x-www-form-urlencoded"
GOOD = {
    "ses": ("ses", "GET", "/v2/email/account", b""),
    "neighbours": ("sns", "POST", "/", b"Action=ListTopics&Version=2010-03-31"),
    "control": ("", "GET", "/_practice/state", b""),
}


def good(account, ports, name, **headers):
    """What the owner's own programs ask for, with further headers."""
    service, method, path, body = GOOD[name]
    if name == "control":
        sent = {"Authorization": f"Bearer {account.owner.token}", **headers}
    else:
        kind = {"Content_Type": FORM} if body else {}
        path, sent = signed(account, ports[name], service, method, path, body, **kind, **headers)
    return send(ports[name], method, path, body, **sent)


@pytest.mark.parametrize("name", GOOD)
def test_the_owner_is_answered(account, ports, name):
    port = ports[name]
    for host in (f"127.0.0.1:{port}", f"LOCALHOST:{port}", f"[::1]:{port}", "localhost"):
        assert good(account, ports, name, Host=host)[0] == 200
    # Of a port that is forwarded to this one.
    assert good(account, ports, name, Host="localhost:1")[0] == 200
    assert good(account, ports, name, Sec_Fetch_Site="none")[0] == 200
    # What `fetch` of Node says of itself.
    assert good(account, ports, name, Sec_Fetch_Mode="cors")[0] == 200


@pytest.mark.parametrize("name", GOOD)
@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "evil.example"},
        {"Host": "evil.example:{port}"},
        {"Host": "127.0.0.1.evil.example:{port}"},
        {"Host": "127.0.0.1@evil.example"},
        {"Host": "localhost.:{port}"},
        {"Host": "127.0.0.1:"},
        {"Host": "127.0.0.1:{port}, evil.example"},
        {"Host": ""},
        {"Origin": "https://evil.example"},
        {"Origin": "http://127.0.0.1:{port}"},
        {"Origin": "null"},
        {"Sec_Fetch_Site": "cross-site"},
        {"Sec_Fetch_Site": "same-site"},
        {"Sec_Fetch_Site": "same-origin"},
    ],
    ids=str,
)
def test_a_browser_is_not_even_with_the_owners_keys(account, ports, name, headers):
    """Such as a page whose name leads to this machine, in the browser of the owner."""
    sent = {key: value.format(port=ports[name]) for key, value in headers.items()}
    status, body, head = good(account, ports, name, **sent)
    assert status == 403
    assert b"123456789012" not in body
    assert "Access-Control-Allow-Origin" not in head


@pytest.mark.parametrize("name", GOOD)
def test_no_page_is_told_what_it_may_send(ports, name):
    status, _body, head = send(
        ports[name],
        "OPTIONS",
        GOOD[name][2],
        Origin="https://evil.example",
        Access_Control_Request_Method="POST",
        Access_Control_Request_Headers="authorization",
    )
    assert status >= 400
    assert not [each for each in head if each.lower().startswith("access-control")]


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/moto-api/reset", b"x=1"),
        ("/moto-api/recorder/start-recording", b"x=1"),
        ("/moto-api/recorder/download-recording", b""),
        ("/moto-api/recorder/replay-recording", b"x=1"),
        ("/moto-api/config", b'{"batch": {"use_docker": true}}'),
        ("/moto-api/seed?a=42", b"x=1"),
        ("/moto-api/state-manager/set-transition", b"{}"),
        ("//moto-api/reset", b"x=1"),
        ("/%6doto-api/reset", b"x=1"),
        ("/moto-api/data.json", b""),
        ("/moto-api/", b""),
        ("/favicon.ico", b""),
        ("/latest/meta-data/iam/security-credentials/", b""),
        ("/latest/api/token", b""),
        ("/sns_eu-west-1/", b""),
        ("/", TOPIC),
    ],
)
@pytest.mark.parametrize("kind", ["text/plain", FORM, "multipart/form-data; boundary=x", ""])
def test_what_a_page_can_send_wipes_reads_and_plants_nothing(account, ports, path, body, kind):
    """A "simple" request: no preflight, no header of its own; without Origin, to test the rest."""
    sns = account.neighbours.client("sns")
    kept = sns.create_topic(Name="kept")["TopicArn"]
    method = "POST" if body else "GET"
    headers = {"Content_Type": kind} if kind else {}
    assert send(ports["neighbours"], method, path, body, **headers)[0] in (403, 404)
    assert [each["TopicArn"] for each in sns.list_topics()["Topics"]] == [kept]


@pytest.mark.parametrize("service", ["sns", "s3", "route53", "sqs"])
@pytest.mark.parametrize(
    "path",
    [
        "/moto-api/reset",
        "//moto-api/reset",
        "/moto-api",
        "/latest/meta-data/",
        "/latest/api/token",
        "/favicon.ico",
    ],
)
def test_motos_own_pages_are_closed_to_everyone(account, ports, service, path):
    port = ports["neighbours"]
    _path, headers = signed(account, port, service, "POST", path, b"x")
    assert send(port, "POST", path, b"x", **headers)[0] in (403, 404)
    assert account.neighbours.client("sts").get_caller_identity()["Account"] == "123456789012"


@pytest.mark.parametrize("service", ["dynamodb", "ec2", "ses", "lambda", "execute-api"])
def test_services_that_are_not_offered(account, ports, service):
    path, headers = signed(account, ports["neighbours"], service, "POST", "/", b"{}")
    assert send(ports["neighbours"], "POST", path, b"{}", **headers)[0] == 403


def test_ses_takes_no_signature_for_another_service(account):
    keys = account.owner
    sns = boto_client("sns", account.endpoint, owner=keys)
    with closing(sns), pytest.raises(ClientError, match="correct service: 'ses'"):
        sns.list_topics()


SERVICES = [
    ("sesv2", "get_account", "UnrecognizedClientException", "InvalidSignatureException"),
    ("sts", "get_caller_identity", "InvalidClientTokenId", "SignatureDoesNotMatch"),
    ("sns", "list_topics", "InvalidClientTokenId", "SignatureDoesNotMatch"),
    ("iam", "list_users", "InvalidClientTokenId", "SignatureDoesNotMatch"),
    ("route53", "list_hosted_zones", "InvalidClientTokenId", "SignatureDoesNotMatch"),
    ("s3", "list_buckets", "InvalidClientTokenId", "SignatureDoesNotMatch"),
    ("sqs", "list_queues", "UnrecognizedClientException", "InvalidSignatureException"),
    ("events", "list_rules", "UnrecognizedClientException", "InvalidSignatureException"),
    ("kms", "list_keys", "UnrecognizedClientException", "InvalidSignatureException"),
    ("logs", "describe_log_groups", "UnrecognizedClientException", "InvalidSignatureException"),
    (
        "firehose", "list_delivery_streams",
        "UnrecognizedClientException", "InvalidSignatureException",
    ),
    ("cloudwatch", "list_metrics", "UnrecognizedClientException", "InvalidSignatureException"),
]  # fmt: skip


@pytest.mark.parametrize(("service", "operation", "unknown", "wrong"), SERVICES)
def test_another_users_keys_open_nothing(account, service, operation, unknown, wrong):
    """The owner's do; a stranger's, the owner's id with a wrong secret, and none do not."""
    url = account.endpoint if service == "sesv2" else account.neighbours.endpoint
    owner, other = account.owner, Owner.new()
    half = Owner(owner.access_key, other.secret_key, other.token)
    for keys, code in ((other, unknown), (half, wrong)):
        client = boto_client(service, url, owner=keys)
        with closing(client), pytest.raises(ClientError) as refused:
            getattr(client, operation)()
        assert refused.value.response["Error"]["Code"] == code
    client = boto3.client(
        service, REGION, endpoint_url=url, config=Config(signature_version=UNSIGNED)
    )
    with closing(client), pytest.raises(ClientError, match="Missing Authentication Token"):
        getattr(client, operation)()
    client = boto_client(service, url, owner=owner)
    with closing(client):
        getattr(client, operation)()


@pytest.mark.parametrize("name", ["ses", "neighbours"])
def test_a_signature_is_for_one_request(account, ports, name):
    service, method, path, body = GOOD[name]
    port = ports[name]
    _path, headers = signed(account, port, service, method, path, body, Content_Type=FORM)
    assert send(port, method, path, body, **headers)[0] == 200
    assert send(port, method, path + "?x=1", body, **headers)[0] == 403
    assert send(port, method, path, body + b"&x=1", **headers)[0] == 403
    assert send(port, method, path, body, **headers | {"Content_Type": "text/plain"})[0] == 403
    assert send(port, "DELETE", path, body, **headers)[0] == 403
    claimed = {"X_Amz_Content_Sha256": "UNSIGNED-PAYLOAD"}
    assert send(port, method, path, body + b"&x=1", **headers | claimed)[0] == 403


def test_a_signature_in_the_query_reads_and_changes_nothing(account, ports):
    """As `aws eks get-token` makes one, and links of S3 are."""
    port = ports["neighbours"]
    who = "/?Action=GetCallerIdentity&Version=2011-06-15"
    path, headers = signed(account, port, "sts", "GET", who, query=True)
    status, body, _head = send(port, "GET", path, **headers)
    assert (status, b"123456789012" in body) == (200, True)
    assert send(port, "GET", path.replace("GetCaller", "GetXaller"), **headers)[0] == 403
    create = f"/?{TOPIC.decode()}"
    path, headers = signed(account, port, "sns", "POST", create, query=True)
    assert send(port, "POST", path, **headers)[0] == 403


@pytest.mark.parametrize("name", ["ses", "neighbours"])
def test_a_clock_that_is_wrong_does_not_matter(account, ports, monkeypatch, name):
    """Neither a client's nor the account's, which can be hurried."""
    account.hurry(timedelta(hours=9))
    then = datetime(2019, 1, 1, tzinfo=UTC)
    monkeypatch.setattr("botocore.auth.get_current_datetime", lambda: then)
    assert good(account, ports, name)[0] == 200


def test_the_keys_of_iams_users_and_of_a_role_are_valid_until_they_are_off(account):
    iam = account.neighbours.client("iam")
    iam.create_user(UserName="app")
    made = iam.create_access_key(UserName="app")["AccessKey"]
    sts = account.neighbours.client("sts")
    role = sts.assume_role(
        RoleArn="arn:aws:iam::123456789012:role/mailer", RoleSessionName="lesson"
    )["Credentials"]
    for id_, secret, arn in (
        (made["AccessKeyId"], made["SecretAccessKey"], ":user/app"),
        (role["AccessKeyId"], role["SecretAccessKey"], ":assumed-role/mailer/lesson"),
    ):
        keys = Owner(id_, secret, "-")
        ses = boto_client("sesv2", account.endpoint, owner=keys)
        sts = boto_client("sts", account.neighbours.endpoint, owner=keys)
        with closing(ses), closing(sts):
            assert ses.get_account()["SendingEnabled"]
            assert sts.get_caller_identity()["Arn"].endswith(arn)
    iam.update_access_key(UserName="app", AccessKeyId=made["AccessKeyId"], Status="Inactive")
    off = Owner(made["AccessKeyId"], made["SecretAccessKey"], "-")
    ses = boto_client("sesv2", account.endpoint, owner=off)
    with closing(ses), pytest.raises(ClientError, match="security token"):
        ses.get_account()


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", "state", None),
        ("GET", "mailbox", None),
        ("GET", "mailbox/20260101T000000000000Z-x", None),
        ("GET", "events?tag=a:b", None),
        ("GET", "panel", None),
        ("POST", "panel", {"name": "x.example", "type": "TXT", "value": "x"}),
        ("POST", "clock", {"hours": 1}),
        ("POST", "faults", {"ses": {"operation": "*", "kind": "throttle"}}),
        ("DELETE", "faults", None),
        ("POST", "check", {}),
        ("GET", "conf%69rm", None),
        ("GET", "confirm/", None),
        ("GET", "../_practice/state", None),
    ],
)
def test_the_control_port_wants_the_token(account, ports, method, path, body):
    data = json.dumps(body).encode() if body is not None else b""
    token = account.owner.token
    for given in (
        None,
        "Bearer",
        f"Bearer {token[:-1]}",
        f"Bearer {token}x",
        token,
        "Basic " + token,
    ):
        headers = {"Authorization": given} if given else {}
        status, answer, _head = send(
            ports["control"], method, f"/_practice/{path}", data,
            Content_Type="application/json", **headers,
        )  # fmt: skip
        assert status == 401, given
        assert token.encode() not in answer
    assert not account.world.panel.listing()


def test_the_link_in_a_verification_mail_opens_in_a_browser(account, ports):
    ses = boto_client("sesv2", account.endpoint, owner=account.owner)
    with closing(ses):
        ses.create_email_identity(EmailIdentity="me@link.example")
        letter = letter_to(account, "me@link.example")
        text = account.mailbox.raw(letter.id).decode()
        (link,) = [line for line in text.splitlines() if "confirm?token=" in line]
        target = link.partition(str(ports["control"]))[2]
        foreign = {"Host": f"evil.example:{ports['control']}"}
        assert send(ports["control"], "GET", target, **foreign)[0] == 403
        assert send(ports["control"], "POST", target, b"{}")[0] in (401, 403)
        # Followed from the page of a web mailer.
        headers = {"Sec_Fetch_Site": "cross-site", "Sec_Fetch_Mode": "navigate"}
        status, page, _head = send(ports["control"], "GET", target, **headers)
        assert (status, b"me@link.example" in page) == (200, True)
        assert ses.get_email_identity(EmailIdentity="me@link.example")["VerifiedForSendingStatus"]


def test_each_folder_has_keys_of_its_own_and_keeps_them(tmp_path):
    seen = []
    for name in ("a", "a", "b"):
        with practice_account(tmp_path / name) as account:
            owner, environment = account.owner, account.environment()
            assert environment["AWS_SECRET_ACCESS_KEY"] == owner.secret_key
            assert environment["SESTUI_PRACTICE_TOKEN"] == owner.token
            assert owner.token not in environment["SESTUI_PRACTICE"]
            assert not {owner.secret_key, owner.token} & set(repr(owner).split("'"))
            seen.append(owner)
    assert seen[0] == seen[1]
    assert not {seen[0].access_key, seen[0].secret_key, seen[0].token} & {
        seen[2].access_key, seen[2].secret_key, seen[2].token,
    }  # fmt: skip
