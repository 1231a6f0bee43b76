"""Plans: the calls that are left to do, made of what is there now."""

import dataclasses
import json

import pytest
from botocore.loaders import Loader
from botocore.model import ServiceModel
from botocore.validate import ParamValidator

from sestui.domain.changes import (
    identity_name,
    identity_plan,
    production_plan,
    resend_plan,
    restart_plan,
    template_plan,
)
from sestui.domain.configset import (
    ConfigurationSet,
    DestinationKind,
    EventType,
    firehose_trust,
    merged_policy,
    set_arn,
    topic_statement,
)
from sestui.domain.destinations.facts import Existing as Around
from sestui.domain.destinations.facts import Key, Queue, Role, Subscription, Topic
from sestui.domain.identity import Dkim, Identity, IdentityKind, MailFrom, OnMxFailure, Status
from sestui.domain.monitoring import (
    Existing,
    Place,
    destination_of,
    monitoring_plan,
    subscription_protocol,
)
from sestui.domain.names import InvalidName
from sestui.domain.plan import Call
from sestui.domain.steps import IdentityForm, MonitoringForm

PLACE = Place("eu-west-1", "123456789012")
TOPIC = "arn:aws:sns:eu-west-1:123456789012:ses-events"
ADDRESS_FORM = IdentityForm(IdentityKind.EMAIL, " Me@Example.com ")
DOMAIN_FORM = IdentityForm(IdentityKind.DOMAIN, "Example.com")
DOMAIN = Identity(
    "example.com",
    IdentityKind.DOMAIN,
    Status.PENDING,
    verified=False,
    dkim=Dkim(Status.PENDING),
    mail_from=MailFrom("bounce.example.com", Status.PENDING, OnMxFailure.REJECT),
)
FORM = MonitoringForm()

_models: dict[str, ServiceModel] = {}


def check_parameters(call: Call) -> None:
    """As botocore would before it sends: names, types, what is required, and lengths."""
    if call.service not in _models:
        _models[call.service] = ServiceModel(
            Loader().load_service_model(call.service, "service-2"), call.service
        )
    shape = _models[call.service].operation_model(call.operation).input_shape
    assert ParamValidator().validate(dict(call.parameters), shape).generate_report() == ""


def operations(plan) -> list[str]:
    for call in plan:
        check_parameters(call)
        assert call.words
        assert "{" not in call.words
    return [call.operation for call in plan]


def with_(thing, **changes):
    return dataclasses.replace(thing, **changes)


def test_a_new_address_is_one_call():
    (call,) = identity_plan(ADDRESS_FORM, None)
    assert operations([call]) == ["CreateEmailIdentity"]
    assert call.parameters == {"EmailIdentity": "Me@example.com"}
    assert call.tolerate == ("AlreadyExistsException",)
    assert identity_name(ADDRESS_FORM) == "Me@example.com"


def test_a_new_domain_has_dkim_and_a_mail_from_domain():
    plan = identity_plan(with_(DOMAIN_FORM, reject_on_mx_failure=True), None)
    assert operations(plan) == ["CreateEmailIdentity", "PutEmailIdentityMailFromAttributes"]
    assert plan[0].parameters == {
        "EmailIdentity": "example.com",
        "DkimSigningAttributes": {"NextSigningKeyLength": "RSA_2048_BIT"},
    }
    assert plan[1].parameters == {
        "EmailIdentity": "example.com",
        "MailFromDomain": "mail.example.com",
        "BehaviorOnMxFailure": "REJECT_MESSAGE",
    }
    assert len(identity_plan(with_(DOMAIN_FORM, custom_mail_from=False), None)) == 1


@pytest.mark.parametrize(
    "form",
    [
        with_(DOMAIN_FORM, name="exa mple..com"),
        with_(DOMAIN_FORM, label="example.com"),
        with_(ADDRESS_FORM, name="example.com"),
    ],
)
def test_a_form_that_cannot_be_used_makes_no_plan(form):
    with pytest.raises(InvalidName):
        identity_plan(form, None)


def test_an_identity_that_exists_gets_only_what_it_lacks():
    assert identity_plan(DOMAIN_FORM, DOMAIN) == ()
    bare = with_(DOMAIN, mail_from=MailFrom())
    assert operations(identity_plan(DOMAIN_FORM, bare)) == ["PutEmailIdentityMailFromAttributes"]
    unsigned = with_(DOMAIN, dkim=Dkim(Status.NOT_STARTED))
    assert operations(identity_plan(DOMAIN_FORM, unsigned)) == [
        "PutEmailIdentityDkimSigningAttributes"
    ]
    assert identity_plan(ADDRESS_FORM, with_(DOMAIN, kind=IdentityKind.EMAIL)) == ()


def test_what_failed_is_started_again_as_it_was():
    assert restart_plan(DOMAIN) == ()
    failed = with_(
        DOMAIN, dkim=Dkim(Status.FAILED), mail_from=with_(DOMAIN.mail_from, status=Status.FAILED)
    )
    plan = restart_plan(failed)
    assert operations(plan) == [
        "PutEmailIdentityDkimSigningAttributes",
        "PutEmailIdentityMailFromAttributes",
    ]
    assert plan[1].parameters["MailFromDomain"] == "bounce.example.com"
    assert plan[1].parameters["BehaviorOnMxFailure"] == "REJECT_MESSAGE"


@pytest.mark.parametrize("origin", ["EXTERNAL", "AWS_SES_US_EAST_1"])
def test_a_key_that_is_not_easy_dkim_is_left_alone(origin):
    assert restart_plan(with_(DOMAIN, dkim=Dkim(Status.FAILED, origin=origin))) == ()


def test_the_small_plans():
    assert operations(resend_plan("a@example.com")) == ["VerifyEmailIdentity"]
    assert operations(template_plan()) == ["CreateEmailTemplate"]
    assert operations(production_plan("TRANSACTIONAL", "https://example.com", ())) == [
        "PutAccountDetails"
    ]
    (asked,) = production_plan("MARKETING", "https://example.com", ("a@example.com",))
    assert operations([asked]) == ["PutAccountDetails"]
    assert asked.parameters["AdditionalContactEmailAddresses"] == ["a@example.com"]


def test_monitoring_from_nothing():
    plan = monitoring_plan(
        with_(FORM, subscriber="a@example.com"), "example.com", PLACE, Existing()
    )
    assert operations(plan) == [
        "CreateConfigurationSet",
        "CreateTopic",
        "Subscribe",
        "CreateConfigurationSetEventDestination",
        "PutEmailIdentityConfigurationSetAttributes",
    ]
    policy = json.loads(plan[1].parameters["Attributes"]["Policy"])
    assert [s["Sid"] for s in policy["Statement"]] == [
        "__default_statement_ID",
        "sestui-productionemails",
    ]
    assert plan[2].parameters["Protocol"] == "email"
    assert plan[3].parameters["EventDestination"]["Enabled"] is True


def found(form: MonitoringForm, **changes) -> Existing:
    """What is there when the plan of `form` has been carried out."""
    arn = set_arn(PLACE.region, PLACE.account, form.set_name)
    done = Existing(
        ConfigurationSet(
            form.set_name, reputation_metrics=True, destinations=(destination_of(form, PLACE),)
        ),
        Around(
            Topic(TOPIC, merged_policy({}, topic_statement(TOPIC, PLACE.account, arn))),
            (Subscription("email", form.subscriber),),
            role=Role("role", firehose_trust(PLACE.account, arn)),
        ),
        identity_default=form.set_name,
    )
    return dataclasses.replace(done, **changes)


@pytest.mark.parametrize("kind", [k for k in DestinationKind if k is not DestinationKind.PINPOINT])
def test_a_plan_that_was_carried_out_leaves_nothing_to_do(kind):
    form = with_(FORM, kind=kind, stream="events", subscriber="a@example.com")
    assert monitoring_plan(form, "example.com", PLACE, found(form)) == ()
    assert operations(monitoring_plan(form, "example.com", PLACE, Existing()))


def test_a_topic_that_exists_keeps_its_policy_and_gets_a_statement():
    theirs = {
        "Sid": "theirs",
        "Effect": "Allow",
        "Principal": {"AWS": "arn:aws:iam::999999999999:root"},
        "Action": "sns:Publish",
        "Resource": TOPIC,
    }
    existing = found(FORM, around=Around(Topic(TOPIC, {"Statement": [theirs]})))
    (call,) = monitoring_plan(FORM, "example.com", PLACE, existing)
    assert operations([call]) == ["SetTopicAttributes"]
    assert json.loads(call.parameters["AttributeValue"])["Statement"][0] == theirs


def test_a_queue_that_subscribes_is_opened_to_the_topic():
    """Else SNS would take the subscription and drop each event."""
    queue = "arn:aws:sqs:eu-west-1:123456789012:events"
    form = with_(FORM, subscriber=queue)
    existing = found(
        form, around=with_(found(FORM).around, queues={queue: Queue(queue, "https://queue", {})})
    )
    opened, subscribed = monitoring_plan(form, "example.com", PLACE, existing)
    assert operations([opened, subscribed]) == ["SetQueueAttributes", "Subscribe"]
    policy = json.loads(opened.parameters["Attributes"]["Policy"])
    assert policy["Statement"][0]["Condition"] == {"ArnEquals": {"aws:SourceArn": TOPIC}}


def test_a_topic_with_a_key_that_ses_cannot_use_makes_no_plan():
    topic = with_(found(FORM).around.topic, kms_key="alias/aws/sns")
    around = Around(topic, key=Key("arn:aws:kms:eu-west-1:123456789012:key/x", managed_by_aws=True))
    with pytest.raises(InvalidName):
        monitoring_plan(FORM, "example.com", PLACE, found(FORM, around=around))


def test_a_role_that_does_not_trust_ses_makes_no_plan():
    form = with_(FORM, kind=DestinationKind.FIREHOSE, stream="events", role="theirs")
    around = Around(role=Role("arn:aws:iam::123456789012:role/theirs", {"Statement": []}))
    with pytest.raises(InvalidName, match="does not trust SES"):
        monitoring_plan(form, "example.com", PLACE, Existing(around=around))


def test_a_destination_that_exists_is_changed_and_keeps_events_we_do_not_know():
    (before,) = found(FORM).configuration_set.destinations
    before = with_(before, other_events=("TELEPATHY",))
    existing = found(FORM, configuration_set=with_(
        found(FORM).configuration_set, destinations=(before,)
    ))  # fmt: skip
    assert monitoring_plan(FORM, "example.com", PLACE, existing) == ()
    form = with_(FORM, events=frozenset({EventType.SEND}))
    (call,) = monitoring_plan(form, "example.com", PLACE, existing)
    assert call.operation == "UpdateConfigurationSetEventDestination"
    assert call.parameters["EventDestination"]["MatchingEventTypes"] == ["SEND", "TELEPATHY"]


def test_a_stream_gets_a_role_that_only_ses_may_take():
    form = with_(FORM, kind=DestinationKind.FIREHOSE, stream="events", set_name="x" * 64)
    plan = monitoring_plan(form, "example.com", PLACE, Existing())
    assert operations(plan) == [
        "CreateConfigurationSet",
        "CreateRole",
        "PutRolePolicy",
        "CreateConfigurationSetEventDestination",
        "PutEmailIdentityConfigurationSetAttributes",
    ]
    target = plan[3].parameters["EventDestination"]["KinesisFirehoseDestination"]
    assert target["DeliveryStreamArn"].endswith(":123456789012:deliverystream/events")
    assert len(target["IamRoleArn"].rsplit("/", 1)[-1]) <= 64
    assert plan[3].settles > 0


def test_metrics_are_switched_as_the_form_says():
    for wanted in (True, False):
        form = with_(FORM, reputation_metrics=wanted)
        existing = with_(found(FORM).configuration_set, reputation_metrics=not wanted)
        (call,) = monitoring_plan(form, "e.com", PLACE, found(FORM, configuration_set=existing))
        assert operations([call]) == ["PutConfigurationSetReputationOptions"]
        assert call.parameters["ReputationMetricsEnabled"] is wanted


def test_the_identity_keeps_its_default_set_when_that_is_wanted():
    form = with_(FORM, make_default=False)
    assert monitoring_plan(form, "e.com", PLACE, found(form, identity_default="other")) == ()


@pytest.mark.parametrize(
    "changes",
    [
        {"set_name": "a b"},
        {"destination_name": ""},
        {"events": frozenset()},
        {"topic": ""},
        {"topic": "a b"},
        {"topic": "events.fifo"},
        {"topic": "arn:aws:sns:us-east-1:123456789012:other-region"},
        {"topic": "arn:aws:sqs:eu-west-1:123456789012:a-queue"},
        {"topic": "arn:aws:sns:eu-west-1:123456789012:x\x1b"},
        {"subscriber": "arn:x"},
        {"subscriber": "arn:aws:firehose:eu-west-1:123456789012:deliverystream/x"},
        {"subscriber": "ftp://example.com"},
        {"subscriber": "nobody"},
        {"kind": DestinationKind.FIREHOSE},
        {"kind": DestinationKind.FIREHOSE, "stream": "x", "role": "a/b"},
    ],
)
def test_what_is_typed_wrong_makes_no_plan(changes):
    with pytest.raises(InvalidName) as refused:
        monitoring_plan(with_(FORM, **changes), "example.com", PLACE, Existing())
    assert str(refused.value).isprintable()


@pytest.mark.parametrize(
    ("endpoint", "protocol"),
    [
        ("a@example.com", "email"),
        ("arn:aws:sqs:eu-west-1:123456789012:q", "sqs"),
        ("arn:aws:lambda:eu-west-1:123456789012:function:f", "lambda"),
        ("https://example.com/hook", "https"),
        ("http://example.com/hook", "http"),
    ],
)
def test_the_protocol_is_told_from_the_endpoint(endpoint, protocol):
    assert subscription_protocol(endpoint) == protocol


@pytest.mark.parametrize(
    ("typed", "arn"),
    [
        ("events", "arn:aws-us-gov:sns:us-gov-west-1:1:events"),
        (" arn:aws-us-gov:sns:us-gov-west-1:2:x ", "arn:aws-us-gov:sns:us-gov-west-1:2:x"),
    ],
)
def test_a_topic_is_named_or_given_by_its_arn(typed, arn):
    assert Place("us-gov-west-1", "1").topic(typed) == arn
    assert Place("us-gov-west-1", "1").role("r") == "arn:aws-us-gov:iam::1:role/r"
