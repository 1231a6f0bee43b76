"""Make the README's pictures: `python -m tests.screenshots`.

Walks the workshop on a practice account and writes an SVG and a PNG of each step.
"""

from __future__ import annotations

import asyncio
import os
import re
import tempfile
from collections.abc import Callable
from pathlib import Path

from textual.pilot import Pilot
from textual.widgets import Input

from sestui.connect import PracticeAccess, World
from sestui.domain.account import Choice, Source
from sestui.domain.steps import Step, WizardState
from sestui.practice.account import FAST, PracticeAccount
from sestui.tui.app import WizardApp
from sestui.tui.modals.mail import MailModal
from sestui.tui.modals.mailbox import MailboxModal
from sestui.tui.modals.panel import PanelModal
from sestui.tui.modals.plan import PlanModal
from sestui.tui.modals.received import ReceivedModal
from sestui.tui.modals.set_editor import SetEditor
from sestui.tui.widgets.sets_list import SetsList
from tests.png import write_png
from tests.tui.walking import adopt, agree, at, connected, fill

FOLDER = Path(__file__).parents[1] / "screenshots"
SIZE = (100, 32)
DOMAIN = "shop.example"


async def until(pilot: Pilot[None], condition: Callable[[], object], seconds: float = 30.0) -> None:
    for _ in range(int(seconds / 0.02)):
        if condition():
            return
        await pilot.pause(0.02)
    raise TimeoutError(f"still not so on {pilot.app.screen}")


async def take(pilot: Pilot[None], name: str) -> None:
    """Write the screen as it is once nothing moves any more."""
    app = pilot.app
    app.clear_notifications()
    for field in app.screen.query(Input):
        field.cursor_blink = False
    await pilot.pause(0.3)
    svg = re.sub(r"terminal-\d+", "terminal", app.export_screenshot(title="sestui practice"))
    FOLDER.mkdir(exist_ok=True)
    (FOLDER / f"{name}.svg").write_text(svg, "utf-8")
    write_png(svg, FOLDER / f"{name}.png")


async def walk(app: WizardApp) -> None:
    """From an empty account to the go-live review, a picture at each step."""
    async with app.run_test(size=SIZE, notifications=True) as pilot:
        await connected(pilot, until)
        await adopt(pilot, until, "you@example.org")
        await until(pilot, lambda: app.state.identity is not None)
        await take(pilot, "verify-address")
        await pilot.press("ctrl+b")
        await until(pilot, lambda: at(pilot, Step.IDENTITY))
        await pilot.press("ctrl+b")
        await until(pilot, lambda: at(pilot, Step.ACCOUNT))
        await take(pilot, "account")

        await pilot.press("ctrl+n")
        await until(pilot, lambda: at(pilot, Step.IDENTITY))
        await pilot.pause()
        app.screen.query_one("#kind").query("Radio").last().value = True  # type: ignore[attr-defined]
        await pilot.pause()
        fill(pilot, "name", DOMAIN)
        await take(pilot, "identity")
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, PlanModal))
        await take(pilot, "plan")
        await pilot.press("enter")
        await until(pilot, lambda: at(pilot, Step.VERIFY))
        await until(pilot, lambda: len(app.state.checks) == 6)
        await take(pilot, "verify-open")
        await pilot.press("p")
        await until(pilot, lambda: isinstance(app.screen, PanelModal))
        await take(pilot, "panel")
        await pilot.press("enter")
        await until(pilot, lambda: app.state.identity and app.state.identity.complete)
        await take(pilot, "verify")

        await pilot.press("ctrl+n")
        await until(pilot, lambda: at(pilot, Step.TEST))
        await pilot.pause()
        await pilot.press("ctrl+s")
        await until(pilot, lambda: getattr(app.screen, "arrived", None))
        await take(pilot, "test")
        await pilot.press("f6")
        await until(pilot, lambda: isinstance(app.screen, MailboxModal))
        await pilot.pause(0.3)
        await take(pilot, "mailbox")
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, MailModal))
        await pilot.pause(0.3)
        await take(pilot, "mail")
        await pilot.press("v")
        await until(pilot, lambda: isinstance(app.screen, ReceivedModal) and app.screen.judged)
        await pilot.pause(0.3)
        await take(pilot, "received")
        await pilot.press("escape", "escape", "escape")

        await until(pilot, lambda: at(pilot, Step.TEST))
        await pilot.press("ctrl+n")
        await until(pilot, lambda: at(pilot, Step.MONITORING))
        await pilot.pause()
        fill(pilot, "subscriber", f"ops@{DOMAIN}")
        await pilot.pause()
        await pilot.press("ctrl+s")
        await agree(pilot, until)
        await until(pilot, lambda: app.state.default_set is not None)
        await until(pilot, lambda: app.screen.query_one(SetsList).names)
        await take(pilot, "monitoring")
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, SetEditor))
        await pilot.pause(0.5)
        await take(pilot, "editor")
        await pilot.press("escape")
        await until(pilot, lambda: at(pilot, Step.MONITORING))
        await pilot.press("f5")
        await until(pilot, lambda: app.screen.query("Consent") and app.screen.prospect)
        await pilot.pause(0.3)
        await pilot.press("enter")
        await until(pilot, lambda: app.screen.proof and app.screen.proof.done)
        await pilot.pause(0.3)
        await take(pilot, "prove")
        await pilot.press("escape")
        await until(pilot, lambda: at(pilot, Step.MONITORING))
        await pilot.press("ctrl+n")
        await until(pilot, lambda: at(pilot, Step.LIVE))
        await until(pilot, lambda: app.state.review is not None)
        await take(pilot, "live")


def main() -> None:
    os.environ["TEXTUAL_ANIMATIONS"] = "none"
    with PracticeAccount(options=FAST) as practice, tempfile.TemporaryDirectory() as folder:

        async def access() -> PracticeAccess:
            return PracticeAccess.of(practice.environment())

        world = World(practice=access, state=Path(folder), config=Path(folder))
        app = WizardApp(world, WizardState(practice=True), choice=Choice(Source.PRACTICE))
        asyncio.run(walk(app))


if __name__ == "__main__":
    main()
