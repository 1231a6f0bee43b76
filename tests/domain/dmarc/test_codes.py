"""Each finding has an example: a code without one is a code nobody has seen."""

import pytest

from sestui.domain.dmarc import (
    Code,
    destinations,
    parse,
    position_findings,
    read_name,
    report_findings,
)
from sestui.domain.dns import Outcome
from tests.domain.dmarc.test_record import BROKEN
from tests.domain.dmarc.zone import tree, txt


def record(text):
    return parse(text).findings


def name(texts, root=None, **more):
    answer = None if root is None else txt("example.com", root)
    return read_name("example.com", txt("_dmarc.example.com", texts, **more), root=answer).findings


def reports(texts):
    places = destinations(parse("v=DMARC1; p=none; rua=mailto:a@x.org"), "example.com")
    return report_findings(places, [txt(place.name, texts) for place in places])


GOOD = "v=DMARC1; p=none; rua=mailto:d@example.com"
EXAMPLES = {code: record(text) for text, code, _repaired in BROKEN} | {
    Code.TAG_UNKNOWN: record("v=DMARC1; p=none; rau=mailto:a@example.com"),
    Code.TAG_REMOVED: record("v=DMARC1; p=reject; pct=20"),
    Code.FO_WITHOUT_RUF: record("v=DMARC1; p=none; fo=1"),
    Code.TEST_MODE: record("v=DMARC1; p=reject; t=y"),
    Code.PSD_YES: record("v=DMARC1; p=reject; psd=y"),
    Code.PSD_NO: record("v=DMARC1; p=reject; psd=n"),
    Code.URI_SCHEME: record("v=DMARC1; p=none; rua=https://example.com/dmarc"),
    Code.URI_SIZE: record("v=DMARC1; p=none; rua=mailto:a@example.com!10m"),
    Code.NO_REPORTS: record("v=DMARC1; p=none"),
    Code.REGISTRAR_DEFAULT: record("v=DMARC1; p=none; rua=mailto:dmarc_rua@onsecureserver.net"),
    Code.REPORTS_REFUSED: reports(Outcome.NO_SUCH_NAME),
    Code.REPORTS_UNKNOWN: reports(Outcome.TIMED_OUT),
    Code.REPORTS_MOVED_AWAY: reports("v=DMARC1; rua=mailto:a@y.org"),
    Code.NO_RECORD: name(Outcome.NO_SUCH_NAME),
    Code.UNKNOWN: name(Outcome.BROKEN),
    Code.SEVERAL_RECORDS: name((GOOD, "v=DMARC1; p=reject")),
    Code.OTHER_TEXTS: name(("x", GOOD)),
    Code.AT_ROOT: name(Outcome.NO_SUCH_NAME, root=GOOD),
    Code.ALIAS: name(GOOD, chain=("x.example",)),
    Code.ALIAS_BROKEN: name(Outcome.NO_SUCH_TYPE, chain=("x.example",)),
    Code.SP_IGNORED: position_findings(
        "a.example.com",
        tree({"a.example.com": "v=DMARC1; p=none; sp=none", "example.com": GOOD}, "a.example.com"),
    ),
}


@pytest.mark.parametrize("code", list(Code))
def test_each_finding_has_an_example(code):
    (finding, *_more) = [found for found in EXAMPLES[code] if found.code is code]
    assert finding.text.endswith((".", "?"))
    assert "{" not in finding.text
