"""What a web page can send is refused on every HTTP port of the practice account.

Any page that is open in a browser of this machine can send requests to 127.0.0.1, and a page whose
name leads there (DNS rebinding) can read the answers too. Programs name the host as it is, and say
nothing of an origin; they prove who they are by a signature or a token, which a page has not.
"""

from __future__ import annotations

import re
from collections.abc import Collection

from sestui.practice.http import Request

# Whatever the port: it is another one behind `ssh -L`, and no page can choose the name.
_HOST = re.compile(r"(127\.0\.0\.1|localhost|\[::1\])(:\d{1,5})?", re.IGNORECASE)


def refusal(request: Request, pages: Collection[str] = ()) -> str:
    """Why the request is not answered; "" for one that may be.

    Args:
        pages: paths that a person opens in a browser, from a link in a mail. Their secret is in
            the link.
    """
    if not _HOST.fullmatch(request.headers.get("host", "")):
        return "the Host header does not name this machine"
    if not request.target.startswith("/"):
        return "the request line has no path"
    if "origin" in request.headers:
        return "web pages are not answered"
    linked = request.method == "GET" and request.target.partition("?")[0] in pages
    # The browser's own word: "none" is an address that a person has typed.
    if request.headers.get("sec-fetch-site", "none") != "none" and not linked:
        return "web pages are not answered"
    return ""
