"""For all tests: nothing of this machine gets in, nothing of a test gets out; screens compared."""

from __future__ import annotations

import gc
import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import is_hypothesis_test, settings

pytest_plugins = ("tests.practice_cloud",)

if TYPE_CHECKING:
    from textual.app import App

# The default lane draws the same examples in each run; the thorough one looks for new ones.
settings.register_profile("steady", derandomize=True, deadline=None, database=None)
settings.register_profile("thorough", deadline=None, max_examples=1_000)
settings.load_profile("steady")

SameScreen = Callable[..., None]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update-screens", action="store_true", help="accept what the screens look like now"
    )
    parser.addoption(
        "--thorough",
        action="store_true",
        help="run what the default lane leaves out: tests marked thorough, and properties in depth",
    )


def pytest_configure(config: pytest.Config) -> None:
    if config.getoption("--thorough"):
        settings.load_profile("thorough")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Keep one lane: a test is in the default one, the thorough one, or (a property) in both."""
    thorough = config.getoption("--thorough")

    def belongs(item: pytest.Item) -> bool:
        if item.get_closest_marker("thorough"):
            return bool(thorough)
        return not thorough or is_hypothesis_test(getattr(item, "obj", None))

    left_out = [item for item in items if not belongs(item)]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if belongs(item)]


def pytest_collection_finish() -> None:
    """Collect garbage seldom, and never what was imported: Textual makes and drops much of it.

    With Python's own thresholds a third of the processor time of an application under Pilot goes
    into looking through the same modules and descriptions of AWS services again and again.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


@pytest.fixture(autouse=True)
def own_home(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home of its own for each test: no profile, key, preference or journal of the developer.

    Not `tmp_path` itself, so that a test finds that empty.
    """
    home = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("USERPROFILE", str(home))
    for name in ("CONFIG", "DATA", "STATE", "CACHE"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(home / name.lower()))
    for name in [*os.environ]:
        if name.startswith(("AWS_", "SESTUI_", "BOTO_")) or name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)
    # Else the last provider of boto3's chain waits for a machine at 169.254.169.254.
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")
    return home


@pytest.fixture(autouse=True)
def steady_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same screen on every terminal and in every place."""
    for name in [*os.environ]:
        if name.startswith(("TEXTUAL", "LC_")) or name in ("NO_COLOR", "COLORTERM", "LANGUAGE"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("TEXTUAL_ANIMATIONS", "none")
    monkeypatch.setenv("LANG", "C.UTF-8")
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("TZ", "UTC")


@pytest.fixture
def same_screen(request: pytest.FixtureRequest) -> SameScreen:
    """Compare the screen, at any moment of a test, with the SVG that is stored beside the test.

    `same_screen(app, "waiting")`; a screen that differs is written as `.got.svg`.
    """

    def check(app: App[object], name: str = "screen") -> None:
        shot = re.sub(r"terminal-\d+", "terminal", app.export_screenshot(title=app.title))
        test = re.sub(r"[^\w.-]+", "-", request.node.name).strip("-")
        stored = request.path.parent / "screens" / f"{request.path.stem}-{test}-{name}.svg"
        if request.config.getoption("--update-screens"):
            stored.parent.mkdir(exist_ok=True)
            stored.write_text(shot, "utf-8")
        if not stored.exists():
            pytest.fail(f"{stored.name} is not stored yet; run with --update-screens")
        got = stored.with_suffix(".got.svg")
        if shot != stored.read_text("utf-8"):
            got.write_text(shot, "utf-8")
            pytest.fail(f"{stored.name} looks different now; compare it with {got.name}")
        got.unlink(missing_ok=True)

    return check
