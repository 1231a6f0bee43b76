"""A page of the person's own, shown in the browser of this machine."""

from __future__ import annotations

import os
from pathlib import Path

from sestui.domain.i18n import _
from sestui.gateways.failures import file_problem
from sestui.gateways.ports import GatewayError
from sestui.gateways.threads import in_thread

_IN_TERMINAL = frozenset({"www-browser", "links", "elinks", "lynx", "w3m"})
"""Python falls back to them where there is no desktop; they would draw over the wizard."""


async def show_page(html: str, folder: Path) -> tuple[Path, bool]:
    """Write `html` to a file in `folder` and open that; the file, and whether a browser took it.

    Raises:
        GatewayError: the file cannot be written.
    """
    return await in_thread(_show, html, folder)


def _show(html: str, folder: Path) -> tuple[Path, bool]:
    import webbrowser

    path = folder / "preview.html"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        # The mail may be confidential: for this user only, and one file, not one for each look.
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        # With the mark that tells it from the browser's own idea of a page without a charset.
        with os.fdopen(descriptor, "w", encoding="utf-8-sig", errors="replace") as file:
            file.write(html)
    except OSError as error:
        raise GatewayError(
            file_problem(
                error,
                _("The preview cannot be written: {reason}."),
                _("Check the folder's rights."),
            )
        ) from None
    try:
        browser = webbrowser.get()
        if os.path.basename(getattr(browser, "name", "")) in _IN_TERMINAL:
            return path, False
        return path, browser.open(path.absolute().as_uri())
    except (webbrowser.Error, OSError):
        return path, False
