"""The human side of `check` and `ready`: glyph, word and colour in a line, evidence below it."""

from __future__ import annotations

from datetime import datetime

from sestui.cli.output import Paint, Stream
from sestui.cli.verdict import Checked, CheckStatus, fix
from sestui.domain.diagnosis import RecordCheck, Severity, Verdict
from sestui.domain.dns import Outcome
from sestui.domain.i18n import _, ngettext
from sestui.domain.readiness import Review, State

SEVERITIES = {
    Severity.OK: ("✓", Paint.GOOD),
    Severity.WARNING: ("!", Paint.WARNING),
    Severity.ERROR: ("✗", Paint.BAD),
    Severity.UNKNOWN: ("?", Paint.UNSURE),
}
STATES = {
    State.DONE: ("✓", Paint.GOOD),
    State.WAITING: ("…", Paint.WARNING),
    State.ADVICE: ("!", Paint.WARNING),
    State.OPEN: ("✗", Paint.BAD),
    State.UNKNOWN: ("?", Paint.UNSURE),
}
STATUSES = {
    CheckStatus.OK: ("✓", Paint.GOOD),
    CheckStatus.PROBLEM: ("✗", Paint.BAD),
    CheckStatus.WAITING: ("…", Paint.WARNING),
    CheckStatus.UNKNOWN: ("?", Paint.UNSURE),
}


def show_check(out: Stream, checked: Checked) -> None:
    """Each record with its evidence, then what SES says, then the verdict in one line."""
    out.line(heading(out, checked.domain, checked.region))
    width = max((len(check.verdict.word) for check in checked.checks), default=0)
    for check in checked.checks:
        _show_record(out, check, width, checked.at)
    if checked.findings:
        out.line()
    for finding in checked.findings:
        glyph, paint = SEVERITIES[finding.severity]
        out.line(f"{out.paint(glyph, paint)} {finding.text}")
    if checked.findings and checked.identity and (at := checked.identity.verification.last_checked):
        out.line(out.paint(_("  SES last looked at {time}.").format(time=_clock(at)), Paint.FAINT))
    out.line()
    glyph, paint = STATUSES[checked.status]
    out.line(out.paint(f"{glyph} {_status_text(checked)}", paint, Paint.STRONG))


def heading(out: Stream, *parts: str) -> str:
    """What this is about, in one line."""
    name, *rest = [part for part in parts if part]
    return "  ".join([out.paint(name, Paint.STRONG), *(out.paint(r, Paint.FAINT) for r in rest)])


def _show_record(out: Stream, check: RecordCheck, width: int, now: datetime) -> None:
    record = check.record
    glyph, paint = SEVERITIES[check.severity]
    word = out.paint(f"{glyph} {check.verdict.word:<{width}}", paint)
    out.line(f"{word}  {record.purpose.word:<9}  {record.type:<5}  {record.name}")
    rows: list[tuple[str, str]] = []
    if check.severity is not Severity.OK:
        rows += [(_("expected"), record.value), (_("cause"), check.cause)]
        rows += [(_("found"), value) for value in check.found]
        if check.verdict is Verdict.DIFFERENT and (advice := fix(check)) and advice["value"]:
            rows.append((_("to do"), str(advice["text"])))
    rows.append((_("asked"), _said(check, now)))
    label_width = max(len(label) for label, _text in rows)
    for label, text in rows:
        if text:
            out.line(f"    {out.paint(f'{label:<{label_width}}', Paint.FAINT)}  {text}")


def _said(check: RecordCheck, now: datetime) -> str:
    """The evidence: which server, which question, which answer, when."""
    answer = check.answer
    outcome = {
        Outcome.FOUND: ngettext("{n} record", "{n} records", len(answer.values)).format(
            n=len(answer.values)
        ),
        Outcome.NO_SUCH_NAME: _("no such name"),
        Outcome.NO_SUCH_TYPE: _("no record of this type"),
        Outcome.BROKEN: _("an error"),
        Outcome.TIMED_OUT: _("no answer"),
    }[answer.outcome]
    if answer.detail:
        outcome += f" ({answer.detail})"
    server = answer.server or _("the name server")
    when = f", {_clock(answer.at)}" if answer.at else ""
    # The line above has the question already, unless another one was the telling one.
    asked = f"{check.record.name} {check.record.type}"
    question = "" if answer.question == asked else f", {answer.question}"
    since = ""
    if check.since is not None and (now - check.since).total_seconds() >= 1:
        since = ", " + _("the same since {time}").format(time=_clock(check.since))
    return f"{server}{when}{question} → {outcome}{since}"


def _clock(at: datetime) -> str:
    """The time of day here, with the date when it is not today's."""
    local = at.astimezone()
    today = datetime.now(local.tzinfo).date()
    return f"{local:%H:%M:%S}" if local.date() == today else f"{local:%Y-%m-%d %H:%M}"


def _status_text(checked: Checked) -> str:
    warnings = sum(check.severity is Severity.WARNING for check in checked.checks)
    match checked.status:
        case CheckStatus.OK if warnings:
            return _("All that SES needs is there; see the warning above.")
        case CheckStatus.OK:
            return _("All is well.")
        case CheckStatus.WAITING:
            return _("The records are right. SES has not seen them all yet; nothing to do.")
        case CheckStatus.PROBLEM if checked.hopeless:
            return _("SES has stopped looking. Mend the records, then start again.")
        case CheckStatus.PROBLEM:
            wrong = sum(check.severity is Severity.ERROR for check in checked.checks)
            return ngettext(
                "{n} record has to be added or mended.",
                "{n} records have to be added or mended.",
                wrong,
            ).format(n=wrong)
        case CheckStatus.UNKNOWN:
            return _("Not everything could be found out; nothing is known to be wrong.")


def show_review(out: Stream, name: str, region: str, account: str, review: Review) -> None:
    """Each item of the review with what to do about it, then the verdict in one line."""
    out.line(heading(out, name, region, account))
    words = {
        State.DONE: _("done"),
        State.WAITING: _("waiting"),
        State.ADVICE: _("advice"),
        State.OPEN: _("open"),
        State.UNKNOWN: _("unknown"),
    }
    width = max(len(word) for word in words.values())
    for item in review.items:
        glyph, paint = STATES[item.state]
        out.line(f"{out.paint(f'{glyph} {words[item.state]:<{width}}', paint)}  {item.text}")
        if item.advice and item.state is not State.DONE:
            out.line(" " * (width + 4) + out.paint(item.advice, Paint.FAINT))
    out.line()
    blockers = review.count(State.OPEN)
    if review.ready:
        out.line(out.paint("✓ " + _("Ready: mail may go to anyone."), Paint.GOOD, Paint.STRONG))
    elif blockers:
        text = ngettext("Not ready: {n} open.", "Not ready: {n} open.", blockers).format(n=blockers)
        out.line(out.paint(f"✗ {text}", Paint.BAD, Paint.STRONG))
    elif review.waiting:
        text = _("Not ready yet: only waiting is left.")
        out.line(out.paint(f"… {text}", Paint.WARNING, Paint.STRONG))
    else:
        text = _("Not everything could be found out.")
        out.line(out.paint(f"? {text}", Paint.UNSURE, Paint.STRONG))
