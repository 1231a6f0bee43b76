"""BYODKIM: a TXT record with a key of the person's own, in place of the three CNAMEs."""

from __future__ import annotations

import pytest

from sestui.domain.diagnosis import Severity, Verdict
from sestui.domain.identity import Dkim, Status
from sestui.workflows.check import Target, check_domain
from tests.dnsserver import Internet
from tests.workflows.looking import NOW, asking
from tests.workflows.zones import KEY, REGION, Fixture, identity

NAME = "sel._domainkey.example.com."


@pytest.mark.parametrize(
    ("lines", "verdict", "cause"),
    [
        (f'{NAME} TXT "{KEY[:200]}" "{KEY[200:]}"\n', Verdict.OK, ""),
        (f'{NAME} TXT "v=DKIM1; k=rsa; {KEY[:200]}" "{KEY[200:]}"\n', Verdict.OK, ""),
        (f'{NAME} TXT "{KEY[:200]}"\n', Verdict.DIFFERENT, "cut off"),
        (f'{NAME} TXT "p="\n', Verdict.DIFFERENT, "revoked"),
        (f'{NAME} TXT "\\"{KEY[:200]}" "{KEY[200:]}\\""\n', Verdict.VALUE_QUOTED, "quote"),
        (
            f'{NAME} TXT "{KEY[:200]}" "{KEY[200:]}"\n{NAME} TXT "p="\n',
            Verdict.DUPLICATE_RECORD,
            "",
        ),
        (f'sel.example.com. TXT "{KEY[:200]}" "{KEY[200:]}"\n', Verdict.NAME_MISSPELT, ""),
        ("", Verdict.MISSING, "no such name"),
    ],
    ids=range(8),
)
async def test_the_key(lines: str, verdict: Verdict, cause: str) -> None:
    shape = Fixture("key", verdict, plus=lines, without=("dkim1", "dkim2", "dkim3"))
    own = identity(dkim=Dkim(Status.SUCCESS, True, "EXTERNAL", ("sel",)))
    with Internet({"127.0.0.1": {"zones": shape.zones}}) as internet:
        dns = asking(("127.0.0.1", internet.port))
        report = await check_domain(dns, Target.of(own, REGION), now=lambda: NOW)
    check = report.checks[0]
    assert check.verdict is verdict, check.cause
    assert cause in check.cause
    if check.severity is not Severity.OK:
        assert check.fix is not None
        # SES does not tell the public key, so no placeholder is offered to be typed.
        assert "customerProvided" not in check.fix.value
