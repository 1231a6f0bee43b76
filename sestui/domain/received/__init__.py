"""A mail that arrived: its verdict, read from its headers, and what a person wants to see of it.

The way through: `read_source` the bytes, `judge` them; sestui.workflows.received does both, with
what DNS says in between.
"""

from sestui.domain.received.body import body_text, verification_link
from sestui.domain.received.hops import Encryption, Hop
from sestui.domain.received.judge import dmarc_questions, judge
from sestui.domain.received.results import Origin
from sestui.domain.received.signature import Check, Checked, Signature, signatures_of
from sestui.domain.received.source import NoMail, Source, read_source
from sestui.domain.received.verdict import (
    Code,
    Finding,
    Mechanism,
    Method,
    SesTrace,
    Signed,
    Status,
    Verdict,
)

__all__ = [
    "Check",
    "Checked",
    "Code",
    "Encryption",
    "Finding",
    "Hop",
    "Mechanism",
    "Method",
    "NoMail",
    "Origin",
    "SesTrace",
    "Signature",
    "Signed",
    "Source",
    "Status",
    "Verdict",
    "body_text",
    "dmarc_questions",
    "judge",
    "read_source",
    "signatures_of",
    "verification_link",
]
