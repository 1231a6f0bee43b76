"""The human side of `check` and `ready`: glyph, word and colour in a line, evidence below it."""

from __future__ import annotations

from datetime import datetime

from sestui.cli.output import Paint, Stream
from sestui.cli.verdict import Checked, CheckStatus, said
from sestui.domain.diagnosis import RecordCheck, Severity
from sestui.domain.diagnosis.findings import Finding
from sestui.domain.dns import Answer, Outcome
from sestui.domain.i18n import _, ngettext
from sestui.domain.providers import box_label
from sestui.domain.readiness import Review, State
from sestui.domain.text import printable

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
    """Each record with its evidence and its fix, then findings, then the status in one line."""
    zone, provider = checked.report.zone, checked.report.provider
    host = provider.name if provider else ", ".join(zone.parent_nameservers or zone.nameservers)
    out.line(heading(out, checked.domain, checked.region, host))
    width = max((len(check.verdict.word) for check in checked.checks), default=0)
    for check in checked.checks:
        _show_record(out, check, checked, width)
    _show_panel(out, checked)
    if checked.findings:
        out.line()
    for finding in checked.findings:
        _show_finding(out, finding)
    identity = checked.identity
    looked = identity.verification.last_checked if identity and not identity.complete else None
    if looked is not None:
        text = _("  SES last looked at {time}.").format(time=_clock(looked))
        out.line(out.paint(text, Paint.FAINT))
    out.line()
    glyph, paint = STATUSES[checked.status]
    out.line(out.paint(f"{glyph} {_status_text(checked)}", paint, Paint.STRONG))


def _show_panel(out: Stream, checked: Checked) -> None:
    """What is special about the DNS host's panel, once, where something is to be typed there."""
    provider = checked.report.provider
    if provider is None or not any(check.fix and check.fix.value for check in checked.checks):
        return
    out.line()
    for note in provider.notes:
        out.line(out.paint(f"· {provider.name}: {note}", Paint.FAINT))


def _show_finding(out: Stream, finding: Finding) -> None:
    if finding.severity is Severity.OK:
        out.line(out.paint(f"· {printable(finding.text)}", Paint.FAINT))
        return
    glyph, paint = SEVERITIES[finding.severity]
    out.line(f"{out.paint(glyph, paint)} {printable(finding.text)}")


def heading(out: Stream, *parts: str) -> str:
    """What this is about, in one line."""
    name, *rest = [part for part in parts if part]
    return "  ".join([out.paint(name, Paint.STRONG), *(out.paint(r, Paint.FAINT) for r in rest)])


def _show_record(out: Stream, check: RecordCheck, checked: Checked, width: int) -> None:
    record = check.record
    glyph, paint = SEVERITIES[check.severity]
    word = out.paint(f"{glyph} {check.verdict.word:<{width}}", paint)
    out.line(f"{word}  {record.purpose.word:<9}  {record.type:<5}  {record.name}")
    rows: list[tuple[str, str]] = []
    if check.severity is not Severity.OK:
        rows += [(_("expected"), record.value), (_("cause"), check.cause)]
        rows += [(_("found"), value) for value in check.found]
        rows += _fix_rows(check, checked)
    rows += _evidence_rows(check, checked.at)
    label_width = max(len(label) for label, _text in rows)
    for label, text in rows:
        if text:
            shown = printable(text)
            out.line(f"    {out.paint(f'{label:<{label_width}}', Paint.FAINT)}  {shown}")


def _fix_rows(check: RecordCheck, checked: Checked) -> list[tuple[str, str]]:
    """What to type where, with the boxes called as they are at the DNS host."""
    fix, provider = check.fix, checked.report.provider
    if fix is None:
        return []
    rows = [(_("to do"), fix.text)]
    if fix.value_box:
        name = (
            fix.name_box if fix.name_box == fix.name_full else f"{fix.name_box}   → {fix.name_full}"
        )
        rows += [
            (f"  {box_label(provider, 'name')}", name),
            (f"  {box_label(provider, 'value')}", fix.value_box),
        ]
    if fix.priority:
        rows.append((f"  {box_label(provider, 'priority')}", fix.priority))
    return [*rows, ("  " + _("panel"), fix.panel_url)]


def _evidence_rows(check: RecordCheck, now: datetime) -> list[tuple[str, str]]:
    """Which server, which question, which answer, when; servers that agree in one line."""
    lines: dict[str, list[Answer]] = {}
    for answer in check.evidence or (check.answer,):
        # The line above has the question already, unless another one was the telling one.
        own = answer.question == f"{check.record.name} {check.record.type}"
        question = "" if own else f"{answer.question} "
        lines.setdefault(f"{question}→ {_outcome(answer, check)}", []).append(answer)
    rows: list[tuple[str, str]] = []
    for text, answers in lines.items():
        servers = ", ".join(dict.fromkeys(a.server or _("the name server") for a in answers))
        when = f", {_clock(answers[0].at)}" if answers[0].at else ""
        rows.append((_("asked"), f"{servers}{when} {text}"))
    if check.since is not None and (now - check.since).total_seconds() >= 1:
        rows.append((_("since"), _clock(check.since)))
    return rows


def _outcome(answer: Answer, check: RecordCheck) -> str:
    if answer.outcome is Outcome.FOUND and check.severity is not Severity.OK:
        return said(answer)
    word = {
        Outcome.FOUND: ngettext("{n} record", "{n} records", len(answer.values)).format(
            n=len(answer.values)
        ),
        Outcome.NO_SUCH_NAME: _("no such name"),
        Outcome.NO_SUCH_TYPE: _("no record of this type"),
        Outcome.BROKEN: _("an error"),
        Outcome.TIMED_OUT: _("no answer"),
    }[answer.outcome]
    return f"{word} ({answer.detail})" if answer.detail else word


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
        case CheckStatus.WAITING if checked.identity is None:
            return _("The records are right. Some caches have not seen them yet; nothing to do.")
        case CheckStatus.WAITING:
            return _("The records are right. SES has not seen them all yet; nothing to do.")
        case CheckStatus.PROBLEM if checked.hopeless:
            return _("SES has stopped looking. Mend the records, then start again.")
        case CheckStatus.PROBLEM:
            wrong = sum(check.severity is Severity.ERROR for check in checked.checks)
            if not wrong:
                return _("The records are right, and something else is wrong; see above.")
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
