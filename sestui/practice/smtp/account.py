"""The gate between SMTP and this account's SES and IAM."""

from __future__ import annotations

from collections.abc import Sequence

from sestui.practice.neighbours import Neighbours
from sestui.practice.ports import ACCESS_KEY, ACCOUNT_ID, SECRET_KEY
from sestui.practice.ses.api import CALLER
from sestui.practice.ses.faults import SMTP_LOGIN, Kind
from sestui.practice.ses.service import SesService
from sestui.practice.smtp.gate import Login, Unready


class AccountGate:
    """`Gate` of the SMTP interface: the practice key, and what IAM has made."""

    def __init__(self, ses: SesService, neighbours: Neighbours, region: str) -> None:
        self._ses = ses
        self._neighbours = neighbours
        self._region = region

    def login(self, key_id: str) -> Login | None:
        if key_id == ACCESS_KEY:
            return Login(CALLER, SECRET_KEY)
        if not self._neighbours.ready:
            raise Unready
        found = self._neighbours.access_key(key_id)
        return Login(f"arn:aws:iam::{ACCOUNT_ID}:user/{found[1]}", found[0]) if found else None

    def login_fault(self) -> Kind | None:
        return self._ses.faults.take(SMTP_LOGIN)

    def accept(self, caller: str, sender: str, recipients: Sequence[str], data: bytes) -> str:
        return self._ses.send_raw(self._region, caller, sender, recipients, data)
