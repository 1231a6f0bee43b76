"""SMTP in front of a whole account: delivery, events, keys that IAM has made, and swaks."""

from __future__ import annotations

import email
import email.policy
import json
import shutil
import smtplib
import ssl
import subprocess
import urllib.request
from email.message import EmailMessage

import pytest

from sestui.domain.smtp import smtp_password
from sestui.practice.account import FAST, PracticeAccount
from sestui.practice.ports import DEFAULT_REGION
from tests.practice.conftest import account, letter_to, ses, verified_domain

__all__ = ["account", "ses"]
SENDER = "hello@smtp.example"


def login(place):
    """User name and password of the owner."""
    password = smtp_password(place["AWS_SECRET_ACCESS_KEY"], DEFAULT_REGION)
    return place["AWS_ACCESS_KEY_ID"], password


@pytest.fixture(scope="module", autouse=True)
def identity(account, ses):
    assert account.smtp.wait(20), account.smtp.problem
    verified_domain(account, ses, "smtp.example")


@pytest.fixture
def place(account):
    return account.environment()


def trust(place):
    return ssl.create_default_context(cafile=place["SESTUI_SMTP_CA"])


def starttls(place):
    client = smtplib.SMTP(*place["SESTUI_SMTP"].split(":"), timeout=10)
    client.starttls(context=trust(place))
    return client


def wrapped(place):
    return smtplib.SMTP_SSL(*place["SESTUI_SMTP_TLS"].split(":"), context=trust(place), timeout=10)


def message(to, **headers):
    made = EmailMessage()
    made["From"], made["To"], made["Subject"] = f"Ünal <{SENDER}>", to, "Grüße"
    for name, value in headers.items():
        made[name.replace("_", "-")] = value
    made.set_content("Hi.\n.\n..\n" + "Grüße, " * 300 + "\n")
    made.add_alternative("<p>Hi.</p>", subtype="html")
    made.add_attachment(bytes(range(256)) * 9, "application", "x-any", filename="any.bin")
    return made


def parts(whole):
    leaves = [each for each in whole.walk() if not each.is_multipart()]
    return [(each.get_content_type(), each.get_content()) for each in leaves]


@pytest.mark.parametrize("way", [starttls, wrapped])
def test_it_arrives_as_it_was_sent_and_is_signed(account, place, way):
    to = f"{way.__name__}@smtp.example"
    sent = message(to)
    with way(place) as client:
        client.login(*login(place))
        client.send_message(sent)
    letter = letter_to(account, to)
    got = email.message_from_bytes(account.mailbox.raw(letter.id), policy=email.policy.default)
    assert (got["From"], got["To"], got["Subject"]) == (sent["From"], sent["To"], "Grüße")
    assert parts(got) == parts(
        email.message_from_bytes(sent.as_bytes(policy=email.policy.SMTP), policy=got.policy)
    )
    results = got["Authentication-Results"]
    assert "spf=pass" in results
    assert "dmarc=pass" in results
    assert "header.d=smtp.example" in results


def test_configuration_set_and_tags_become_an_event(account, ses, place):
    sns, sqs = (account.neighbours.client(name) for name in ("sns", "sqs"))
    topic = sns.create_topic(Name="smtp-events")["TopicArn"]
    url = sqs.create_queue(QueueName="smtp-events")["QueueUrl"]
    attributes = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": "ses.amazonaws.com"},
        "Action": "sns:Publish",
        "Resource": topic,
    }
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    sns.set_topic_attributes(TopicArn=topic, AttributeName="Policy", AttributeValue=policy)
    ses.create_configuration_set(ConfigurationSetName="by-smtp")
    ses.create_configuration_set_event_destination(
        ConfigurationSetName="by-smtp",
        EventDestinationName="topic",
        EventDestination={
            "Enabled": True,
            "MatchingEventTypes": ["BOUNCE"],
            "SnsDestination": {"TopicArn": topic},
        },
    )
    # Only now: SES announces itself to a new topic first.
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=attributes["QueueArn"])
    headers = {"X_SES_CONFIGURATION_SET": "by-smtp", "X_SES_MESSAGE_TAGS": "campaign=spring"}
    with starttls(place) as client:
        client.login(*login(place))
        client.send_message(message("bounce@simulator.amazonses.com", **headers))
    (found,) = sqs.receive_message(QueueUrl=url, WaitTimeSeconds=10)["Messages"]
    event = json.loads(json.loads(found["Body"])["Message"])
    assert event["eventType"] == "Bounce"
    tags = event["mail"]["tags"]
    assert tags["campaign"] == ["spring"]
    assert tags["ses:operation"] == ["SendSmtpEmail"]
    assert tags["ses:configuration-set"] == ["by-smtp"]


def test_a_key_that_iam_has_made_until_it_is_off(account, place):
    iam = account.neighbours.client("iam")
    iam.create_user(UserName="app")
    key = iam.create_access_key(UserName="app")["AccessKey"]
    password = smtp_password(key["SecretAccessKey"], DEFAULT_REGION)
    with starttls(place) as client:
        assert client.login(key["AccessKeyId"], password)[0] == 235
        client.send_message(message("app@smtp.example"))
    letter_to(account, "app@smtp.example")
    iam.update_access_key(UserName="app", AccessKeyId=key["AccessKeyId"], Status="Inactive")
    with starttls(place) as client, pytest.raises(smtplib.SMTPAuthenticationError) as error:
        client.login(key["AccessKeyId"], password)
    assert error.value.smtp_code == 535


def test_the_state_tells_of_it(account):
    request = urllib.request.Request(
        f"{account.control_url}/_practice/state",
        headers={"Authorization": f"Bearer {account.owner.token}"},
    )
    with urllib.request.urlopen(request) as answer:
        state = json.load(answer)
    assert (state["smtp_ready"], state["smtp_problem"]) == (True, "")


def test_faults_are_switched_on_by_the_control_interface(account, place):
    fault = {"operation": "SendRawEmail", "kind": "daily_quota", "count": 1}
    request = urllib.request.Request(
        f"{account.control_url}/_practice/faults",
        json.dumps({"ses": fault}).encode(),
        {
            "Content-Type": "application/json",
            "Authorization": f"Bearer {account.owner.token}",
        },
    )
    urllib.request.urlopen(request).close()
    with starttls(place) as client:
        client.login(*login(place))
        with pytest.raises(smtplib.SMTPDataError, match="Daily message quota exceeded"):
            client.send_message(message("quota@smtp.example"))


@pytest.mark.thorough
@pytest.mark.skipif(shutil.which("swaks") is None, reason="there is no swaks: apt install swaks")
@pytest.mark.parametrize("way", ["--tls", "--tls-on-connect"])
def test_swaks(account, place, way):
    to = f"swaks{way}@smtp.example"
    user, password = login(place)
    variable = "SESTUI_SMTP" if way == "--tls" else "SESTUI_SMTP_TLS"
    done = subprocess.run(
        [
            "swaks",
            *("--server", place[variable], way, "--tls-verify"),
            *("--tls-ca-path", place["SESTUI_SMTP_CA"]),
            *("--auth", "LOGIN", "--auth-user", user, "--auth-password", password),
            *("--from", SENDER, "--to", to, "--body", "of swaks", "--hide-all"),
        ],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert b"of swaks" in account.mailbox.raw(letter_to(account, to).id)


def test_ports_and_certificate_stay_for_the_next_run(tmp_path):
    seen = []
    for _ in range(2):
        with PracticeAccount(tmp_path, options=FAST) as account:
            assert account.smtp.wait(20)
            environment = account.environment()
            with starttls(environment) as client:
                client.login(*login(environment))
            names = ("SESTUI_SMTP", "SESTUI_SMTP_TLS", "SESTUI_SMTP_CA")
            seen.append([environment[name] for name in names])
            seen[-1].append(account.smtp.authority.read_bytes())
    assert seen[0] == seen[1]
