"""The matrix of events, who hears of them, and a set at a glance."""

from dataclasses import replace

import pytest

from sestui.domain.configset import ConfigurationSet, DestinationKind, EventType
from sestui.domain.configset.edit import SetDraft, draft_of
from sestui.domain.configset.matrix import Cell, matrix, supported, toggle, toggle_enabled
from sestui.domain.configset.summary import Defaults, summary
from sestui.domain.configset.trouble import Reach, TopicState, hearing, reach
from sestui.domain.severity import Severity
from tests.domain.configset.samples import ALARMS, TOPIC, bus, metrics, pinpoint, stream, topic

BOUNCE, COMPLAINT = EventType.BOUNCE, EventType.COMPLAINT
HEARD = {TOPIC: TopicState(confirmed=1)}
PENDING = {TOPIC: TopicState(pending=2)}


def with_(*destinations, **changes) -> ConfigurationSet:
    return ConfigurationSet("set", destinations=destinations, **changes)


def test_the_matrix_has_a_row_for_each_event_and_a_cell_for_each_destination():
    found = matrix(with_(topic(), pinpoint(), topic("future", unknown=True)))
    assert found.events == tuple(EventType)
    assert {len(row) for row in found.cells} == {3}
    assert found.cell(BOUNCE, "alarms") is Cell.ON
    assert found.cell(EventType.OPEN, "alarms") is Cell.OFF
    assert found.cell(BOUNCE, "pinpoint") is Cell.ON
    assert found.cell(EventType.SUBSCRIPTION, "pinpoint") is Cell.UNSUPPORTED
    assert found.cell(EventType.DELIVERY_DELAY, "pinpoint") is Cell.UNSUPPORTED
    assert found.cell(BOUNCE, "future") is Cell.UNSUPPORTED
    assert matrix(SetDraft()).destinations == ()
    assert len({cell.word for cell in Cell}) == 3


def test_only_pinpoint_does_not_take_all_events():
    refused = {(k, e) for k in DestinationKind for e in EventType if not supported(k, e)}
    assert {kind for kind, _event in refused} == {DestinationKind.PINPOINT}
    assert len(refused) == 2


def test_a_cell_is_a_switch():
    draft = draft_of(with_(topic(), bus(), pinpoint(), topic("future", unknown=True)))
    once = toggle(draft, BOUNCE, "bus")
    assert once.destinations == (
        draft.destinations[0],
        bus(events=ALARMS - {BOUNCE}),
        *draft.destinations[2:],
    )
    assert toggle(once, BOUNCE, "bus") == draft
    assert toggle(draft, EventType.SUBSCRIPTION, "pinpoint") == draft
    assert toggle(draft, BOUNCE, "future") == draft
    assert toggle_enabled(draft, "future") == draft
    assert not toggle_enabled(draft, "bus").destinations[1].enabled
    assert toggle_enabled(toggle_enabled(draft, "bus"), "bus") == draft


@pytest.mark.parametrize(
    ("destinations", "topics", "heard"),
    [
        ((), {}, Reach.NOBODY),
        ((topic(),), HEARD, Reach.SOMEBODY),
        ((topic(),), PENDING, Reach.NOBODY),
        ((topic(),), {TOPIC: TopicState()}, Reach.NOBODY),
        ((topic(),), {TOPIC: TopicState(exists=False)}, Reach.NOBODY),
        ((topic(),), {}, Reach.UNKNOWN),
        ((topic(enabled=False),), HEARD, Reach.NOBODY),
        ((topic(events=frozenset({EventType.SEND})),), HEARD, Reach.NOBODY),
        ((bus(),), {}, Reach.SOMEBODY),
        ((stream(),), {}, Reach.SOMEBODY),
        ((metrics(),), {}, Reach.METRICS),
        ((pinpoint(),), {}, Reach.NOBODY),
        ((topic(unknown=True),), {}, Reach.UNKNOWN),
        ((metrics(), topic()), PENDING, Reach.METRICS),
        ((metrics(), topic()), HEARD, Reach.SOMEBODY),
    ],
)
def test_whom_a_bounce_reaches(destinations, topics, heard):
    watched = with_(*destinations)
    assert reach(watched, BOUNCE, topics) is heard
    warned = any(each.code == "unheard_bounce" for each in hearing(watched, topics))
    assert warned is (heard in (Reach.NOBODY, Reach.METRICS))


def codes(configuration_set, topics=None):
    return [each.code for each in hearing(configuration_set, topics)]


def test_a_set_that_is_well_has_nothing_amiss():
    assert hearing(with_(topic(), metrics()), HEARD) == ()


@pytest.mark.parametrize(
    ("watched", "topics", "expected"),
    [
        (with_(), {}, ["unheard_bounce", "unheard_complaint"]),
        (with_(bus(events=frozenset({BOUNCE}))), {}, ["unheard_complaint"]),
        (with_(metrics()), {}, ["unheard_bounce", "unheard_complaint"]),
        (with_(topic(), bus()), PENDING, ["unconfirmed"]),
        (with_(topic(), bus()), {TOPIC: TopicState()}, ["no_subscriber"]),
        (with_(topic(), bus()), {TOPIC: TopicState(exists=False)}, ["topic_gone"]),
        (with_(topic(), bus()), {TOPIC: TopicState(confirmed=1, pending=1)}, []),
        (with_(bus(), stream(enabled=False)), {}, ["disabled"]),
        (with_(bus(), pinpoint()), {}, ["pinpoint"]),
        (with_(bus(), stream(role="")), {}, ["no_role"]),
        (with_(bus(events=ALARMS | {EventType.OPEN})), {}, ["rewrites_open"]),
        (with_(bus(events=ALARMS | {EventType.CLICK})), {}, ["rewrites_click"]),
        (with_(bus(), sending_enabled=False), {}, ["sending_off"]),
        (with_(bus(), suppressed_reasons=()), {}, ["nothing_suppressed"]),
    ],
)
def test_what_is_amiss(watched, topics, expected):
    found = hearing(watched, topics)
    assert [each.code for each in found] == expected
    for each in found:
        assert each.what
        assert "{" not in each.what + each.advice


def test_the_worst_comes_first():
    found = hearing(with_(topic(), sending_enabled=False), {TOPIC: TopicState(exists=False)})
    assert [each.severity for each in found[:2]] == [Severity.ERROR] * 2
    assert {each.code for each in found[:2]} == {"sending_off", "topic_gone"}


def test_metrics_count_but_tell_nobody():
    (bounces, _complaints) = hearing(with_(metrics()))
    assert "nobody learns" in bounces.what


DEFAULTS = Defaults({"example.com": "set", "a@b.com": "gone"}, looked=3, total=40)


def test_a_set_at_a_glance():
    watched = with_(topic(), bus("b", events=frozenset({BOUNCE})), bus("c", enabled=False))
    found = summary(watched, PENDING, DEFAULTS)
    assert found.kinds == ((DestinationKind.SNS, 1), (DestinationKind.EVENTBRIDGE, 1))
    assert (found.destinations, found.disabled) == (3, 1)
    assert (found.bounces, found.complaints) == (Reach.SOMEBODY, Reach.NOBODY)
    assert found.alarms is Reach.NOBODY
    assert found.default_of == ("example.com",)
    assert found.severity is Severity.WARNING
    assert (found.sending, found.reputation) == (True, False)
    well = summary(replace(watched, destinations=(bus(),)))
    assert (well.severity, well.default_of) == (Severity.OK, ())


def test_defaults_say_how_much_they_know():
    assert not DEFAULTS.complete
    assert str(DEFAULTS) == "3 of 40 identities looked at; others may use it too"
    assert DEFAULTS.dangling(("set", "other")) == {"a@b.com": "gone"}
    assert Defaults({}, 2, 2).complete
    assert not Defaults({}, 2, 2, ("a",)).complete
