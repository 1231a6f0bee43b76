"""The RFC 7208 test suite, each test evaluated with and without looking ahead.

It lies outside the repository: the file `rfc7208-tests.yml` of pyspf's sources, in
`../shared/suites`. Where it is not, the run ends with a warning; `test_rfc7208.py` needs no file.
"""

from __future__ import annotations

import warnings
from pathlib import Path

import pytest
import yaml

from sestui.domain.spf import check_host

from .zone import TIMEOUT, Zone

ROOT = Path(__file__).resolve().parents[3]
SUITE = ROOT.parent / "shared" / "suites" / "rfc7208-tests.yml"
ALL = 203


def scenarios():
    if not SUITE.exists():
        return []
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return [each for each in yaml.load_all(SUITE.read_text("utf-8"), loader) if each]


def zone(data):
    """Records of type SPF are TXT ones, where a name has no TXT of its own."""
    names = {}
    for name, entries in data.items():
        found = []
        has_txt = any(isinstance(entry, dict) and "TXT" in entry for entry in entries)
        for entry in entries:
            if entry == "TIMEOUT":
                found.append((TIMEOUT, ""))
                continue
            ((kind, value),) = entry.items()
            if kind == "MX":
                value = f"{value[0]} {value[1]}"
            if kind == "SPF" and not has_txt:
                kind = "TXT"
            if value != "NONE":
                found.append((kind, value))
        names[str(name)] = found
    return Zone(names)


def cases():
    for scenario in scenarios():
        for name, test in scenario["tests"].items():
            yield pytest.param(scenario["zonedata"], test, id=name)


CASES = list(cases())


@pytest.mark.filterwarnings("default:the RFC 7208 suite")
def test_the_suite_is_complete():
    if not SUITE.exists():
        told = f"the RFC 7208 suite is not at {SUITE}: none of its {ALL} cases were run"
        warnings.warn(told, stacklevel=1)
        pytest.skip(told)
    assert len(CASES) == ALL


@pytest.mark.parametrize(("data", "test"), CASES)
async def test_rfc7208(data, test):
    arguments = (str(test["host"]), test["mailfrom"], test["helo"])
    check = await check_host(zone(data), *arguments, ahead=False)
    wanted = test["result"] if isinstance(test["result"], list) else [test["result"]]
    assert check.result in wanted, check
    if "explanation" in test:
        assert check.explanation == test["explanation"].replace("DEFAULT", "")
    assert await check_host(zone(data), *arguments) == check
