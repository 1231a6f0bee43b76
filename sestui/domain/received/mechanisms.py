"""SPF, DKIM, DMARC and ARC of a mail: the result, the domain, whether it is the From domain's."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sestui.domain.dmarc.align import Aligned
from sestui.domain.dmarc.align import Mechanism as Aligning
from sestui.domain.dmarc.walk import Found
from sestui.domain.i18n import _
from sestui.domain.names import is_below
from sestui.domain.received.author import Author, domain_of
from sestui.domain.received.results import Origin, Result, Results
from sestui.domain.received.signature import AMAZON, NOT_DONE, Check, Checked, Signature
from sestui.domain.received.source import Source
from sestui.domain.received.verdict import Mechanism, Method, Signed


def signed(
    signatures: Sequence[Signature],
    results: Results,
    author: Author,
    checked: Sequence[Checked] = (),
) -> tuple[Signed, ...]:
    """Each signature with what the receiver said of it; results without a signature come last."""
    left = [result for result in results.of("dkim") if result.result != "none"]
    found = []
    for number, signature in enumerate(signatures):
        result = _result_of(signature, left)
        if result is not None:
            left.remove(result)
        check = checked[number] if number < len(checked) else NOT_DONE
        found.append(_signed(signature, result, author, check))
    for result in left:
        said = Signature(
            domain=_domain(result),
            selector=result.get("header.s"),
            algorithm=result.get("header.a"),
            identity=result.get("header.i"),
            mark=result.get("header.b"),
        )
        found.append(_signed(said, result, author, NOT_DONE))
    return tuple(found)


def _signed(
    signature: Signature, result: Result | None, author: Author, checked: Checked
) -> Signed:
    row = author.align(Aligning.DKIM, signature.domain)
    return Signed(
        signature,
        result.result if result else "",
        row.aligned,
        row.why,
        result.comment if result else "",
        checked,
    )


def _result_of(signature: Signature, left: Sequence[Result]) -> Result | None:
    """The result that is about `signature`: by b=, else by selector and domain, else by domain."""
    for result in left:
        mark = result.get("header.b")
        if mark and signature.mark.startswith(mark[:16]):
            return result
    for result in left:
        same = _domain(result) == signature.domain
        if same and result.get("header.s") in (signature.selector, "") and not _other(result):
            return result
    return next((each for each in left if _below(each, signature) and not _other(each)), None)


def _other(result: Result) -> bool:
    """It names its signature by b=, so that it is about that one only."""
    return bool(result.get("header.b"))


def _below(result: Result, signature: Signature) -> bool:
    """`i=` may be a subdomain of `d=` (RFC 6376 section 3.5)."""
    identity = domain_of(result.get("header.i"))
    return bool(identity and signature.domain) and is_below(identity, signature.domain)


def _domain(result: Result) -> str:
    return domain_of(result.get("header.d", "header.i"))


def spf_of(results: Results, header: Result | None, author: Author) -> Mechanism:
    """SPF, by the results or, where they do not tell, by Received-SPF."""
    told = results.of("spf")
    origin = results.origin
    if not told and header is not None:
        told, origin = (header,), Origin.RECEIVED_SPF
    if not told:
        return Mechanism(Method.SPF, "", why=_("No receiver told of it."))
    spf = told[0]
    domain = domain_of(spf.get("smtp.mailfrom", "smtp.mail", "smtp.envelope-from", "smtp.helo"))
    row = author.align(Aligning.SPF, domain)
    aligned = row.aligned if domain else Aligned.UNKNOWN
    if spf.result != "pass":
        why = _spf_why(spf.result, domain)
    elif aligned is Aligned.NO and is_below(domain, AMAZON):
        why = _("It passes for Amazon's domain, where bounces go, and not for yours.")
    else:
        why = row.why if domain else _("The receiver does not tell for which domain.")
    return Mechanism(Method.SPF, spf.result, domain, aligned, why, origin)


def _spf_why(result: str, domain: str) -> str:
    texts = {
        "none": _("{domain} has no SPF record."),
        "neutral": _("The SPF record of {domain} says neither yes nor no to the sending server."),
        "softfail": _("The SPF record of {domain} does not name the sending server (~all)."),
        "fail": _("The SPF record of {domain} does not name the sending server (-all)."),
        "permerror": _("The SPF record of {domain} cannot be read."),
        "temperror": _("The receiver could not find out the SPF record of {domain}."),
    }
    text = texts.get(result, _("The receiver calls it “{word}”."))
    return text.format(word=result, domain=domain or _("the envelope sender"))


def dkim_of(signatures: Sequence[Signed], results: Results, author: Author) -> Mechanism:
    """DKIM by its best signature: passed and aligned, then aligned, then passed, then any."""
    if not signatures:
        said = next((each.result for each in results.of("dkim")), "")
        why = (
            _("The mail has no signature.") if said == "none" else _("No signature is to be seen.")
        )
        return Mechanism(Method.DKIM, said, "", Aligned.NO if said else None, why, results.origin)
    yes = Aligned.YES
    best = max(
        signatures, key=lambda s: (s.passed and s.aligned is yes, s.aligned is yes, s.passed)
    )
    domain = best.signature.domain
    if best.result:
        result, origin = best.result, results.origin
    else:
        result, origin = _CHECK_RESULTS.get(best.checked.check, ""), Origin.CHECKED
        origin = origin if result else Origin.NONE
    if best.aligned is not yes and is_below(domain, AMAZON):
        why = _("Only Amazon signed it, and that signature does not speak for {author}.").format(
            author=author.domain or _("the From domain")
        )
    elif result in ("pass", ""):
        why = (
            best.why if result else _("It was signed, and no receiver told whether that is right.")
        )
    else:
        why = best.comment or best.checked.detail or best.checked.check.word
        why = _("The receiver says: {why}.").format(why=why) if best.comment else why
    return Mechanism(Method.DKIM, result, domain, best.aligned, why, origin)


_CHECK_RESULTS = {
    Check.VALID: "pass",
    Check.BODY_ALTERED: "fail",
    Check.BROKEN: "fail",
    Check.EXPIRED: "fail",
    Check.KEY_MISSING: "permerror",
    Check.KEY_UNUSABLE: "permerror",
    Check.UNREADABLE: "permerror",
    Check.KEY_UNKNOWN: "temperror",
}


def dmarc_of(results: Results, spf: Mechanism, dkim: Mechanism, author: Author) -> Mechanism:
    """DMARC: what the receiver says, else what follows from the other two."""
    carriers = [str(each.method) for each in (dkim, spf) if _carries(each)]
    by = _("It passes by {names}.").format(names=", ".join(carriers)) if carriers else ""
    for told in results.of("dmarc"):
        domain = domain_of(told.get("header.from")) or author.domain
        why = _dmarc_why(told.result, domain) if told.result != "pass" else by
        why = why or _("The receiver found one of the two to be aligned.")
        return Mechanism(Method.DMARC, told.result, domain, None, why, results.origin)
    if author.found.found is Found.NONE:
        why = _("{domain} has no DMARC record.").format(domain=author.domain)
        return Mechanism(Method.DMARC, "none", author.domain, None, why, Origin.INFERRED)
    if carriers:
        why = _("The receiver does not tell. {by}").format(by=by)
        return Mechanism(Method.DMARC, "pass", author.domain, None, why, Origin.INFERRED)
    if author.domain and all(each.result and not _open(each) for each in (spf, dkim)):
        why = _("The receiver does not tell. Neither SPF nor DKIM passed for the From domain.")
        return Mechanism(Method.DMARC, "fail", author.domain, None, why, Origin.INFERRED)
    return Mechanism(Method.DMARC, "", author.domain, None, _("No receiver told of it."))


def _dmarc_why(result: str, domain: str) -> str:
    texts = {
        "none": _("{domain} has no DMARC record."),
        "bestguesspass": _("{domain} has no DMARC record; Microsoft guessed."),
        "fail": _("Neither SPF nor DKIM passed for the From domain."),
        "temperror": _("The receiver could not find out the DMARC record of {domain}."),
        "permerror": _("The DMARC record of {domain} cannot be read."),
    }
    text = texts.get(result, _("The receiver calls it “{word}”."))
    return text.format(word=result, domain=domain)


def _carries(each: Mechanism) -> bool:
    return each.result == "pass" and each.aligned is Aligned.YES


def _open(each: Mechanism) -> bool:
    return each.result == "temperror" or each.aligned is Aligned.UNKNOWN


def arc_of(source: Source, results: Results) -> Iterator[Mechanism]:
    """ARC, where a server on the way has sealed what it found (RFC 8617)."""
    seals = source.all("arc-seal")
    told = next((each.result for each in results.of("arc") if each.result != "none"), "")
    if not seals and not told:
        return
    seal = "; ".join(seals[:1]).replace(" ", "")
    says = "pass" if "cv=pass" in seal else "fail" if "cv=fail" in seal else ""
    domain = next((part[2:] for part in seal.split(";") if part.startswith("d=")), "")
    yield Mechanism(
        Method.ARC,
        told or says or "none",
        domain.lower(),
        None,
        _("A server sealed what it had found, for those it forwards the mail to."),
        results.origin if told else Origin.NONE,
    )
