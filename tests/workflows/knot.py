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


@contextlib.contextmanager
def knot(folder: Path, zones: Mapping[str, str]) -> Iterator[tuple[str, int]]:
    """Serve `zones` until the end of the block; yields host and port."""
    assert KNOTD is not None
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.bind(("127.0.0.1", 0))
        port = sock.getsockname()[1]
    for origin, text in zones.items():
        (folder / f"{origin}.zone").write_text(text, "utf-8")
    config = folder / "knot.conf"
    config.write_text(
        f"""server:
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
        + "".join(f"  - domain: {origin}\n" for origin in zones),
        "utf-8",
    )
    process = subprocess.Popen(
        [KNOTD, "-c", str(config)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        _wait(port, list(zones))
        yield "127.0.0.1", port
    finally:
        process.terminate()
        process.wait(10)


def _wait(port: int, origins: list[str]) -> None:
    end = time.monotonic() + 40
    while origins:
        assert time.monotonic() < end, f"knotd does not serve {origins}"
        query = dns.message.make_query(origins[0], "SOA")
        try:
            if dns.query.udp(query, "127.0.0.1", port=port, timeout=0.3).answer:
                origins.pop(0)
                continue
        except (dns.exception.DNSException, OSError):
            pass
        time.sleep(0.01)
