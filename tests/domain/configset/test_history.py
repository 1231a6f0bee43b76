"""Undo and redo of what is done to a draft."""

from __future__ import annotations

from dataclasses import replace

from sestui.domain.configset.edit import SetDraft
from sestui.domain.configset.history import MOST, History

FIRST = SetDraft()
POOL, TLS = replace(FIRST, sending_pool="p"), replace(FIRST, tls_policy="REQUIRE")


def test_each_edit_is_taken_back_and_done_again():
    history = History(FIRST).edited(POOL, "pool").edited(TLS, "TLS")
    back, words = history.undone()
    assert (back.now, words) == (POOL, "TLS")
    back, words = back.undone()
    assert (back.now, words) == (FIRST, "pool")
    assert back.undone() == (back, "")
    again, words = back.redone()
    assert (again.now, words) == (POOL, "pool")
    again, words = again.redone()
    assert (again.now, words) == (TLS, "TLS")
    assert again.redone() == (again, "")


def test_letters_typed_in_one_field_are_one_edit():
    history = History(FIRST)
    for text in ("a", "ar", "arn"):
        history = history.edited(replace(FIRST, archive=text), "Archive", "archive", typing=True)
    typed = replace(history.now, sending_pool="x")
    history = history.edited(typed, "Pool", "sending_pool", typing=True)
    assert len(history.past) == 2
    history, _words = history.undone()
    assert history.now.archive == "arn"
    history, _words = history.undone()
    assert history.now == FIRST


def test_typing_after_an_undo_is_an_edit_of_its_own():
    history = History(FIRST).edited(POOL, "pool", "sending_pool", typing=True)
    history, _words = history.undone()
    history = history.edited(POOL, "pool", "sending_pool", typing=True)
    assert history.undone()[0].now == FIRST
    assert history.future == ()


def test_what_changes_nothing_is_no_edit():
    history = History(FIRST).edited(POOL, "pool")
    assert history.edited(POOL, "again") is history


def test_the_oldest_are_forgotten():
    history = History(FIRST)
    for number in range(MOST + 5):
        history = history.edited(replace(FIRST, archive=str(number)), "")
    assert len(history.past) == MOST
