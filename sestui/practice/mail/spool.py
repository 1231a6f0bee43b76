"""Accepted mail on its way, on disk: what was accepted is not lost when the process is killed."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sestui.practice import files
from sestui.practice.ports import Accepted


@dataclass(frozen=True, slots=True)
class Verification:
    """A verification mail that has to go out."""

    address: str
    region: str
    link: str
    at: datetime


Job = Accepted | Verification


class Spool:
    """A file per job until it is done."""

    def __init__(self, folder: Path, told: files.Told = lambda _text: None) -> None:
        files.make_folder(folder)
        self._folder = folder
        self._told = told

    def keep(self, job: Job) -> Path:
        """Write `job` down. Raises OSError when that fails."""
        fields = asdict(job)
        fields["at"] = job.at.isoformat()
        if isinstance(job, Accepted):
            fields["mime"] = base64.b64encode(job.mime).decode()
            fields["suppressed"] = sorted(job.suppressed)
        kind = "mail" if isinstance(job, Accepted) else "verification"
        name = re.sub(r"[^A-Za-z0-9]", "", f"{job.at:%Y%m%d%H%M%S%f}") + f"-{id(job):x}.json"
        path = self._folder / name
        files.write(path, json.dumps({"kind": kind, "fields": fields}).encode())
        return path

    def left(self) -> Iterator[tuple[Path, Job]]:
        """Jobs of an earlier run, the oldest first; a file that makes no sense is set aside."""
        for path in sorted(self._folder.glob("*.json")):
            try:
                job = _job(json.loads(path.read_bytes()))
            except OSError:
                continue
            except (ValueError, TypeError, KeyError, RecursionError):
                aside = files.set_aside(path)
                self._told(f"{path}: mail that was on its way is damaged; it is now {aside.name}")
                continue
            yield path, job


def _job(kept: dict[str, Any]) -> Job:
    fields = kept["fields"]
    fields["at"] = datetime.fromisoformat(fields["at"])
    if kept["kind"] == "verification":
        return Verification(**fields)
    fields["mime"] = base64.b64decode(fields["mime"])
    fields["suppressed"] = frozenset(fields["suppressed"])
    fields["recipients"] = tuple(fields["recipients"])
    return Accepted(**fields)
