"""The reputation metrics that the practice account publishes, as CloudWatch tells them.

Each test has a Region of its own, since the account's own metrics have no other name.
"""

import http.client
import json
from datetime import UTC, datetime, timedelta

import pytest

from tests.practice.conftest import letter_to, ses_client, simple


@pytest.fixture
def ses_in(account):
    """`ses_in(region)`: a client there, where a domain is verified and two sets are made."""
    clients = []

    def furnish(region):
        account.ses.seed_identities(region, ["reputation.example"])
        ses = ses_client(account, region)
        clients.append(ses)
        ses.create_configuration_set(ConfigurationSetName="seen")
        ses.create_configuration_set(
            ConfigurationSetName="unseen", ReputationOptions={"ReputationMetricsEnabled": False}
        )
        return ses

    yield furnish
    for each in clients:
        each.close()


def rates(account, region, name="", *, metric="Reputation.BounceRate", stat="Average"):
    """By the hour, the oldest first."""
    dimensions = [{"Name": "ses:configuration-set", "Value": name}] if name else []
    query = {
        "Id": "q",
        "MetricStat": {
            "Metric": {"Namespace": "AWS/SES", "MetricName": metric, "Dimensions": dimensions},
            "Period": 3600,
            "Stat": stat,
        },
    }
    now = datetime.now(UTC)
    answer = account.neighbours.client("cloudwatch", region).get_metric_data(
        MetricDataQueries=[query],
        StartTime=now - timedelta(days=15),
        EndTime=now + timedelta(minutes=5),
        ScanBy="TimestampAscending",
    )
    return [round(each, 6) for each in answer["MetricDataResults"][0]["Values"]]


def send(account, ses, to, **more):
    ses.send_email(
        FromEmailAddress="a@reputation.example",
        Destination={"ToAddresses": [to]},
        Content=simple(),
        **more,
    )


def test_mail_moves_the_metrics_of_the_account_and_of_sets_that_have_them_on(account, ses_in):
    region = "eu-north-1"
    ses = ses_in(region)
    send(account, ses, "bounce@simulator.amazonses.com", ConfigurationSetName="seen")
    send(account, ses, "a1@reputation.example", ConfigurationSetName="unseen")
    send(account, ses, "a2@reputation.example")
    letter_to(account, "a2@reputation.example")
    # The simulator's bounce was handled before: it left the set without any rate.
    assert rates(account, region, "seen") == rates(account, region, "unseen") == []
    assert {*rates(account, region)} == {0.0}
    send(account, ses, "a3@reputation.example", ConfigurationSetName="seen")
    send(account, ses, "a4@reputation.example")
    letter_to(account, "a4@reputation.example")
    assert rates(account, region, "seen") == [0.0]


def test_a_history_can_be_seeded(account):
    region = "us-east-1"
    account.seed_reputation([0.01, 0.02, 0.06], [0.0, 0.0005, 0.002], region=region)
    account.seed_reputation([0.5], [0.25], configuration_set="seen", region=region, days=1)
    assert rates(account, region) == [0.01, 0.02, 0.06]
    complaints = rates(account, region, metric="Reputation.ComplaintRate")
    assert complaints == [0.0, 0.0005, 0.002]
    assert rates(account, region, "seen") == [0.5]


def test_what_was_seeded_is_published_from_then_on(account, ses_in):
    region = "eu-central-1"
    ses = ses_in(region)
    account.seed_reputation([0.04], [0.001], configuration_set="seen", region=region)
    send(account, ses, "b1@reputation.example", ConfigurationSetName="seen")
    send(account, ses, "b2@reputation.example")
    letter_to(account, "b2@reputation.example")
    assert {*rates(account, region, "seen")} == {0.04}
    assert sum(rates(account, region, "seen", stat="SampleCount")) == 2


def post(account, body):
    connection = http.client.HTTPConnection("127.0.0.1", account.control.port, timeout=5)
    token = account.owner.token
    head = {"Content-Type": "application/json", "Authorization": f"Bearer {token}"}
    connection.request("POST", "/_practice/reputation", json.dumps(body).encode(), head)
    answer = connection.getresponse()
    content = json.loads(answer.read())
    connection.close()
    return answer.status, content


def test_the_control_interface_seeds_too(account):
    region = "ap-southeast-1"
    history = {"bounces": [0.03, 0.04], "complaints": [0, 0.001], "region": region}
    assert post(account, history) == (201, {"seeded": 2})
    assert rates(account, region) == [0.03, 0.04]
    assert post(account, history | {"set": "seen", "days": 2})[0] == 201
    assert rates(account, region, "seen") == [0.03, 0.04]


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({}, "bounces is a list"),
        ({"bounces": [0.1], "complaints": []}, "as many bounce rates"),
        ({"bounces": [5], "complaints": [0]}, "between 0 and 1"),
        ({"bounces": [True], "complaints": [0]}, "bounces is a list"),
        ({"bounces": [0], "complaints": ["0"]}, "complaints is a list"),
        ({"bounces": [0], "complaints": [0], "days": 0}, "days is 450 at most"),
        ({"bounces": [0], "complaints": [0], "set": 1}, "set is a text"),
    ],
)
def test_rates_that_are_none_are_refused(account, wrong, why):
    status, answer = post(account, wrong)
    assert status == 400
    assert why in answer["error"]
