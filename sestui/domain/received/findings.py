"""Remarks on SPF, DKIM, DMARC and From of a mail that arrived, with what to do about each."""

from __future__ import annotations

from collections.abc import Iterator

from sestui.domain.dmarc.align import Aligned
from sestui.domain.i18n import _
from sestui.domain.names import is_below
from sestui.domain.received.author import is_free_mail
from sestui.domain.received.results import Origin
from sestui.domain.received.signature import AMAZON, Check
from sestui.domain.received.verdict import Code, Finding, Method, Signed, Verdict
from sestui.domain.severity import Severity

OK, WARNING, ERROR, UNKNOWN = Severity.OK, Severity.WARNING, Severity.ERROR, Severity.UNKNOWN


def about_from(verdict: Verdict, senders: tuple[str, ...], told: str) -> Iterator[Finding]:
    """`told`: the From domain that the receiver names; empty when it names none."""
    if not verdict.author:
        yield Finding(
            Code.NO_FROM,
            UNKNOWN,
            _("There is no From, so nothing can be compared with it."),
            _("Copy all headers of the mail."),
        )
        return
    if len(senders) > 1:
        text = _("From names several addresses ({n}). DMARC is about one domain only.")
        yield Finding(
            Code.SEVERAL_FROM, ERROR, text.format(n=len(senders)), _("Use one address in From.")
        )
    if told and told != verdict.author:
        text = _("The receiver judged mail from {told}, and From says {author}.")
        yield Finding(
            Code.OTHER_FROM,
            WARNING,
            text.format(told=told, author=verdict.author),
            _("A mailing list or a forwarder may have written From anew."),
        )
    if is_free_mail(verdict.author):
        text = _("From is at {author}, a mailbox provider: nobody else can sign for that domain.")
        yield Finding(
            Code.FREE_MAIL,
            ERROR,
            text.format(author=verdict.author),
            _("Verify a domain of your own, send from it, and put this address into Reply-To."),
        )


def about_dkim(verdict: Verdict) -> Iterator[Finding]:
    own = [signed for signed in verdict.signatures if signed.aligned is Aligned.YES]
    amazon = [signed for signed in verdict.signatures if signed.amazon]
    if amazon and own:
        yield Finding(
            Code.AMAZON_SIGNATURE,
            OK,
            _(
                "The second signature, by {amazon}, is normal: Amazon adds it to all mail for its "
                "own use. The one that counts is by {own}."
            ).format(amazon=amazon[0].signature.domain, own=own[0].signature.domain),
        )
    elif verdict.signatures and not own and verdict.author:
        yield _no_own_signature(verdict, bool(amazon))
    for signed in own or verdict.signatures:
        yield from _about_signature(signed)


def _no_own_signature(verdict: Verdict, amazon: bool) -> Finding:
    domains = ", ".join(dict.fromkeys(s.signature.domain for s in verdict.signatures)) or "?"
    if amazon:
        advice = _(
            "At SES, DKIM of {author} is not verified yet, or signing is switched off; or only "
            "the address is verified and not its domain. Step 3 shows which."
        )
    else:
        advice = _("Let whoever sends this mail sign it for {author}.")
    return Finding(
        Code.NO_OWN_SIGNATURE,
        ERROR,
        _("No signature is for {author}, only for {domains}.").format(
            author=verdict.author, domains=domains
        ),
        advice.format(author=verdict.author),
    )


def _about_signature(signed: Signed) -> Iterator[Finding]:
    """What the receiver said of it beside what it is now."""
    domain, check = signed.signature.domain, signed.checked.check
    passed = signed.result == "pass"
    if signed.result and not passed:
        again = check is Check.VALID
        text = _("The receiver could not verify the signature of {domain}: {result}.")
        why = f"{signed.result} ({signed.comment})" if signed.comment else signed.result
        yield Finding(
            Code.DKIM_NOW_VALID if again else Code.DKIM_FAILED,
            ERROR if signed.result != "temperror" else UNKNOWN,
            text.format(domain=domain, result=why),
            _("It is valid now: the key may not have been in DNS then. Send another mail.")
            if again
            else _("The key is not in DNS, or something on the way changed the mail."),
        )
    if check is Check.VALID:
        text = _("Checked here: the signature of {domain} is valid with the key that is in DNS.")
        yield Finding(Code.DKIM_VERIFIED, OK, text.format(domain=domain))
    elif check is not Check.NOT_DONE:
        yield _about_check(signed, passed)


def _about_check(signed: Signed, passed: bool) -> Finding:
    """A check here that did not end well; after a pass at the receiver it is no verdict on SES."""
    domain = signed.signature.domain
    key = signed.signature.key_name or domain
    pasted = _(
        "A paste easily changes line ends, tabs or long lines. Judge the .eml file instead "
        "(Show original, Download)."
    )
    texts = {
        Check.BODY_ALTERED: (
            Code.BODY_ALTERED,
            _("Checked here: the body is not the one that {domain} signed."),
            pasted,
        ),
        Check.KEY_MISSING: (
            Code.KEY_MISSING,
            _("Checked here: the key of {domain} is not in DNS, at {key}."),
            _("Publish the DKIM records of the domain; `sestui check` shows which are missing."),
        ),
        Check.KEY_UNUSABLE: (
            Code.KEY_UNUSABLE,
            _("Checked here: what is at {key} is no usable key."),
            _("Compare it with what SES asks for; `sestui check` shows the difference."),
        ),
        Check.KEY_UNKNOWN: (
            Code.KEY_UNKNOWN,
            _("The key at {key} could not be found out, so the signature was not checked here."),
            _("No answer from DNS is not the same as no key. Try again."),
        ),
    }
    broken = (
        Code.SIGNATURE_BROKEN,
        _("Checked here: the signature of {domain} does not fit: {why}."),
        pasted,
    )
    code, text, advice = texts.get(signed.checked.check, broken)
    why = signed.checked.detail or signed.checked.check.word
    severity = UNKNOWN if passed else signed.checked.check.severity
    if passed and signed.checked.check is Check.KEY_MISSING:
        severity = WARNING  # it was there then; the next mail will not pass
    return Finding(code, severity, text.format(domain=domain, key=key, why=why), advice)


def about_spf(verdict: Verdict) -> Iterator[Finding]:
    spf = verdict.mechanism(Method.SPF)
    if spf is None or not spf.result:
        return
    envelope = spf.domain or verdict.envelope_from.rpartition("@")[2]
    if spf.result == "pass" and spf.aligned is Aligned.NO:
        if is_below(envelope, AMAZON):
            yield Finding(
                Code.DEFAULT_MAIL_FROM,
                WARNING,
                _(
                    "Bounces go to {envelope}, the default MAIL FROM: SPF passes for Amazon, not "
                    "for {author}, and DMARC hangs on DKIM alone."
                ).format(envelope=envelope, author=verdict.author),
                _("Set a custom MAIL FROM domain, such as mail.{author}, in step 2.").format(
                    author=verdict.author
                ),
            )
        else:
            yield Finding(
                Code.FOREIGN_MAIL_FROM,
                WARNING,
                _("Bounces go to {envelope}, which is not aligned with {author}.").format(
                    envelope=envelope, author=verdict.author
                ),
                _("Use a MAIL FROM domain below {author}.").format(author=verdict.author),
            )
    elif spf.result not in ("pass", "temperror"):
        yield Finding(
            Code.SPF_FAILED,
            WARNING,
            _("SPF says {result} for {envelope}.").format(
                result=spf.result, envelope=envelope or _("the envelope sender")
            ),
            _(
                "The MAIL FROM domain needs the TXT record v=spf1 include:amazonses.com ~all. If "
                "the mail was forwarded, this is normal, and DKIM has to carry it."
            ),
        )


def about_dmarc(verdict: Verdict) -> Iterator[Finding]:
    dmarc = verdict.mechanism(Method.DMARC)
    if dmarc is None:
        return
    if dmarc.result in ("none", "bestguesspass"):
        yield Finding(
            Code.DMARC_NONE,
            WARNING,
            _("{domain} has no DMARC record; large receivers want one.").format(
                domain=dmarc.domain or verdict.author
            ),
            _("Publish the TXT record _dmarc.{domain} with v=DMARC1; p=none; for a start.").format(
                domain=dmarc.domain or verdict.author
            ),
        )
    elif dmarc.result == "fail":
        yield Finding(
            Code.DMARC_FAILED,
            ERROR,
            _("DMARC fails: neither SPF nor DKIM passed for {author}.").format(
                author=verdict.author or _("the From domain")
            ),
            _("One of the two is enough. Mend DKIM first: it also survives forwarding."),
        )


def about_via(verdict: Verdict) -> Iterator[Finding]:
    """Why a mail program writes "via amazonses.com" beside the sender."""
    dkim, spf = verdict.mechanism(Method.DKIM), verdict.mechanism(Method.SPF)
    if dkim is None or not verdict.author or not dkim.result or dkim.good:
        return
    named = [each.domain for each in (dkim, spf) if each and each.result == "pass" and each.domain]
    others = [name for name in named if not is_below(name, verdict.author)]
    if not others or (spf is not None and spf.good):
        return
    yield Finding(
        Code.VIA,
        WARNING,
        _("Mail programs show “via {other}” beside the sender, since only {other} vouches.").format(
            other=others[0]
        ),
        _("It goes away with a DKIM signature, or a MAIL FROM domain, of {author}.").format(
            author=verdict.author
        ),
    )


def about_origin(verdict: Verdict, origin: Origin, distrusted: bool) -> Iterator[Finding]:
    """Where the results come from, and whether anyone may believe them."""
    if distrusted:
        yield Finding(
            Code.RESULTS_DISTRUSTED,
            WARNING,
            _(
                "An Authentication-Results header was in the mail before SES sent it. No receiver "
                "wrote it, so it does not count."
            ),
        )
    if origin is Origin.ARC:
        yield Finding(
            Code.RESULTS_FROM_ARC,
            OK,
            _("The results are those that {receiver} sealed (ARC); it wrote no others.").format(
                receiver=verdict.judged_by or _("a server on the way")
            ),
        )
    if origin is Origin.NONE:
        yield Finding(
            Code.NO_RESULTS,
            UNKNOWN,
            _("No receiver wrote Authentication-Results, so its verdict is not known."),
            _(
                "Copy the mail from the mailbox it arrived in (Show original); Gmail and Outlook "
                "write these results."
            ),
        )
