"""Reading option groups, and writing them back whole: nothing that is there is lost."""

import json
import subprocess
import sys

import pytest
from hypothesis import given

from sestui.domain.configset import ConfigurationSet, Dimension
from sestui.domain.configset.options import (
    Group,
    duplicate,
    members,
    read,
    signing_scheme,
    tracking_target,
    unknown_groups,
)
from sestui.domain.configset.plans import create_plan
from tests.domain.configset.samples import ARN, FULL, metrics, pinpoint, sets, topic
from tests.domain.test_changes import check_parameters


def answer_of(each: ConfigurationSet):
    """As SES would answer."""
    groups = {group.value: members(each, group) for group in Group}
    return {
        **unknown_groups(each),
        **{name: given for name, given in groups.items() if given},
        "Tags": [{"Key": key, "Value": value} for key, value in each.tags],
    }


def events_of(each: ConfigurationSet):
    rows = [{"Name": d.name, **d.as_parameter()} for d in each.destinations]
    return {"EventDestinations": rows}


@given(sets)
def test_what_is_written_is_read_back(each):
    assert read(each.name, answer_of(each), events_of(each)) == each


def test_every_group_is_read():
    assert read("set", answer_of(FULL), events_of(FULL)) == FULL


@pytest.mark.parametrize("missing", [{}, {"SendingOptions": None, "Tags": None, "VdmOptions": {}}])
def test_what_aws_leaves_out_is_its_default(missing):
    assert read("set", missing, {}) == ConfigurationSet("set")


def test_the_absence_of_reasons_and_an_empty_list_of_them_are_different_things():
    own = read("set", {"SuppressionOptions": {"SuppressedReasons": []}}, {})
    account = read("set", {"SuppressionOptions": {"SuppressionScope": "ACCOUNT"}}, {})
    assert (own.suppressed_reasons, account.suppressed_reasons) == ((), None)
    assert members(own, Group.SUPPRESSION) == {"SuppressedReasons": []}
    assert members(account, Group.SUPPRESSION) == {"SuppressionScope": "ACCOUNT"}


@pytest.mark.parametrize(
    "answer",
    [
        {"SomethingOptions": {"New": [1]}},
        {"DeliveryOptions": {"TlsPolicy": "REQUIRE", "Priority": {"Level": 3}}},
        {"VdmOptions": {"DashboardOptions": {"EngagementMetrics": "ENABLED", "Pixel": "SMALL"}}},
        {"VdmOptions": {"OracleOptions": {"Ask": "ENABLED"}}},
        {"TrackingOptions": {"CustomRedirectDomain": "a.com", "HttpsPolicy": "WISH", "X": 1}},
        {"SuppressionOptions": {"SuppressedReasons": ["BORED"], "Mood": "GRIM"}},
        {
            "SuppressionOptions": {
                "SuppressedReasons": [],
                "ValidationOptions": {"ConditionThreshold": {"ConditionThresholdEnabled": "MAYBE"}},
            }
        },
        {"DeliveryOptions": {"TlsPolicy": "QUANTUM"}},
        {"MessageSecurityOptions": {"SigningScheme": {"Seal": {}}}},
        {"ArchivingOptions": {"ArchiveArn": "arn:x", "Days": 7}},
    ],
)
def test_what_is_new_at_aws_goes_back_as_it_came(answer):
    found = read("set", answer, {})
    again = answer_of(found)
    for group, value in answer.items():
        assert again[group] == value
    assert read("set", again, {}) == found
    assert hash(found) is not None


def test_what_can_only_be_read_is_never_written():
    found = read("set", {"ReputationOptions": {"LastFreshStart": 1.0}}, {})
    assert found.last_fresh_start == 1.0
    assert members(found, Group.REPUTATION) == {"ReputationMetricsEnabled": False}


def test_booleans_are_always_there():
    bare = ConfigurationSet("set", sending_enabled=False)
    assert members(bare, Group.SENDING) == {"SendingEnabled": False}
    assert members(bare, Group.REPUTATION) == {"ReputationMetricsEnabled": False}


@given(sets)
def test_the_groups_are_what_the_api_takes(each):
    for call in create_plan(each, ARN):
        check_parameters(call)


def test_the_scheme_of_signatures_in_a_word():
    assert signing_scheme(FULL) == "S/MIME"
    assert signing_scheme(ConfigurationSet("x")) == ""
    for scheme, word in (({"DefaultScheme": {}}, ""), ({"Seal": {}}, "Seal"), ({}, "")):
        kept = (("MessageSecurityOptions", json.dumps({"SigningScheme": scheme})),)
        assert signing_scheme(ConfigurationSet("x", kept=kept)) == word


def test_a_duplicate_counts_for_itself_and_leaves_out_what_has_ended():
    other = Dimension("campaign", "MESSAGE_TAG", "set")
    mine = Dimension("ses:configuration-set", "MESSAGE_TAG", "set")
    unknown = topic("future", unknown=True)
    old = ConfigurationSet(
        "set", destinations=(metrics("m", mine, other), pinpoint(), unknown), tags=(("a", "b"),)
    )
    new = duplicate(old, "copy")
    assert (new.name, new.tags) == ("copy", old.tags)
    assert new.destinations == (
        metrics("m", Dimension("ses:configuration-set", "MESSAGE_TAG", "copy"), other),
    )


def test_where_the_cname_of_a_redirect_domain_leads():
    assert tracking_target("eu-west-1") == "r.eu-west-1.awstrack.me"


def test_every_group_has_a_word_of_its_own():
    assert len({group.word for group in Group}) == len(Group)


def test_the_first_frame_loads_the_small_values_only():
    code = (
        "import sys, sestui.domain.configset as c; c.EventType; "
        "print([m for m in sys.modules if m.startswith('sestui.domain.configset.')])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "['sestui.domain.configset.model']"
