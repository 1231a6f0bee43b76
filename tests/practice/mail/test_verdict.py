"""What sestui makes of practice mail, with its signatures checked by keys from the practice DNS."""

from __future__ import annotations

import pytest

from sestui.domain.received import Check, Code, Method, NoMail, Status, Verdict
from sestui.domain.severity import Severity
from sestui.gateways.dns import DnsPython
from sestui.gateways.dnswire import Wire
from sestui.workflows.received import judge_received
from tests.practice.mail.conftest import DOMAIN, accepted, arrived


@pytest.fixture
def names(dns) -> DnsPython:
    return DnsPython((dns.address,), wire=Wire(timeout=0.3))


@pytest.fixture
def deliver(postmaster):
    """A mail as the mailbox has it."""

    def delivered(**more) -> bytes:
        postmaster.accept(accepted(**more))
        (letter,) = arrived(postmaster.mailbox)
        return postmaster.mailbox.raw(letter.id)

    return delivered


def checks(verdict: Verdict) -> list[Check]:
    return [signed.checked.check for signed in verdict.signatures]


def codes(verdict: Verdict, *severities: Severity) -> set[Code]:
    return {f.code for f in verdict.findings if not severities or f.severity in severities}


async def test_a_mail_that_is_well_passes_everything_with_its_signatures_verified(deliver, names):
    verdict = await judge_received(deliver(), names)
    assert verdict.status is Status.WELL
    assert not codes(verdict, Severity.ERROR, Severity.UNKNOWN)
    assert "mx.practice.example" in verdict.judged_by
    assert all(verdict.mechanism(m).good for m in (Method.SPF, Method.DKIM, Method.DMARC))
    own, amazon = verdict.signatures
    assert (own.signature.domain, own.passed, own.amazon) == (DOMAIN, True, False)
    assert (amazon.signature.domain, amazon.passed, amazon.amazon) == ("amazonses.com", True, True)
    assert checks(verdict) == [Check.VALID, Check.VALID]
    (hop,) = verdict.hops
    assert (hop.ses, hop.tls) == (True, "1.3")
    assert verdict.envelope_from == f"0102-1@mail.{DOMAIN}"
    assert not verdict.headers_only


async def test_pasted_text_is_as_good_as_the_file(deliver, names):
    text = deliver().decode().replace("\r\n", "\n")
    assert checks(await judge_received(text.encode(), names)) == [Check.VALID, Check.VALID]


async def test_the_headers_alone_are_read_and_not_verified(deliver, names):
    headers = deliver().partition(b"\r\n\r\n")[0]
    verdict = await judge_received(headers, names)
    assert verdict.status is Status.WELL
    assert verdict.headers_only
    assert checks(verdict) == [Check.NOT_DONE, Check.NOT_DONE]
    assert Code.HEADERS_ONLY in codes(verdict)


async def test_without_dns_nothing_is_verified(deliver):
    verdict = await judge_received(deliver(), None)
    assert verdict.status is Status.WELL
    assert checks(verdict) == [Check.NOT_DONE, Check.NOT_DONE]


async def test_a_body_that_was_changed(deliver, names):
    verdict = await judge_received(deliver().replace(b"Hello.", b"Hullo."), names)
    assert checks(verdict) == [Check.BODY_ALTERED, Check.BODY_ALTERED]
    assert Code.BODY_ALTERED in codes(verdict, Severity.UNKNOWN)  # the receiver found it well


async def test_a_header_that_was_changed(deliver, names):
    verdict = await judge_received(deliver().replace(b"From: Shop", b"From: Chop"), names)
    assert checks(verdict) == [Check.BROKEN, Check.BROKEN]
    assert Code.SIGNATURE_BROKEN in codes(verdict)


async def test_a_key_that_is_gone_is_not_a_key_that_nobody_tells_of(deliver, names, world, dns):
    mail = deliver()
    unjudged = mail.replace(b"Authentication-Results:", b"X-Judged:")
    dns.faults.add(f"tok._domainkey.{DOMAIN}", "drop")
    silent = await judge_received(unjudged, names)
    assert checks(silent) == [Check.KEY_UNKNOWN, Check.VALID]
    assert silent.status is Status.UNKNOWN
    dns.faults.clear()
    world.panel.delete(f"tok._domainkey.{DOMAIN}")
    gone = await judge_received(unjudged, names)
    assert checks(gone) == [Check.KEY_MISSING, Check.VALID]
    assert gone.status is Status.NOT_WELL
    assert Code.KEY_MISSING in codes(gone, Severity.ERROR)
    then = await judge_received(mail, names)
    assert Code.KEY_MISSING in codes(then, Severity.WARNING)  # it was there when the mail came


async def test_a_key_that_was_revoked(deliver, names, keys):
    mail = deliver()
    keys.public["tok.dkim.amazonses.com"] = "v=DKIM1; p="
    verdict = await judge_received(mail, names)
    assert checks(verdict) == [Check.KEY_UNUSABLE, Check.VALID]


async def test_mail_that_only_amazon_signed_from_amazons_mail_from(deliver, names, keys):
    keys.own = None
    verdict = await judge_received(deliver(envelope_from="0102@eu-west-1.amazonses.com"), names)
    assert verdict.status is Status.NOT_WELL
    found = codes(verdict, Severity.ERROR, Severity.WARNING)
    assert {Code.NO_OWN_SIGNATURE, Code.DEFAULT_MAIL_FROM, Code.DMARC_FAILED, Code.VIA} <= found


async def test_strict_alignment_as_the_record_has_it(deliver, names, world):
    world.panel.replace(f"_dmarc.{DOMAIN}", "TXT", ["v=DMARC1; p=none; aspf=s"])
    verdict = await judge_received(deliver(), names)
    assert verdict.strict
    assert not verdict.mechanism(Method.SPF).good
    assert verdict.mechanism(Method.DKIM).good


async def test_what_is_no_mail(names):
    with pytest.raises(NoMail):
        await judge_received(b"Hello there.", names)
