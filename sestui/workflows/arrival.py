"""Wait for a mail in the mailbox of the practice account."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from sestui.gateways.ports import Practice, PracticeMail

ATTEMPTS = 20
PAUSE = 0.5


async def wait_for_arrival(
    practice: Practice, message_id: str, *, sleep: Callable[[float], Awaitable[None]]
) -> PracticeMail | None:
    """The mail whose id begins with `message_id`; None when it has not come within ten seconds."""
    for _attempt in range(ATTEMPTS):
        for mail in await practice.mailbox():
            if mail.message_id == message_id:
                return mail
        await sleep(PAUSE)
    return None
