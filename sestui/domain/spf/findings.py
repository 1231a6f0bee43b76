"""What can be wrong with an SPF record: stable codes, and a finding with its place and repair."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from sestui.domain.severity import Severity
from sestui.domain.spf.terms import Span


class Effect(StrEnum):
    """What receivers make of it."""

    NOT_SPF = "not SPF"
    """They do not see an SPF record at all: the result is none."""
    PERMERROR = "permerror"
    """The whole record is an error, for mail from everywhere."""
    IGNORED = "ignored"
    """The record works, but not the way it looks."""


class Code(StrEnum):
    """Stable: JSON output and tests of other people rely on these words."""

    # Not an SPF record, though it was meant as one.
    VERSION_MISSING = "version_missing"
    VERSION_WRONG = "version_wrong"
    VERSION_SPACE = "version_space"
    VERSION_TWICE = "version_twice"
    LEADING_SPACE = "leading_space"
    QUOTED = "quoted"
    # Characters.
    WRONG_SPACE = "wrong_space"
    SMART_DASH = "smart_dash"
    LOOKALIKE = "lookalike"
    INVISIBLE = "invisible"
    NON_ASCII = "non_ascii"
    STRAY_QUOTE = "stray_quote"
    BACKSLASH = "backslash"
    # Between terms.
    COMMA = "comma"
    GLUED = "glued"
    SPACE_INSIDE = "space_inside"
    # In a term.
    EQUALS_FOR_COLON = "equals_for_colon"
    COLON_FOR_EQUALS = "colon_for_equals"
    COLON_MISSING = "colon_missing"
    QUALIFIER_WRONG = "qualifier_wrong"
    MISSPELLED = "misspelled"
    UNKNOWN_MECHANISM = "unknown_mechanism"
    BARE_DOMAIN = "bare_domain"
    BARE_ADDRESS = "bare_address"
    ALL_WITH_ARGUMENT = "all_with_argument"
    ARGUMENT_MISSING = "argument_missing"
    IP4_WITH_IPV6 = "ip4_with_ipv6"
    IP6_WITH_IPV4 = "ip6_with_ipv4"
    ADDRESS_IS_NAME = "address_is_name"
    NAME_IS_ADDRESS = "name_is_address"
    ADDRESS_WRONG = "address_wrong"
    PREFIX_WRONG = "prefix_wrong"
    DOMAIN_WRONG = "domain_wrong"
    MACRO_WRONG = "macro_wrong"
    MODIFIER_TWICE = "modifier_twice"
    # Valid, but hardly what was meant.
    AMAZONAWS = "amazonaws"
    SES_SUBDOMAIN = "ses_subdomain"
    SES_MISSPELLED = "ses_misspelled"
    SES_NOT_INCLUDED = "ses_not_included"
    SES_DENIED = "ses_denied"
    AFTER_ALL = "after_all"
    PASS_ALL = "pass_all"
    NO_ALL = "no_all"
    REDIRECT_IGNORED = "redirect_ignored"
    UNKNOWN_MODIFIER = "unknown_modifier"
    PTR = "ptr"
    TERM_TWICE = "term_twice"
    LONG = "long"
    # All TXT records of the name together.
    SEVERAL_RECORDS = "several_records"
    # What the tree of includes shows.
    TOO_MANY_TERMS = "too_many_terms"
    TOO_MANY_VOIDS = "too_many_voids"
    TOO_MANY_HOSTS = "too_many_hosts"
    INCLUDE_WITHOUT_SPF = "include_without_spf"
    INCLUDE_WRONG = "include_wrong"
    INCLUDE_LOOP = "include_loop"
    INCLUDE_UNKNOWN = "include_unknown"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong, and where."""

    code: Code
    severity: Severity
    effect: Effect
    text: str
    """For a person; already in their language and printable."""
    span: Span
    repaired: str = ""
    """The whole record with this one thing put right; empty where only a person can."""
    grey: bool = False
    """True when some receivers accept it all the same."""


@dataclass(frozen=True, slots=True)
class Edit:
    """Replace the text at `span` by `text`."""

    span: Span
    text: str


def edited(record: str, edits: Sequence[Edit]) -> str:
    """`record` with `edits` made; they must not overlap."""
    for edit in sorted(edits, key=lambda edit: edit.span, reverse=True):
        record = record[: edit.span.offset] + edit.text + record[edit.span.end :]
    return record
