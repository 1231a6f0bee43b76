"""One verdict from the answers of several servers, and from what caches say."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sestui.domain.diagnosis.scene import Judged
from sestui.domain.diagnosis.verdicts import Verdict
from sestui.domain.dns import Answer, Outcome
from sestui.domain.i18n import _, ngettext

Judge = Callable[[Answer], Judged]


@dataclass(frozen=True, slots=True)
class Weighed:
    """A judgement, the answer that tells most, and for how long caches keep an old no."""

    judged: Judged
    answer: Answer
    seconds: int | None = None


def weigh(answers: Sequence[Answer], judge: Judge) -> Weighed:
    """What the servers say together. `answers` is not empty."""
    certain = [answer for answer in answers if answer.certain]
    if not certain:
        return _nobody(answers)
    # A cache knows less than the servers that are responsible, where those were asked as well.
    bound = [answer for answer in certain if answer.authoritative]
    if not bound:
        bound = certain
    heard = [answer for answer in certain if answer not in bound and not answer.second_hand]
    judged = [(answer, judge(answer)) for answer in bound]
    good = [pair for pair in judged if pair[1].verdict in (Verdict.OK, Verdict.COVERED)]
    bad = [pair for pair in judged if pair not in good]
    if good and bad:
        return _divided([answer for answer, _judged in good], bad)
    if good:
        answer, best = good[0]
        return caches(Weighed(best, answer), heard)
    # What is there tells more than that something is missing.
    answer, worst = min(bad, key=lambda pair: pair[1].verdict is Verdict.MISSING)
    return Weighed(worst, answer)


def _nobody(answers: Sequence[Answer]) -> Weighed:
    """Nobody said yes or no, so nothing is called missing."""
    if (bogus := next((a for a in answers if a.bogus), None)) is not None:
        return Weighed(_dnssec(bogus), bogus)
    broken = next((a for a in answers if a.outcome is Outcome.BROKEN), None)
    if broken is not None:
        cause = _("{server} answered with an error ({detail}), not with yes or no.").format(
            server=broken.server or _("The name server"), detail=broken.detail or broken.outcome
        )
        return Weighed(Judged(Verdict.BROKEN, cause), broken)
    servers = ", ".join(dict.fromkeys(answer.server for answer in answers if answer.server))
    cause = _("No answer from {server}. The record may well be there.").format(
        server=servers or _("the name server")
    )
    return Weighed(Judged(Verdict.TIMED_OUT, cause), answers[0])


def _dnssec(answer: Answer) -> Judged:
    cause = _(
        "{server} refuses the answer ({detail}), and gives it when DNSSEC is not checked: the "
        "zone's DNSSEC is broken, so much of the world sees nothing of it."
    ).format(server=answer.server or _("The name server"), detail=answer.detail)
    return Judged(Verdict.SERVFAIL_DNSSEC, cause)


def _divided(good: Sequence[Answer], bad: Sequence[tuple[Answer, Judged]]) -> Weighed:
    answer, why = bad[0]
    have = ", ".join(each.server for each in good)
    lack = ", ".join(each.server for each, _judged in bad)
    cause = _("{have} has it as it should be, {lack} does not. {why}").format(
        have=have, lack=lack, why=why.cause
    )
    return Weighed(Judged(Verdict.ON_SOME_SERVERS, cause), answer)


def caches(well: Weighed, answers: Sequence[Answer]) -> Weighed:
    """A record that is right at its servers, as resolvers see it."""
    if (bogus := next((a for a in answers if a.bogus), None)) is not None:
        return Weighed(_dnssec(bogus), bogus)
    # An alias that leads to a no is the record itself, seen by a cache.
    late = [answer for answer in answers if answer.no and not answer.chain]
    # Where the servers themselves say no, as below a DMARC policy that covers it, it is no old one.
    if not late or well.answer.no:
        return well
    seconds = max(answer.negative_ttl or 0 for answer in late)
    minutes = max(1, -(-seconds // 60))
    left = ngettext("{n} minute", "{n} minutes", minutes).format(n=minutes)
    cause = _("Published. {who} still remembers the old “no”, for another {left} at most.").format(
        who=", ".join(answer.server for answer in late), left=left
    )
    return Weighed(
        Judged(Verdict.CACHED_NEGATIVE, cause, notes=well.judged.notes), late[0], seconds
    )
