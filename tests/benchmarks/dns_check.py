"""Queries, depth and time of `sestui check` and of checkdmarc on one zone, with 20 ms a query.

    python tests/benchmarks/dns_check.py [DELAY_DNS] [--runs N] [--checkdmarc COMMAND]

DELAY_DNS is the name server that waits before each answer (../shared/tools/delay_dns.py).
checkdmarc takes no port, so its server is bound to 127.0.0.9:53, which needs root; without that, or
without checkdmarc, only sestui is measured. Not a test: times are compared on one machine.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
TOKENS = [letter * 3 + "defghijklmnopqrstuvwxyz234567" for letter in "abc"]
HEAD = (
    "$TTL 300\n{0}. SOA ns1.{0}. host.{0}. 1 7200 900 1209600 60\n"
    "{0}. NS ns1.{0}.\n{0}. NS ns2.{0}.\n"
)
HOSTS = "ns1.{0}. A 127.0.0.9\nns2.{0}. A 127.0.0.9\n"
# SES, Google and two programs of others: eight terms that cost a lookup.
ACME = """
acme.test. A 192.0.2.1
acme.test. MX 1 smtp.google.com.
acme.test. TXT "v=spf1 include:_spf.google.com include:amazonses.com include:spf.saas1.test \
include:spf.saas2.test ~all"
"""
OTHERS = {
    "amazonses.com": 'amazonses.com. TXT "v=spf1 ip4:199.255.192.0/22 ip4:54.240.0.0/18 -all"\n'
    + "".join(f'{token}.dkim.amazonses.com. TXT "p="\n' for token in TOKENS),
    "google.com": "smtp.google.com. A 192.0.2.2\n"
    '_spf.google.com. TXT "v=spf1 include:_n1.google.com include:_n2.google.com '
    'include:_n3.google.com ~all"\n'
    + "".join(f'_n{n}.google.com. TXT "v=spf1 ip4:192.0.2.{n} ~all"\n' for n in (1, 2, 3)),
    "saas1.test": 'spf.saas1.test. TXT "v=spf1 ip4:198.51.100.1 -all"\n',
    "saas2.test": 'spf.saas2.test. TXT "v=spf1 include:more.saas2.test -all"\n'
    'more.saas2.test. TXT "v=spf1 ip4:198.51.100.2 -all"\n',
    "test": "",
}
WELL = {
    **{f"{t}._domainkey.acme.test": ("CNAME", f"{t}.dkim.amazonses.com") for t in TOKENS},
    "mail.acme.test/MX": ("MX", "10 feedback-smtp.eu-west-1.amazonses.com"),
    "mail.acme.test": ("TXT", "v=spf1 include:amazonses.com ~all"),
    "_dmarc.acme.test": ("TXT", "v=DMARC1; p=none; rua=mailto:d@acme.test"),
}


def zone_lines(broken: bool) -> str:
    """The records; `broken`: one away from its name, one of the wrong type, the others missing."""
    if broken:
        target = f"{TOKENS[0]}.dkim.amazonses.com"
        return (
            f"{TOKENS[0]}._domainkey.acme.test.acme.test. CNAME {target}.\n"
            f'{TOKENS[1]}._domainkey.acme.test. TXT "{TOKENS[1]}.dkim.amazonses.com"\n'
        )
    return "".join(
        f"{name.partition('/')[0]}. {kind} " + (f'"{value}"\n' if kind == "TXT" else f"{value}.\n")
        for name, (kind, value) in WELL.items()
    )


def expected() -> str:
    purposes = {"CNAME": "dkim", "MX": "mail_from"}
    rows = [
        {
            "purpose": "dmarc" if name.startswith("_dmarc") else purposes.get(kind, "mail_from"),
            "type": kind,
            "name": name.partition("/")[0],
            "value": value,
        }
        for name, (kind, value) in WELL.items()
    ]
    document = {"schema": "sestui.records/1", "identity": "acme.test", "region": "eu-west-1"}
    return json.dumps({**document, "records": rows})


class Delayed:
    """delay_dns.py with these zones."""

    def __init__(self, tool: Path, folder: Path, broken: bool, host: str, port: int) -> None:
        arguments = [sys.executable, str(tool), "--host", host, "--port", str(port), "--quiet"]
        zones = {"acme.test": ACME + zone_lines(broken), **OTHERS}
        for origin, text in zones.items():
            path = folder / f"{origin}.zone"
            path.write_text(HEAD.format(origin) + HOSTS.format(origin) + text, "utf-8")
            arguments += ["--zone", f"{path}:{origin}"]
        arguments += ["--delay-ms", "20", "--default", "nxdomain"]
        self.process = subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True)
        self.place = self.line().split()[1:3]

    def line(self) -> str:
        assert self.process.stdout is not None
        return self.process.stdout.readline()

    def summary(self) -> dict[str, Any]:
        self.process.send_signal(signal.SIGUSR1)
        return json.loads(self.line().removeprefix("SUMMARY "))

    def close(self) -> None:
        self.process.terminate()
        self.process.wait(5)


def measure(server: Delayed, command: list[str], runs: int, typed: str = "") -> str:
    walls, summary = [], {}
    for _run in range(runs):
        start = time.perf_counter()
        done = subprocess.run(
            command, input=typed, capture_output=True, text=True, check=False, cwd=ROOT,
            env={**os.environ, "SESTUI_NAMESERVER": ""}, timeout=120,
        )  # fmt: skip
        walls.append(time.perf_counter() - start)
        summary = server.summary()
        if not done.stdout:
            return f"failed: {done.stderr.strip()[-200:]}"
    return (
        f"{summary['queries']:4} queries ({summary['unique']} unique), "
        f"in flight {summary['max_in_flight']:2}, depth {summary['depth']:2}, "
        f"on the wire {summary['span_ms']:6.0f} ms, wall {statistics.median(walls):.2f} s"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    usual = ROOT.parent / "shared" / "tools" / "delay_dns.py"
    parser.add_argument("tool", nargs="?", type=Path, default=usual)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--checkdmarc", default=shutil.which("checkdmarc"))
    options = parser.parse_args()
    beside = bool(options.checkdmarc) and hasattr(os, "geteuid") and os.geteuid() == 0
    host, port = ("127.0.0.9", 53) if beside else ("127.0.0.1", 0)
    for broken in (False, True):
        print("everything missing or wrong:" if broken else "all well:")
        with tempfile.TemporaryDirectory() as folder:
            server = Delayed(options.tool, Path(folder), broken, host, port)
            try:
                place = ":".join(server.place)
                command = [sys.executable, "-m", "sestui", "check", "acme.test", "--json"]
                command += ["--expect", "-", "--nameserver", place]
                print("  sestui check:", measure(server, command, options.runs, expected()))
                if beside:
                    command = [options.checkdmarc, "-n", host, "--timeout", "2", "acme.test"]
                    print("  checkdmarc:  ", measure(server, command, options.runs))
            finally:
                server.close()


if __name__ == "__main__":
    main()
