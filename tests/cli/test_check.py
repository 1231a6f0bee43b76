"""`sestui check --expect`: over a real name server, without any AWS account."""

from __future__ import annotations

import json
import unicodedata

import pytest

from sestui.cli.output import ExitCode
from sestui.gateways.dnswire import Wire

CHECK = {"schema", "domain", "region", "checked_at", "status", "zone", "records", "findings"}
RECORD = {
    "purpose", "type", "name", "expected", "found", "verdict", "severity", "cause", "fix",
    "evidence",
}  # fmt: skip


@pytest.fixture
def check(sestui, expected, names):
    def run(*more, **environment):
        return sestui(
            "check", "example.com", "--expect", str(expected), "--nameserver", names.place, *more,
            **environment,
        )  # fmt: skip

    return run


def test_all_is_well(check, published):
    ran = check()
    assert (ran.code, ran.err) == (ExitCode.OK, "")
    assert "✓ matches" in ran.out
    assert published.place in ran.out
    assert "All is well." in ran.out


def test_the_document(check, published):
    ran = check("--json")
    assert (ran.code, ran.err) == (ExitCode.OK, "")
    document = ran.json
    assert set(document) == CHECK
    assert document["schema"] == "sestui.check/1"
    assert (document["domain"], document["region"]) == ("example.com", "eu-west-1")
    assert document["status"] == "ok"
    assert set(document["zone"]) == {"apex", "nameservers", "provider"}
    assert len(document["records"]) == 4
    for record in document["records"]:
        assert set(record) == RECORD
        assert record["fix"] is None
        (evidence,) = record["evidence"]
        assert evidence["server"] == published.place
        assert evidence["question"] == f"{record['name']} {record['type']}"


def test_a_missing_record_is_a_problem_with_its_fix(check, published):
    del published.records["tok._domainkey.example.com", "CNAME"]
    ran = check("--json")
    assert ran.code == ExitCode.NOT_READY
    assert ran.json["status"] == "problem"
    record = ran.json["records"][0]
    assert (record["verdict"], record["severity"]) == ("missing", "error")
    assert record["fix"]["name"] == "tok._domainkey.example.com"
    assert record["fix"]["value"] == "tok.dkim.amazonses.com"
    assert "✗ absent" in check().out


def test_missing_dmarc_is_a_warning_and_fails_nothing(check, published):
    del published.records["_dmarc.example.com", "TXT"]
    ran = check()
    assert ran.code == ExitCode.OK
    assert "! absent" in ran.out
    assert check("--json").json["status"] == "ok"


def test_a_record_one_domain_too_far_with_the_boxes_to_fill_in(check, published):
    name = "tok._domainkey.example.com"
    published.records[f"{name}.example.com", "CNAME"] = published.records.pop((name, "CNAME"))
    published.records["example.com", "SOA"] = ["dns.cloudflare.com. x. 1 2 3 4 5"]
    published.records["example.com", "NS"] = ["a.ns.cloudflare.com."]
    record = check("--json").json["records"][0]
    assert record["verdict"] == "name_doubled"
    assert record["fix"]["name_box"] == "tok._domainkey"
    assert record["fix"]["panel_url"].startswith("https://dash.cloudflare.com/")
    questions = [each["question"] for each in record["evidence"]]
    assert questions == [f"{name}.example.com CNAME", f"{name} CNAME"]
    zone = check("--json").json["zone"]
    assert zone == {
        "apex": "example.com", "nameservers": ["a.ns.cloudflare.com"], "provider": "Cloudflare"
    }  # fmt: skip
    out = check().out
    assert "✗ domain twice in name" in out
    assert "DNS only" in out  # what is special about this panel


def test_several_name_servers_may_be_given(check, published, other_names):
    other_names.broken |= {name for name, _kind in published.records}
    ran = check("--json", "--nameserver", other_names.place)
    servers = {e["server"] for r in ran.json["records"] for e in r["evidence"]}
    assert servers == {published.place, other_names.place}
    assert ran.json["status"] == "ok"


def test_what_is_there_is_never_to_be_replaced_by_less(check, published):
    published.records["_dmarc.example.com", "TXT"] = [
        '"v=DMARC1; p=reject"', '"v=DMARC1; p=quarantine"'
    ]  # fmt: skip
    fix = check("--json").json["records"][3]["fix"]
    assert fix["value"] is None


@pytest.mark.parametrize("trouble", ["broken", "silent"])
def test_an_error_is_unknown_and_never_missing(check, published, monkeypatch, trouble):
    # Silence takes a third of the time that it takes for people.
    monkeypatch.setattr("sestui.gateways.dns.Wire", lambda timeout=1.0: Wire(min(timeout, 1.0)))
    getattr(published, trouble).add("mail.example.com")
    ran = check("--json")
    assert ran.code == ExitCode.ERROR
    assert ran.json["status"] == "unknown"
    assert [r["severity"] for r in ran.json["records"]] == ["ok", "unknown", "unknown", "ok"]


def test_a_known_problem_outweighs_an_unknown_record(check, published):
    published.broken.add("mail.example.com")
    del published.records["tok._domainkey.example.com", "CNAME"]
    assert check().code == ExitCode.NOT_READY


def test_hostile_answers_reach_nobody_raw(check, published):
    hostile = r'"v=spf1 \027]0;owned\007 \194\155 \226\128\174 <script>[red]"'
    published.records["mail.example.com", "TXT"] = [hostile]
    for more in ((), ("--json",)):
        ran = check(*more)
        assert ran.code == ExitCode.NOT_READY
        for text in (ran.out, ran.err):
            bad = [c for c in text if unicodedata.category(c) in ("Cc", "Cf") and c != "\n"]
            assert not bad
    assert r"\x1b]0;owned" in check().out


def test_no_colour_where_nobody_looks(check, published):
    assert "\x1b[" not in check().out


def test_waiting_ends_at_the_time_limit(check, published):
    del published.records["tok._domainkey.example.com", "CNAME"]
    ran = check("--wait", "--timeout", "0.5")
    assert ran.code == ExitCode.NOT_READY
    assert "3 of 4 records match" in ran.err
    assert "The time is up." in ran.err
    assert "3 of 4" not in ran.out


def test_waiting_ends_at_once_when_all_is_well(check, published):
    assert check("--wait").code == ExitCode.OK


def test_the_file_may_come_by_stdin(sestui, expected, published):
    ran = sestui(
        "check", "example.com", "--expect", "-", "--nameserver", published.place,
        typed=expected.read_text("utf-8"),
    )  # fmt: skip
    assert ran.code == ExitCode.OK


def test_the_name_server_may_come_by_the_environment(sestui, expected, published):
    arguments = ("check", "example.com", "--expect", str(expected))
    assert sestui(*arguments, SESTUI_NAMESERVER=published.place).code == ExitCode.OK
    assert sestui(*arguments, SESTUI_NAMESERVER="no where").code == ExitCode.USAGE


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("", "no JSON"),
        ("[]", "sestui.records/1"),
        ('{"schema": "sestui.records/2"}', "sestui.records/1"),
        ('{"schema": "sestui.records/1", "identity": "other.com"}', "other.com"),
        ('{"schema": "sestui.records/1", "identity": "example.com"}', "list"),
    ],
)
def test_a_file_that_is_something_else(sestui, tmp_path, text, complaint):
    path = tmp_path / "x.json"
    path.write_text(text, "utf-8")
    ran = sestui("check", "example.com", "--expect", str(path))
    assert ran.code == ExitCode.USAGE
    assert complaint in ran.err


def test_a_file_that_is_no_text(sestui, tmp_path):
    path = tmp_path / "x.json"
    path.write_bytes(b"\xff\xfe\x00")
    assert sestui("check", "example.com", "--expect", str(path)).code == ExitCode.USAGE


def test_control_characters_in_the_file_reach_nobody_raw(sestui, expected, published):
    document = json.loads(expected.read_text("utf-8"))
    document["region"] = "eu\x1b[31m"
    document["records"][0]["value"] = "x\x1b[31m.example"
    expected.write_text(json.dumps(document), "utf-8")
    arguments = ("check", "example.com", "--expect", str(expected))
    ran = sestui(*arguments, "--nameserver", published.place)
    assert ran.code == ExitCode.NOT_READY
    assert "\x1b" not in ran.out
