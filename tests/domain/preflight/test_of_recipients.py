"""Whom SES would not write to: each note whole, with what can be done about it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from sestui.domain.account import Account, Quota
from sestui.domain.configset import ConfigurationSet
from sestui.domain.identity import IdentityKind, IdentitySummary, Status
from sestui.domain.mail.form import Format, Scenario
from sestui.domain.mail.message import Message
from sestui.domain.preflight import Action, ActionKind, Facts, Note
from sestui.domain.preflight.of_recipients import recipient_notes
from sestui.domain.severity import Severity
from sestui.domain.suppression import Suppressed

SANDBOX = Account(False, True, "HEALTHY", Quota(200, 1, 0), ("BOUNCE", "COMPLAINT"))
PRODUCTION = replace(SANDBOX, production=True)
SIMULATOR = Action(ActionKind.USE_SIMULATOR, "success@simulator.amazonses.com")
REQUEST = Action(ActionKind.REQUEST_PRODUCTION)


def row(name: str, status: Status = Status.SUCCESS) -> IdentitySummary:
    kind = IdentityKind.EMAIL if "@" in name else IdentityKind.DOMAIN
    return IdentitySummary(name, kind, status, status is Status.SUCCESS)


def notes(*to: str, account: Account | None = SANDBOX, **facts) -> list[Note]:
    message = Message(Format.FORMATTED, "a@example.com", to, subject="s", text="t")
    message = replace(message, configuration_set=facts.pop("chosen", ""))
    identities = facts.pop("identities", (row("example.com"),))
    known = Facts(account=account, identities=identities, region="eu-west-1", **facts)
    return list(recipient_notes(message, known))


# The sandbox


def test_a_stranger_in_the_sandbox():
    assert notes("you@elsewhere.org") == [
        Note(
            "sandbox_recipient",
            Severity.ERROR,
            "The sandbox lets no mail out to you@elsewhere.org.",
            "Verify that address, use any address at a verified domain, or the simulator. Nothing "
            "is wrong with your domain.",
            (Action(ActionKind.VERIFY_ADDRESS, "you@elsewhere.org"), SIMULATOR, REQUEST),
            stops=True,
        )
    ]


@pytest.mark.parametrize(
    ("pending", "advice"),
    [
        ("you@new.org", "Open the link in Amazon's mail to that address."),
        ("new.org", "The Verify step shows what is missing."),
    ],
)
def test_a_recipient_whose_verification_is_under_way(pending, advice):
    assert notes("you@new.org", identities=(row(pending, Status.PENDING),)) == [
        Note(
            "sandbox_recipient_pending",
            Severity.ERROR,
            f"The sandbox lets no mail out to you@new.org until {pending} is verified.",
            advice,
            (Action(ActionKind.OPEN_VERIFY, pending), SIMULATOR),
            stops=True,
        )
    ]


def test_the_address_that_is_pending_goes_before_its_domain():
    both = (row("new.org", Status.PENDING), row("you@new.org", Status.FAILED))
    (note,) = notes("you@new.org", identities=both)
    assert note.action == Action(ActionKind.OPEN_VERIFY, "you@new.org")


def test_a_recipient_verified_in_another_case():
    assert notes("You@new.org", identities=(row("you@new.org"),)) == [
        Note(
            "sandbox_recipient_case",
            Severity.ERROR,
            "You@new.org is not verified, you@new.org is: SES tells upper from lower case.",
            "Write it as it was verified.",
            (SIMULATOR,),
            stops=True,
        )
    ]


@pytest.mark.parametrize(
    "facts",
    [
        {"account": PRODUCTION},
        {"account": None},  # not known: nothing is forecast
        {"identities": None},
    ],
)
def test_outside_the_sandbox_and_where_nothing_is_known_nobody_is_refused(facts):
    assert notes("you@elsewhere.org", **facts) == []


def test_who_is_verified_or_simulated_is_written_to():
    assert notes("b@example.com", "c@mail.example.com") == []
    codes = [note.code for note in notes("b@example.com", Scenario.BOUNCE.address)]
    assert codes == ["simulator_mixed"]


@pytest.mark.parametrize(
    ("count", "own", "shared"),
    [
        (1, 1, ""),
        (4, 4, ""),
        (5, 3, "2 other recipients either: r3@x.org, r4@x.org."),
        (6, 3, "3 other recipients either: r3@x.org, r4@x.org, r5@x.org."),
        (7, 3, "4 other recipients either: r3@x.org, r4@x.org, r5@x.org …."),
        (50, 3, "47 other recipients either: r3@x.org, r4@x.org, r5@x.org …."),
    ],
)
def test_many_strangers_share_a_note(count, own, shared):
    """One that would stand alone in the shared note has a note of its own."""
    found = notes(*(f"r{n}@x.org" for n in range(count)))
    alone = [note for note in found if note.code == "sandbox_recipient"]
    assert [f"r{n}@x.org." in note.text for n, note in enumerate(alone)] == [True] * own
    assert found[own:] == (
        [
            Note(
                "sandbox_recipients",
                Severity.ERROR,
                f"The sandbox lets no mail out to {shared}",
                "Production access lifts that for all of them.",
                (REQUEST, SIMULATOR),
                stops=True,
            )
        ]
        if shared
        else []
    )


# The suppression list

SINCE = datetime(2026, 5, 12, 9, 12, tzinfo=UTC)
BOUNCED = Suppressed("b@example.com", "BOUNCE", SINCE)
COMPLAINED = Suppressed("c@example.com", "COMPLAINT", None)


def listed(*entries: Suppressed | None, **facts) -> list[Note]:
    people = ("b@example.com", "c@example.com")
    known = {each.address: each for each in entries if each is not None}
    return notes(*people, suppressed={person: known.get(person) for person in people}, **facts)


def test_each_suppressed_recipient_has_a_note_with_the_reason():
    assert listed(BOUNCED, COMPLAINED) == [
        Note(
            "suppressed",
            Severity.WARNING,
            "b@example.com is on your suppression list since 2026-05-12 (BOUNCE): SES would say "
            "“sent” and drop it.",
            "It bounced before: take it off only if the mailbox works now.",
            (
                Action(ActionKind.UNSUPPRESS, "b@example.com"),
                Action(ActionKind.LEAVE_OUT, "b@example.com"),
            ),
        ),
        Note(
            "suppressed",
            Severity.WARNING,
            "c@example.com is on your suppression list (COMPLAINT): SES would say “sent” and drop "
            "it.",
            "Its owner called your mail spam: take it off only if they want it.",
            (
                Action(ActionKind.UNSUPPRESS, "c@example.com"),
                Action(ActionKind.LEAVE_OUT, "c@example.com"),
            ),
        ),
    ]


def test_who_is_not_on_the_list_has_no_note():
    assert [note.action for note in listed(COMPLAINED)] == [
        Action(ActionKind.UNSUPPRESS, "c@example.com")
    ]
    assert listed() == []
    assert notes("b@example.com") == []  # nobody was looked up


@pytest.mark.parametrize(
    ("account", "of_set", "applied", "who"),
    [
        (("BOUNCE", "COMPLAINT"), None, "bc", ""),
        (("BOUNCE",), None, "b", "the account"),
        (("COMPLAINT",), None, "c", "the account"),
        ((), None, "", "the account"),
        (None, None, "bc", ""),  # nothing is known of the account: better a warning too many
        # The set has a list of reasons of its own, be it an empty one.
        (("BOUNCE", "COMPLAINT"), (), "", "events"),
        (("BOUNCE", "COMPLAINT"), ("COMPLAINT",), "c", "events"),
        ((), ("BOUNCE",), "b", "events"),
        (None, ("BOUNCE",), "b", "events"),
    ],
)
def test_whose_reasons_count(account, of_set, applied, who):
    found = listed(
        BOUNCED,
        COMPLAINED,
        account=None if account is None else replace(SANDBOX, suppressed_reasons=account),
        chosen="events",
        sets={"events": ConfigurationSet("events", suppressed_reasons=of_set)},
    )
    assert "".join(n.text[0] for n in found if n.code == "suppressed") == applied
    others = [note for note in found if note.code != "suppressed"]
    assert len(others) == 2 - len(applied)
    for note in others:
        person = note.text.partition(" ")[0]
        assert note == Note(
            "suppressed_not_applied",
            Severity.OK,
            note.text.partition(")")[0] + f"); {who} does not suppress for that, so it goes out.",
            "",
            (Action(ActionKind.UNSUPPRESS, person),),
        )


# The simulator


def test_the_simulator_alone_and_mixed():
    assert notes(Scenario.BOUNCE.address, Scenario.SUCCESS.address) == [
        Note(
            "simulator_only",
            Severity.OK,
            "The simulator has no inbox: it shows events, and proves nothing about DKIM or SPF.",
            "Send one to a mailbox of yours for that.",
        )
    ]
    assert notes(Scenario.BOUNCE.address, "b@example.com") == [
        Note(
            "simulator_mixed",
            Severity.OK,
            "Real recipients and the simulator in one mail: its events come under one id.",
            "Send them apart to see what belongs to whom.",
        )
    ]


@pytest.mark.parametrize("scenario", Scenario)
@pytest.mark.parametrize("written", ["{}", "{}+label", "{}+a+b"])
def test_every_scenario_of_the_simulator_is_known(scenario, written):
    local = written.format(scenario.value)
    for address in (f"{local}@simulator.amazonses.com", f"{local.upper()}@Simulator.AmazonSES.com"):
        assert [note.code for note in notes(address)] == ["simulator_only"]


def test_an_address_that_the_simulator_does_not_have():
    assert notes("boom+success@simulator.amazonses.com")[0] == Note(
        "simulator_unknown",
        Severity.WARNING,
        "The simulator has no address boom+success@simulator.amazonses.com.",
        "It has: bounce, complaint, ooto, success, suppressionlist.",
        (SIMULATOR,),
    )
