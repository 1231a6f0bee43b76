"""What a check comes to, for every mixture of records and states."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from sestui.cli.output import ExitCode
from sestui.cli.verdict import Checked, CheckStatus
from sestui.domain.diagnosis import Fix, RecordCheck, Severity, Verdict
from sestui.domain.diagnosis.findings import Finding
from sestui.domain.diagnosis.report import Report
from sestui.domain.dns import Answer, Outcome
from sestui.domain.errors import Problem
from sestui.domain.identity import Dkim, Identity, IdentityKind, MailFrom, Status
from sestui.domain.records import Purpose, RequiredRecord

NOW = datetime(2026, 11, 24, tzinfo=UTC)
DKIM = RequiredRecord(Purpose.DKIM, "CNAME", "t._domainkey.example.com", "t.dkim.amazonses.com")
DMARC = RequiredRecord(Purpose.DMARC, "TXT", "_dmarc.example.com", "v=DMARC1; p=none;")
DONE = Identity(
    "example.com",
    IdentityKind.DOMAIN,
    Status.SUCCESS,
    verified=True,
    dkim=Dkim(Status.SUCCESS, signing_enabled=True, tokens=("t",)),
)
PENDING = replace(DONE, status=Status.PENDING, verified=False, dkim=Dkim(Status.PENDING))


def check(record: RequiredRecord, verdict: Verdict) -> RecordCheck:
    return RecordCheck(record, verdict, Answer(record.name, record.type, Outcome.FOUND))


def checked(
    dkim: Verdict,
    dmarc: Verdict = Verdict.OK,
    identity: Identity | None = DONE,
    findings: tuple[Finding, ...] = (),
    **more: object,
) -> Checked:
    checks = (check(DKIM, dkim), check(DMARC, dmarc))
    report = Report("example.com", NOW, checks, findings)
    return Checked("eu-west-1", report, identity, **more)


DANGER = Finding("apex_feedback_mx", Severity.ERROR, "Mail is lost.")
REMARK = Finding("server_silent", Severity.WARNING, "One is silent.")


@pytest.mark.parametrize(
    ("seen", "status", "code"),
    [
        (checked(Verdict.OK), CheckStatus.OK, 0),
        (checked(Verdict.OK, identity=None), CheckStatus.OK, 0),
        (checked(Verdict.OK, Verdict.MISSING), CheckStatus.OK, 0),
        (checked(Verdict.MISSING), CheckStatus.PROBLEM, 3),
        (checked(Verdict.DIFFERENT, identity=None), CheckStatus.PROBLEM, 3),
        (checked(Verdict.MISSING, identity=PENDING), CheckStatus.PROBLEM, 3),
        (checked(Verdict.OK, identity=PENDING), CheckStatus.WAITING, 4),
        (checked(Verdict.BROKEN, identity=PENDING), CheckStatus.UNKNOWN, 1),
        (checked(Verdict.TIMED_OUT, Verdict.MISSING), CheckStatus.UNKNOWN, 1),
        (checked(Verdict.OK, Verdict.COVERED), CheckStatus.OK, 0),
        (checked(Verdict.CACHED_NEGATIVE), CheckStatus.OK, 0),
        (checked(Verdict.CACHED_NEGATIVE, identity=None), CheckStatus.WAITING, 4),
        (checked(Verdict.CACHED_NEGATIVE, identity=PENDING), CheckStatus.WAITING, 4),
        (checked(Verdict.ON_SOME_SERVERS), CheckStatus.PROBLEM, 3),
        (checked(Verdict.OK, findings=(DANGER,)), CheckStatus.PROBLEM, 3),
        (checked(Verdict.OK, findings=(REMARK,)), CheckStatus.OK, 0),
        (checked(Verdict.OK, problem=Problem("no network")), CheckStatus.UNKNOWN, 1),
        (
            checked(Verdict.OK, identity=replace(DONE, mail_from=MailFrom("m.x", Status.FAILED))),
            CheckStatus.PROBLEM,
            3,
        ),
    ],
)
def test_the_status_and_its_exit_code(seen, status, code):
    assert seen.status is status
    assert status.code == ExitCode(code)
    assert seen.as_json()["status"] == status


def test_only_a_failed_state_is_hopeless():
    for status in Status:
        seen = checked(Verdict.OK, identity=replace(DONE, dkim=Dkim(status)))
        assert seen.hopeless is (status is Status.FAILED)


def test_that_ses_was_not_asked_comes_first():
    seen = checked(Verdict.OK, findings=(REMARK,), problem=Problem("no network"))
    assert [finding.code for finding in seen.findings] == ["ses_not_asked", "server_silent"]


def test_what_is_typed_where_is_in_the_document():
    boxes = Fix("Add it.", "CNAME", "t._domainkey", DKIM.name, DKIM.value, DKIM.value)
    wrong = replace(check(DKIM, Verdict.MISSING), cause="None there.\x1b[31m", fix=boxes)
    document = Checked("eu-west-1", Report("example.com", NOW, (wrong,))).as_json()
    (record,) = document["records"]
    assert record["cause"] == r"None there.\x1b[31m"
    assert record["fix"] == {
        "text": "Add it.",
        "name": DKIM.name,
        "value": DKIM.value,
        "name_box": "t._domainkey",
        "value_box": DKIM.value,
        "priority": None,
        "panel_url": None,
    }
