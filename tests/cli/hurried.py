"""`python -m sestui`, without waiting between questions to SES: the account is a practice one."""

import sys

from sestui.gateways.limiter import Limiter

if __name__ == "__main__":
    Limiter.__init__.__defaults__ = (1000.0, 1000)
    from sestui.__main__ import main

    sys.exit(main())
