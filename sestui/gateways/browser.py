"""A mail of the person's own, shown in the browser of this machine."""

from __future__ import annotations

import atexit
import contextlib
import html
import os
import re
from pathlib import Path

from sestui.domain.i18n import _
from sestui.gateways.failures import file_problem
from sestui.gateways.ports import GatewayError
from sestui.gateways.threads import in_thread

_IN_TERMINAL = frozenset({"www-browser", "links", "elinks", "lynx", "w3m"})
"""Python falls back to them where there is no desktop; they would draw over the wizard."""
_NAME = "preview.html"
_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src data:;"
    " form-action 'none'; base-uri 'none'"
)
"""Nothing is loaded: neither what the mail names, nor a page that a link in it leads to."""
_PAGE = """\
<!doctype html>
<html><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta http-equiv="x-dns-prefetch-control" content="off">
<meta name="referrer" content="no-referrer">
<title>{title}</title>
<style>iframe {{ position: fixed; inset: 0; width: 100%; height: 100%; border: 0 }}</style>
</head><body>
<iframe sandbox title="{title}" srcdoc="{mail}"></iframe>
</body></html>
"""
_LEADING_OUT = re.compile(r"<(?=(?:link|meta|base)[\s/>])", re.IGNORECASE)
"""Elements that make a browser look up a name, go to another page, or open links elsewhere, in
spite of the policy. Mail programs take them out, too."""


async def show_page(html: str, folder: Path) -> tuple[Path, bool]:
    """Write `html` to a file in `folder` and open that; the file, and whether a browser took it.

    The page is shut in: no script of it runs, nothing is loaded, and its links lead nowhere. The
    file is gone when the program ends.

    Raises:
        GatewayError: the file cannot be written.
    """
    return await in_thread(_show, html, folder)


def remove_page(folder: Path) -> None:
    """Remove the page of a run that could not do it: it was killed."""
    with contextlib.suppress(OSError):
        (folder / _NAME).unlink()


def shut_in(mail: str) -> str:
    """A page that shows the HTML of a mail in a frame which it cannot leave."""
    # Links would open in a window of their own, which the sandbox forbids: nothing happens.
    mail = "<base target=_blank>" + _LEADING_OUT.sub("<x-", mail)
    title = html.escape(_("Preview of the mail"))
    return _PAGE.format(policy=html.escape(_POLICY), title=title, mail=html.escape(mail))


def _show(mail: str, folder: Path) -> tuple[Path, bool]:
    import webbrowser

    path = folder / _NAME
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        atexit.register(remove_page, folder)
        # A new file: an old one may have been made readable for others.
        remove_page(folder)
        # The mail may be confidential: for this user only, and one file, not one for each look.
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        # With the mark that tells it from the browser's own idea of a page without a charset.
        with os.fdopen(descriptor, "w", encoding="utf-8-sig", errors="replace") as file:
            file.write(shut_in(mail))
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
