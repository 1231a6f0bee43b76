"""A secret that is typed leaves no trace: not in files, logs, screenshots or tracebacks."""

from __future__ import annotations

import logging
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console
from rich.traceback import Traceback
from textual.widgets import Select

from sestui.domain.mail.form import MailForm, Transport
from sestui.domain.steps import Step
from sestui.gateways.ports import GatewayError
from sestui.tui.modals.smtp import SmtpModal
from tests.keys import ACCESS_KEY

from .walking import choose, connected, fill, open_step

CANARY = "Canary0Canary1Canary2Canary3Canary4Canar"
"""Forty characters, as a secret access key has them."""


def traces(folder: Path) -> list[str]:
    """Files that hold the canary, or half of it."""
    return [
        str(path)
        for path in folder.rglob("*")
        if path.is_file()
        and any(part in path.read_bytes() for part in (CANARY.encode(), CANARY[:20].encode()))
    ]


def wrote_something(folder: Path) -> bool:
    return any(b"canary.example" in p.read_bytes() for p in folder.rglob("*") if p.is_file())


async def test_an_smtp_password_is_nowhere_after_it_was_refused(
    wizard, account, until, tmp_path: Path, caplog, capfd
):
    caplog.set_level(logging.DEBUG)
    account.ses.seed_identities("eu-west-1", ["canary.example"])
    shots: list[str] = []
    app = wizard()
    async with app.run_test(size=(120, 40), notifications=True) as pilot:
        form = MailForm(
            sender="hello@canary.example",
            to="inbox@canary.example",
            subject="s",
            text="t",
            transport=Transport.SMTP,
        )
        await open_step(pilot, until, Step.TEST, "canary.example", mail_form=form)
        await pilot.press("ctrl+s")
        await until(pilot, lambda: isinstance(pilot.app.screen, SmtpModal))
        await pilot.pause()
        choose(pilot.app.screen.query_one("#smtp-source", Select), "type SMTP")
        await until(pilot, lambda: pilot.app.screen.query_one("#smtp-typed").display)
        fill(pilot, "smtp-user", ACCESS_KEY)
        fill(pilot, "smtp-password", CANARY)
        await pilot.pause()
        shots.append(app.export_screenshot())
        await pilot.press("ctrl+s")
        await until(pilot, lambda: not isinstance(pilot.app.screen, SmtpModal))
        await until(pilot, lambda: pilot.app.screen.problem_box.problem is not None, 30)
        problem = pilot.app.screen.problem_box.problem
        assert "535" in problem.what + problem.code + problem.operation
        assert not app.state.sent
        shots.append(app.export_screenshot())
        await pilot.press("ctrl+b")
        await pilot.pause()
        app.keep_place()
    assert wrote_something(tmp_path)
    assert traces(tmp_path) == []
    assert CANARY[:20] not in "".join(shots)
    assert CANARY[:20] not in caplog.text
    assert CANARY[:20] not in "".join(capfd.readouterr())


async def test_a_traceback_with_local_variables_does_not_show_it(wizard, until):
    """Textual draws such tracebacks; the wizard's own come without, a debugger's may not."""
    from sestui.domain.account import Secret
    from sestui.domain.mail.form import Format
    from sestui.domain.mail.message import Message
    from sestui.domain.smtp import Credentials

    message = Message(Format.FORMATTED, "a@canary.example", ("b@canary.example",), text="t")
    async with wizard().run_test() as pilot:
        await connected(pilot, until)
        smtp = pilot.app.cloud.smtp
        credentials = Credentials(ACCESS_KEY, Secret(CANARY))
        with pytest.raises(GatewayError) as failed:
            await smtp.send(message, credentials)
    console = Console(width=200, record=True, file=StringIO())
    console.print(
        Traceback.from_exception(
            failed.type, failed.value, failed.tb, show_locals=True, locals_max_string=None
        )
    )
    shown = console.export_text()
    assert "credentials" in shown  # they are among the local variables
    assert CANARY[:20] not in shown
