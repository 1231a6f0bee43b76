"""Judging a mail that arrived: its headers, and what DNS says of its keys and of DMARC."""

from __future__ import annotations

from sestui.domain.dmarc.walk import read_tree
from sestui.domain.dns import Answer
from sestui.domain.received import Verdict, dmarc_questions, judge, read_source
from sestui.domain.received.signature import Signature, signatures_of
from sestui.gateways.dkim_check import Key, check_signatures
from sestui.gateways.ports import Dns
from sestui.gateways.threads import in_thread


async def judge_received(content: bytes, dns: Dns | None) -> Verdict:
    """The verdict on a message, or on its headers alone.

    Args:
        dns: for the keys of its signatures, which are then checked, and for the DMARC records on
            which alignment depends. None: all is taken from the headers.

    Raises:
        NoMail: there are no headers in `content`.
    """
    source = await in_thread(read_source, content)
    if dns is None:
        return judge(source)
    signatures = signatures_of(source)
    names = {each.key_name: (each.key_name, "TXT") for each in signatures if each.key_name}
    about_dmarc = dmarc_questions(source)
    answers = await dns.ask((*names.values(), *about_dmarc))
    keys = dict(zip(names, answers, strict=False))
    tree = read_tree(answers[len(names) :]) if about_dmarc else None
    checked = await in_thread(
        check_signatures, source.message, [_key(each, keys) for each in signatures]
    )
    return judge(source, tree=tree, checked=checked)


def _key(signature: Signature, answers: dict[str, Answer]) -> Key:
    """What DNS said of the key; aliases have been followed already (Easy DKIM is a CNAME)."""
    answer = answers.get(signature.key_name)
    if answer is None:
        return Key()
    if not answer.certain:
        return Key(known=False, detail=answer.detail or answer.server)
    records = [b"".join(strings) for strings in answer.texts]
    # Of several records receivers take any (RFC 6376 section 3.6.2.2); the likely one is a key.
    value = next((each for each in records if b"p=" in each), b"".join(records[:1]))
    return Key(value, detail=answer.server)
