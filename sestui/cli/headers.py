"""`sestui headers FILE`: a message, or its headers alone, becomes a verdict on how it arrived."""

from __future__ import annotations

from datetime import UTC
from typing import IO, Any

import click

from sestui.cli.options import json_option, takes
from sestui.cli.output import ExitCode, Paint, Stream
from sestui.cli.session import Session, name_servers, pass_session, run_async
from sestui.cli.words import Options
from sestui.domain.i18n import _
from sestui.domain.received import (
    Finding,
    Hop,
    Mechanism,
    Method,
    NoMail,
    Signed,
    Status,
    Verdict,
)
from sestui.domain.received.remarks import duration
from sestui.domain.received.source import MOST_BYTES
from sestui.domain.severity import Severity
from sestui.domain.text import printable
from sestui.workflows.received import judge_received

SCHEMA = "sestui.headers/1"
CODES = {
    Status.WELL: ExitCode.OK,
    Status.NOT_WELL: ExitCode.NOT_READY,
    Status.UNKNOWN: ExitCode.ERROR,
}
SEVERITIES = {
    Severity.OK: ("✓", Paint.GOOD),
    Severity.WARNING: ("!", Paint.WARNING),
    Severity.ERROR: ("✗", Paint.BAD),
    Severity.UNKNOWN: ("?", Paint.UNSURE),
}


@click.command(
    "headers",
    help=_(
        "Tell from a mail that arrived whether it arrived well: SPF, DKIM and DMARC with their "
        "alignment, the signatures, encryption and delay on its way, and what to mend.\n\n"
        "FILE is the mail as your mail program saves it (.eml, “Show original”), or its headers "
        "alone; - is stdin. With the body the DKIM signatures are verified for real."
    ),
    epilog=_(
        "Exit codes: 0 SPF, DKIM and DMARC pass, each for the From domain; 3 not all is well; "
        "1 it is no mail, or it could not be found out."
    ),
)
@click.argument("file", metavar="FILE", type=click.File("rb"))
@json_option
@takes("nameservers")
@pass_session
def command(session: Session, *, file: IO[bytes], as_json: bool, options: Options) -> ExitCode:
    if file.isatty():
        session.output.note(_("Paste the mail or its headers, then press Ctrl+D."))
    content = file.read(MOST_BYTES + 1)
    try:
        verdict = run_async(lambda: judge_received(content, name_servers(options)))
    except NoMail as problem:
        session.output.error("no_mail", str(problem))
        return ExitCode.ERROR
    if as_json:
        session.output.result.document(document(verdict))
    else:
        show(session.output.result, verdict)
    return CODES[verdict.status]


def show(out: Stream, verdict: Verdict) -> None:
    """Who judged what, each mechanism, each signature, the way, findings, the verdict."""
    rows = (
        (_("From"), verdict.sender or verdict.author),
        (_("Subject"), verdict.subject),
        (_("Bounces"), verdict.envelope_from),
        (_("Judged by"), verdict.judged_by or _("nobody that it tells of")),
    )
    width = max(len(label) for label, _text in rows)
    for label, text in rows:
        if text:
            out.line(f"{out.paint(f'{label:<{width}}', Paint.FAINT)}  {printable(text)}")
    out.line()
    for mechanism in verdict.mechanisms:
        _show_mechanism(out, mechanism)
    if verdict.signatures:
        out.line()
        out.line(out.paint(_("Signatures"), Paint.STRONG))
    for signed in verdict.signatures:
        _show_signature(out, signed)
    if verdict.hops:
        out.line()
        took = f"  {duration(verdict.total)}" if verdict.total is not None else ""
        out.line(out.paint(_("The way"), Paint.STRONG) + took)
    for hop in verdict.hops:
        _show_hop(out, hop)
    out.line()
    for finding in verdict.findings:
        _show_finding(out, finding)
    out.line()
    glyph, paint = SEVERITIES[verdict.status.severity]
    out.line(out.paint(f"{glyph} {verdict.status.text}", paint, Paint.STRONG))


def _show_mechanism(out: Stream, mechanism: Mechanism) -> None:
    glyph, paint = SEVERITIES[mechanism.severity]
    if mechanism.method is Method.ARC and mechanism.severity is Severity.OK:
        glyph, paint = "·", Paint.FAINT
    aligned = mechanism.aligned.word if mechanism.aligned and mechanism.result else ""
    mark = out.paint(f"{glyph} {mechanism.method:<5}  {mechanism.word:<9}", paint)
    out.line(f"{mark}  {aligned:<12}  {printable(mechanism.domain)}".rstrip())
    if mechanism.why:
        out.line(f"{'':<9}{out.paint(printable(mechanism.why), Paint.FAINT)}")


def _show_signature(out: Stream, signed: Signed) -> None:
    glyph, paint = ("·", Paint.FAINT) if signed.amazon else SEVERITIES[signed.severity]
    domain = printable(signed.signature.domain) or "?"
    out.line(f"  {out.paint(glyph, paint)} {domain}  {out.paint(signed.words, Paint.FAINT)}")


def _show_hop(out: Stream, hop: Hop) -> None:
    delay = "" if hop.delay is None else f"+{duration(hop.delay)}".replace("+-", "-")
    places = f"{printable(hop.sender)} → {printable(hop.by)}".strip()
    out.line(f"  {delay:>8}  {places}  {out.paint(hop.word, Paint.FAINT)}")


def _show_finding(out: Stream, finding: Finding) -> None:
    if finding.severity is Severity.OK:
        out.line(out.paint(f"· {printable(finding.text)}", Paint.FAINT))
    else:
        glyph, paint = SEVERITIES[finding.severity]
        out.line(f"{out.paint(glyph, paint)} {printable(finding.text)}")
    if finding.advice:
        out.line(out.paint(f"  → {printable(finding.advice)}", Paint.FAINT))


def document(verdict: Verdict) -> dict[str, Any]:
    """`sestui.headers/1`."""
    ses = verdict.ses
    return {
        "schema": SCHEMA,
        "status": str(verdict.status),
        "from": verdict.sender or None,
        "domain": verdict.author or None,
        "subject": verdict.subject,
        "envelope_from": verdict.envelope_from or None,
        "judged_by": verdict.judged_by or None,
        "headers_only": verdict.headers_only,
        "mechanisms": [_mechanism(each) for each in verdict.mechanisms],
        "signatures": [_signature(each) for each in verdict.signatures],
        "hops": [_hop(each) for each in verdict.hops],
        "total_seconds": verdict.total,
        "ses": {
            "message_id": ses.message_id or None,
            "region": ses.region or None,
            "outgoing_ip": ses.outgoing_ip or None,
            "feedback_id": ses.feedback_id or None,
        },
        "findings": [
            {
                "code": str(each.code),
                "severity": str(each.severity),
                "text": printable(each.text),
                "advice": printable(each.advice) or None,
            }
            for each in verdict.findings
        ],
    }


def _mechanism(each: Mechanism) -> dict[str, Any]:
    return {
        "method": each.method.lower(),
        "result": each.result or None,
        "domain": each.domain or None,
        "aligned": str(each.aligned) if each.aligned else None,
        "severity": str(each.severity),
        "why": printable(each.why),
        "source": str(each.origin),
    }


def _signature(each: Signed) -> dict[str, Any]:
    return {
        "domain": each.signature.domain or None,
        "selector": each.signature.selector or None,
        "algorithm": each.signature.algorithm or None,
        "signed_headers": list(each.signature.signed),
        "aligned": str(each.aligned),
        "by_amazon": each.amazon,
        "result": each.result or None,
        "check": str(each.checked.check),
        "detail": printable(each.checked.detail) or None,
    }


def _hop(each: Hop) -> dict[str, Any]:
    return {
        "from": each.sender or None,
        "by": each.by or None,
        "protocol": each.protocol or None,
        "encrypted": str(each.encrypted),
        "tls": each.tls or None,
        "at": each.at.astimezone(UTC).isoformat(timespec="seconds") if each.at else None,
        "delay_seconds": each.delay,
    }
