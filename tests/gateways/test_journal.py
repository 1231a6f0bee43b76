from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from sestui.domain.errors import Problem, Trouble
from sestui.gateways.journal import Journal, plain
from sestui.gateways.ports import GatewayError

AT = datetime(2026, 10, 1, 12, tzinfo=UTC)


def journal(folder: Path) -> Journal:
    return Journal(folder, now=lambda: AT)


def test_a_line_before_and_a_line_after(tmp_path: Path) -> None:
    kept = journal(tmp_path / "state")
    entry = kept.begun("1", "eu-west-1", "sesv2", "CreateEmailIdentity", {"EmailIdentity": "x.com"})
    kept.done(entry, {"IdentityType": "DOMAIN", "ResponseMetadata": {"RequestId": "r"}})
    lines = [json.loads(line) for line in kept.path.read_text().splitlines()]
    assert lines[0] == {
        "schema": "sestui.journal/1",
        "at": "2026-10-01T12:00:00+00:00",
        "id": entry["id"],
        "event": "begun",
        "account": "1",
        "region": "eu-west-1",
        "service": "sesv2",
        "operation": "CreateEmailIdentity",
        "parameters": {"EmailIdentity": "x.com"},
    }
    assert lines[1]["event"] == "done"
    assert lines[1]["id"] == entry["id"]
    assert lines[1]["answer"] == {"IdentityType": "DOMAIN"}
    assert list(kept.entries()) == lines


def test_a_failure_is_there_with_its_request_id(tmp_path: Path) -> None:
    kept = journal(tmp_path)
    entry = kept.begun("1", "eu-west-1", "sns", "CreateTopic", {})
    kept.failed(entry, Problem("no", trouble=Trouble.DENIED, code="AccessDenied", request_id="r7"))
    problem = list(kept.entries())[-1]["problem"]
    assert (problem["trouble"], problem["code"], problem["request_id"]) == (
        "denied",
        "AccessDenied",
        "r7",
    )


def test_only_its_owner_can_read_it(tmp_path: Path) -> None:
    kept = journal(tmp_path / "a" / "b")
    kept.begun("1", "r", "s", "o", {})
    assert kept.path.stat().st_mode & 0o777 == 0o600
    assert kept.path.parent.stat().st_mode & 0o777 == 0o700


def test_a_line_that_a_crash_cut_off_spoils_no_other(tmp_path: Path) -> None:
    kept = journal(tmp_path)
    kept.begun("1", "r", "s", "first", {})
    with kept.path.open("ab") as file:
        file.write(b'{"schema": "sestui.journal/1", "ev')
    kept.begun("1", "r", "s", "second", {})
    assert [entry["operation"] for entry in kept.entries()] == ["first", "second"]


def test_an_unwritable_folder_is_told_once(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("a file where the folder should be")
    kept = journal(tmp_path / "state")
    with pytest.raises(GatewayError) as told:
        kept.begun("1", "r", "s", "o", {})
    assert told.value.trouble is Trouble.LOCAL
    assert "Nothing was changed" in told.value.problem.what
    entry = kept.begun("1", "r", "s", "o", {})  # the person goes on all the same
    kept.done(entry, {})
    assert list(kept.entries()) == []


def test_no_secret_gets_in() -> None:
    hidden = {
        "DkimSigningAttributes": {
            "DomainSigningSelector": "s1",
            "DomainSigningPrivateKey": "MIIEvSECRET",
        },
        "SecretAccessKey": "SECRET",
        "Password": ["SECRET"],
        "Endpoint": "https://anna:SECRET@example.com/hook",
        "Data": b"SECRET",
        "when": AT,
        "events": frozenset({"SEND"}),
    }
    shown = json.dumps(plain(hidden))
    assert "SECRET" not in shown
    assert "s1" in shown
    assert "example.com/hook" in shown
    assert "(6 bytes)" in shown
