"""What would become of a mail, said before it is sent; and what is read of one that arrived."""

from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes, policy

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sestui.domain.account import Account, Quota
from sestui.domain.alignment import Mail, simulate
from sestui.domain.configset import ConfigurationSet
from sestui.domain.diagnosis.report import Report
from sestui.domain.dmarc import read_tree
from sestui.domain.dns import Answer, Outcome
from sestui.domain.identity import (
    Dkim,
    Identity,
    IdentityKind,
    IdentitySummary,
    MailFrom,
    OnMxFailure,
    Status,
)
from sestui.domain.mail.attachment import Attachment
from sestui.domain.mail.form import Format, MailForm, Transport
from sestui.domain.mail.headers import unsubscribe_pair
from sestui.domain.mail.message import Message
from sestui.domain.preflight import (
    Action,
    ActionKind,
    Facts,
    Gap,
    Note,
    action_plan,
    forecast,
    known,
)
from sestui.domain.received import body_text, verification_link
from sestui.domain.severity import Severity
from sestui.domain.steps import WizardState
from sestui.domain.suppression import Suppressed

SANDBOX = Account(False, True, "HEALTHY", Quota(200, 1, 0), ("BOUNCE", "COMPLAINT"))
PRODUCTION = replace(SANDBOX, production=True)
NOW = datetime(2026, 5, 12, 9, 12, tzinfo=UTC)
VERIFIED = frozenset({"example.com", "Me@gmail.com"})


def row(name: str, status: Status = Status.SUCCESS) -> IdentitySummary:
    kind = IdentityKind.EMAIL if "@" in name else IdentityKind.DOMAIN
    return IdentitySummary(name, kind, status, status is Status.SUCCESS)


DOMAIN = Identity(
    "example.com",
    IdentityKind.DOMAIN,
    Status.SUCCESS,
    True,
    dkim=Dkim(Status.SUCCESS, True),
    mail_from=MailFrom("mail.example.com", Status.SUCCESS),
)
ADDRESS = Identity("a@example.com", IdentityKind.EMAIL, Status.SUCCESS, True)
FACTS = Facts(
    account=SANDBOX,
    identities=tuple(map(row, sorted(VERIFIED))),
    details={"example.com": DOMAIN},
    region="eu-west-1",
)
MESSAGE = Message(Format.FORMATTED, "a@example.com", ("b@example.com",), subject="s", text="t")
SIMULATED = ("success@simulator.amazonses.com",)
QUIET = {"quota_left", "rate", "simulator_only"}


def notes(facts: Facts = FACTS, **changes) -> dict[str, Note]:
    """What is said, by code, apart from what is always said."""
    found = forecast(replace(MESSAGE, **changes), facts)
    return {note.code: note for note in found if note.code not in QUIET}


def test_a_mail_that_ses_would_take():
    assert notes() == {}
    assert notes(to=SIMULATED) == {}
    assert notes(replace(FACTS, account=PRODUCTION), to=("you@elsewhere.org",)) == {}


def test_what_is_not_known_forecasts_nothing():
    assert set(notes(Facts(), to=("you@elsewhere.org",))) == {"sender_unknown"}
    assert not any(note.stops for note in forecast(MESSAGE, Facts()))


# The account


@pytest.mark.parametrize(
    ("changes", "code", "action"),
    [
        ({"sending_enabled": False}, "account_switched_off", ActionKind.RESUME_ACCOUNT),
        ({"sending_enabled": False, "enforcement": "SHUTDOWN"}, "account_paused", None),
        ({"enforcement": "PROBATION"}, "account_under_review", None),
    ],
)
def test_an_account_that_may_not_send(changes, code, action):
    (note,) = notes(replace(FACTS, account=replace(SANDBOX, **changes))).values()
    assert note.code == code
    assert note.stops is (code != "account_under_review")
    assert (note.action and note.action.kind) == action


@pytest.mark.parametrize(
    ("most", "sent", "count", "code"),
    [
        (200, 199, 2, "quota_short"),
        (200, 500, 1, "quota_used_up"),
        (200, 200, 1, "quota_used_up"),
        (200, 199, 1, None),
        (-1, 500, 2, None),
    ],
)
def test_recipients_are_counted_against_the_quota(most, sent, count, code):
    account = replace(PRODUCTION, quota=Quota(most, 14, sent))
    recipients = tuple(f"a{i}@example.com" for i in range(count))
    said = notes(replace(FACTS, account=account), to=recipients)
    assert list(said) == ([code] if code else [])
    assert all(note.stops for note in said.values())


def test_when_the_quota_comes_back_is_said_where_it_is_known():
    used_up = replace(FACTS, account=replace(SANDBOX, quota=Quota(200, 1, 200)))
    assert "24 hours" in notes(used_up)["quota_used_up"].advice
    assert "09:12" in notes(replace(used_up, quota_frees=NOW))["quota_used_up"].advice


@pytest.mark.parametrize("most", [200, -1])
def test_the_simulator_is_not_counted(most):
    account = replace(SANDBOX, quota=Quota(most, 1, 200))
    assert notes(replace(FACTS, account=account), to=SIMULATED) == {}


def test_more_recipients_than_the_rate_is_only_good_to_know():
    two = ("b@example.com", "c@example.com")
    codes = {note.code: note for note in forecast(replace(MESSAGE, to=two), FACTS)}
    assert codes["rate"].severity is Severity.OK
    assert "198" not in codes["quota_left"].text
    assert "200 of 200" in codes["quota_left"].text


# The sender


@pytest.mark.parametrize(
    ("sender", "identities", "code", "action"),
    [
        ("a@elsewhere.org", (), "sender_unverified",
         Action(ActionKind.USE_ADDRESS, "a@example.com")),
        ("a@new.org", (row("new.org", Status.PENDING),), "sender_pending",
         Action(ActionKind.OPEN_VERIFY, "new.org")),
        ("a@new.org", (row("a@new.org", Status.PENDING),), "sender_pending",
         Action(ActionKind.OPEN_VERIFY, "a@new.org")),
        ("a@sub.new.org", (row("new.org", Status.FAILED),), "sender_failed",
         Action(ActionKind.OPEN_VERIFY, "new.org")),
        ("A@new.org", (row("a@new.org"),), "sender_case",
         Action(ActionKind.USE_ADDRESS, "a@new.org")),
    ],
)  # fmt: skip
def test_a_sender_has_to_be_verified(sender, identities, code, action):
    facts = replace(FACTS, identities=(*FACTS.identities, *identities))
    note = notes(facts, sender=sender, to=SIMULATED)[code]
    assert note.stops
    assert note.action == action
    assert sender in note.text


def test_without_any_verified_domain_the_address_itself_is_to_be_verified():
    facts = Facts(account=SANDBOX, identities=(), region="eu-west-1")
    note = notes(facts, to=SIMULATED)["sender_unverified"]
    assert note.actions == (Action(ActionKind.VERIFY_ADDRESS, "a@example.com"),)
    assert "eu-west-1" in note.text


def test_a_raw_mail_has_further_senders():
    raw = b"From: a@example.com\r\nSender: x@elsewhere.org\r\nReturn-Path: <>\r\n\r\nhello\r\n"
    said = notes(format=Format.RAW, raw=raw)
    assert "x@elsewhere.org" in said["sender_unverified"].text


def test_a_free_mail_address_is_verified_and_yet_no_good_sender():
    note = notes(sender="Me@gmail.com")["free_mail"]
    assert not note.stops
    assert "Reply-To" in note.advice
    assert note.action == Action(ActionKind.USE_ADDRESS, "Me@example.com")
    assert "free_mail" not in notes(sender="Me@gmail.com", to=SIMULATED)


def test_an_address_verified_beside_its_domain_has_settings_of_its_own():
    both = {"example.com": replace(DOMAIN, configuration_set="events"), "a@example.com": ADDRESS}
    facts = replace(FACTS, identities=(*FACTS.identities, row("a@example.com")), details=both)
    note = notes(facts)["identity_shadow"]
    assert "a@example.com is verified by itself beside example.com" in note.text
    for word in ("DKIM", "MAIL FROM", "events"):
        assert word in note.text
    signed = replace(ADDRESS, dkim=DOMAIN.dkim, mail_from=DOMAIN.mail_from)
    alike = replace(facts, details={"example.com": DOMAIN, "a@example.com": signed})
    assert notes(alike) == {}
    assert "identity_shadow" not in notes(facts, sender="b@example.com")


@pytest.mark.parametrize(
    ("on_failure", "code", "stops"),
    [
        (OnMxFailure.REJECT, "mail_from_not_verified", True),
        (OnMxFailure.DEFAULT, "mail_from_fallback", False),
    ],
)
def test_a_mail_from_domain_that_ses_has_not_seen(on_failure, code, stops):
    mail_from = MailFrom("mail.example.com", Status.PENDING, on_failure)
    facts = replace(FACTS, details={"example.com": replace(DOMAIN, mail_from=mail_from)})
    note = notes(facts)[code]
    assert note.stops is stops
    assert note.action == Action(ActionKind.OPEN_VERIFY, "example.com")


# The recipients


def test_the_sandbox_names_each_recipient_it_would_refuse():
    found = forecast(
        replace(MESSAGE, to=("b@example.com", "you@elsewhere.org", "she@elsewhere.org")), FACTS
    )
    said = [note for note in found if note.code == "sandbox_recipient"]
    assert ["you@elsewhere.org" in said[0].text, "she@elsewhere.org" in said[1].text] == [True] * 2
    kinds = [action.kind for action in said[0].actions]
    assert kinds == [
        ActionKind.VERIFY_ADDRESS, ActionKind.USE_SIMULATOR, ActionKind.REQUEST_PRODUCTION
    ]  # fmt: skip
    assert "Nothing is wrong with your domain" in said[0].advice


def test_many_recipients_share_a_note():
    many = tuple(f"a{i}@elsewhere.org" for i in range(50))
    found = [n for n in forecast(replace(MESSAGE, to=many), FACTS) if n.code.startswith("sandbox")]
    assert [note.code for note in found] == ["sandbox_recipient"] * 3 + ["sandbox_recipients"]
    assert "47 other recipients" in found[-1].text


@pytest.mark.parametrize(
    ("recipient", "identity", "code"),
    [
        ("you@new.org", row("you@new.org", Status.PENDING), "sandbox_recipient_pending"),
        ("you@new.org", row("new.org", Status.PENDING), "sandbox_recipient_pending"),
        ("You@new.org", row("you@new.org"), "sandbox_recipient_case"),
        ("you@new.org", row("you@new.org"), None),
        ("you@deep.new.org", row("new.org"), None),
        ("you+news@new.org", row("you@new.org"), None),
    ],
)
def test_a_recipient_in_the_sandbox(recipient, identity, code):
    facts = replace(FACTS, identities=(*FACTS.identities, identity))
    assert list(notes(facts, to=(recipient,))) == ([code] if code else [])
    assert notes(replace(facts, account=PRODUCTION), to=(recipient,)) == {}


GONE = Suppressed("b@example.com", "BOUNCE", NOW)


@pytest.mark.parametrize(
    ("account", "of_set", "code"),
    [
        (("BOUNCE", "COMPLAINT"), None, "suppressed"),
        (("COMPLAINT",), None, "suppressed_not_applied"),
        (("BOUNCE", "COMPLAINT"), (), "suppressed_not_applied"),
        (("BOUNCE", "COMPLAINT"), ("COMPLAINT",), "suppressed_not_applied"),
        ((), ("BOUNCE",), "suppressed"),
    ],
)
def test_a_suppressed_recipient_and_whose_reasons_count(account, of_set, code):
    facts = replace(
        FACTS,
        account=replace(SANDBOX, suppressed_reasons=account),
        sets={"events": ConfigurationSet("events", suppressed_reasons=of_set)},
        suppressed={"b@example.com": GONE, "c@example.com": None},
    )
    (note,) = notes(
        facts, to=("b@example.com", "c@example.com"), configuration_set="events"
    ).values()
    assert note.code == code
    assert not note.stops
    assert "b@example.com is on your suppression list since 2026-05-12 (BOUNCE)" in note.text
    assert note.action == Action(ActionKind.UNSUPPRESS, "b@example.com")
    (call,) = action_plan(note.action)
    assert call.command("eu-west-1") == (
        "aws sesv2 delete-suppressed-destination --email-address b@example.com --region eu-west-1"
    )


def test_the_simulator():
    said = {n.code: n for n in forecast(replace(MESSAGE, to=SIMULATED), FACTS)}
    assert "DKIM" in said["simulator_only"].text
    assert set(notes(to=(*SIMULATED, "b@example.com"))) == {"simulator_mixed"}
    assert set(notes(to=("boom@simulator.amazonses.com",))) == {"simulator_unknown"}
    assert notes(to=("Bounce+1@simulator.amazonses.com",)) == {}


# The configuration set


@pytest.mark.parametrize("default", [False, True])
@pytest.mark.parametrize(
    ("found", "code", "action"),
    [
        (None, "set_missing", ActionKind.CREATE_SET),
        (ConfigurationSet("events", sending_enabled=False), "set_paused", ActionKind.RESUME_SET),
        (ConfigurationSet("events"), None, None),
    ],
)
def test_the_configuration_set_that_applies(default, found, code, action):
    facts = replace(FACTS, sets={"events": found})
    if default:
        facts = replace(facts, details={"example.com": replace(DOMAIN, configuration_set="events")})
        said = notes(facts)
    else:
        said = notes(facts, configuration_set="events")
    if code is None:
        assert said == {}
        return
    note = said["default_" + code if default else code]
    assert note.stops
    assert note.action == Action(action, "events")


def test_a_set_of_the_mail_goes_before_the_default():
    facts = replace(
        FACTS,
        details={"example.com": replace(DOMAIN, configuration_set="gone")},
        sets={"gone": None, "events": ConfigurationSet("events")},
    )
    assert notes(facts, configuration_set="events") == {}
    assert notes(facts, configuration_set="not-looked-up") == {}


# DMARC

RECORD = "v=DMARC1; p={p};"


def report(policy: str | None = "reject", tags: str = "") -> Report:
    answers = []
    for domain in ("example.com", "com", "mail.example.com"):
        name = f"_dmarc.{domain}"
        if domain == "example.com" and policy:
            text = RECORD.format(p=policy) + tags
            answers.append(Answer(name, "TXT", Outcome.FOUND, (text,), texts=((text.encode(),),)))
        else:
            answers.append(Answer(name, "TXT", Outcome.NO_SUCH_NAME))
    mail = Mail("example.com", "example.com", "mail.example.com")
    return Report("example.com", NOW, alignment=simulate(mail, read_tree(answers)))


NO_DKIM = replace(DOMAIN, dkim=Dkim(Status.PENDING, True))
NO_MAIL_FROM = replace(DOMAIN, mail_from=MailFrom())


@pytest.mark.parametrize(
    ("policy", "tags", "identity", "code", "severity"),
    [
        ("reject", "", DOMAIN, "dmarc_passes", Severity.OK),
        ("reject", "", NO_MAIL_FROM, "dmarc_one_leg", Severity.OK),
        ("reject", "", NO_DKIM, "dmarc_one_leg", Severity.OK),
        ("reject", " aspf=s", DOMAIN, "dmarc_one_leg", Severity.OK),
        ("reject", "", replace(NO_DKIM, mail_from=MailFrom()), "dmarc_fails", Severity.ERROR),
        ("none", "", replace(NO_DKIM, mail_from=MailFrom()), "dmarc_fails", Severity.WARNING),
        (None, "", DOMAIN, "dmarc_no_policy", Severity.WARNING),
    ],
)
def test_whether_it_will_pass_dmarc(policy, tags, identity, code, severity):
    facts = replace(FACTS, report=report(policy, tags), details={"example.com": identity})
    note = notes(facts)[code]
    assert note.severity is severity
    assert not note.stops
    assert not any(c.startswith("dmarc") for c in notes(facts, to=SIMULATED))


def test_a_subdomain_is_not_what_was_simulated_where_alignment_is_strict():
    strict = replace(FACTS, report=report("reject", " adkim=s"))
    assert "dmarc_passes" in notes(replace(FACTS, report=report()), sender="a@shop.example.com")
    assert "dmarc_one_leg" in notes(strict, sender="a@shop.example.com")
    assert notes(strict, sender="Me@gmail.com").keys() == {"free_mail"}


# The message


def test_a_big_mail():
    def of(megabytes: int) -> dict[str, Note]:
        return notes(attachments=(Attachment("a.bin", bytes(megabytes * 1024 * 1024)),))

    assert of(1) == {}
    assert not of(8)["big"].stops
    assert of(30)["too_big"].stops


def test_unsubscribing():
    many = tuple(f"a{i}@example.com" for i in range(5))
    assert notes(to=many)["no_unsubscribe"].severity is Severity.OK
    assert notes(to=many, headers=unsubscribe_pair("example.com")) == {}
    half = (("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"),)
    note = notes(headers=half)["unsubscribe"]
    assert note.action == Action(ActionKind.ADD_UNSUBSCRIBE)


def test_a_template_cannot_go_by_smtp():
    facts = replace(FACTS, transport=Transport.SMTP)
    assert notes(facts, format=Format.TEMPLATED, template="t")["template_over_smtp"].stops
    assert notes(facts) == {}
    assert notes(replace(facts, region="eu-south-1"))["no_smtp"].stops
    assert notes(replace(FACTS, region="eu-south-1")) == {}


def test_a_gap_is_said_and_stops_nothing():
    note = notes(replace(FACTS, gaps=(Gap("Sandbox and quota", "Not allowed."),)))["not_found_out"]
    assert (note.severity, note.stops) == (Severity.UNKNOWN, False)
    assert note.advice == "Not allowed."


def test_the_worst_comes_first():
    facts = replace(FACTS, gaps=(Gap("x", "y"),), suppressed={"b@example.com": GONE})
    found = forecast(replace(MESSAGE, to=("b@example.com", "you@elsewhere.org")), facts)
    assert [note.severity for note in found[:3]] == [
        Severity.ERROR, Severity.WARNING, Severity.UNKNOWN
    ]  # fmt: skip


def test_what_an_action_changed_is_forgotten():
    facts = replace(FACTS, suppressed={"b@example.com": GONE}, sets={"events": None})
    assert facts.without(Action(ActionKind.UNSUPPRESS, "b@example.com")).suppressed == {}
    assert facts.without(Action(ActionKind.CREATE_SET, "events")).sets == {}
    assert facts.without(Action(ActionKind.RESUME_ACCOUNT)).account is None
    assert facts.without(Action(ActionKind.CHOOSE_SET)) == facts


@pytest.mark.parametrize("kind", ActionKind)
def test_every_action_has_words_and_those_with_a_plan_a_command(kind):
    action = Action(kind, "events")
    assert "{" not in action.words
    for call in action_plan(action):
        assert call.command("eu-west-1").startswith("aws sesv2 ")


def test_what_the_wizard_knows_already():
    state = WizardState(
        account=SANDBOX,
        identities=FACTS.identities,
        identity=DOMAIN,
        default_set=ConfigurationSet("events"),
        mail_form=MailForm(transport=Transport.SMTP),
    )
    facts = known(state)
    assert facts.verified == VERIFIED
    assert facts.sets.keys() == {"events"}
    assert facts.transport is Transport.SMTP
    assert known(WizardState()).identities is None


@pytest.mark.parametrize(
    ("address", "is_covered"),
    [
        ("a@example.com", True),
        ("a@Mail.Example.com", True),
        ("a@notexample.com", False),
        ("Me@gmail.com", True),
        ("Me+label@gmail.com", True),
        ("me@gmail.com", False),
        ("x@sub.gmail.com", False),
    ],
)
def test_what_an_identity_covers(address, is_covered):
    assert bool(facts_of(VERIFIED).acting(address)) is is_covered


def body(raw: bytes) -> str:
    return body_text(message_from_bytes(raw, policy=policy.default))


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        (b"From: a@b.com\n\nHello\n", "Hello\n"),
        (b"Content-Type: text/html\n\n<p>Hello</p>", "<p>Hello</p>"),
        (b"Content-Type: text/plain; charset=utf-8\n\n\xc3\xa9", "é"),
        (b"Content-Type: text/plain; charset=no-such\n\nHello", "Hello"),
        (b"Content-Type: image/png\n\nHello", ""),
        (
            (
                b"Content-Type: multipart/alternative; boundary=x\n\n"
                b"--x\nContent-Type: text/html\n\n<p>\n"
                b"--x\nContent-Type: text/plain\n\ntext\n--x--\n"
            ),
            "text",
        ),
    ],
)
def test_the_text_of_a_mail(raw, text):
    assert body(raw).strip("\n") == text.strip("\n")


pieces = st.sampled_from(
    [
        b"Content-Type: ", b"text/plain", b"text/html", b"multipart/mixed", b"; charset=", b"utf-8",
        b"no-such", b"Content-Transfer-Encoding: ", b"base64", b"quoted-printable", b"\n", b"\n\n",
        b"; boundary=", b'"a"', b"--a", b"--a--", b"=E9", b"\xff", b"<", b'"', b"*0*=", b"\x00",
    ]
)  # fmt: skip


@given(st.lists(pieces, max_size=25).map(b"".join))
def test_a_mangled_mail_is_no_reason_to_crash(raw):
    assert isinstance(body(raw), str)


@pytest.mark.parametrize(
    ("text", "link"),
    [
        (
            "Click:\nhttps://email-verification.us-east-1.amazonaws.com/?Context=1&x=2\nBye",
            "https://email-verification.us-east-1.amazonaws.com/?Context=1&x=2",
        ),
        ('<a href="http://127.0.0.1:1/confirm?t=a">', "http://127.0.0.1:1/confirm?t=a"),
        ("https://aws.amazon.com/", ""),
        ("", ""),
    ],
)
def test_the_link_of_the_verification_mail(text, link):
    assert verification_link(text) == link


@pytest.mark.parametrize(
    ("recipient", "refused"),
    [
        ("you@elsewhere.org", True),
        ("you@example.com", False),
        ("you@mail.example.com", False),
        ("you@notexample.com", True),
        ("Friend@gmail.com", False),
        ("Friend+label@gmail.com", False),
        ("friend@gmail.com", True),  # SES tells addresses by their case
        ("you@Upper.example", False),
        ("success@simulator.amazonses.com", False),
        ("bounce+label@Simulator.AmazonSES.com", False),
        ("x@evil.simulator.amazonses.com", True),
    ],
)
def test_the_sandbox_lets_mail_out_to_three_kinds_of_recipient(recipient, refused):
    facts = facts_of(frozenset({"example.com", "Friend@gmail.com", "UPPER.example"}))
    message = Message(Format.FORMATTED, "me@example.com", (recipient,), subject="s", text="t")
    stops = [note.code for note in forecast(message, facts) if note.stops]
    assert bool(stops) is refused, stops


def facts_of(names: frozenset[str]) -> Facts:
    """A sandbox with these verified identities."""
    rows = tuple(
        IdentitySummary(
            name, IdentityKind.EMAIL if "@" in name else IdentityKind.DOMAIN, Status.SUCCESS, True
        )
        for name in names
    )
    return Facts(account=SANDBOX, identities=rows, region="eu-west-1")
