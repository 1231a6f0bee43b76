"""A practice account with many domains: `many_identities.py --identities COUNT`."""

from __future__ import annotations

import shlex
import signal
import sys

from sestui.practice.account import PracticeAccount
from sestui.practice.ports import DEFAULT_REGION


def main() -> None:
    names = [f"d{number:05}.example" for number in range(int(sys.argv[2]))]
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    with PracticeAccount() as account:
        account.ses.seed_identities(DEFAULT_REGION, names)
        for name, value in account.environment().items():
            print(f"export {name}={shlex.quote(value)}", flush=True)
        signal.pause()


if __name__ == "__main__":
    main()
