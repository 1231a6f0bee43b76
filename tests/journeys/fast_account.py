"""`sestui practice --serve` without rate limits: `fast_account.py [--data-dir FOLDER]`."""

import functools
import sys

from sestui.practice import account, serve

if __name__ == "__main__":
    account.PracticeAccount = functools.partial(account.PracticeAccount, options=account.FAST)
    sys.exit(serve.main())
