"""Knot DNS, a real authoritative server, on a free loopback port. Debian: apt-get install knot."""

from __future__ import annotations

import contextlib
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

import dns.exception
import dns.message
import dns.query

KNOTD = shutil.which("knotd", path="/usr/sbin:/usr/local/sbin:/usr/bin:/opt/homebrew/sbin")


CONFIG = """server:
    rundir: {folder}
    listen: 127.0.0.1@{port}
    udp-workers: 1
    tcp-workers: 1
    background-workers: 1
database:
    storage: {folder}
    journal-db-max-size: 20M
    kasp-db-max-size: 20M
    timer-db-max-size: 20M
    catalog-db-max-size: 20M
template:
  - id: default
    storage: {folder}
    file: "%s.zone"
    semantic-checks: off
zone:
"""
ATTEMPTS = 4


@contextlib.contextmanager
def knot(folder: Path, zones: Mapping[str, str]) -> Iterator[tuple[str, int]]:
    """Serve `zones` until the end of the block; yields host and port."""
    for origin, text in zones.items():
        (folder / f"{origin}.zone").write_text(text, "utf-8")
    process, port = _served(folder, list(zones))
    try:
        yield "127.0.0.1", port
    finally:
        process.terminate()
        process.wait(10)


def _served(folder: Path, origins: list[str]) -> tuple[subprocess.Popen[bytes], int]:
    """Start it on a free port; again on another one, should somebody have taken that meanwhile."""
    assert KNOTD is not None
    config = folder / "knot.conf"
    for _attempt in range(ATTEMPTS):
        port = _free_port()
        zones = "".join(f"  - domain: {origin}\n" for origin in origins)
        config.write_text(CONFIG.format(folder=folder, port=port) + zones, "utf-8")
        process = subprocess.Popen(
            [KNOTD, "-c", str(config)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        if _answers(process, port, origins):
            return process, port
        process.kill()
        process.wait(10)
    raise AssertionError(f"knotd does not serve {origins}")


def _free_port() -> int:
    """Free for UDP and for TCP."""
    while True:
        with socket.socket() as tcp, socket.socket(type=socket.SOCK_DGRAM) as udp:
            tcp.bind(("127.0.0.1", 0))
            port = int(tcp.getsockname()[1])
            with contextlib.suppress(OSError):
                udp.bind(("127.0.0.1", port))
                return port


def _answers(process: subprocess.Popen[bytes], port: int, origins: list[str]) -> bool:
    end = time.monotonic() + 15
    waiting = list(origins)
    while waiting:
        if process.poll() is not None or time.monotonic() > end:
            return False
        query = dns.message.make_query(waiting[0], "SOA")
        try:
            if dns.query.udp(query, "127.0.0.1", port=port, timeout=0.3).answer:
                waiting.pop(0)
                continue
        except (dns.exception.DNSException, OSError):
            pass
        time.sleep(0.01)
    return True
