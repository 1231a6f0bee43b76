"""`sestui practice --serve` without rate limits: `fast_account.py [--data-dir FOLDER]`."""

import functools
import sys

from sestui.practice import account, serve

if __name__ == "__main__":
    fast = functools.partial(account.PracticeAccount, options=account.FAST)
    vars(account)["PracticeAccount"] = fast
    sys.exit(serve.main())
