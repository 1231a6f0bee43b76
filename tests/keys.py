"""The keys of a service that a test has put together itself; an account has its own: `owner`."""

from __future__ import annotations

from sestui.practice.owner import Owner
from sestui.practice.ports import ACCOUNT_ID, Login

OWNER = Owner("AKIATESTTESTTEST2345", "a/secret/key/that/opens/nothing/at/all/0", "a-token")
ACCESS_KEY, SECRET_KEY = OWNER.access_key, OWNER.secret_key


def find_login(key_id: str) -> Login | None:
    login = Login(f"arn:aws:iam::{ACCOUNT_ID}:user/practice", SECRET_KEY)
    return login if key_id == ACCESS_KEY else None
