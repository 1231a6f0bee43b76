"""The neighbours: moto's server, what it remembers, and what the name server hears of it."""

import io
import json
import socket

import boto3
import pytest
from botocore.exceptions import ClientError

from sestui.practice.neighbours import ZONE, Neighbours
from sestui.practice.replay import Recorder, changes, identify
from sestui.practice.ses.api import CALLER


@pytest.fixture
def open_neighbours():
    opened = []

    def open_(*arguments, **named):
        neighbours = Neighbours(*arguments, **named)
        opened.append(neighbours)
        neighbours.start()
        assert neighbours.wait(60), neighbours.problem
        return neighbours

    yield open_
    for neighbours in opened:
        neighbours.stop()


def test_the_account_has_a_person_and_a_zone(open_neighbours):
    seen = []
    neighbours = open_neighbours(on_zones=seen.append)
    who = neighbours.client("sts").get_caller_identity()
    assert who["Arn"] == CALLER
    assert who["Account"] == "123456789012"
    (zone,) = neighbours.client("route53").list_hosted_zones()["HostedZones"]
    assert zone["Name"] == ZONE
    assert [origin.to_text() for origin in seen[-1]] == [ZONE]
    sets = neighbours.client("route53").list_resource_record_sets(HostedZoneId=zone["Id"])
    (soa,) = [each for each in sets["ResourceRecordSets"] if each["Type"] == "SOA"]
    assert soa["ResourceRecords"][0]["Value"].startswith("ns-2048.awsdns-64.com. hostmaster.")


def test_a_change_of_records_is_known_before_its_answer(open_neighbours):
    seen = []
    neighbours = open_neighbours(on_zones=seen.append)
    route53 = neighbours.client("route53")
    (zone,) = route53.list_hosted_zones()["HostedZones"]
    value = '"v=DMARC1; p=none"'
    record = {
        "Name": f"_dmarc.{ZONE}", "Type": "TXT", "TTL": 60, "ResourceRecords": [{"Value": value}],
    }  # fmt: skip
    batch = {"Changes": [{"Action": "CREATE", "ResourceRecordSet": record}]}
    route53.change_resource_record_sets(HostedZoneId=zone["Id"], ChangeBatch=batch)
    (dmarc,) = [n for n in next(iter(seen[-1].values())).nodes if n.labels[0] == b"_dmarc"]
    assert dmarc
    with pytest.raises(ClientError, match="already exists"):
        route53.change_resource_record_sets(HostedZoneId=zone["Id"], ChangeBatch=batch)


def test_everything_made_is_there_in_the_next_run(open_neighbours, tmp_path):
    journal = tmp_path / "neighbours.jsonl"
    neighbours = open_neighbours(journal)
    made = make_things(neighbours)
    before = read_things(neighbours)
    neighbours.stop()
    # Cut off in the middle of a line, as kill -9 would.
    with journal.open("ab") as file:
        file.write(b'{"seed": 1, "meth')
    again = open_neighbours(journal)
    assert read_things(again) == before
    assert made <= set(json.dumps(before).replace('"', " ").split())
    again.client("sns").delete_topic(TopicArn=before["topics"][0])
    again.stop()
    assert read_things(open_neighbours(journal))["topics"] == []


def make_things(neighbours):
    topic = neighbours.client("sns").create_topic(Name="events")["TopicArn"]
    sqs = neighbours.client("sqs")
    queue = sqs.create_queue(QueueName="events")["QueueUrl"]
    arn = "arn:aws:sqs:eu-west-1:123456789012:events"
    subscription = neighbours.client("sns").subscribe(
        TopicArn=topic, Protocol="sqs", Endpoint=arn, ReturnSubscriptionArn=True
    )["SubscriptionArn"]
    neighbours.client("sns").publish(TopicArn=topic, Message="flows")
    zone = neighbours.client("route53").create_hosted_zone(Name="x.example", CallerReference="1")
    key = neighbours.client("kms").create_key()["KeyMetadata"]["KeyId"]
    neighbours.client("iam").create_role(
        RoleName="firehose", AssumeRolePolicyDocument=json.dumps({"Statement": []})
    )
    events = neighbours.client("events")
    events.put_rule(Name="ses", EventPattern=json.dumps({"source": ["aws.ses"]}))
    events.put_targets(Rule="ses", Targets=[{"Id": "1", "Arn": arn}])
    assert queue.startswith(neighbours.endpoint)
    return {topic, subscription, zone["HostedZone"]["Id"], key}


def read_things(neighbours):
    sns, events = neighbours.client("sns"), neighbours.client("events")
    zones = neighbours.client("route53").list_hosted_zones()["HostedZones"]
    roles = neighbours.client("iam").list_roles()["Roles"]
    queues = neighbours.client("sqs").list_queues().get("QueueUrls", [])
    return {
        "topics": [each["TopicArn"] for each in sns.list_topics()["Topics"]],
        "subscriptions": [s["SubscriptionArn"] for s in sns.list_subscriptions()["Subscriptions"]],
        "queues": [url.rpartition("/")[2] for url in queues],
        "zones": [[zone["Id"], zone["Name"]] for zone in zones],
        "keys": [each["KeyId"] for each in neighbours.client("kms").list_keys()["Keys"]],
        "roles": [[each["RoleName"], each["RoleId"]] for each in roles],
        "targets": events.list_targets_by_rule(Rule="ses")["Targets"],
    }


def test_requests_while_loading_wait_for_the_answer():
    neighbours = Neighbours()
    neighbours.start()
    try:
        assert neighbours.client("sts").get_caller_identity()["Account"] == "123456789012"
        assert neighbours.wait(60)
    finally:
        neighbours.stop()


def test_a_taken_port_is_an_error():
    with (
        socket.create_server(("127.0.0.1", 0)) as taken,
        pytest.raises(OSError, match=r"in use|only one usage"),
    ):
        Neighbours().start(taken.getsockname()[1])


@pytest.mark.parametrize(
    ("service", "action", "kept"),
    [
        ("sns", "CreateTopic", True),
        ("sns", "Publish", False),
        ("sns", "ListTopics", False),
        ("sqs", "ReceiveMessage", False),
        ("route53", "POST", True),
        ("route53", "GET", False),
        ("sts", "AssumeRole", False),
        ("", "POST", False),
    ],
)
def test_what_is_kept(service, action, kept):
    assert changes(service, action) is kept


def test_actions_are_told_from_each_protocol():
    seen = []

    class Stop(Exception):
        pass

    for service, call in (
        ("sns", lambda c: c.create_topic(Name="x")),
        ("sqs", lambda c: c.create_queue(QueueName="x")),
        ("iam", lambda c: c.create_user(UserName="x")),
        ("cloudwatch", lambda c: c.put_metric_data(Namespace="x", MetricData=[])),
        ("route53", lambda c: c.create_hosted_zone(Name="x", CallerReference="x")),
    ):
        client = boto3.client(
            service, "eu-west-1", aws_access_key_id="x", aws_secret_access_key="x"
        )

        def look(request, **_):
            headers = {k.upper().replace("-", "_"): str(v) for k, v in request.headers.items()}
            text = {k: v.removeprefix("b'").removesuffix("'") for k, v in headers.items()}
            body = request.body or b""
            body = body.encode() if isinstance(body, str) else body
            environ = {
                "REQUEST_METHOD": request.method,
                "PATH_INFO": request.url.partition(".com")[2],
                "CONTENT_TYPE": text.get("CONTENT_TYPE", ""),
                "CONTENT_LENGTH": str(len(body)),
                "HTTP_AUTHORIZATION": text["AUTHORIZATION"],
                "HTTP_X_AMZ_TARGET": text.get("X_AMZ_TARGET", ""),
                "wsgi.input": io.BytesIO(body),
            }
            seen.append(identify(environ))
            raise Stop

        client.meta.events.register("before-send", look)
        with pytest.raises(Stop):
            call(client)
        client.close()
    assert seen == [
        ("sns", "CreateTopic"),
        ("sqs", "CreateQueue"),
        ("iam", "CreateUser"),
        ("monitoring", "PutMetricData"),
        ("route53", "POST"),
    ]


def test_a_refused_request_is_not_kept(tmp_path):
    def app(environ, start_response):
        start_response("400 Bad Request", [])
        return [b"no"]

    journal = tmp_path / "journal"
    recorder = Recorder(app, journal)
    assert recorder.replay() == 0
    environ = {
        "REQUEST_METHOD": "POST",
        "HTTP_AUTHORIZATION": "AWS4 Credential=x/20260101/eu-west-1/sns/aws4_request",
        "HTTP_X_AMZ_TARGET": "X.CreateTopic",
        "CONTENT_LENGTH": "0",
    }
    environ["wsgi.input"] = None
    assert recorder(environ, lambda *_: None) == [b"no"]
    recorder.close()
    assert journal.read_bytes() == b""


def test_nothing_is_subscribed_that_is_not_on_this_machine(open_neighbours):
    sns = open_neighbours().client("sns")
    topic = sns.create_topic(Name="outside")["TopicArn"]
    with pytest.raises(sns.exceptions.ClientError, match="this machine only"):
        sns.subscribe(TopicArn=topic, Protocol="https", Endpoint="https://example.com/hook")
    assert sns.list_subscriptions_by_topic(TopicArn=topic)["Subscriptions"] == []
    sns.subscribe(TopicArn=topic, Protocol="http", Endpoint="http://127.0.0.1:9/hook")
