"""DMARC: reading records, finding the one that applies, and what to do about it.

RFC 9989 (policy), RFC 9990 (aggregate reports), RFC 7489 where receivers still follow it. The texts
of the former were checked against draft-ietf-dmarc-dmarcbis-41, the last draft.

The way through: ask `questions(...)`, make a tree of the answers with `read_tree`, `discover` what
applies, `propose` what to do; for one name alone there is `read_name`, for one text `parse`.
"""

from sestui.domain.dmarc.findings import Code, Finding, codes, worst
from sestui.domain.dmarc.organization import OrgOf, estimated_org
from sestui.domain.dmarc.policy import Policy, Rfc
from sestui.domain.dmarc.proposal import Action, Proposal, propose
from sestui.domain.dmarc.published import Published, State, question, read_name
from sestui.domain.dmarc.record import Record, parse
from sestui.domain.dmarc.reports import (
    Consent,
    Destination,
    consent,
    destinations,
    report_findings,
    report_questions,
)
from sestui.domain.dmarc.uris import ReportUri
from sestui.domain.dmarc.walk import (
    Discovery,
    Found,
    Tree,
    discover,
    organization,
    position_findings,
    questions,
    read_tree,
    walk,
    with_record,
)

__all__ = [
    "Action",
    "Code",
    "Consent",
    "Destination",
    "Discovery",
    "Finding",
    "Found",
    "OrgOf",
    "Policy",
    "Proposal",
    "Published",
    "Record",
    "ReportUri",
    "Rfc",
    "State",
    "Tree",
    "codes",
    "consent",
    "destinations",
    "discover",
    "estimated_org",
    "organization",
    "parse",
    "position_findings",
    "propose",
    "question",
    "questions",
    "read_name",
    "read_tree",
    "report_findings",
    "report_questions",
    "walk",
    "with_record",
    "worst",
]
