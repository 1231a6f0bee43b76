"""From what name servers answered to what a person should think of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from sestui.domain.diagnosis import misplaced
from sestui.domain.diagnosis.advice import advise
from sestui.domain.diagnosis.exchanges import judge_mx
from sestui.domain.diagnosis.scene import RANDOM_LABEL, Judged, Question, Scene, key
from sestui.domain.diagnosis.servers import Weighed, caches, weigh
from sestui.domain.diagnosis.targets import judge_cname
from sestui.domain.diagnosis.texts import judge_dmarc, judge_key, judge_spf
from sestui.domain.diagnosis.verdicts import RecordCheck, Verdict
from sestui.domain.dns import Answer, Outcome
from sestui.domain.i18n import _
from sestui.domain.records import Purpose, RequiredRecord

_WELL = (Verdict.OK, Verdict.COVERED)
_NEAR = (
    *_WELL,
    Verdict.VALUE_WRONG_SUFFIX,
    Verdict.VALUE_ZONE_APPENDED,
    Verdict.VALUE_QUOTED,
    Verdict.VALUE_WHITESPACE,
)
"""What tells that a record at another name is the one that is missing."""


def diagnose(record: RequiredRecord, *answers: Answer, scene: Scene | None = None) -> RecordCheck:
    """Judge one record by the answers of all servers to the question for it.

    `scene` holds what else is known; the more of it, the more can be said. See `wanted`.
    """
    scene = scene or Scene()
    if not answers:
        answers = (Answer(record.name, record.type, Outcome.TIMED_OUT),)
    weighed = weigh(answers, lambda answer: judge(record, answer, scene))
    verdict = weighed.judged.verdict
    more: tuple[Answer, ...] = ()
    if verdict in _WELL:
        weighed, more = _as_the_world_sees_it(record, weighed, scene)
    elif not verdict.unknown and verdict is not Verdict.ON_SOME_SERVERS:
        weighed, more = _explained(record, weighed, scene)
    judged, telling = weighed.judged, weighed.answer
    until = None
    if weighed.seconds is not None and telling.at is not None:
        until = telling.at + timedelta(seconds=weighed.seconds)
    evidence = tuple(dict.fromkeys((telling, *more, *answers)))
    return RecordCheck(
        record,
        judged.verdict,
        telling,
        judged.cause,
        evidence=evidence,
        fix=advise(record, judged, scene),
        notes=judged.notes,
        until=until,
    )


def judge(record: RequiredRecord, answer: Answer, scene: Scene) -> Judged:
    """What one answer is worth."""
    match record.type, record.purpose:
        case "CNAME", _purpose:
            return judge_cname(record, answer, scene)
        case "MX", _purpose:
            return judge_mx(record, answer, scene)
        case _type, Purpose.MAIL_FROM:
            return judge_spf(record, answer, scene)
        case _type, Purpose.DMARC:
            return judge_dmarc(record, answer, scene)
        case _type, _purpose:
            return judge_key(record, answer)


def _as_the_world_sees_it(
    record: RequiredRecord, well: Weighed, scene: Scene
) -> tuple[Weighed, tuple[Answer, ...]]:
    seen = scene.resolvers.get(key(record.name, record.type), ())
    if scene.zone.bogus and not any(answer.bogus for answer in seen):
        cause = _(
            "The record is right, but the zone's DNSSEC is broken ({detail}): much of the world "
            "sees nothing of it."
        ).format(detail=scene.zone.bogus)
        return Weighed(Judged(Verdict.SERVFAIL_DNSSEC, cause), well.answer), seen
    return caches(well, seen), seen


def _explained(
    record: RequiredRecord, weighed: Weighed, scene: Scene
) -> tuple[Weighed, tuple[Answer, ...]]:
    """Why it is missing or wrong, from what was asked afterwards."""
    there = [
        answer
        for answer in scene.elsewhere.get(key(record.name, record.type), ())
        if answer.certain and judge(record, answer, scene).verdict in _WELL
    ]
    if there:
        world = ", ".join(scene.zone.parent_nameservers or scene.zone.nameservers)
        cause = _(
            "It is at {there}, where nobody asks: the registry sends the world to {world}."
        ).format(there=there[0].server, world=world)
        return Weighed(Judged(Verdict.WRONG_DNS_HOST, cause), weighed.answer), tuple(there)
    wild = scene.answer(*_random(record))
    if wild is not None and wild.values and wild.values == weighed.answer.values:
        cause = _("That answer comes from a wildcard record (“*”); the record itself is missing.")
        judged = Judged(Verdict.WILDCARD_ANSWER, cause)
        return Weighed(judged, weighed.answer), (wild,)
    if weighed.judged.verdict is Verdict.PROXIED and _wild_addresses(record, scene):
        cause = _("There is no such record; the addresses at the name come from a wildcard (“*”).")
        weighed = Weighed(Judged(Verdict.MISSING, cause), weighed.answer)
    if weighed.judged.verdict is Verdict.MISSING:
        for probe, answer in misplaced.hits(record, scene):
            wild_too = wild is not None and wild.values == answer.values
            if not wild_too and _is_it(record, probe, answer, scene):
                # A text of the person's own moves as it is: it may say more than ours.
                own = record.type == "TXT" and record.purpose is not Purpose.DKIM
                value = answer.values[0] if own and len(answer.values) == 1 else None
                judged = Judged(probe.verdict, misplaced.cause(probe, scene), value)
                return Weighed(judged, answer), (weighed.answer,)
    return weighed, _side_evidence(record, weighed, scene)


def _is_it(record: RequiredRecord, probe: misplaced.Probe, answer: Answer, scene: Scene) -> bool:
    """Whether what is at the other name is this record, and not one of its own right."""
    judged = judge(record, answer, Scene(scene.domain, scene.zone, scene.records))
    if record.purpose is Purpose.DMARC and probe.name == scene.domain.lower():
        return judged.verdict in (Verdict.OK, Verdict.DUPLICATE_RECORD)
    return judged.verdict in _NEAR


def _random(record: RequiredRecord, kind: str = "") -> Question:
    """A name beside the record's that nobody has: whatever answers is a wildcard."""
    return f"{RANDOM_LABEL}.{record.name.partition('.')[2]}", kind or record.type


def _wild_addresses(record: RequiredRecord, scene: Scene) -> bool:
    own = (*scene.found(record.name, "A"), *scene.found(record.name, "AAAA"))
    wild = (*scene.found(*_random(record, "A")), *scene.found(*_random(record, "AAAA")))
    return bool(wild) and own == wild


def _side_evidence(record: RequiredRecord, weighed: Weighed, scene: Scene) -> tuple[Answer, ...]:
    kinds = {
        Verdict.WRONG_TYPE: ("TXT",),
        Verdict.PROXIED: ("A", "AAAA"),
        Verdict.CONFLICTS_WITH_CNAME: ("CNAME",),
    }.get(weighed.judged.verdict, ())
    answers = (scene.answer(record.name, kind) for kind in kinds)
    return tuple(a for a in answers if a is not None and a.outcome is Outcome.FOUND)


def wanted(check: RecordCheck, scene: Scene) -> tuple[Question, ...]:
    """What to ask next, so that more can be said about a record; nothing when all is clear."""
    if check.verdict in _WELL or check.verdict.unknown:
        return ()
    settled = (Verdict.ON_SOME_SERVERS, Verdict.CACHED_NEGATIVE, Verdict.SERVFAIL_DNSSEC)
    if check.verdict in settled:
        return ()
    return tuple(q for q in dict.fromkeys(_wanted(check, scene)) if scene.answer(*q) is None)


def _wanted(check: RecordCheck, scene: Scene) -> Iterator[Question]:
    record = check.record
    yield _random(record)
    if record.type == "CNAME":
        yield record.name, "TXT"
        yield record.value, "TXT"
        for kind in ("A", "AAAA"):
            yield record.name, kind
            yield _random(record, kind)
    else:
        yield record.name, "CNAME"
    if check.verdict in (Verdict.MISSING, Verdict.PROXIED):
        for probe in misplaced.probes(record, scene.domain, scene.apex):
            yield probe.question
