"""The gate between SMTP and this account's SES and IAM."""

from __future__ import annotations

from collections.abc import Sequence

from sestui.practice.neighbours import Neighbours
from sestui.practice.ports import Login
from sestui.practice.ses.faults import SMTP_LOGIN, Kind
from sestui.practice.ses.service import SesService


class AccountGate:
    """`Gate` of the SMTP interface: the owner's key, and what IAM has made."""

    def __init__(self, ses: SesService, neighbours: Neighbours, region: str) -> None:
        self._ses = ses
        self._neighbours = neighbours
        self._region = region

    def login(self, key_id: str) -> Login | None:
        return self._neighbours.login(key_id)

    def login_fault(self) -> Kind | None:
        return self._ses.faults.take(SMTP_LOGIN)

    def accept(self, caller: str, sender: str, recipients: Sequence[str], data: bytes) -> str:
        return self._ses.send_raw(self._region, caller, sender, recipients, data)
