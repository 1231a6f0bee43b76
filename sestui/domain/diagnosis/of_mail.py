"""Findings about mail from the domain: SPF at its root, the MAIL FROM, DMARC, leftovers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from sestui.domain import dmarc, spf
from sestui.domain.alignment import Simulation
from sestui.domain.diagnosis.exchanges import FEEDBACK
from sestui.domain.diagnosis.findings import Finding
from sestui.domain.diagnosis.scene import Scene, plain
from sestui.domain.diagnosis.verdicts import RecordCheck
from sestui.domain.i18n import _
from sestui.domain.identity import Identity
from sestui.domain.records import Purpose
from sestui.domain.severity import Severity
from sestui.domain.text import printable, quoted

USUAL_LABELS = ("mail", "bounce", "bounces", "send", "ses", "email")
"""What tutorials call the MAIL FROM domain."""


def root_spf_findings(scene: Scene, mail_from: str, tree: spf.Branch | None) -> tuple[Finding, ...]:
    """SPF at the domain itself: SES needs nothing there, and what is there belongs to others."""
    answer = scene.answer(scene.domain, "TXT")
    if answer is None or not answer.certain:
        return ()
    found: list[Finding] = []
    reading = spf.read(answer.texts)
    if mail_from:
        said = _(
            "Mail from SES carries {mail_from} as its envelope sender, so SPF is looked up there; "
            "this name needs nothing for it."
        ).format(mail_from=printable(mail_from))
        found.append(Finding("root_spf_not_needed", Severity.OK, said))
    remarks = [*reading.findings]
    for record in reading.records or reading.meant:
        # Whether SES is in there does not matter at this name.
        remarks += (f for f in record.findings if f.code is not spf.Code.SES_NOT_INCLUDED)
    remarks += spf.about_tree(tree) if tree is not None else ()
    for remark in remarks:
        if remark.severity in (Severity.ERROR, Severity.WARNING):
            text = _("SPF of {domain}: {text}").format(domain=scene.domain, text=remark.text)
            # It is about other senders' mail, so it never fails a check of SES's records.
            found.append(Finding(f"root_spf_{remark.code}", Severity.WARNING, text))
    return tuple(dict.fromkeys(found))


def dmarc_findings(
    tree: dmarc.Tree, domain: str, more: Iterable[dmarc.Finding]
) -> Iterator[Finding]:
    """Remarks on a record that counts; what is wrong with one that does not is its verdict."""
    here = tree.get(plain(domain))
    remarks: list[dmarc.Finding] = []
    if here is not None and here.record is not None:
        remarks += [*here.findings, *dmarc.position_findings(domain, tree)]
    for remark in dict.fromkeys((*remarks, *more)):
        worth = remark.severity is not Severity.OK or remark.code in _WORTH_KNOWING
        if worth:
            severity = Severity.WARNING if remark.severity is Severity.ERROR else remark.severity
            yield Finding(str(remark.code), severity, remark.text)


_WORTH_KNOWING = (dmarc.Code.REGISTRAR_DEFAULT, dmarc.Code.AT_ROOT, dmarc.Code.ALIAS)


def alignment_findings(simulation: Simulation) -> tuple[Finding, ...]:
    """Whether mail will pass DMARC, said before any is sent."""
    return tuple(Finding(str(f.code), f.severity, f.text) for f in simulation.advice)


def mail_from_findings(scene: Scene, identity: Identity | None) -> Iterator[Finding]:
    """Records for a MAIL FROM domain that SES was never told of, and MX where they do harm."""
    for name in dict.fromkeys((plain(scene.domain), scene.apex)):
        hosts = _feedback(scene, name)
        if hosts:
            text = _(
                "{name} itself has SES's feedback host as MX: mail to people at {name} goes to SES "
                "and is lost. Delete that MX ({host})."
            ).format(name=name, host=quoted(hosts[0], 60))
            yield Finding("apex_feedback_mx", Severity.ERROR, text)
    if identity is not None and not identity.mail_from.domain:
        for label in USUAL_LABELS:
            name = f"{label}.{plain(scene.domain)}"
            if _feedback(scene, name):
                text = _(
                    "{name} has the MX of a MAIL FROM domain, but SES was never told to use it: "
                    "the record does nothing. Set {name} as the custom MAIL FROM domain."
                ).format(name=name)
                yield Finding("mail_from_decorative", Severity.WARNING, text, "mail_from")


def _feedback(scene: Scene, name: str) -> list[str]:
    hosts = [plain(value.split(" ", 1)[-1]) for value in scene.found(name, "MX")]
    return [host for host in hosts if FEEDBACK.fullmatch(host)]


def leftovers(scene: Scene) -> Iterator[Finding]:
    """What earlier ways to verify a domain have left."""
    name = f"_amazonses.{plain(scene.domain)}"
    if scene.found(name, "TXT"):
        text = _("{name} is from the old way to verify a domain: harmless, and no longer needed.")
        yield Finding("legacy_amazonses_txt", Severity.OK, text.format(name=name))


def notes_of(checks: Iterable[RecordCheck]) -> Iterator[Finding]:
    """The notes of records that are well, which would else be seen by nobody."""
    codes: Mapping[Purpose, str] = {
        Purpose.DKIM: "dkim_note",
        Purpose.MAIL_FROM: "mail_from_note",
        Purpose.DMARC: "dmarc_note",
    }
    for check in checks:
        for note in check.notes:
            yield Finding(codes[check.record.purpose], Severity.OK, note)
