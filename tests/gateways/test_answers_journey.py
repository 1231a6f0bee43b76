"""What the gateways and the commands say when an answer of the practice account is damaged on its
way: never that there is nothing, and never a plan over what was not read.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from sestui.__main__ import main
from sestui.domain.account import Caller, Keys, Secret
from sestui.domain.configset import DestinationKind
from sestui.domain.destinations.form import DestinationForm
from sestui.domain.destinations.subscriptions import Subscriber
from sestui.domain.destinations.topics import TopicForm
from sestui.domain.errors import Problem, Trouble
from sestui.domain.suppression import Wanted
from sestui.gateways.answer_needs import NEEDS
from sestui.gateways.aws import Aws, Endpoints
from sestui.gateways.limiter import Limiter
from sestui.gateways.metrics import BotoMetrics
from sestui.gateways.neighbours import BotoNeighbours
from sestui.gateways.ports import GatewayError
from sestui.gateways.proofs import BotoProofs
from sestui.gateways.queue import BotoQueues
from sestui.gateways.ses import BotoSes
from sestui.gateways.session import new_session
from sestui.gateways.threads import in_thread
from sestui.practice.ports import ACCOUNT_ID, DEFAULT_REGION
from sestui.workflows.destinations import destination_plan
from tests.account_process import RemoteAccount, boto_client, practice_account
from tests.gateways.damage import (
    PAGE,
    Answer,
    Damage,
    DamagingServer,
    Request,
    Sent,
    changed,
    cut,
    cut_unannounced,
    dripped,
    emptied,
    forward,
    mislabelled,
    places,
    redirected,
    replaced,
    whole,
)

DOMAIN = "journey.example"
POLICY = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Sid": "Theirs",
            "Effect": "Allow",
            "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT_ID}:root"},
            "Action": "sqs:SendMessage",
            "Resource": "*",
        }
    ],
}


def arn(service: str, name: str) -> str:
    return f"arn:aws:{service}:{DEFAULT_REGION}:{ACCOUNT_ID}:{name}"


TOPIC, QUEUE = arn("sns", "journey"), arn("sqs", "journey")
KEPT_QUEUE = "sestui-prove-journey"


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """One attempt, and time enough for a busy machine: nothing here waits for a time-out."""
    monkeypatch.setattr("sestui.gateways.aws.ATTEMPTS", 1)


@pytest.fixture(scope="module")
def account() -> Iterator[RemoteAccount]:
    with practice_account() as running:
        furnish(running)
        yield running


def furnish(account: RemoteAccount) -> None:
    """Something of everything that is read."""
    ses = boto_client("sesv2", account.endpoint, owner=account.owner)
    ses.create_email_identity(EmailIdentity=DOMAIN)
    content = {"Subject": "Hi", "Text": "Hello {{name}}"}
    ses.create_email_template(TemplateName="journey", TemplateContent=content)
    ses.create_configuration_set(ConfigurationSetName="journey")
    around: Callable[[str], Any] = account.neighbours.client
    around("sns").create_topic(Name="journey")
    lets_in = {
        "Effect": "Allow",
        "Principal": {"Service": "ses.amazonaws.com"},
        "Action": "sns:Publish",
        "Resource": TOPIC,
    }
    around("sns").set_topic_attributes(
        TopicArn=TOPIC,
        AttributeName="Policy",
        AttributeValue=json.dumps({"Version": "2012-10-17", "Statement": [lets_in]}),
    )
    ses.create_configuration_set_event_destination(
        ConfigurationSetName="journey",
        EventDestinationName="events",
        EventDestination={
            "Enabled": True,
            "MatchingEventTypes": ["SEND"],
            "SnsDestination": {"TopicArn": TOPIC},
        },
    )
    ses.close()
    sqs = around("sqs")
    sqs.create_queue(QueueName="journey", Attributes={"Policy": json.dumps(POLICY)})
    url = sqs.create_queue(QueueName=KEPT_QUEUE)["QueueUrl"]
    sqs.send_message(QueueUrl=url, MessageBody="hello")
    around("sns").subscribe(TopicArn=TOPIC, Protocol="sqs", Endpoint=arn("sqs", KEPT_QUEUE))
    kms = around("kms")
    key = kms.create_key(Policy=json.dumps(POLICY))["KeyMetadata"]["KeyId"]
    kms.create_alias(AliasName="alias/journey", TargetKeyId=key)
    iam = around("iam")
    trust = {"Version": "2012-10-17", "Statement": []}
    iam.create_role(RoleName="journey", AssumeRolePolicyDocument=json.dumps(trust))
    allow = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [allow]})
    iam.put_role_policy(RoleName="journey", PolicyName="own", PolicyDocument=document)
    made = iam.create_policy(PolicyName="journey", PolicyDocument=document)
    iam.attach_role_policy(RoleName="journey", PolicyArn=made["Policy"]["Arn"])
    events = around("events")
    events.put_rule(Name="journey", EventPattern='{"source": ["aws.ses"]}')
    events.put_targets(Rule="journey", Targets=[{"Id": "1", "Arn": QUEUE}])


class Way:
    """The way to the account, on which the answer to one operation is damaged."""

    def __init__(self, account: RemoteAccount) -> None:
        urls = account.environment()
        ses, others = urls["AWS_ENDPOINT_URL_SESV2"], urls["AWS_ENDPOINT_URL"]
        self.operation = ""
        self.damage: Damage = whole
        self.damaged = 0
        self.others = DamagingServer(lambda request: self._answer(others, request))
        self.ses = DamagingServer(lambda request: self._answer(ses, request))
        owner = account.owner
        session = new_session(keys=Keys(owner.access_key, Secret(owner.secret_key)), alone=True)
        self.aws = Aws(session, DEFAULT_REGION, Endpoints(self.ses.url, self.others.url))
        self.aws.known_as(Caller(ACCOUNT_ID, ""), Limiter(rate=1e6, burst=1000))
        self.ses_port = BotoSes(self.aws)
        self.around = BotoNeighbours(self.aws, ACCOUNT_ID)
        self.proofs = BotoProofs(self.aws)
        self.queues = BotoQueues(self.aws, ACCOUNT_ID, wait=0)

    def set(self, operation: str, damage: Damage) -> None:
        self.operation, self.damage, self.damaged = operation, damage, 0

    def stop(self) -> None:
        self.ses.stop()
        self.others.stop()

    def _answer(self, url: str, request: Request) -> Sent:
        answer = forward(url, request)
        if request.operation != self.operation:
            return whole(answer)
        self.damaged += 1
        return self.damage(answer)


@pytest.fixture(scope="module")
def road(account: RemoteAccount) -> Iterator[Way]:
    road = Way(account)
    yield road
    road.stop()


@pytest.fixture
def way(road: Way) -> Way:
    """Whole again."""
    road.set("", whole)
    road.queues = BotoQueues(road.aws, ACCOUNT_ID, wait=0)  # it remembers what it has looked at
    return road


async def peeked(way: Way) -> object:
    return await way.queues.peek(await way.queues.url(arn("sqs", KEPT_QUEUE)))


async def taken(way: Way) -> object:
    """Puts a message there first, for it is gone then."""
    url = await way.queues.url(arn("sqs", KEPT_QUEUE))
    await way.aws.call("sqs", "SendMessage", {"QueueUrl": url, "MessageBody": "hello"})
    return await way.queues.take(url)


def lately() -> tuple[datetime, datetime]:
    return datetime.now(UTC) - timedelta(hours=1), datetime.now(UTC)


JOURNEY: dict[str, Callable[[Way], Awaitable[object]]] = {
    "GetCallerIdentity": lambda way: in_thread(way.aws.caller),
    "GetAccount": lambda way: way.ses_port.account(),
    "ListEmailIdentities": lambda way: way.ses_port.identities(),
    "GetEmailIdentity": lambda way: way.ses_port.identity(DOMAIN),
    "ListConfigurationSets": lambda way: way.ses_port.configuration_sets(),
    "GetConfigurationSet": lambda way: way.ses_port.configuration_set("journey"),
    "GetConfigurationSetEventDestinations": lambda way: way.ses_port.configuration_set("journey"),
    "ListEmailTemplates": lambda way: way.ses_port.templates(),
    "GetEmailTemplate": lambda way: way.ses_port.template("journey"),
    "TestRenderEmailTemplate": lambda way: way.ses_port.render("journey", '{"name": "A"}'),
    "ListSuppressedDestinations": lambda way: way.ses_port.suppression_page(Wanted()),
    "ListTopics": lambda way: way.around.topics(),
    "GetTopicAttributes": lambda way: way.around.topic(TOPIC),
    "ListSubscriptionsByTopic": lambda way: way.around.topic(TOPIC),
    "GetSubscriptionAttributes": lambda way: way.around.subscriptions(TOPIC),
    "ListSubscriptions": lambda way: way.proofs.subscriptions(),
    "ListQueues": lambda way: way.around.queues(),
    "GetQueueUrl": lambda way: way.around.queue(QUEUE),
    "GetQueueAttributes": lambda way: way.around.queue(QUEUE),
    "ReceiveMessage": peeked,
    "DeleteMessageBatch": taken,
    "ListAliases": lambda way: way.around.keys(),
    "DescribeKey": lambda way: way.around.key("alias/journey"),
    "GetKeyPolicy": lambda way: way.around.key("alias/journey"),
    "ListDeliveryStreams": lambda way: way.around.streams(),
    "GetRole": lambda way: way.around.role_with_policies("journey"),
    "ListRoles": lambda way: way.around.roles(),
    "ListRolePolicies": lambda way: way.around.role_with_policies("journey"),
    "GetRolePolicy": lambda way: way.around.role_with_policies("journey"),
    "ListAttachedRolePolicies": lambda way: way.around.role_with_policies("journey"),
    "GetPolicy": lambda way: way.around.role_with_policies("journey"),
    "GetPolicyVersion": lambda way: way.around.role_with_policies("journey"),
    "ListRules": lambda way: way.around.rules(),
    "DescribeRule": lambda way: way.around.rule("journey"),
    "ListTargetsByRule": lambda way: way.around.rule("journey"),
    "GetMetricData": lambda way: BotoMetrics(way.aws).rates(*lately()),
    "GetMetricStatistics": lambda way: way.proofs.counted("Send", {}, *lately()),
}
DAMAGES: dict[str, Damage] = {
    "cut after the head": cut(0),
    "cut in the middle": cut(0.5),
    "cut before its last byte": cut(-1),
    "cut, and no length announced": cut_unannounced,
    "emptied": emptied,
    "a text": replaced(b"try again later", kind="text/plain"),
    "a page": replaced(PAGE),
    "a redirect": redirected,
    "another format": replaced(b'["<a>"]'),
}
HARMLESS: dict[str, Damage] = {"dripped": dripped, "mislabelled": mislabelled}


def test_the_journey_reads_all_that_is_read() -> None:
    read = {op for _service, op in NEEDS if op.startswith(("Get", "List", "Describe"))}
    # Nothing to be read: Deliverability Manager is off, no address is listed, there is no stream.
    nothing = {"GetMessageInsights", "GetSuppressedDestination", "DescribeDeliveryStream"}
    of_the_sdk = {"GetRoleCredentials"}
    assert read - set(JOURNEY) == nothing | of_the_sdk


async def said(way: Way, operation: str, damage: Damage) -> Problem:
    way.set(operation, damage)
    with pytest.raises(GatewayError) as failed:
        await JOURNEY[operation](way)
    assert way.damaged
    return failed.value.problem


@pytest.mark.parametrize("operation", JOURNEY)
async def test_a_cut_answer_is_never_taken_for_nothing(way: Way, operation: str) -> None:
    plain = await JOURNEY[operation](way)
    problem = await said(way, operation, cut(0.5))
    assert (problem.trouble, problem.code) == (Trouble.BAD_ANSWER, "CutOffAnswer")
    assert problem.operation == operation
    assert problem.what.endswith(f"to {operation} was cut off.")
    # Slow is not broken, and a label is not what is in it.
    for harmless in HARMLESS.values():
        way.set(operation, harmless)
        assert type(await JOURNEY[operation](way)) is type(plain)


@pytest.mark.thorough
@pytest.mark.parametrize("operation", JOURNEY)
async def test_whatever_happens_to_an_answer_it_is_never_taken_for_nothing(
    way: Way, operation: str
) -> None:
    for name, damage in DAMAGES.items():
        problem = await said(way, operation, damage)
        assert problem.trouble in (Trouble.BAD_ANSWER, Trouble.NETWORK), name
        assert problem.passes


def mistyped(step: int) -> Callable[[Answer], Sent]:
    """Each member in turn is of another type; by number."""

    def damage(answer: Answer) -> Sent:
        try:
            value = json.loads(answer.body)
        except ValueError:  # XML, of which an element is put into another
            parts = answer.body.split(b"</")
            at = 1 + step % (len(parts) - 1)
            body = b"</".join(parts[:at]) + b"<odd>x</odd></" + b"</".join(parts[at:])
            return whole(replace(answer, body=body))
        ways = places(value)
        place = ways[step % len(ways)]
        here = value
        for each in place:
            here = here[each]
        new: Any = {"odd": []} if not isinstance(here, dict) else "odd"
        return whole(replace(answer, body=json.dumps(changed(value, place, new)).encode()))

    return damage


async def read_or_refused(way: Way, operation: str, damage: Damage) -> bool:
    """Whether it was refused. Anything but a GatewayError fails the test."""
    way.set(operation, damage)
    try:
        await JOURNEY[operation](way)
    except GatewayError:
        return True
    return False


@pytest.mark.parametrize("operation", JOURNEY)
async def test_no_wrong_type_gets_to_a_reader(way: Way, operation: str) -> None:
    """A member that the model does not know may be of any type; a known one never."""
    refused = [await read_or_refused(way, operation, mistyped(step)) for step in (0, 1, 2)]
    assert any(refused)


@pytest.mark.thorough
@pytest.mark.parametrize("operation", JOURNEY)
async def test_no_wrong_type_anywhere_gets_to_a_reader(way: Way, operation: str) -> None:
    for step in range(60):
        await read_or_refused(way, operation, mistyped(step))


# A policy that was not read is not written over

NO_POLICY = {
    "cut in the middle": cut(0.5),
    "cut, and no length announced": cut_unannounced,
    "emptied": emptied,
    "nothing in it": replaced(b"{}"),
    "no attributes": replaced(b'{"Attributes": {}}'),
    "null": replaced(b'{"Attributes": {"QueueArn": "q", "Policy": null}}'),
    "no JSON in it": replaced(b'{"Attributes": {"QueueArn": "q", "Policy": "{\\"Version"}}'),
    "no statements in it": replaced(
        b'{"Attributes": {"QueueArn": "q", "Policy": "{\\"Statement\\": \\"Theirs\\"}"}}'
    ),
}


class Connected:
    """What a plan needs of a connection."""

    def __init__(self, way: Way) -> None:
        class Connection:
            region = DEFAULT_REGION
            caller = Caller(ACCOUNT_ID, "")

        self.connection = Connection
        self.neighbours = way.around


@pytest.mark.parametrize("damage", NO_POLICY.values(), ids=NO_POLICY)
async def test_a_policy_that_was_not_read_whole_leads_to_no_plan(way: Way, damage: Damage) -> None:
    form = DestinationForm(
        "journey", kind=DestinationKind.SNS, topic=TopicForm("journey", add=(Subscriber(QUEUE),))
    )
    cloud: Any = Connected(way)
    plan = await destination_plan(cloud, form)
    (edit,) = [c for c in plan.calls if c.operation == "SetQueueAttributes"]
    assert "Theirs" in edit.parameters["Attributes"]["Policy"]
    way.set("GetQueueAttributes", damage)
    with pytest.raises(GatewayError):
        await destination_plan(cloud, form)


# The commands


@pytest.fixture
def command(
    way: Way,
    account: RemoteAccount,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Callable[..., tuple[int, str, str]]:
    for name, value in account.environment().items():
        monkeypatch.setenv(name, value)
    for name in ("AWS_ENDPOINT_URL_SESV2", "AWS_ENDPOINT_URL_SES"):
        monkeypatch.setenv(name, way.ses.url)
    monkeypatch.setenv("AWS_ENDPOINT_URL", way.others.url)
    monkeypatch.setattr(Limiter.__init__, "__defaults__", (1000.0, 1000))

    def run(*arguments: str) -> tuple[int, str, str]:
        code = main(arguments)
        return (code, *capsys.readouterr())

    return run


@pytest.mark.parametrize(
    ("arguments", "operation", "damage", "words"),
    [
        (["configset", "list"], "ListConfigurationSets", cut(0.5), "was cut off"),
        (["configset", "list"], "ListConfigurationSets", emptied, "is not valid JSON"),
        (["configset", "show", "journey"], "GetConfigurationSet", cut(0.5), "was cut off"),
        (["configset", "list"], "GetCallerIdentity", replaced(PAGE), "A web page came back from"),
        (["configset", "list"], "GetCallerIdentity", redirected, "redirected to http://portal"),
    ],
)
def test_a_command_says_that_it_does_not_know(
    command: Callable[..., tuple[int, str, str]],
    way: Way,
    arguments: list[str],
    operation: str,
    damage: Damage,
    words: str,
) -> None:
    way.set(operation, damage)
    code, out, err = command(*arguments)
    assert (code, out) == (1, "")
    assert words in err


def test_the_same_in_json(command: Callable[..., tuple[int, str, str]], way: Way) -> None:
    way.set("ListConfigurationSets", cut(0.5))
    code, out, err = command("configset", "list", "--json")
    assert (code, out) == (1, "")
    error = json.loads(err)
    assert error["kind"] == "bad_answer"
    assert error["reference"] == "ListConfigurationSets · CutOffAnswer · request-1"
