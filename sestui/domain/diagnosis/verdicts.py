"""The verdicts on one record, and a check: a verdict with its evidence."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from sestui.domain.diagnosis.fix import Fix
from sestui.domain.dns import Answer
from sestui.domain.i18n import _
from sestui.domain.records import Purpose, RequiredRecord
from sestui.domain.severity import Severity


class Verdict(StrEnum):
    """The values are stable: scripts compare them."""

    OK = "ok"
    COVERED = "covered"
    """Not there, and not needed: a record further up does the same."""
    MISSING = "missing"
    # It is there, under another name.
    NAME_DOUBLED = "name_doubled"
    NAME_MISSING_SUBDOMAIN = "name_missing_subdomain"
    NAME_MISSING_DOT = "name_missing_dot"
    NAME_MISSPELT = "name_misspelt"
    # It is there, and not what it should be.
    WRONG_TYPE = "wrong_type"
    VALUE_WRONG_SUFFIX = "value_wrong_suffix"
    VALUE_ZONE_APPENDED = "value_zone_appended"
    VALUE_WRONG_TOKEN = "value_wrong_token"
    VALUE_QUOTED = "value_quoted"
    VALUE_WHITESPACE = "value_whitespace"
    DIFFERENT = "different"
    # Something else is at the name.
    PROXIED = "proxied"
    EXTRA_VALUES = "extra_values"
    DUPLICATE_RECORD = "duplicate_record"
    CONFLICTS_WITH_CNAME = "conflicts_with_cname"
    WILDCARD_ANSWER = "wildcard_answer"
    # The servers do not agree, or the world does not see them.
    ON_SOME_SERVERS = "on_some_servers"
    WRONG_DNS_HOST = "wrong_dns_host"
    CACHED_NEGATIVE = "cached_negative"
    SERVFAIL_DNSSEC = "servfail_dnssec"
    # Nobody can say.
    TIMED_OUT = "timed_out"
    BROKEN = "broken"

    @property
    def word(self) -> str:
        """A word or two, for a column of a table."""
        return {
            Verdict.OK: _("matches"),
            Verdict.COVERED: _("covered from above"),
            Verdict.MISSING: _("absent"),
            Verdict.NAME_DOUBLED: _("domain twice in name"),
            Verdict.NAME_MISSING_SUBDOMAIN: _("subdomain left out"),
            Verdict.NAME_MISSING_DOT: _("dot left out of name"),
            Verdict.NAME_MISSPELT: _("under another name"),
            Verdict.WRONG_TYPE: _("wrong type"),
            Verdict.VALUE_WRONG_SUFFIX: _("wrong end of value"),
            Verdict.VALUE_ZONE_APPENDED: _("domain after value"),
            Verdict.VALUE_WRONG_TOKEN: _("wrong token"),
            Verdict.VALUE_QUOTED: _("quotes in value"),
            Verdict.VALUE_WHITESPACE: _("blank in value"),
            Verdict.DIFFERENT: _("different"),
            Verdict.PROXIED: _("proxied"),
            Verdict.EXTRA_VALUES: _("too many values"),
            Verdict.DUPLICATE_RECORD: _("twice"),
            Verdict.CONFLICTS_WITH_CNAME: _("CNAME in the way"),
            Verdict.WILDCARD_ANSWER: _("only a wildcard"),
            Verdict.ON_SOME_SERVERS: _("on some servers"),
            Verdict.WRONG_DNS_HOST: _("at another DNS host"),
            Verdict.CACHED_NEGATIVE: _("old “no” in caches"),
            Verdict.SERVFAIL_DNSSEC: _("DNSSEC broken"),
            Verdict.TIMED_OUT: _("could not find out"),
            Verdict.BROKEN: _("could not find out"),
        }[self]

    @property
    def unknown(self) -> bool:
        """True when nobody said yes or no."""
        return self in (Verdict.TIMED_OUT, Verdict.BROKEN)


@dataclass(frozen=True, slots=True)
class RecordCheck:
    """The verdict on one record, with its evidence."""

    record: RequiredRecord
    verdict: Verdict
    answer: Answer
    """The one that tells most."""
    cause: str = ""
    """One sentence; empty when all is well."""
    since: datetime | None = None
    """When this verdict was first seen."""
    evidence: tuple[Answer, ...] = ()
    """The answers of all servers, and those of the questions that followed."""
    fix: Fix | None = None
    """What to do about it; None when all is well, or nothing is known."""
    notes: tuple[str, ...] = ()
    """Good to know, and no fault."""
    until: datetime | None = None
    """Of an old no in caches: when the last one that is known of is forgotten."""

    @property
    def found(self) -> tuple[str, ...]:
        return self.answer.values

    @property
    def published(self) -> bool:
        """True when it is as it should be at its servers, whatever caches remember."""
        return self.verdict in (Verdict.OK, Verdict.COVERED, Verdict.CACHED_NEGATIVE)

    @property
    def severity(self) -> Severity:
        if self.verdict in (Verdict.OK, Verdict.COVERED):
            return Severity.OK
        if self.verdict.unknown:
            return Severity.UNKNOWN
        # SES verifies and sends without DMARC; receivers are the ones who ask for it.
        optional = self.record.purpose is Purpose.DMARC
        if optional or self.verdict is Verdict.CACHED_NEGATIVE:
            return Severity.WARNING
        return Severity.ERROR


def keep_since(new: RecordCheck, before: RecordCheck | None, now: datetime) -> RecordCheck:
    """`new` with the time its verdict was first seen, which survives equal verdicts."""
    if before is not None and before.verdict is new.verdict and before.since is not None:
        return replace(new, since=before.since)
    return replace(new, since=now)
