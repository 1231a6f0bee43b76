"""What is worth saying about a record: a stable code, how bad it is, a sentence, the place."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from sestui.domain.severity import Severity

Span = tuple[int, int]
"""Where in the text: from, up to."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One remark. `Severity.OK` is for what is good to know and needs nothing."""

    code: StrEnum
    severity: Severity
    text: str
    at: Span | None = None
    """The place in the text of the record; None when it is about the whole or about what lacks."""


class Code(StrEnum):
    """Findings about DMARC records. The values are stable: scripts compare them."""

    # The record is not seen as one (RFC 9989 section 4.7: `v` is first, and exactly DMARC1).
    VERSION_CASE = "dmarc_version_case"
    VERSION_NOT_FIRST = "dmarc_version_not_first"
    VERSION_MISSING = "dmarc_version_missing"
    VERSION_WRONG = "dmarc_version_wrong"
    JUNK_BEFORE = "dmarc_junk_before"
    LEADING_SPACE = "dmarc_leading_space"
    # The way it is written.
    QUOTES = "dmarc_quotes"
    BACKSLASHES = "dmarc_backslashes"
    ODD_CHARACTER = "dmarc_odd_character"
    SEPARATOR_MISSING = "dmarc_separator_missing"
    SEPARATOR_COMMA = "dmarc_separator_comma"
    # Tags.
    TAG_NO_EQUALS = "dmarc_tag_no_equals"
    TAG_UNKNOWN = "dmarc_tag_unknown"
    TAG_REMOVED = "dmarc_tag_removed"
    TAG_DUPLICATE = "dmarc_tag_duplicate"
    TAG_CASE = "dmarc_tag_case"
    VALUE_INVALID = "dmarc_value_invalid"
    POLICY_INVALID = "dmarc_policy_invalid"
    POLICY_MISSING = "dmarc_policy_missing"
    POLICY_NOT_SECOND = "dmarc_policy_not_second"
    FO_WITHOUT_RUF = "dmarc_fo_without_ruf"
    TEST_MODE = "dmarc_test_mode"
    PSD_YES = "dmarc_psd_yes"
    PSD_NO = "dmarc_psd_no"
    # Addresses for reports.
    URI_NO_MAILTO = "dmarc_uri_no_mailto"
    URI_INVALID = "dmarc_uri_invalid"
    URI_SCHEME = "dmarc_uri_scheme"
    URI_SIZE = "dmarc_uri_size"
    URI_SEPARATOR = "dmarc_uri_separator"
    NO_REPORTS = "dmarc_no_reports"
    REGISTRAR_DEFAULT = "dmarc_registrar_default"
    REPORTS_REFUSED = "dmarc_reports_refused"
    REPORTS_UNKNOWN = "dmarc_reports_unknown"
    REPORTS_MOVED_AWAY = "dmarc_reports_moved_away"
    # All that is at the name.
    NO_RECORD = "dmarc_no_record"
    UNKNOWN = "dmarc_unknown"
    SEVERAL_RECORDS = "dmarc_several_records"
    OTHER_TEXTS = "dmarc_other_texts"
    AT_ROOT = "dmarc_at_root"
    ALIAS = "dmarc_alias"
    ALIAS_BROKEN = "dmarc_alias_broken"
    SP_IGNORED = "dmarc_sp_ignored"


def worst(findings: Iterable[Finding]) -> Severity:
    """The severity that stands for all of them."""
    found = {finding.severity for finding in findings}
    order = (Severity.ERROR, Severity.UNKNOWN, Severity.WARNING)
    return next((severity for severity in order if severity in found), Severity.OK)


def codes(findings: Iterable[Finding]) -> tuple[StrEnum, ...]:
    """The codes in order, each once."""
    return tuple(dict.fromkeys(finding.code for finding in findings))
