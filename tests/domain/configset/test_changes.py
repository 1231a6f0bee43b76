"""The review: each difference in a line of its own, with what comes of it."""

from dataclasses import replace

import pytest
from hypothesis import given

from sestui.domain.configset import ConfigurationSet, EventType
from sestui.domain.configset.changes import SCALARS, changes
from sestui.domain.configset.options import Group
from sestui.domain.configset.plans import edit_plan
from sestui.domain.configset.texts import about, duration, shown
from tests.domain.configset.samples import ARN, FULL, SMIME, bus, metrics, sets, topic

BARE = ConfigurationSet("set", reputation_metrics=True)
HEARD = replace(BARE, destinations=(topic(),))


@given(sets, sets)
def test_there_is_a_line_for_whatever_is_sent_and_none_else(before, after):
    after = replace(after, kept=before.kept)
    assert bool(changes(before, after)) == bool(edit_plan(before, after, ARN))
    assert changes(after, after) == ()


@given(sets, sets)
def test_each_line_says_what_was_and_what_will_be(before, after):
    found = changes(before, after)
    assert len({each.field for each in found}) == len(found)
    for each in found:
        assert each.before != each.after
        assert each.label
        assert each.before or each.after
        assert each.means or not each.danger
        assert "{" not in each.means


@pytest.mark.parametrize(
    ("field", "value", "before", "after", "danger"),
    [
        ("sending_enabled", False, "on", "off", True),
        ("reputation_metrics", False, "on", "off", False),
        ("tls_policy", "REQUIRE", "when possible", "required", True),
        ("tls_policy", "QUANTUM", "when possible", "QUANTUM", False),
        ("sending_pool", "pool", "shared addresses", "pool", False),
        ("max_delivery_seconds", 300, "14 h", "5 min", True),
        ("max_delivery_seconds", 7200, "14 h", "2 h", False),
        ("suppressed_reasons", (), "as the account", "nothing is suppressed", True),
        ("suppressed_reasons", ("BOUNCE",), "as the account", "bounces", False),
        ("suppression_scope", "TENANT", "as the account", "tenant", False),
        ("validation", "HIGH", "as the account", "high", False),
        ("redirect_domain", "t.example.com", "awstrack.me", "t.example.com", False),
        ("https_policy", "REQUIRE", "as the link was", "for links and pixel", True),
        ("engagement_metrics", "ENABLED", "as the account", "on", True),
        ("optimized_delivery", "DISABLED", "as the account", "off", False),
        ("archive", "arn:a", "none", "arn:a", False),
    ],
)
def test_the_options(field, value, before, after, danger):
    (change,) = changes(BARE, replace(BARE, **{field: value}))
    before = "14 hours" if before == "14 h" else before
    assert (change.field, change.before, change.after) == (field, before, after)
    assert change.danger is danger
    assert change.means
    assert change.group is about(field).group
    (back,) = changes(replace(BARE, **{field: value}), BARE)
    assert not back.danger


def test_every_field_is_explained_and_what_costs_says_so():
    for field in (*SCALARS, "tags", "destinations", "dimensions"):
        what = about(field)
        assert what.label
        assert what.means.endswith(".")
        assert isinstance(what.group, Group)
    costly = {field for field in SCALARS if about(field).costs}
    assert costly == {
        "reputation_metrics",
        "sending_pool",
        "https_policy",
        "validation",
        "engagement_metrics",
        "optimized_delivery",
        "archive",
    }
    assert "CloudWatch" in about("dimensions").costs
    for field in (*SCALARS, "tags", "name"):
        assert shown(FULL, field)
    with pytest.raises(KeyError):
        about("nonsense")


def test_a_destination_that_comes_and_one_that_goes():
    after = replace(BARE, destinations=(bus(events=frozenset({EventType.CLICK})),))
    gone, new = changes(HEARD, after)
    assert (gone.field, gone.before, gone.after) == (
        "destinations.alarms",
        "SNS topic events: Bounce, Complaint",
        "",
    )
    assert gone.danger
    assert "Bounce, Complaint" in gone.means
    assert (new.before, new.after) == ("", "EventBridge bus event-bus/default: Click")
    assert "link" in new.means


def test_a_destination_may_go_where_another_hears_the_same():
    both = replace(BARE, destinations=(topic(), bus()))
    (change,) = changes(both, HEARD)
    assert not change.danger


def test_a_destination_that_changes_has_a_line_for_each_part():
    after = replace(
        HEARD,
        destinations=(
            metrics("alarms", events=frozenset({EventType.BOUNCE, EventType.OPEN}), enabled=False),
        ),
    )
    found = {
        each.field.removeprefix("destinations.alarms."): each for each in changes(HEARD, after)
    }
    assert set(found) == {
        "enabled",
        "target",
        "dimensions",
        "events.COMPLAINT",
        "events.OPEN",
    }
    assert found["enabled"].danger
    assert found["events.COMPLAINT"].danger
    assert found["events.OPEN"].danger
    assert "picture" in found["events.OPEN"].means
    assert found["target"].after == "CloudWatch metrics ses:configuration-set=set"
    assert "CloudWatch" in found["dimensions"].means


def test_tags_are_lines_too():
    found = changes(replace(BARE, tags=(("a", "1"),)), replace(BARE, tags=(("b", ""),)))
    assert [(each.label, each.before, each.after) for each in found] == [
        ("a", "1", ""),
        ("b", "", "(empty)"),
    ]


def test_what_is_kept_is_no_change_of_anybody():
    assert changes(BARE, replace(BARE, kept=(SMIME,))) == ()


@pytest.mark.parametrize(("value", "text"), [(300, "5 min"), (3600, "1 h"), (301, "301 s")])
def test_times_are_shown_as_people_say_them(value, text):
    assert duration(value) == text
