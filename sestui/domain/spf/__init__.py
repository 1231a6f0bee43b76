"""SPF (RFC 7208): read a record, say what is wrong with it, evaluate it, propose the right one.

- `read(texts)`: the TXT records of a name, sorted; `parse(text)`: one record with its findings.
- `check_host(lookup, ip, sender, helo)`: the verdict of a receiver.
- `authorises(lookup, domain)`: whether SES may send, by which way, at what cost.
- `explore(lookup, domain)`: the tree of includes; `about_tree(tree)`: its findings.
- `merged(records)`: the one record that should be there.

DNS comes in as a `Lookup`; nothing here does I/O, knows the time, or prints.
Of the texts, those of findings and reasons are printable; records and explanations are not.
"""

from sestui.domain.spf.advice import SES
from sestui.domain.spf.authority import Authorisation, Permission, authorises
from sestui.domain.spf.budget import about_tree, costs
from sestui.domain.spf.check import check_host
from sestui.domain.spf.findings import Code, Effect, Finding
from sestui.domain.spf.hosts import MAX_TERMS, MAX_VOIDS
from sestui.domain.spf.lookup import Cache, Lookup, Reply, decode, from_answer, with_record
from sestui.domain.spf.proposal import Proposal, merged
from sestui.domain.spf.reading import Reading, read
from sestui.domain.spf.record import Record, parse, repaired
from sestui.domain.spf.result import Check, Result
from sestui.domain.spf.terms import Span, Term
from sestui.domain.spf.tree import Branch, Status, explore
from sestui.domain.spf.version import is_spf, resembles_spf

__all__ = [
    "MAX_TERMS",
    "MAX_VOIDS",
    "SES",
    "Authorisation",
    "Branch",
    "Cache",
    "Check",
    "Code",
    "Effect",
    "Finding",
    "Lookup",
    "Permission",
    "Proposal",
    "Reading",
    "Record",
    "Reply",
    "Result",
    "Span",
    "Status",
    "Term",
    "about_tree",
    "authorises",
    "check_host",
    "costs",
    "decode",
    "explore",
    "from_answer",
    "is_spf",
    "merged",
    "parse",
    "read",
    "repaired",
    "resembles_spf",
    "with_record",
]
