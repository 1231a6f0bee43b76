"""How bad something is; shared by verdicts on records and by findings about anything else."""

from __future__ import annotations

from enum import StrEnum


class Severity(StrEnum):
    OK = "ok"
    WARNING = "warning"
    ERROR = "error"
    UNKNOWN = "unknown"
    """Could not be found out: neither good nor bad."""
