"""How the wizard lives while it polls: the echo of keys, the processor, memory, long lists."""

from __future__ import annotations

import os
import re
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.benchmarks.report import Bar, line
from tests.journeys.served import Served
from tests.journeys.wizard import Wizard

DOMAIN = "shop.example"
SIZE = (120, 40)
ECHO_MS = 50.0
CPU_PERCENT = 1.0
MEMORY_MB = 150.0
PAUSE = 0.08
"""Seconds between two keys of somebody who types fast."""


@contextmanager
def second_sestui(account: Served) -> Iterator[Wizard]:
    """The wizard on `account`, with a home of its own."""
    with TemporaryDirectory() as home:
        xdg = {f"XDG_{name}_HOME": f"{home}/{name}" for name in ("CONFIG", "STATE", "CACHE")}
        with Wizard(env=account.for_a_program(HOME=home, **xdg), size=SIZE) as wizard:
            yield wizard


@contextmanager
def verifying() -> Iterator[Wizard]:
    """The wizard at a domain whose records are absent, so that it polls SES and DNS."""
    with Served() as account, second_sestui(account) as wizard:
        wizard.see("No identities in eu-west-1 yet")
        wizard.create_domain(DOMAIN)
        yield wizard


def keys(count: int) -> None:
    """The time from a key to what it changes on the screen."""
    with verifying() as wizard:
        moved = [_move(wizard, number) for number in range(count)]
        line("echo: moving in the table while it looks again", moved)
        _judge_echo(moved)
        wizard.press("p")
        wizard.wait_for("DNS panel", "Publish all 6", "becomes")
        wizard.click(".dkim.amazonses.com  ")
        wizard.press("end")
        time.sleep(1.0)
        typed = [_type(wizard, number) for number in range(count)]
        line("echo: typing in the panel while it polls", typed)
        _judge_echo(typed)


def rest(seconds: float) -> None:
    """The processor's time while nobody touches a key, and memory after all steps were seen."""
    with verifying() as wizard:
        time.sleep(5.0)
        before = _cpu_seconds(wizard.process.pid)
        begin = time.monotonic()
        time.sleep(seconds)
        percent = (_cpu_seconds(wizard.process.pid) - before) / (time.monotonic() - begin) * 100
        print(f"at rest at the Verify step, polling, for {seconds:g} s: {percent:.2f} % of a core")
        Bar(percent, CPU_PERCENT, "% of a core").judge()
        for key, text in (("4", "^s Send"), ("ctrl+n", "^s Review"), ("ctrl+n", "p IAM policy")):
            wizard.press(key)
            wizard.see(text)
            time.sleep(2.0)
        now, most = _memory_mb(wizard.process.pid)
        print(f"memory with everything loaded: {now:.0f} MB, at most {most:.0f} MB")
        Bar(most, MEMORY_MB, "MB").judge()


def many(count: int) -> None:
    """A long list of identities beside a short one."""
    for rows in (10, count):
        with (
            Served("--identities", str(rows), command=_MANY) as account,
            second_sestui(account) as wizard,
        ):
            begin = time.perf_counter()
            wizard.wait_for(f"Identities in eu-west-1: {rows}", "d00000.example", seconds=60)
            print(f"{rows} identities are there after {time.perf_counter() - begin:.1f} s")
            wizard.wait_for("^q Quit")
            time.sleep(1.0)
            line(f"echo: down and up in {rows}", [_scroll(wizard, n) for n in range(40)])
            if rows > 12:
                jumps = [_jump(wizard, rows, number) for number in range(20)]
                line(f"echo: to the end and back in {rows}", jumps)
                wizard.press("/")
                time.sleep(0.5)
                filtered = [_filter(wizard, text) for text in ("d", "d0", "d09", "d099", "d0999")]
                line(f"echo: typing a filter over {rows}", filtered)
                Bar(max(filtered), ECHO_MS, "ms").judge()


_MANY = (sys.executable, "-m", "tests.benchmarks.many_identities")


def _timed(wizard: Wizard, act: Callable[[], None], seen: Callable[[], bool]) -> float:
    begin = time.perf_counter()
    act()
    wizard.wait_until(seen)
    took = (time.perf_counter() - begin) * 1000
    time.sleep(PAUSE)
    return took


def _move(wizard: Wizard, number: int) -> float:
    """One row down, or up again; now and then while it does what it was told, to look again."""
    if number % 10 == 5:
        wizard.press("r")
        time.sleep(PAUSE)
    before = _detail(wizard)
    key = "down" if number % 2 == 0 else "up"
    return _timed(wizard, lambda: wizard.press(key), lambda: _detail(wizard) != before)


def _detail(wizard: Wizard) -> str:
    """The record that the card below the table is about."""
    return wizard.screen.partition("│ Name    ")[2].split("\n", 1)[0].strip(" │")


def _type(wizard: Wizard, number: int) -> float:
    """A character at the end of the value, or away again."""
    shown = wizard.screen.count("amazonses.com#")
    act = (lambda: wizard.type("#")) if number % 2 == 0 else (lambda: wizard.press("backspace"))
    return _timed(wizard, act, lambda: wizard.screen.count("amazonses.com#") != shown)


def _scroll(wizard: Wizard, number: int) -> float:
    before = [wizard.pen(f"d0000{row}.example") for row in range(2)]
    key = "down" if number % 2 == 0 else "up"
    return _timed(
        wizard,
        lambda: wizard.press(key),
        lambda: [wizard.pen(f"d0000{row}.example") for row in range(2)] != before,
    )


def _jump(wizard: Wizard, rows: int, number: int) -> float:
    key, wanted = ("end", rows - 1) if number % 2 == 0 else ("home", 0)
    return _timed(
        wizard, lambda: wizard.press(key), lambda: f"d{wanted:05}.example" in wizard.screen
    )


def _filter(wizard: Wizard, text: str) -> float:
    alone = re.compile(rf"\s{text}\s")
    return _timed(wizard, lambda: wizard.type(text[-1]), lambda: bool(alone.search(wizard.screen)))


def _judge_echo(milliseconds: list[float]) -> None:
    ranked = sorted(milliseconds)
    worst = ranked[max(0, len(ranked) * 99 // 100 - 1)]
    print(f"  99 of 100 within {worst:.1f} ms; {statistics.mean(milliseconds):.1f} on average")
    Bar(worst, ECHO_MS, "ms, 99 of 100").judge()


def _cpu_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _memory_mb(pid: int) -> tuple[float, float]:
    """What is resident now, and what was at most."""
    found = dict(
        text.split(":", 1) for text in Path(f"/proc/{pid}/status").read_text().splitlines()
    )
    return int(found["VmRSS"].split()[0]) / 1024, int(found["VmHWM"].split()[0]) / 1024
