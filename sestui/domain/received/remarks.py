"""Remarks on the way of a mail, on Amazon SES, on filters and on mail to many."""

from __future__ import annotations

import re
from collections.abc import Iterator

from sestui.domain.dmarc.align import Aligned
from sestui.domain.i18n import _, ngettext
from sestui.domain.received.hops import Encryption
from sestui.domain.received.source import Source
from sestui.domain.received.spam import filtered
from sestui.domain.received.verdict import Code, Finding, SesTrace, Status, Verdict
from sestui.domain.severity import Severity

OK, WARNING, ERROR, UNKNOWN = Severity.OK, Severity.WARNING, Severity.ERROR, Severity.UNKNOWN
SLOW_AFTER = 300.0
"""Seconds after which a way is called slow."""
SKEW = -2.0
"""Seconds that clocks may differ without a word."""
_MESSAGE_ID = re.compile(r"<?([0-9a-f-]{20,80})@(?:([a-z0-9-]+)\.)?amazonses\.com>?", re.IGNORECASE)
_OUTGOING = re.compile(r"\d{4}\.\d{2}\.\d{2}-([0-9A-Fa-f.:]{3,45})")
_FEEDBACK = re.compile(r"\b1\.([a-z]{2}(?:-[a-z]+)+-\d)\.\S+:AmazonSES", re.IGNORECASE)


def trace_of(source: Source) -> SesTrace:
    """What SES wrote: Message-ID `<id@email.amazonses.com>` in us-east-1 and
    `<id@REGION.amazonses.com>` elsewhere, Feedback-ID, X-SES-Outgoing (date and address)."""
    found = _MESSAGE_ID.search(source.first("message-id"))
    feedback = source.first("feedback-id")[:500]
    outgoing = _OUTGOING.match(source.first("x-ses-outgoing"))
    told = _FEEDBACK.search(feedback)
    region = told.group(1).lower() if told else ""
    if found and found.group(2) and not region:
        host = found.group(2).lower()
        region = "us-east-1" if host == "email" else host
    return SesTrace(
        message_id=found.group(1) if found else "",
        region=region,
        outgoing_ip=outgoing.group(1) if outgoing else "",
        feedback_id=feedback if "amazonses" in feedback.lower() else "",
    )


def about_ses(verdict: Verdict) -> Iterator[Finding]:
    trace = verdict.ses
    if trace.message_id:
        where = trace.region or _("a Region that it does not tell")
        text = _("Sent by Amazon SES in {region}. Its message id is {id}.")
        yield Finding(Code.SES, OK, text.format(region=where, id=trace.message_id))
    elif verdict.hops and not _from_ses(verdict):
        yield Finding(
            Code.NOT_SES,
            WARNING,
            _("Nothing in it says that Amazon SES sent it."),
            _("Is it the mail you meant? The application may still use another server."),
        )


def _from_ses(verdict: Verdict) -> bool:
    signed = any(each.signature.amazon for each in verdict.signatures)
    trace = verdict.ses
    ses = trace.outgoing_ip or trace.feedback_id or any(hop.ses for hop in verdict.hops)
    return signed or bool(ses)


def about_way(verdict: Verdict) -> Iterator[Finding]:
    plain = [hop for hop in verdict.hops if hop.encrypted is Encryption.NO]
    for hop in plain[:3]:
        text = _("It went from {sender} to {by} without encryption.")
        yield Finding(
            Code.NOT_ENCRYPTED,
            WARNING,
            text.format(sender=hop.sender, by=hop.by or "?"),
            _("For mail that SES sends, a configuration set can require TLS.") if hop.ses else "",
        )
    delays = [hop.delay for hop in verdict.hops if hop.delay is not None]
    if verdict.total is not None and verdict.total >= SLOW_AFTER and delays:
        worst = max(verdict.hops, key=lambda hop: hop.delay or 0.0)
        text = _("It took {total}; the longest wait, {delay}, was before {by}.")
        yield Finding(
            Code.SLOW,
            WARNING,
            text.format(
                total=duration(verdict.total), delay=duration(worst.delay or 0.0), by=worst.by
            ),
            _("A receiver that does not know a sender yet may let it try again later."),
        )
    if any(delay < SKEW for delay in delays):
        text = _("The clocks of two servers differ, so that a mail seems to arrive before it left.")
        yield Finding(Code.CLOCKS, OK, text)


def about_filters(verdict: Verdict, source: Source) -> Iterator[Finding]:
    opinions = filtered(source)
    spam = [each for each in opinions if each.spam]
    for each in spam:
        yield Finding(
            Code.SPAM,
            WARNING,
            _("A filter took it for spam: {said}.").format(said=each.said),
            ""
            if verdict.status is Status.WELL
            else _("First let SPF, DKIM and DMARC pass for the From domain."),
        )
    if spam and verdict.status is Status.WELL:
        yield Finding(
            Code.NEW_DOMAIN,
            OK,
            _("SPF, DKIM and DMARC are well, so it is the reputation or the content."),
            _(
                "A new domain has no reputation yet: begin with few mails to people who open them. "
                "A very short test mail, or a lone link, looks like spam too."
            ),
        )
    if opinions and not spam:
        yield Finding(
            Code.NOT_SPAM,
            OK,
            _("The filter let it pass: {said}.").format(said=opinions[0].said),
        )


def about_one_click(verdict: Verdict, source: Source) -> Iterator[Finding]:
    """RFC 8058; Gmail and Yahoo want it in mail to many."""
    link, post = source.first("list-unsubscribe"), source.first("list-unsubscribe-post")
    pair = "List-Unsubscribe: <https://…>\nList-Unsubscribe-Post: List-Unsubscribe=One-Click"
    if not link and not post:
        text = _("It has no one-click unsubscribe. Newsletters and offers need it.")
        yield Finding(Code.NO_ONE_CLICK, OK, text)
        return
    wrong = []
    if not re.search(r"<https://[^<>\s]+>", link, re.IGNORECASE):
        wrong.append(_("List-Unsubscribe has no <https://…> address"))
    if post.strip() != "List-Unsubscribe=One-Click":
        wrong.append(_("List-Unsubscribe-Post is not List-Unsubscribe=One-Click"))
    if wrong:
        yield Finding(
            Code.ONE_CLICK_WRONG,
            WARNING,
            _("One-click unsubscribe is not right: {what}.").format(what="; ".join(wrong)),
            _("It takes both: {pair}").format(pair=pair.replace("\n", ", ")),
        )
        return
    both = {"list-unsubscribe", "list-unsubscribe-post"}
    covering = [each for each in verdict.signatures if both <= set(each.signature.signed)]
    counted = [each for each in covering if each.aligned is Aligned.YES] or covering
    if counted:
        text = _("One-click unsubscribe is there, and the signature of {domain} covers it.")
        domain = counted[0].signature.domain
        yield Finding(Code.ONE_CLICK, OK, text.format(domain=domain))
    elif any(each.signature.signed for each in verdict.signatures):
        yield Finding(
            Code.ONE_CLICK_UNSIGNED,
            WARNING,
            _("One-click unsubscribe is there, and no signature covers both headers (h=)."),
            _("Receivers then ignore it. Let SES sign: it covers them by itself."),
        )


def duration(seconds: float) -> str:
    """`3 s`, `12 min`, `2 h`: how long something took."""
    if abs(seconds) < 60:
        return _("{n} s").format(n=round(seconds))
    if abs(seconds) < 7200:
        minutes = round(seconds / 60)
        return ngettext("{n} min", "{n} min", abs(minutes)).format(n=minutes)
    if abs(seconds) < 172_800:
        return _("{n} h").format(n=round(seconds / 3600))
    return _("{n} days").format(n=round(seconds / 86_400))
