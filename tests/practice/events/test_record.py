"""The practice account's own record of what became of each message."""

from __future__ import annotations

import json

from sestui.practice.events import record
from sestui.practice.events.record import Record


def event(message_id: str, **tags: str) -> dict:
    mail = {"messageId": message_id, "tags": {name: [value] for name, value in tags.items()}}
    return {"eventType": "Send", "mail": mail}


def test_events_of_a_message_and_of_a_tag_are_there_after_a_restart(tmp_path):
    path = tmp_path / "events.jsonl"
    kept = Record(path)
    kept.add(event("1", run="a"))
    kept.add(event("2", run="a"))
    kept.add(event("3", run="b"))
    for each in (kept, Record(path)):
        assert each.of_message("2") == [event("2", run="a")]
        assert each.of_tag("run", "a") == [event("1", run="a"), event("2", run="a")]
        assert each.of_message("9") == each.of_tag("run", "c") == each.of_tag("other", "a") == []


def test_a_line_that_was_cut_off_costs_nothing_but_itself(tmp_path):
    path = tmp_path / "events.jsonl"
    path.write_bytes(b'{"mail": 1}\n[]\n' + json.dumps(event("1")).encode() + b'\n{"eventType": "S')
    kept = Record(path)
    kept.add(event("2"))
    again = Record(path)
    assert again.of_message("1") == [event("1")]
    assert again.of_message("2") == [event("2")]


def test_the_newest_are_kept_and_the_file_does_not_grow_for_ever(tmp_path, monkeypatch):
    monkeypatch.setattr(record, "MOST", 3)
    path = tmp_path / "events.jsonl"
    kept = Record(path)
    for number in range(20):
        kept.add(event(str(number)))
    assert len(path.read_bytes().splitlines()) <= 6
    for each in (kept, Record(path)):
        assert [n for n in range(20) if each.of_message(str(n))] == [17, 18, 19]


def test_a_folder_that_is_gone_does_not_stop_the_mail(tmp_path):
    kept = Record(tmp_path / "gone" / "events.jsonl")
    kept.add(event("1"))
    assert kept.of_message("1")
