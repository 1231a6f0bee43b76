"""Proof that events arrive: the hops of their way, what breaks each of them, and how to mend it."""

from sestui.domain.prove.model import (
    Fix,
    Hop,
    HopKind,
    Phase,
    Proof,
    ProofMail,
    Question,
    Route,
    State,
)
from sestui.domain.prove.plan import Leftover, Sort, removal_plan

__all__ = [
    "Fix",
    "Hop",
    "HopKind",
    "Leftover",
    "Phase",
    "Proof",
    "ProofMail",
    "Question",
    "Route",
    "Sort",
    "State",
    "removal_plan",
]
