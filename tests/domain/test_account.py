"""The account, its keys, what went wrong, and the language of it all."""

import gettext
import traceback

import pytest

from sestui.domain import i18n
from sestui.domain.account import Account, Caller, Keys, Quota, Secret
from sestui.domain.errors import Problem, Trouble

KEYS = Keys("AKIAEXAMPLE", Secret("hidden"))


def test_a_secret_shows_itself_to_nobody_who_does_not_ask():
    secret = Secret("hidden")
    shown = [repr(secret), str(secret), f"{secret}", f"{KEYS}", repr([KEYS])]
    try:
        raise ValueError(KEYS)
    except ValueError:
        shown.append(traceback.format_exc())
    assert not [text for text in shown if "hidden" in text]
    assert secret.reveal() == "hidden"


def test_secrets_compare_by_what_they_hide():
    assert Secret("a") == Secret("a") != Secret("b")
    assert Secret("a") != "a"
    assert len({Secret("a"), Secret("a"), "a"}) == 2
    assert Secret("a")
    assert not Secret("")


@pytest.mark.parametrize(
    ("keys", "temporary"),
    [
        (KEYS, False),
        (Keys("ASIAEXAMPLE", Secret("s")), True),
        (Keys("AKIAEXAMPLE", Secret("s"), Secret("token")), True),
    ],
)
def test_keys_that_end_are_known_as_such(keys, temporary):
    assert keys.temporary is temporary


@pytest.mark.parametrize(
    ("arn", "name"),
    [
        ("arn:aws:iam::123456789012:user/anna", "user/anna"),
        ("arn:aws:sts::123456789012:assumed-role/Admin/a:b", "assumed-role/Admin/a:b"),
        ("arn:aws:iam::123456789012:root", "root"),
        ("", ""),
    ],
)
def test_who_is_calling(arn, name):
    assert Caller("123456789012", arn).name == name


@pytest.mark.parametrize(
    ("most", "sent", "left"), [(200, 20, 180), (200, 300, 0), (-1, 300, None), (0, 0, 0)]
)
def test_what_is_left_of_the_quota(most, sent, left):
    assert Quota(most, 1, sent).left == left


@pytest.mark.parametrize(
    ("enabled", "enforcement", "can"),
    [
        (True, "HEALTHY", True),
        (True, "PROBATION", True),
        (True, "SHUTDOWN", False),
        (False, "HEALTHY", False),
    ],
)
def test_an_account_under_review_may_still_send(enabled, enforcement, can):
    account = Account(False, enabled, enforcement, Quota(200, 1, 0))
    assert account.can_send is can
    assert account.sandbox


def test_only_what_passes_by_itself_is_asked_again():
    passing = {trouble for trouble in Trouble if Problem("x", trouble=trouble).passes}
    assert passing == {Trouble.NETWORK, Trouble.THROTTLED, Trouble.BAD_ANSWER}


def test_the_reference_is_what_support_will_ask_for():
    assert Problem("x").reference == ""
    problem = Problem("x", operation="GetAccount", request_id="r-1")
    assert problem.reference == "GetAccount · r-1"


def test_texts_are_in_the_language_that_was_chosen():
    class Upper(gettext.NullTranslations):
        def gettext(self, message):
            return message.upper()

        def ngettext(self, singular, plural, number):
            return (singular if number == 1 else plural).upper()

    try:
        i18n.use(Upper())
        assert i18n._("hello") == "HELLO"
        assert i18n.ngettext("{n} mail", "{n} mails", 2) == "{N} MAILS"
    finally:
        i18n.use(gettext.NullTranslations())
    assert i18n._("hello") == "hello"
    assert i18n.ngettext("{n} mail", "{n} mails", 1) == "{n} mail"
