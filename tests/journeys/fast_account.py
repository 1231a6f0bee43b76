"""`sestui practice --serve` without rate limits, and otherwise at its own pace."""

import sys

from sestui.practice import serve
from sestui.practice.ses.world import Options

if __name__ == "__main__":
    sys.exit(serve.run(None, options=Options(control_rate=None, send_rate=None)))
