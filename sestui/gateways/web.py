"""One small document from the web, read only when the person agreed to the question."""

from __future__ import annotations

import urllib.error
import urllib.request
from http.client import HTTPException
from typing import Any

from sestui.domain.errors import Problem, Trouble
from sestui.domain.i18n import _
from sestui.domain.text import printable
from sestui.gateways.failures import network_problem
from sestui.gateways.ports import GatewayError
from sestui.gateways.threads import in_thread

TIMEOUT = 5.0
"""Seconds."""
MOST_BYTES = 256 * 1024


async def read_document(url: str) -> bytes:
    """What `url` answers, up to `MOST_BYTES`; redirects are not followed.

    Raises:
        GatewayError: NETWORK, or REFUSED for any status but 200.
    """
    return await in_thread(_read, url)


class _Stay(urllib.request.HTTPRedirectHandler):
    """The address came out of somebody's DNS; it may not lead on to where nobody agreed to."""

    def redirect_request(self, *_arguments: Any) -> None:
        return None


def _read(url: str) -> bytes:
    opener = urllib.request.build_opener(_Stay)
    request = urllib.request.Request(url, headers={"Accept": "application/json"})  # noqa: S310
    try:
        with opener.open(request, timeout=TIMEOUT) as response:
            return bytes(response.read(MOST_BYTES))
    except urllib.error.HTTPError as error:
        with error:
            what = _("{url} answered {status}.").format(url=printable(url), status=error.code)
        raise GatewayError(Problem(what, trouble=Trouble.REFUSED)) from None
    except urllib.error.URLError as error:
        cause = error.reason if isinstance(error.reason, OSError) else OSError(str(error.reason))
        raise GatewayError(network_problem(cause, "web")) from None
    except (OSError, HTTPException) as error:
        cause = error if isinstance(error, OSError) else OSError(type(error).__name__)
        raise GatewayError(network_problem(cause, "web")) from None
