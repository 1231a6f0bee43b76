"""Which DMARC record applies to mail from a domain, and which domain is the organization's.

RFC 9989 section 4.10 (the DNS tree walk) and RFC 7489 section 6.6.3. Names are known beforehand, so
that they are asked all at once; the walk then goes over the answers.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from sestui.domain.dmarc.findings import Code, Finding
from sestui.domain.dmarc.organization import OrgOf, estimated_org
from sestui.domain.dmarc.policy import Policy, Rfc
from sestui.domain.dmarc.published import Published, State, question, read_name
from sestui.domain.dmarc.record import Record
from sestui.domain.dns import Answer, Outcome
from sestui.domain.i18n import _
from sestui.domain.names import MAX_LABEL, MAX_NAME, is_below
from sestui.domain.severity import Severity

MAX_WALK = 8


def walk(domain: str) -> tuple[str, ...]:
    """The domains the tree walk looks at, from `domain` upwards: at most eight.

    A name of eight labels or more goes on with the last seven (section 4.10, step 4).
    """
    labels = plain(domain).split(".")
    first = max(1, len(labels) - MAX_WALK + 1)
    return (".".join(labels), *(".".join(labels[at:]) for at in range(first, len(labels))))


def questions(*domains: str) -> tuple[tuple[str, str], ...]:
    """All that has to be asked for the walks of `domains`, each name once, in one round."""
    names = dict.fromkeys(name for domain in domains if domain for name in walk(domain))
    return tuple(question(name) for name in names if can_exist(f"_dmarc.{name}"))


def can_exist(name: str) -> bool:
    """False for a name that DNS cannot hold (RFC 1035 section 2.3.4); asking is no use."""
    labels = name.split(".")
    return len(name) <= MAX_NAME and all(0 < len(label) <= MAX_LABEL for label in labels)


def plain(domain: str) -> str:
    return domain.lower().removesuffix(".")


Tree = Mapping[str, Published]
"""What is at the `_dmarc` name of each domain."""


def read_tree(answers: Iterable[Answer]) -> dict[str, Published]:
    """The answers to `questions()`, by domain."""
    tree = {}
    for answer in answers:
        name = plain(answer.name)
        if name.startswith("_dmarc.") and answer.type == "TXT":
            domain = name.removeprefix("_dmarc.")
            tree[domain] = read_name(domain, answer)
    return tree


def with_record(tree: Tree, domain: str, value: str) -> dict[str, Published]:
    """`tree` as it will be with `value` as the one record of `domain`: to judge a plan."""
    name, kind = question(plain(domain))
    answer = Answer(name, kind, Outcome.FOUND, (value,))
    return {**tree, plain(domain): read_name(plain(domain), answer)}


def at(tree: Tree, domain: str) -> Published:
    """What is at `domain`; unknown when it was not asked, although it could have been."""
    if domain in tree:
        return tree[domain]
    state = State.UNKNOWN if can_exist(f"_dmarc.{domain}") else State.NONE
    return Published(domain, state)


def organization(domain: str, tree: Tree) -> str | None:
    """The organizational domain of `domain` under RFC 9989 (section 4.10.2); None: unknown."""
    domain = plain(domain)
    org = domain
    for name in walk(domain):
        here = at(tree, name)
        if here.state is State.UNKNOWN:
            return None  # it may hold `psd=n`, which would end the walk
        if here.record is None:
            continue
        if here.record.psd == "n":
            return name
        if here.record.psd == "y" and name != domain:
            labels = domain.split(".")
            return ".".join(labels[-(name.count(".") + 2) :])
        org = name
        if here.record.psd == "y":
            break  # a public suffix that sends mail itself
    return org


def position_findings(domain: str, tree: Tree) -> tuple[Finding, ...]:
    """Remarks on the record of `domain` that need the records above it."""
    record, org = at(tree, plain(domain)).record, organization(domain, tree)
    unread = [tag for tag in (record.tags if record else ()) if tag.name in ("sp", "np")]
    if not unread or org in (None, plain(domain)):
        return ()
    text = _("{tag} has no effect here: it counts only in the record of {org}.").format(
        tag=unread[0].name, org=org
    )
    return (Finding(Code.SP_IGNORED, Severity.OK, text, unread[0].at),)


class Found(StrEnum):
    RECORD = "record"
    NONE = "none"
    """No record applies, so receivers do no DMARC processing."""
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Discovery:
    """Which record applies to mail from `domain`, as one of the two RFCs has it."""

    rfc: Rfc
    domain: str
    found: Found
    at: str = ""
    """The domain whose record applies; empty when none does."""
    record: Record | None = None
    tag: str = ""
    """Which tag gives the policy: p, sp or np."""
    policy: Policy | None = None
    """None although there is a record: it asks for nothing that can be understood."""
    org: str = ""
    """The organizational domain; empty when it could not be found out."""
    several_at: str = ""
    """The domain with more than one record, where RFC 7489 ends the search."""


def discover(
    domain: str,
    tree: Tree,
    *,
    rfc: Rfc = Rfc.RFC9989,
    org_of: OrgOf = estimated_org,
    existence: Answer | None = None,
) -> Discovery:
    """Find the record that applies to mail from `domain`.

    Args:
        tree: `read_tree()` of the answers to `questions(domain)`.
        org_of: the organizational domain by a public suffix list (RFC 7489).
        existence: an answer to any question for `domain` itself: without such a name, `np`
            applies (RFC 9989 section 3.2.13). None: it is taken to exist.
    """
    domain = plain(domain)
    if rfc is Rfc.RFC7489:
        return _by_suffix_list(domain, tree, plain(org_of(domain)))
    org = organization(domain, tree)
    own = at(tree, domain)
    if own.record is not None:
        return _applies(own.record, domain, domain, org=org)
    if own.state is State.UNKNOWN or org is None:
        return Discovery(rfc, domain, Found.UNKNOWN, org=org or "")
    places = [org, *(name for name in walk(domain) if _is_psd_of(org, name, tree))]
    for place in places:
        record = at(tree, place).record
        if record is not None:
            return _applies(record, domain, place, org=org, existence=existence)
    return Discovery(rfc, domain, Found.NONE, org=org)


def _is_psd_of(org: str, name: str, tree: Tree) -> bool:
    """True when `name` is the public suffix domain right above `org`."""
    record = at(tree, name).record
    return org.partition(".")[2] == name and record is not None and record.psd == "y"


def _by_suffix_list(domain: str, tree: Tree, org: str) -> Discovery:
    """RFC 7489 section 6.6.3: at the domain, else at the organizational domain."""
    if not is_below(domain, org):
        org = domain  # a list that does not know the domain
    for place in dict.fromkeys((domain, org)):
        here = at(tree, place)
        match here.state:
            case State.UNKNOWN:
                return Discovery(Rfc.RFC7489, domain, Found.UNKNOWN, org=org)
            case State.SEVERAL:
                return Discovery(Rfc.RFC7489, domain, Found.NONE, org=org, several_at=place)
        if here.record is not None:
            return _applies(here.record, domain, place, org=org, rfc=Rfc.RFC7489)
    return Discovery(Rfc.RFC7489, domain, Found.NONE, org=org)


def _applies(
    record: Record,
    domain: str,
    place: str,
    *,
    org: str | None,
    rfc: Rfc = Rfc.RFC9989,
    existence: Answer | None = None,
) -> Discovery:
    tag = "p" if place == domain else "sp"
    if place != domain and rfc is Rfc.RFC9989 and record.has("np") and existence is not None:
        # A domain without a name in DNS: RFC 9989 section 3.2.13.
        if not existence.certain and record.applied(rfc, "np") is not record.applied(rfc, "sp"):
            return Discovery(rfc, domain, Found.UNKNOWN, place, record, org=org or "")
        tag = "np" if existence.outcome is Outcome.NO_SUCH_NAME else "sp"
    policy = record.applied(rfc, tag)
    if tag == "sp" and not record.has("sp"):
        tag = "p"
    found = Found.NONE if policy is None else Found.RECORD
    return Discovery(rfc, domain, found, place, record, tag, policy, org or "")
