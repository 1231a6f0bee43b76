"""Two people edit one set at once: no change is lost, and no contradiction goes unseen."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sestui.domain.configset import ConfigurationSet, Dimension, EventType
from sestui.domain.configset.changes import SCALARS, changes
from sestui.domain.configset.merge import merge
from tests.domain.configset.samples import FULL, bus, metrics, normal, sets, topic

BASE = replace(FULL, destinations=(topic(), bus()))
SEND, OPEN = EventType.SEND, EventType.OPEN


def fields(found) -> set[str]:
    return {each.field for each in found}


@given(sets, sets)
def test_who_is_alone_gets_what_they_want(base, mine):
    merged = merge(base, base, mine)
    assert merged.conflicts == ()
    assert normal(merged.result) == normal(replace(mine, kept=base.kept))
    assert merged.taken_over == ()


@given(sets, sets)
def test_what_others_did_stays_where_nothing_is_changed_here(base, theirs):
    merged = merge(base, theirs, base)
    assert (merged.conflicts, merged.result) == ((), theirs)
    assert merged.taken_over == changes(base, theirs)


@given(sets, sets)
def test_two_who_did_the_same_do_not_contradict(base, both):
    both = replace(both, kept=base.kept)
    merged = merge(base, both, both)
    assert (merged.conflicts, normal(merged.result)) == ((), normal(both))


@given(sets, sets, sets)
@settings(max_examples=300)
def test_no_change_is_lost(base, theirs, mine):
    """Each change of either is in the result, or is asked about."""
    merged = merge(base, theirs, mine)
    asked = fields(merged.conflicts)
    for side in (theirs, mine):
        for change in changes(base, side):
            if not _asked(change.field, asked):
                assert _value(merged.result, change.field) == _value(side, change.field)
    for field in merged.conflicts:
        assert field.theirs != field.mine or field.field.startswith("destinations.")


@given(sets, sets, sets)
@settings(max_examples=200)
def test_once_decided_nothing_is_asked_again(base, theirs, mine):
    asked = fields(merge(base, theirs, mine).conflicts)
    ours = merge(base, theirs, mine, mine_wins=asked)
    other = merge(base, theirs, mine, theirs_wins=asked)
    assert ours.conflicts == other.conflicts == ()
    for field in asked & set(SCALARS):
        assert getattr(ours.result, field) == getattr(mine, field)
        assert getattr(other.result, field) == getattr(theirs, field)


@given(sets, sets, sets)
@settings(max_examples=200)
def test_the_result_is_a_set_that_ses_would_take(base, theirs, mine):
    result = merge(base, theirs, mine).result
    assert result.redirect_domain or result.https_policy == "OPTIONAL"
    assert all(each.events for each in result.destinations)
    for each in result.destinations:
        assert bool(each.dimensions) == (each.kind.value == "cloudwatch")
        assert each.target or each.dimensions
    for field in SCALARS:
        values = {getattr(side, field) for side in (base, theirs, mine)}
        assert getattr(result, field) in values


def _asked(field: str, asked: set[str]) -> bool:
    """A question about a whole destination is about each part of it, and the other way round."""
    if field.startswith("destinations."):
        _head, name, *inner = field.split(".")
        # What is added or removed as a whole is compared part by part by nobody.
        parts = {f"destinations.{name}"}
        parts |= {f"destinations.{name}.{part}" for part in inner[:1]}
        if not inner or inner[0] in ("target", "dimensions"):
            parts |= {f"destinations.{name}.{part}" for part in ("target", "dimensions", "events")}
        return bool(parts & asked)
    if field in ("redirect_domain", "https_policy"):
        return bool({"redirect_domain", "https_policy"} & asked)
    return field in asked


def _value(each: ConfigurationSet, field: str):
    head, *inner = field.split(".")
    if head == "tags":
        return dict(each.tags).get(".".join(inner))
    if head != "destinations":
        return getattr(each, field)
    found = each.destination(inner[0])
    if found is None or len(inner) == 1:
        return found and found.name
    match inner[1:]:
        case ["enabled"]:
            return found.enabled
        case ["target"]:
            return found.kind, found.target, found.role
        case ["dimensions"]:
            return found.dimensions
        case ["events", event]:
            return EventType(event) in found.events
    raise AssertionError(field)


@pytest.mark.parametrize("field", SCALARS)
def test_each_field_is_merged_by_itself(field):
    mine = replace(BASE, tags=(), archive="arn:mine")
    theirs = replace(BASE, tls_policy="QUANTUM", max_delivery_seconds=301)
    merged = merge(BASE, theirs, mine)
    side = mine if field == "archive" else theirs
    assert getattr(merged.result, field) == getattr(side, field)
    assert merged.result.tags == ()


def test_the_same_field_changed_to_two_things_is_asked_about():
    theirs = replace(BASE, max_delivery_seconds=300, suppressed_reasons=())
    mine = replace(BASE, max_delivery_seconds=600, suppressed_reasons=None)
    merged = merge(BASE, theirs, mine)
    assert {(c.field, c.base, c.theirs, c.mine) for c in merged.conflicts} == {
        ("max_delivery_seconds", "1 h", "5 min", "10 min"),
        ("suppressed_reasons", "bounces", "nothing is suppressed", "as the account"),
    }
    assert merged.result == theirs
    decided = merge(BASE, theirs, mine, ["suppressed_reasons"], ["max_delivery_seconds"])
    assert decided.result == replace(theirs, suppressed_reasons=None)


def test_half_a_list_of_reasons_each_is_not_the_end_of_all_suppression():
    base = replace(BASE, suppressed_reasons=("BOUNCE", "COMPLAINT"))
    theirs = replace(base, suppressed_reasons=("BOUNCE",))
    mine = replace(base, suppressed_reasons=("COMPLAINT",))
    assert fields(merge(base, theirs, mine).conflicts) == {"suppressed_reasons"}


def test_both_add_events_to_one_destination():
    theirs = replace(BASE, destinations=(topic(events=topic().events | {SEND}), bus()))
    mine = replace(BASE, destinations=(topic(events=topic().events | {OPEN}), bus(enabled=False)))
    merged = merge(BASE, theirs, mine)
    assert merged.conflicts == ()
    assert merged.result.destinations == (
        topic(events=topic().events | {SEND, OPEN}),
        bus(enabled=False),
    )
    assert fields(merged.taken_over) == {"destinations.alarms.events.SEND"}


def test_each_takes_the_events_away_that_the_other_left():
    bounce, complaint = frozenset({EventType.BOUNCE}), frozenset({EventType.COMPLAINT})
    theirs = replace(BASE, destinations=(topic(events=bounce), bus()))
    mine = replace(BASE, destinations=(topic(events=complaint), bus()))
    merged = merge(BASE, theirs, mine)
    assert fields(merged.conflicts) == {"destinations.alarms.events"}
    assert merged.result.destination("alarms").events == bounce


def test_one_removes_what_the_other_changes():
    gone = replace(BASE, destinations=(bus(),))
    changed = replace(BASE, destinations=(topic(enabled=False), bus()))
    for theirs, mine in ((gone, changed), (changed, gone)):
        merged = merge(BASE, theirs, mine)
        assert fields(merged.conflicts) == {"destinations.alarms"}
        assert merged.result == theirs
        assert normal(merge(BASE, theirs, mine, ["destinations.alarms"]).result) == normal(mine)


def test_two_new_destinations_of_one_name():
    theirs = replace(BASE, destinations=(*BASE.destinations, topic("new")))
    mine = replace(BASE, destinations=(*BASE.destinations, bus("new"), bus("mine")))
    merged = merge(BASE, theirs, mine)
    assert fields(merged.conflicts) == {"destinations.new"}
    assert merged.result.destination("new") == topic("new")
    assert merged.result.destination("mine") == bus("mine")


def test_dimensions_go_with_the_kind():
    base = replace(BASE, destinations=(topic("d"),))
    theirs = replace(base, destinations=(topic("d", target="arn:other"),))
    mine = replace(base, destinations=(metrics("d"),))
    merged = merge(base, theirs, mine)
    assert fields(merged.conflicts) == {"destinations.d.target"}
    assert merged.result.destination("d") == topic("d", target="arn:other")
    assert merge(base, theirs, mine, fields(merged.conflicts)).result.destination("d") == metrics(
        "d"
    )


def test_two_who_change_the_dimensions():
    def dims(*names):
        return metrics("d", *(Dimension(name, "MESSAGE_TAG", "x") for name in names))

    base, theirs, mine = (
        replace(BASE, destinations=(each,)) for each in (dims("a"), dims("b"), dims("c"))
    )
    assert fields(merge(base, theirs, mine).conflicts) == {"destinations.d.dimensions"}
    assert merge(base, base, mine).result.destinations == (dims("c"),)


def test_https_for_links_without_the_domain_they_go_through():
    base = replace(BASE, https_policy="OPTIONAL")
    none = replace(base, redirect_domain="", https_policy="OPTIONAL")
    strict = replace(base, https_policy="REQUIRE")
    for theirs, mine in ((none, strict), (strict, none)):
        merged = merge(base, theirs, mine)
        assert fields(merged.conflicts) == {"redirect_domain"}
        assert merged.result == theirs
        assert merge(base, theirs, mine, ["redirect_domain"]).result == mine


@given(st.sampled_from([FULL, BASE]))
def test_what_can_only_be_read_is_theirs(base):
    theirs = replace(base, kept=(("NewOptions", "{}"),), last_fresh_start=None)
    assert merge(base, theirs, replace(base, kept=())).result == theirs
