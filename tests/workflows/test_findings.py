"""What a check says that is not about one record."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from sestui.domain.diagnosis import Severity, Verdict
from sestui.domain.diagnosis.findings import Finding
from sestui.domain.identity import Dkim, Identity, MailFrom, Status, Verification
from sestui.workflows.check import Target, check_domain
from tests.dnsserver import Internet
from tests.workflows.looking import NOW, asking
from tests.workflows.zones import FEEDBACK, REGION, TOKENS, Fixture, identity

TXT = "example.com. TXT"


async def found(identity_: Identity | None, **fixture: Any) -> dict[str, Finding]:
    shape = Fixture("x", Verdict.OK, **fixture)
    zones = {**shape.zones, "com": "$TTL 60\ncom. SOA a. b. 1 2 3 4 5\n"}
    zones["google.com"] = (
        '$TTL 60\ngoogle.com. SOA a. b. 1 2 3 4 5\n_spf.google.com. TXT "v=spf1 -all"\n'
    )
    with Internet({"127.0.0.1": {"zones": zones}}) as internet:
        target = (
            Target.of(identity_, REGION)
            if identity_ is not None
            else Target("example.com", shape.required)
        )
        dns = asking(("127.0.0.1", internet.port))
        report = await check_domain(dns, target, now=lambda: NOW)
    return {finding.code: finding for finding in report.findings}


async def test_a_domain_where_all_is_well_has_remarks_at_most() -> None:
    seen = await found(identity())
    assert {code for code, finding in seen.items() if finding.severity is not Severity.OK} <= {
        "dmarc_no_reports"
    }
    assert "root_spf_not_needed" in seen


async def test_a_mail_from_domain_ses_was_never_told_of() -> None:
    without = replace(identity(), mail_from=MailFrom())
    seen = await found(
        without, plus=f"bounce.example.com. MX 10 {FEEDBACK}\n", without=("mx", "spf")
    )
    assert seen["mail_from_decorative"].severity is Severity.WARNING
    assert seen["mail_from_decorative"].action == "mail_from"
    assert "bounce.example.com" in seen["mail_from_decorative"].text
    assert "alignment_default_mail_from" in seen
    assert "mail_from_decorative" not in await found(identity())
    assert "mail_from_decorative" not in await found(None)


@pytest.mark.parametrize(("without", "text"), [((), "are right now"), (("mx",), "Mend")])
async def test_a_mail_from_that_ses_gave_up(without: tuple[str, ...], text: str) -> None:
    failed = replace(identity(), mail_from=MailFrom("mail.example.com", Status.FAILED))
    seen = await found(failed, without=without)
    finding = seen["ses_mail_from_failed"]
    assert (finding.severity, finding.action) == (Severity.ERROR, "restart")
    assert text in finding.text


async def test_a_record_that_ses_has_lost_is_put_back_and_not_started_again() -> None:
    lost = identity(dkim=Dkim(Status.TEMPORARY_FAILURE, True, tokens=TOKENS))
    finding = (await found(lost))["ses_dkim_temporary_failure"]
    assert (finding.severity, finding.action) == (Severity.WARNING, "")


async def test_why_ses_is_still_waiting() -> None:
    why = Verification("TYPE_NOT_FOUND")
    seen = await found(identity(status=Status.PENDING, verified=False, verification=why))
    assert "no record of this type" in seen["ses_saw_type_not_found"].text


async def test_an_mx_for_bounces_at_the_domain_itself_is_a_danger() -> None:
    seen = await found(None, plus=f"example.com. MX 10 {FEEDBACK}\n")
    assert seen["apex_feedback_mx"].severity is Severity.ERROR
    assert "apex_feedback_mx" not in await found(None, plus="example.com. MX 1 smtp.google.com.\n")


async def test_a_leftover_of_the_old_way_is_harmless() -> None:
    seen = await found(None, plus='_amazonses.example.com. TXT "token"\n')
    assert seen["legacy_amazonses_txt"].severity is Severity.OK


@pytest.mark.parametrize(
    ("lines", "code"),
    [
        (f'{TXT} "v=spf1 -all"\n{TXT} "v=spf1 mx ~all"\n', "root_spf_several_records"),
        (f'{TXT} "v=spf1 include:gone.example.com ~all"\n', "root_spf_include_without_spf"),
        (f'{TXT} "v=spf1 +all"\n', "root_spf_pass_all"),
        (f'{TXT} "v=spf1 include:example.com ~all"\n', "root_spf_include_loop"),
    ],
)
async def test_spf_of_the_domain_itself_never_fails_the_check(lines: str, code: str) -> None:
    seen = await found(None, plus=lines)
    assert seen[code].severity is Severity.WARNING


async def test_spf_of_the_domain_itself_needs_no_ses() -> None:
    seen = await found(None, plus=f'{TXT} "v=spf1 include:_spf.google.com ~all"\n')
    assert [code for code in seen if code.startswith("root_spf")] == ["root_spf_not_needed"]
    assert seen["root_spf_not_needed"].severity is Severity.OK


@pytest.mark.parametrize(
    ("policy", "codes"),
    [
        ("v=DMARC1; p=reject; aspf=s", {"alignment_aspf_strict"}),
        ("v=DMARC1; p=none; rua=mailto:x@elsewhere.org", {"dmarc_reports_unknown"}),
        ("v=DMARC1; p=none; pct=50", {"dmarc_tag_removed"}),
    ],
)
async def test_dmarc_and_alignment(policy: str, codes: set[str]) -> None:
    seen = await found(identity(), without=("dmarc",), plus=f'_dmarc.example.com. TXT "{policy}"\n')
    assert codes <= set(seen)


async def test_signing_that_is_off() -> None:
    off = identity(dkim=Dkim(Status.SUCCESS, False, tokens=TOKENS))
    assert (await found(off))["alignment_no_dkim"].severity is Severity.ERROR


async def test_an_mx_of_another_region_is_a_note() -> None:
    other = "mail.example.com. MX 10 feedback-smtp.us-east-1.amazonses.com.\n"
    seen = await found(None, without=("mx",), plus=other)
    assert (seen["mail_from_note"].severity, "us-east-1" in seen["mail_from_note"].text) == (
        Severity.OK,
        True,
    )
