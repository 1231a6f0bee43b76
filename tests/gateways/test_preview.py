"""The HTML of a mail in the browser: shut in, for this user only, and gone afterwards."""

from __future__ import annotations

import asyncio
import os
import shutil
import stat
import subprocess
import sys
import threading
from collections.abc import Iterator
from html.parser import HTMLParser
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sestui.connect import World
from sestui.gateways.browser import remove_page, show_page, shut_in


class Elements(HTMLParser):
    """All elements of a page, in order, as (name, attributes)."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


FRAME = ["html", "head", "meta", "meta", "meta", "meta", "title", "style", "body", "iframe"]
LEADING_OUT = {"link", "meta", "base"}


@given(
    st.text()
    | st.lists(
        st.sampled_from(
            ['"', "'", ">", "</iframe>", "<script>", "&quot;", "&#34;", "{", "}", "<link ", "\0"]
        )
    ).map("".join)
)
def test_no_mail_gets_out_of_its_frame(mail):
    page = shut_in(mail)
    elements = Elements(page).found
    assert [name for name, _attributes in elements] == FRAME
    frame = elements[-1][1]
    assert frame["sandbox"] in (None, "")  # nothing is allowed
    policy = elements[3][1]
    assert policy["http-equiv"] == "Content-Security-Policy"
    assert str(policy["content"]).startswith("default-src 'none';")
    assert "http" not in str(policy["content"])


@pytest.mark.parametrize(
    "mail",
    [
        '<link rel=dns-prefetch href="//evil.example">',
        "<LINK\nrel=preconnect href=//evil.example>",
        "<link/rel=prefetch/href=//evil.example>",
        '<meta http-equiv="refresh" content="0; url=https://evil.example">',
        '<Meta\thttp-equiv="refresh" content="0">',
        '<base href="https://evil.example/" target=_top>',
        '<p title="x"><link rel="stylesheet" href="https://evil.example/"></p>',
        '<link title=">" rel=preload href=//evil.example>',
    ],
)
def test_what_a_policy_does_not_stop_is_taken_out(mail):
    frame = Elements(shut_in(mail)).found[-1][1]
    inside = Elements(str(frame["srcdoc"])).found
    ours, *theirs = [each for each in inside if each[0] in LEADING_OUT]
    assert ours == ("base", {"target": "_blank"})
    assert theirs == []


async def test_an_old_page_that_others_may_read_is_replaced(tmp_path, monkeypatch):
    monkeypatch.setenv("BROWSER", "true")
    folder = tmp_path / "state"
    folder.mkdir()
    old = folder / "preview.html"
    old.write_text("old")
    old.chmod(0o666)
    before = os.umask(0)
    try:
        path, _opened = await show_page("<p>new", folder)
    finally:
        os.umask(before)
    assert path == old
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    remove_page(folder)
    remove_page(folder)
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize(("end", "left"), [("", []), ("os._exit(0)", ["preview.html"])])
def test_the_page_is_gone_with_the_program_or_with_the_next(tmp_path, end, left):
    """Whoever is killed cannot tidy up."""
    script = (
        "import asyncio, os, pathlib\n"
        "from sestui.gateways.browser import show_page\n"
        f"path, _ = asyncio.run(show_page('<p>x', pathlib.Path({str(tmp_path)!r})))\n"
        f"assert path.exists()\n{end}\n"
    )
    environment = os.environ | {"BROWSER": "true"}
    subprocess.run([sys.executable, "-c", script], check=True, timeout=60, env=environment)
    assert [path.name for path in tmp_path.iterdir()] == left
    asyncio.run(World(state=tmp_path, config=tmp_path).sources())
    assert list(tmp_path.iterdir()) == []


CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-headless-shell"))), None)


class Evil(ThreadingHTTPServer):
    """A web server that writes down what it is asked for."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        super().__init__(("127.0.0.1", 0), _Answer)
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


class _Answer(BaseHTTPRequestHandler):
    server: Evil

    def do_GET(self) -> None:
        self.server.asked.append(self.path)
        self.send_response(204)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def evil() -> Iterator[Evil]:
    server = Evil()
    yield server
    server.shutdown()
    server.server_close()


NASTY = """
<script>fetch('{url}/script'); document.title = 'ran'</script>
<meta http-equiv=refresh content="0;url={url}/refresh"><link rel=stylesheet href={url}/css>
<style>@import '{url}/import'; body {{ background: url({url}/background) }}</style>
<body onload="location='{url}/onload'"><img src={url}/img onerror="location='{url}/onerror'">
<iframe src={url}/frame></iframe><object data={url}/object></object><video src={url}/video>
</video><svg><image href={url}/svg /></svg><form action={url}/form id=f><button>x</button></form>
"></iframe><img src={url}/escaped><script>top.location = '{url}/top'</script>
"""


@pytest.mark.thorough
@pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium: apt install chromium")
def test_a_real_browser_asks_for_nothing(tmp_path, evil):
    assert "ran</title>" not in shown(tmp_path, shut_in(NASTY.format(url=evil.url)))
    assert evil.asked == []
    # It would be noticed.
    plain = f"<img src={evil.url}/img><script>document.title = 'ran'</script>"
    assert "ran</title>" in shown(tmp_path, plain)
    assert evil.asked == ["/img"]


def shown(tmp_path: Path, html: str) -> str:
    """What a page has become when it has been there for a while."""
    page = tmp_path / "preview.html"
    page.write_text(html, "utf-8-sig")
    done = subprocess.run(
        [
            str(CHROMIUM), "--headless", "--no-sandbox", "--disable-gpu", "--dump-dom",
            f"--user-data-dir={tmp_path / 'profile'}", "--virtual-time-budget=3000", page.as_uri(),
        ],
        capture_output=True, text=True, timeout=120, check=True,
    )  # fmt: skip
    return done.stdout
