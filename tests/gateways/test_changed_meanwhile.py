"""What is planned from what was read is not written when that has changed since: nothing that
somebody else has written meanwhile is lost.
"""

from __future__ import annotations

import ast
import base64
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
)

import sestui
from sestui.domain.account import Caller, Keys, Secret
from sestui.domain.changes import identity_plan, restart_dkim, save_template_plan
from sestui.domain.configset import EventType
from sestui.domain.configset.plan_destinations import change_destination
from sestui.domain.configset.plans import edit_plan, make_default_plan
from sestui.domain.destinations.bus import BusForm, bus_steps
from sestui.domain.destinations.edits import PolicyEdit
from sestui.domain.destinations.facts import Existing
from sestui.domain.destinations.firehose import FirehoseForm, firehose_steps, permission_edit
from sestui.domain.destinations.keys import key_edits
from sestui.domain.destinations.place import Place
from sestui.domain.destinations.subscriptions import Subscriber, changes_of, queue_edits
from sestui.domain.destinations.topics import Encryption, TopicForm, topic_edit, topic_steps
from sestui.domain.errors import Trouble
from sestui.domain.identity import IdentityKind
from sestui.domain.plan import Call
from sestui.domain.steps import IdentityForm
from sestui.gateways.aws import Aws, Endpoints
from sestui.gateways.changes import BotoChanges
from sestui.gateways.journal import Journal
from sestui.gateways.limiter import Limiter
from sestui.gateways.neighbours import BotoNeighbours
from sestui.gateways.ports import GatewayError
from sestui.gateways.ses import BotoSes
from sestui.gateways.session import new_session
from sestui.practice.ports import ACCOUNT_ID, DEFAULT_REGION
from tests.account_process import RemoteAccount, boto_client, practice_account

PLACE = Place(DEFAULT_REGION, ACCOUNT_ID)
THEIRS = {"Sid": "Theirs", "Effect": "Allow", "Principal": "*", "Action": "sns:Subscribe"}


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """One attempt, and time enough for a busy machine: nothing here waits for a time-out."""
    monkeypatch.setattr("sestui.gateways.aws.ATTEMPTS", 1)


@pytest.fixture(scope="module")
def account() -> Iterator[RemoteAccount]:
    with practice_account() as running:
        yield running


@pytest.fixture(scope="module")
def aws(account: RemoteAccount) -> Aws:
    urls = account.environment()
    owner = account.owner
    session = new_session(keys=Keys(owner.access_key, Secret(owner.secret_key)), alone=True)
    endpoints = Endpoints(urls["AWS_ENDPOINT_URL_SESV2"], urls["AWS_ENDPOINT_URL"])
    aws = Aws(session, DEFAULT_REGION, endpoints)
    aws.known_as(Caller(ACCOUNT_ID, ""), Limiter(rate=1e6, burst=1000))
    return aws


@pytest.fixture(scope="module")
def ses_client(account: RemoteAccount) -> Iterator[Any]:
    client = boto_client("sesv2", account.endpoint, owner=account.owner)
    yield client
    client.close()


class Bench:
    """The gateways of one account, and clients of somebody else."""

    def __init__(
        self, account: RemoteAccount, ses_client: Any, aws: Aws, folder: Path, name: str
    ) -> None:
        self.name = name
        self.journal = Journal(folder)
        self.changes = BotoChanges(aws, self.journal, ACCOUNT_ID)
        self.ses = BotoSes(aws)
        self.around = BotoNeighbours(aws, ACCOUNT_ID)
        self.set_arn = f"arn:aws:ses:{DEFAULT_REGION}:{ACCOUNT_ID}:configuration-set/{name}"
        self._account = account
        self._ses_client = ses_client

    def client(self, service: str) -> Any:
        if service == "sesv2":
            return self._ses_client
        return self._account.neighbours.client(service)

    def arn(self, service: str) -> str:
        return f"arn:aws:{service}:{DEFAULT_REGION}:{ACCOUNT_ID}:{self.name}"

    # What is there, and what somebody else makes of it

    def new_topic(self) -> str:
        self.client("sns").create_topic(Name=self.name)
        return self.arn("sns")

    def topic_attributes(self) -> dict[str, str]:
        return self.client("sns").get_topic_attributes(TopicArn=self.arn("sns"))["Attributes"]

    def set_topic(self, name: str, value: str) -> None:
        self.client("sns").set_topic_attributes(
            TopicArn=self.arn("sns"), AttributeName=name, AttributeValue=value
        )

    def new_role(self) -> None:
        trust = {"Version": "2012-10-17", "Statement": []}
        self.client("iam").create_role(
            RoleName=self.name, AssumeRolePolicyDocument=json.dumps(trust)
        )

    def put_role_policy(self, *actions: str) -> None:
        statement = {"Effect": "Allow", "Action": list(actions), "Resource": "*"}
        document = {"Version": "2012-10-17", "Statement": [statement]}
        self.client("iam").put_role_policy(
            RoleName=self.name, PolicyName="ses-events", PolicyDocument=json.dumps(document)
        )

    def role_policy(self) -> str:
        found = self.client("iam").get_role_policy(RoleName=self.name, PolicyName="ses-events")
        return json.dumps(found["PolicyDocument"])

    def domain(self) -> str:
        return f"{self.name}.example"

    def new_identity(self) -> None:
        self.client("sesv2").create_email_identity(EmailIdentity=self.domain())

    def identity(self) -> dict[str, Any]:
        return self.client("sesv2").get_email_identity(EmailIdentity=self.domain())

    def new_set(self, name: str = "") -> None:
        self.client("sesv2").create_configuration_set(ConfigurationSetName=name or self.name)


@pytest.fixture
def bench(account: RemoteAccount, ses_client: Any, aws: Aws, tmp_path: Path, request: Any) -> Bench:
    """Each test has things of its own name."""
    case = "".join(each for each in request.node.callspec.id if each.isalnum())[:40]
    kind = "stays" if "stays" in request.node.name else "moved"
    return Bench(account, ses_client, aws, tmp_path, f"{kind}{case}".lower())


@dataclass(frozen=True)
class Case:
    """A change of something that is there."""

    plan: Callable[[Bench], Any]
    """Makes the thing, reads it and plans: a coroutine of the call."""
    meddle: Callable[[Bench], object]
    """What somebody else does then."""
    kept: Callable[[Bench], bool]
    """Whether that is still there."""


def call_of(step: PolicyEdit | Call) -> Call:
    return step.call if isinstance(step, PolicyEdit) else step


async def topic_policy(bench: Bench) -> Call:
    topic = await bench.around.topic(bench.new_topic())
    assert topic is not None
    edit = topic_edit(topic, bench.set_arn, PLACE)
    assert edit is not None
    return edit.call


def their_topic_policy(bench: Bench) -> None:
    policy = {"Version": "2012-10-17", "Statement": [{**THEIRS, "Resource": bench.arn("sns")}]}
    bench.set_topic("Policy", json.dumps(policy))


async def topic_key(bench: Bench) -> Call:
    topic = await bench.around.topic(bench.new_topic())
    form = TopicForm(bench.name, Encryption.KEY, "alias/mine")
    steps = topic_steps(form, bench.set_arn, PLACE, Existing(topic))
    return next(call for call in map(call_of, steps) if "KmsMasterKeyId" in str(call.parameters))


async def queue_policy(bench: Bench) -> Call:
    bench.client("sqs").create_queue(QueueName=bench.name)
    queue = await bench.around.queue(bench.arn("sqs"))
    assert queue is not None
    (edit,) = queue_edits(queue, bench.arn("sns"), PLACE)
    return edit.call


def their_queue_policy(bench: Bench) -> None:
    url = bench.client("sqs").get_queue_url(QueueName=bench.name)["QueueUrl"]
    statement = {**THEIRS, "Action": "sqs:SendMessage", "Resource": bench.arn("sqs")}
    policy = {"Version": "2012-10-17", "Statement": [statement]}
    bench.client("sqs").set_queue_attributes(
        QueueUrl=url, Attributes={"Policy": json.dumps(policy)}
    )


def kept_queue_policy(bench: Bench) -> bool:
    client = bench.client("sqs")
    url = client.get_queue_url(QueueName=bench.name)["QueueUrl"]
    found = client.get_queue_attributes(QueueUrl=url, AttributeNames=["Policy"])
    return "Theirs" in found["Attributes"]["Policy"]


async def key_policy(bench: Bench) -> Call:
    kms = bench.client("kms")
    key_id = kms.create_key()["KeyMetadata"]["KeyId"]
    kms.create_alias(AliasName=f"alias/{bench.name}", TargetKeyId=key_id)
    key = await bench.around.key(f"alias/{bench.name}")
    (edit,) = key_edits(key, PLACE)
    return edit.call


def key_id(bench: Bench) -> str:
    return bench.client("kms").describe_key(KeyId=f"alias/{bench.name}")["KeyMetadata"]["KeyId"]


def their_key_policy(bench: Bench) -> None:
    policy = {"Version": "2012-10-17", "Statement": [{**THEIRS, "Action": "kms:*"}]}
    bench.client("kms").put_key_policy(
        KeyId=key_id(bench), PolicyName="default", Policy=json.dumps(policy)
    )


def kept_key_policy(bench: Bench) -> bool:
    found = bench.client("kms").get_key_policy(KeyId=key_id(bench), PolicyName="default")
    return "Theirs" in found["Policy"]


async def role_trust(bench: Bench) -> Call:
    bench.new_role()
    role = await bench.around.role_with_policies(bench.name)
    form = FirehoseForm("stream", bench.name, open_role=True)
    steps = firehose_steps(form, bench.set_arn, PLACE, Existing(role=role))
    return next(c for c in map(call_of, steps) if c.operation == "UpdateAssumeRolePolicy")


def their_role_trust(bench: Bench) -> None:
    statement = {**THEIRS, "Action": "sts:AssumeRole"}
    bench.client("iam").update_assume_role_policy(
        RoleName=bench.name,
        PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [statement]}),
    )


async def role_policy(bench: Bench) -> Call:
    bench.new_role()
    bench.put_role_policy("s3:GetObject")
    role = await bench.around.role_with_policies(bench.name)
    assert role is not None
    return permission_edit(role, "arn:aws:firehose:eu-west-1:123456789012:deliverystream/x").call


async def new_role_policy(bench: Bench) -> Call:
    """Of a role without one of this name."""
    bench.new_role()
    role = await bench.around.role_with_policies(bench.name)
    assert role is not None
    return permission_edit(role, "arn:aws:firehose:eu-west-1:123456789012:deliverystream/x").call


async def event_destination(bench: Bench) -> Call:
    bench.new_set()
    bench.client("sesv2").create_configuration_set_event_destination(
        ConfigurationSetName=bench.name,
        EventDestinationName="events",
        EventDestination=destination("SEND"),
    )
    found = await bench.ses.configuration_set(bench.name)
    assert found is not None
    (before,) = found.destinations
    return change_destination(bench.name, before, replace(before, enabled=False))


def destination(*events: str) -> dict[str, Any]:
    dimension = {
        "DimensionName": "x",
        "DimensionValueSource": "MESSAGE_TAG",
        "DefaultDimensionValue": "y",
    }
    return {
        "Enabled": True,
        "MatchingEventTypes": list(events),
        "CloudWatchDestination": {"DimensionConfigurations": [dimension]},
    }


def their_destination(bench: Bench) -> None:
    bench.client("sesv2").update_configuration_set_event_destination(
        ConfigurationSetName=bench.name,
        EventDestinationName="events",
        EventDestination=destination("SEND", "BOUNCE"),
    )


def kept_destination(bench: Bench) -> bool:
    found = bench.client("sesv2").get_configuration_set_event_destinations(
        ConfigurationSetName=bench.name
    )
    return "BOUNCE" in found["EventDestinations"][0]["MatchingEventTypes"]


async def option_group(bench: Bench) -> Call:
    bench.new_set()
    found = await bench.ses.configuration_set(bench.name)
    assert found is not None
    (call,) = edit_plan(found, replace(found, tls_policy="REQUIRE"), bench.set_arn)
    return call


def their_options(bench: Bench) -> None:
    bench.client("sesv2").put_configuration_set_delivery_options(
        ConfigurationSetName=bench.name, MaxDeliverySeconds=600
    )


def kept_options(bench: Bench) -> bool:
    found = bench.client("sesv2").get_configuration_set(ConfigurationSetName=bench.name)
    return found["DeliveryOptions"].get("MaxDeliverySeconds") == 600


async def mail_from(bench: Bench) -> Call:
    bench.new_identity()
    existing = await bench.ses.identity(bench.domain())
    (call,) = identity_plan(IdentityForm(IdentityKind.DOMAIN, bench.domain()), existing)
    return call


def their_mail_from(bench: Bench) -> None:
    bench.client("sesv2").put_email_identity_mail_from_attributes(
        EmailIdentity=bench.domain(),
        MailFromDomain=f"theirs.{bench.domain()}",
        BehaviorOnMxFailure="REJECT_MESSAGE",
    )


def kept_mail_from(bench: Bench) -> bool:
    return bench.identity()["MailFromAttributes"].get("MailFromDomain", "").startswith("theirs.")


async def dkim(bench: Bench) -> Call:
    bench.new_identity()
    existing = await bench.ses.identity(bench.domain())
    assert existing is not None
    (call,) = restart_dkim(existing)
    return call


def their_dkim(bench: Bench) -> None:
    key = rsa.generate_private_key(65537, 1024)
    der = key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    bench.client("sesv2").put_email_identity_dkim_signing_attributes(
        EmailIdentity=bench.domain(),
        SigningAttributesOrigin="EXTERNAL",
        SigningAttributes={
            "DomainSigningSelector": "own",
            "DomainSigningPrivateKey": base64.b64encode(der).decode(),
        },
    )


def kept_dkim(bench: Bench) -> bool:
    return bench.identity()["DkimAttributes"]["SigningAttributesOrigin"] == "EXTERNAL"


async def default_set(bench: Bench) -> Call:
    bench.new_identity()
    bench.new_set()
    bench.new_set(f"{bench.name}-theirs")
    existing = await bench.ses.identity(bench.domain())
    assert existing is not None
    (call,) = make_default_plan(bench.name, bench.domain(), existing.configuration_set)
    return call


def their_default_set(bench: Bench) -> None:
    bench.client("sesv2").put_email_identity_configuration_set_attributes(
        EmailIdentity=bench.domain(), ConfigurationSetName=f"{bench.name}-theirs"
    )


def kept_default_set(bench: Bench) -> bool:
    return bench.identity().get("ConfigurationSetName") == f"{bench.name}-theirs"


async def template(bench: Bench) -> Call:
    content = {"Subject": "a", "Text": "b"}
    bench.client("sesv2").create_email_template(TemplateName=bench.name, TemplateContent=content)
    stored = await bench.ses.template(bench.name)
    assert stored is not None
    (call,) = save_template_plan(replace(stored, subject="c"), stored)
    return call


def their_template(bench: Bench) -> None:
    content = {"Subject": "a", "Text": "theirs"}
    bench.client("sesv2").update_email_template(TemplateName=bench.name, TemplateContent=content)


def kept_template(bench: Bench) -> bool:
    found = bench.client("sesv2").get_email_template(TemplateName=bench.name)
    return found["TemplateContent"]["Text"] == "theirs"


def subscription(bench: Bench) -> str:
    sns = bench.client("sns")
    (row,) = sns.list_subscriptions_by_topic(TopicArn=bench.arn("sns"))["Subscriptions"]
    return row["SubscriptionArn"]


async def filter_policy(bench: Bench) -> Call:
    bench.client("sqs").create_queue(QueueName=bench.name)
    bench.client("sns").subscribe(
        TopicArn=bench.new_topic(),
        Protocol="sqs",
        Endpoint=bench.arn("sqs"),
        Attributes={"FilterPolicyScope": "MessageBody", "FilterPolicy": '{"a": ["b"]}'},
    )
    (found,) = await bench.around.subscriptions(bench.arn("sns"))
    typed = Subscriber(found.endpoint, filter_policy='{"eventType": ["Bounce"]}')
    (call,) = changes_of(found, typed)
    return call


def their_filter(bench: Bench) -> None:
    bench.client("sns").set_subscription_attributes(
        SubscriptionArn=subscription(bench),
        AttributeName="FilterPolicy",
        AttributeValue='{"theirs": ["x"]}',
    )


def kept_filter(bench: Bench) -> bool:
    found = bench.client("sns").get_subscription_attributes(SubscriptionArn=subscription(bench))
    return "theirs" in found["Attributes"]["FilterPolicy"]


async def rule(bench: Bench) -> Call:
    """One that is there, for fewer events."""
    pattern = {"source": ["aws.ses"], "detail-type": ["Email Sent"]}
    bench.client("events").put_rule(Name=bench.name, EventPattern=json.dumps(pattern))
    return await bus_call(bench, "PutRule")


async def rule_targets(bench: Bench) -> Call:
    pattern = {"source": ["aws.ses"]}
    bench.client("events").put_rule(Name=bench.name, EventPattern=json.dumps(pattern))
    return await bus_call(bench, "PutTargets")


async def bus_call(bench: Bench, operation: str) -> Call:
    found = await bench.around.rule(bench.name)
    form = BusForm(rule=bench.name, target=bench.arn("sqs"))
    steps = bus_steps(form, bench.name, [EventType.BOUNCE], PLACE, Existing(rule=found))
    return next(call for call in map(call_of, steps) if call.operation == operation)


def their_rule(bench: Bench) -> None:
    pattern = {"source": ["aws.ses"], "detail-type": ["Email Bounced"]}
    bench.client("events").put_rule(
        Name=bench.name, EventPattern=json.dumps(pattern), Description="theirs"
    )


def kept_rule(bench: Bench) -> bool:
    return bench.client("events").describe_rule(Name=bench.name).get("Description") == "theirs"


def their_target(bench: Bench) -> None:
    """Under the very id that would be ours."""
    target = {"Id": "sestui-1", "Arn": f"{bench.arn('sqs')}-theirs"}
    bench.client("events").put_targets(Rule=bench.name, Targets=[target])


def kept_target(bench: Bench) -> bool:
    (found,) = bench.client("events").list_targets_by_rule(Rule=bench.name)["Targets"]
    return found["Arn"].endswith("-theirs")


CASES = {
    "topic policy": Case(
        topic_policy, their_topic_policy, lambda b: "Theirs" in b.topic_attributes()["Policy"]
    ),
    "topic key": Case(
        topic_key,
        lambda b: b.set_topic("KmsMasterKeyId", "alias/theirs"),
        lambda b: b.topic_attributes()["KmsMasterKeyId"] == "alias/theirs",
    ),
    "queue policy": Case(queue_policy, their_queue_policy, kept_queue_policy),
    "key policy": Case(key_policy, their_key_policy, kept_key_policy),
    "role trust": Case(
        role_trust,
        their_role_trust,
        lambda b: "Theirs" in str(b.client("iam").get_role(RoleName=b.name)),
    ),
    "role policy": Case(
        role_policy, lambda b: b.put_role_policy("s3:Get*"), lambda b: "Get*" in b.role_policy()
    ),
    "role policy that was not there": Case(
        new_role_policy, lambda b: b.put_role_policy("s3:Put*"), lambda b: "Put*" in b.role_policy()
    ),
    "event destination": Case(event_destination, their_destination, kept_destination),
    "option group": Case(option_group, their_options, kept_options),
    "mail from": Case(mail_from, their_mail_from, kept_mail_from),
    "dkim": Case(dkim, their_dkim, kept_dkim),
    "default set": Case(default_set, their_default_set, kept_default_set),
    "template": Case(template, their_template, kept_template),
    "filter policy": Case(filter_policy, their_filter, kept_filter),
    "rule": Case(rule, their_rule, kept_rule),
    "rule targets": Case(rule_targets, their_target, kept_target),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
async def test_what_stays_as_it_was_read_is_changed(bench: Bench, case: Case) -> None:
    await bench.changes.make(await case.plan(bench))
    assert [entry["event"] for entry in bench.journal.entries()] == ["begun", "done"]


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
async def test_what_somebody_else_wrote_meanwhile_is_not_lost(bench: Bench, case: Case) -> None:
    call = await case.plan(bench)
    case.meddle(bench)
    assert case.kept(bench)
    with pytest.raises(GatewayError) as failed:
        await bench.changes.make(call)
    problem = failed.value.problem
    assert (problem.trouble, problem.code) == (Trouble.CHANGED, "ChangedSincePlan")
    assert call.words in problem.what
    assert "Nothing was written" in problem.advice
    assert case.kept(bench)
    assert list(bench.journal.entries()) == []


# The rule: whatever replaces something says what it was planned from

REPLACING = {
    "SetTopicAttributes",
    "SetQueueAttributes",
    "PutKeyPolicy",
    "PutRolePolicy",
    "UpdateAssumeRolePolicy",
    "UpdateConfigurationSetEventDestination",
    "PutEmailIdentityMailFromAttributes",
    "PutEmailIdentityDkimSigningAttributes",
    "PutEmailIdentityConfigurationSetAttributes",
}


def test_each_change_that_writes_over_something_says_what_it_was() -> None:
    wrong = []
    seen = set()
    for path in Path(sestui.__file__).parent.rglob("*.py"):
        if "practice" in path.parts or "gateways" in path.parts:
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not (isinstance(node, ast.Call) and ast.unparse(node.func) in ("Call", "_call")):
                continue
            texts = {each.value for each in node.args if isinstance(each, ast.Constant)}
            for operation in texts & REPLACING:
                seen.add(operation)
                if not any(keyword.arg == "expected" for keyword in node.keywords):
                    wrong.append(f"{path.name}:{node.lineno} {operation}")
    assert wrong == []
    assert seen >= REPLACING
