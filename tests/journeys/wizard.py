"""The real command in a pseudo-terminal, and the ways through it that several journeys share."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sestui.practice.ports import DEFAULT_REGION
from tests.journeys import served
from tests.journeys.terminal import SIZE, Terminal

SIZES = [(80, 24), (120, 40)]


class Wizard(Terminal):
    """`python -m sestui ARGUMENTS`."""

    def __init__(
        self,
        *arguments: str,
        size: tuple[int, int] = SIZE,
        env: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__([sys.executable, "-m", "sestui", *arguments], size=size, env=env)

    def see(self, *texts: str) -> None:
        """Wait for a screen with `texts`. The footer comes last, when the keys have their place."""
        self.wait_for(*texts, "^q Quit")

    def close(self, text: str) -> None:
        """Close a dialog that says `text`."""
        self.press("escape")
        self.wait_gone(text)

    def agree(self, title: str) -> None:
        """Do what a plan says, once its button has the focus, which Textual draws in reverse."""
        self.wait_for(title, "Do it enter")
        self.wait_until(lambda: ";7;" in self.pen("Do it"))
        self.press("enter")
        self.wait_gone("Do it enter")

    def retype(self, old: str, new: str) -> None:
        """Put `new` into the box that holds `old`.

        In a burst of keys, Textual lets characters overtake those that have bindings.
        """
        self.click(old)
        shown = self.screen.count(old)
        self.press("end", *["backspace"] * len(old))
        self.wait_until(lambda: self.screen.count(old) < shown)
        self.type(new)
        self.wait_for(new)

    def create_address(self, address: str) -> None:
        """From the Account step to an address that waits for its link."""
        self.press("ctrl+n")
        self.see("Address you@example.com", "Type the name")
        self.type(address)
        self.wait_for(f"Address {address}")
        self.press("enter")
        self.agree("One change to your account")
        self.see("What SES says", "m Mailbox", f"· {address}")

    def create_domain(self, domain: str) -> None:
        """From the Account step to a domain whose records are absent."""
        self.press("ctrl+n")
        self.see("Address you@example.com", "Type the name")
        self.focus("shift+tab", "An e-mail address")
        self.press("down", "space")
        self.wait_for("Domain example.com", "Custom MAIL FROM")
        self.focus("tab", "example.com")
        self.type(domain)
        self.wait_for(f"mail.{domain}")
        self.press("enter")
        self.agree("2 changes to your account")
        self.see("What SES says", "p DNS", f"· {domain}")
        self.wait_until(lambda: self.screen.count("absent") == 6)

    def quit(self) -> None:
        self.press("ctrl+q")
        assert self.end() == 0
        assert "Traceback" not in self.screen


def account_in(folder: Path) -> dict[str, str]:
    """Where the account of `sestui practice --data-dir FOLDER` listens, as `--serve` exports it."""
    ports: dict[str, Any] = json.loads((folder / "state" / "ports.json").read_text("utf-8"))
    owner: dict[str, str] = json.loads((folder / "state" / "owner.json").read_text("utf-8"))
    at = {name: f"http://127.0.0.1:{port}" for name, port in ports.items()}
    return {
        "AWS_ENDPOINT_URL_SESV2": at["ses"],
        "AWS_ENDPOINT_URL": at["neighbours"],
        "AWS_ACCESS_KEY_ID": owner["access_key"],
        "AWS_SECRET_ACCESS_KEY": owner["secret_key"],
        "AWS_REGION": DEFAULT_REGION,
        "SESTUI_PRACTICE": at["control"],
        "SESTUI_PRACTICE_TOKEN": owner["token"],
    }


def switch_on(account: Mapping[str, str], kind: str) -> None:
    """From now on every call to SES meets this trouble."""
    fault = {"operation": "*", "kind": kind}
    served.control(account, "POST", "faults", {"ses": fault})


def look_up_now(account: Mapping[str, str]) -> None:
    """Let SES look up the records of all identities; it has when this returns."""
    served.control(account, "POST", "check", {})


def descendants(pid: int) -> set[int]:
    """All processes that `pid` has started, directly or not."""
    found: set[int] = set()
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in map(int, task.read_text().split()):
            found |= {child} | descendants(child)
    return found
