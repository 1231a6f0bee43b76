"""The words of the command line, apart from click, which the plain start does without."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Options:
    """The words of the command line that reach the wizard and the outside."""

    profile: str = ""
    region: str = ""
    endpoint_url: str = ""
    nameservers: tuple[str, ...] = ()
    """As `parse_nameserver` takes them, checked; empty for the world's own."""
    lang: str = ""
    """Empty: what the environment says."""
    data_dir: Path | None = None
    """Where the practice account keeps its state; None for a temporary folder."""
