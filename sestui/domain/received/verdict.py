"""What a mail that arrived comes to: its verdict, and the findings beside it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from sestui.domain.dmarc.align import Aligned
from sestui.domain.i18n import _
from sestui.domain.received.hops import Hop
from sestui.domain.received.results import Origin
from sestui.domain.received.signature import NOT_DONE, Check, Checked, Signature
from sestui.domain.severity import Severity


class Method(StrEnum):
    SPF = "SPF"
    DKIM = "DKIM"
    DMARC = "DMARC"
    ARC = "ARC"


class Code(StrEnum):
    """Findings about a mail that arrived. The values are stable: scripts compare them."""

    # The three mechanisms together.
    VIA = "received_via"
    NO_RESULTS = "received_no_results"
    RESULTS_DISTRUSTED = "received_results_distrusted"
    RESULTS_FROM_ARC = "received_results_from_arc"
    # From.
    NO_FROM = "received_no_from"
    SEVERAL_FROM = "received_several_from"
    FREE_MAIL = "received_free_mail"
    OTHER_FROM = "received_other_from"
    # DKIM.
    NO_OWN_SIGNATURE = "received_no_own_signature"
    AMAZON_SIGNATURE = "received_amazon_signature"
    DKIM_FAILED = "received_dkim_failed"
    DKIM_NOW_VALID = "received_dkim_now_valid"
    DKIM_VERIFIED = "received_dkim_verified"
    BODY_ALTERED = "received_body_altered"
    SIGNATURE_BROKEN = "received_signature_broken"
    KEY_MISSING = "received_key_missing"
    KEY_UNUSABLE = "received_key_unusable"
    KEY_UNKNOWN = "received_key_unknown"
    HEADERS_ONLY = "received_headers_only"
    REWRAPPED = "received_rewrapped"
    # SPF and DMARC.
    DEFAULT_MAIL_FROM = "received_default_mail_from"
    FOREIGN_MAIL_FROM = "received_foreign_mail_from"
    SPF_FAILED = "received_spf_failed"
    DMARC_FAILED = "received_dmarc_failed"
    DMARC_NONE = "received_dmarc_none"
    # What became of it.
    SPAM = "received_spam"
    NOT_SPAM = "received_not_spam"
    NEW_DOMAIN = "received_new_domain"
    # The way.
    NOT_ENCRYPTED = "received_not_encrypted"
    SLOW = "received_slow"
    CLOCKS = "received_clocks"
    SES = "received_ses"
    NOT_SES = "received_not_ses"
    # Mail to many.
    NO_ONE_CLICK = "received_no_one_click"
    ONE_CLICK = "received_one_click"
    ONE_CLICK_WRONG = "received_one_click_wrong"
    ONE_CLICK_UNSIGNED = "received_one_click_unsigned"


@dataclass(frozen=True, slots=True)
class Finding:
    """One remark. `Severity.OK` is for what is good to know and needs nothing."""

    code: Code
    severity: Severity
    text: str
    advice: str = ""
    """What to do; empty when there is nothing."""


@dataclass(frozen=True, slots=True)
class Mechanism:
    """One of SPF, DKIM, DMARC and ARC."""

    method: Method
    result: str
    """In the words of RFC 8601: pass, fail, none …; empty when nobody told."""
    domain: str = ""
    """What it speaks for."""
    aligned: Aligned | None = None
    """With the domain of From; None where that is no question."""
    why: str = ""
    origin: Origin = Origin.NONE

    @property
    def word(self) -> str:
        """The result, for a person."""
        if self.method is Method.ARC and self.result == "none":
            return _("sealed")
        return self.result or _("not told")

    @property
    def good(self) -> bool:
        return self.result == "pass" and self.aligned in (Aligned.YES, None)

    @property
    def severity(self) -> Severity:
        if self.good:
            return Severity.OK
        if self.method is Method.ARC:
            return Severity.ERROR if self.result == "fail" else Severity.OK
        if self.result in ("", "temperror") or (
            self.result == "pass" and self.aligned is Aligned.UNKNOWN
        ):
            return Severity.UNKNOWN
        mild = ("pass", "none", "neutral", "softfail", "bestguesspass")
        if self.method is not Method.DKIM and self.result in mild:
            return Severity.WARNING
        return Severity.ERROR


@dataclass(frozen=True, slots=True)
class Signed:
    """One DKIM signature: what it is, what the receiver said, and what a check here gave."""

    signature: Signature
    result: str
    """The receiver's; empty when it told none."""
    aligned: Aligned
    why: str = ""
    comment: str = ""
    """What the receiver wrote beside its result."""
    checked: Checked = NOT_DONE

    @property
    def amazon(self) -> bool:
        """Amazon's own, where the mail is not from Amazon itself: it is not the one that counts."""
        return self.signature.amazon and self.aligned is not Aligned.YES

    @property
    def passed(self) -> bool:
        """By the receiver; where it told nothing, by the check here."""
        if self.result:
            return self.result == "pass"
        return self.checked.check is Check.VALID

    @property
    def severity(self) -> Severity:
        if self.passed:
            return Severity.OK if self.aligned is Aligned.YES else Severity.WARNING
        unsure = not self.result and self.checked.check.severity is Severity.UNKNOWN
        return Severity.UNKNOWN if unsure else Severity.ERROR

    @property
    def words(self) -> str:
        """What it is for, what the receiver said, and what a check here gave."""
        words = [
            _("added by Amazon, not the one that counts") if self.amazon else self.aligned.word
        ]
        if self.result:
            words.append(_("the receiver: {result}").format(result=self.result))
        if self.checked.check is not Check.NOT_DONE:
            words.append(_("checked here: {result}").format(result=self.checked.check.word))
        return ", ".join(words)


@dataclass(frozen=True, slots=True)
class SesTrace:
    """What Amazon SES wrote into the mail."""

    message_id: str = ""
    """As SendEmail returned it; empty when the mail is not from SES."""
    region: str = ""
    outgoing_ip: str = ""
    feedback_id: str = ""


NO_TRACE = SesTrace()


class Status(StrEnum):
    """The whole in one word."""

    WELL = "well"
    NOT_WELL = "not_well"
    UNKNOWN = "unknown"
    """Nothing is wrong as far as it can be seen, and that is not far enough."""

    @property
    def severity(self) -> Severity:
        return {
            Status.WELL: Severity.OK,
            Status.NOT_WELL: Severity.ERROR,
            Status.UNKNOWN: Severity.UNKNOWN,
        }[self]

    @property
    def text(self) -> str:
        return {
            Status.WELL: _("It arrived well: SPF, DKIM and DMARC pass, each for the From domain."),
            Status.NOT_WELL: _("It arrived, and not all is well; see what is marked."),
            Status.UNKNOWN: _("Not everything could be found out."),
        }[self]


@dataclass(frozen=True, slots=True)
class Verdict:
    """All that a mail tells about its way. Every text in it is printable."""

    author: str
    """The domain of From, in lower case; empty when there is none."""
    sender: str
    """The address in From."""
    subject: str
    envelope_from: str
    """Where bounces go; empty when the mail does not tell."""
    judged_by: str
    """The receiver whose results these are; empty when there are none."""
    mechanisms: tuple[Mechanism, ...]
    signatures: tuple[Signed, ...]
    hops: tuple[Hop, ...]
    """In the order the mail went."""
    findings: tuple[Finding, ...]
    """The worst first."""
    total: float | None = None
    """Seconds from its Date to the last server; None when it does not tell."""
    ses: SesTrace = NO_TRACE
    headers_only: bool = False
    strict: bool = False
    """The DMARC record of the From domain was read and asks for strict alignment somewhere."""

    def mechanism(self, method: Method) -> Mechanism | None:
        return next((each for each in self.mechanisms if each.method is method), None)

    @property
    def status(self) -> Status:
        main = [each for each in self.mechanisms if each.method is not Method.ARC]
        found = {each.severity for each in main}
        errors = any(finding.severity is Severity.ERROR for finding in self.findings)
        if errors or found & {Severity.ERROR, Severity.WARNING}:
            return Status.NOT_WELL
        return Status.UNKNOWN if Severity.UNKNOWN in found or not main else Status.WELL
