"""Lists in pages."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence

from sestui.practice.ses.errors import bad_request


def page(
    names: Sequence[str], size: int | None, token: str | None, most: int
) -> tuple[list[str], str | None]:
    """One page of `names`, in alphabetical order, and the token of the next page.

    The token is the last name seen, so that what is created or deleted between two pages does no
    harm.

    Raises:
        ServiceError: BadRequestException for a size or a token that is not valid.
    """
    if size is not None and not 0 <= size <= most:
        raise bad_request(f"PageSize must be between 0 and {most}.")
    after = ""
    if token:
        try:
            after = base64.urlsafe_b64decode(token.encode()).decode()
        except (binascii.Error, ValueError):
            raise bad_request("The next token is not valid.") from None
    rest = sorted(name for name in names if name > after)
    chosen = rest[: size or most]
    more = len(rest) > len(chosen)
    return chosen, base64.urlsafe_b64encode(chosen[-1].encode()).decode() if more else None
