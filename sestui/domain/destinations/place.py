"""Region and account, and what ARNs are made of there."""

from __future__ import annotations

import re
from dataclasses import dataclass

from sestui.domain.i18n import _
from sestui.domain.names import InvalidName
from sestui.domain.regions import partition
from sestui.domain.text import quoted

# Of a topic, a stream or a role; each of the three takes most of these.
_NAME = re.compile(r"[\w+=,.@-]{1,256}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a plan is carried out."""

    region: str
    account: str

    def topic(self, typed: str) -> str:
        """A topic's ARN; one that is typed as such stays. Raises InvalidName."""
        if typed.strip().endswith(".fifo"):
            raise InvalidName(_("SES cannot publish to a FIFO topic; use a standard one."))
        return self._arn(typed, "sns", self.region, "")

    def role(self, typed: str) -> str:
        """A role's ARN, likewise. Raises InvalidName."""
        return self._arn(typed, "iam", "", "role/")

    def stream(self, typed: str) -> str:
        """A stream's ARN, likewise. Raises InvalidName."""
        return self._arn(typed, "firehose", self.region, "deliverystream/")

    def rule(self, name: str) -> str:
        """The ARN of a rule of the default bus."""
        return f"arn:{partition(self.region)}:events:{self.region}:{self.account}:rule/{name}"

    def log_group(self, name: str) -> str:
        return f"arn:{partition(self.region)}:logs:{self.region}:{self.account}:log-group:{name}"

    def here(self, arn: str) -> bool:
        """It is of this account, and of this Region if of any."""
        parts = arn.split(":")
        return len(parts) > 5 and parts[3] in (self.region, "") and parts[4] == self.account

    def _arn(self, typed: str, service: str, region: str, kind: str) -> str:
        start = f"arn:{partition(self.region)}:{service}:{region}:"
        name = typed.strip()
        if name.startswith("arn:"):
            if not name.startswith(start) or not name.isprintable():
                raise InvalidName(_("SES takes an ARN that begins {start}").format(start=start))
            return name
        if not _NAME.fullmatch(name):
            raise InvalidName(_("“{name}” cannot be its name.").format(name=quoted(name)))
        return f"{start}{self.account}:{kind}{name}"


def last(arn: str) -> str:
    """The name at the end of an ARN."""
    return re.split(r"[:/]", arn)[-1]
