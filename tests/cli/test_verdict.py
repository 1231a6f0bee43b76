"""What a check comes to, for every mixture of records and states."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from sestui.cli.output import ExitCode
from sestui.cli.verdict import Checked, CheckStatus, fix
from sestui.domain.diagnosis import RecordCheck, Verdict
from sestui.domain.dns import Answer, Outcome
from sestui.domain.errors import Problem
from sestui.domain.identity import Dkim, Identity, IdentityKind, MailFrom, Status, Verification
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
    dkim: Verdict, dmarc: Verdict = Verdict.OK, identity: Identity | None = DONE, **more: object
) -> Checked:
    checks = (check(DKIM, dkim), check(DMARC, dmarc))
    return Checked("example.com", "eu-west-1", NOW, checks, identity, **more)


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
        (checked(Verdict.UNKNOWN, identity=PENDING), CheckStatus.UNKNOWN, 1),
        (checked(Verdict.UNKNOWN, Verdict.MISSING), CheckStatus.UNKNOWN, 1),
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


def test_findings_say_what_ses_says():
    why = Verification(error_type="HOST_NOT_FOUND")
    seen = checked(Verdict.OK, identity=replace(PENDING, verification=why))
    codes = [finding.code for finding in seen.findings]
    assert codes == ["ses_identity_pending", "ses_dkim_pending", "ses_saw_host_not_found"]
    assert not checked(Verdict.OK).findings


@pytest.mark.parametrize("verdict", Verdict)
def test_a_fix_only_for_what_is_known_to_be_wrong(verdict):
    wrong = verdict in (Verdict.MISSING, Verdict.DIFFERENT)
    assert (fix(check(DKIM, verdict)) is not None) is wrong


def test_a_text_record_that_says_something_else_is_not_overwritten():
    advice = fix(check(DMARC, Verdict.DIFFERENT))
    assert advice is not None
    assert advice["value"] is None
