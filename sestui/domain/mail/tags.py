"""Message tags, by which events can be told apart. Source: API v2, MessageTag."""

from __future__ import annotations

import re

from sestui.domain.i18n import _
from sestui.domain.names import InvalidName
from sestui.domain.text import quoted

_PART = re.compile(r"[A-Za-z0-9_-]{1,256}")
_WITH_COLON = frozenset({"ses:feedback-id-a", "ses:feedback-id-b"})


def parse_tags(text: str) -> tuple[tuple[str, str], ...]:
    """The `name=value` pairs in `text`, separated by commas or spaces.

    Raises:
        InvalidName: one that SES would refuse.
    """
    tags: dict[str, str] = {}
    for pair in re.split(r"[,;\s]+", text.strip()):
        if not pair:
            continue
        name, equals, value = pair.partition("=")
        if not equals:
            raise InvalidName(_("{pair}: a tag is name=value.").format(pair=quoted(pair)))
        if name.startswith("ses:") and name not in _WITH_COLON:
            raise InvalidName(
                _("{name}: names that begin with ses: are SES's own.").format(name=quoted(name))
            )
        if not (name in _WITH_COLON or _PART.fullmatch(name)) or not _PART.fullmatch(value):
            raise InvalidName(
                _("{pair}: only letters, digits, _ and -, 256 of them at most.").format(
                    pair=quoted(pair)
                )
            )
        if name in tags:
            raise InvalidName(_("{name} is there twice.").format(name=quoted(name)))
        tags[name] = value
    return tuple(tags.items())
