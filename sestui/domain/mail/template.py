"""Templates stored at SES, and the data they are filled with."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import NoReturn

from sestui.domain.i18n import _

MAX_TEMPLATE_DATA = 262_144


@dataclass(frozen=True, slots=True)
class Template:
    """An e-mail template stored at SES."""

    name: str
    subject: str = ""
    text: str = ""
    html: str = ""


WORKSHOP_TEMPLATE = Template(
    "WorkshopTemplate",
    "Greetings, {{name}}!",
    "Dear {{name}},\nYour favourite animal is {{favoriteanimal}}.",
    "<h1>Hello {{name}}</h1><p>Your favourite animal is {{favoriteanimal}}.</p>",
)
WORKSHOP_TEMPLATE_DATA = '{"name": "Anaya", "favoriteanimal": "tiger"}'


def data_problem(text: str) -> str:
    """Why `text` cannot be a template's data; empty when it can."""
    if len(text) > MAX_TEMPLATE_DATA:
        return _("SES takes at most 262,144 characters of data.")
    try:
        data = json.loads(text, parse_constant=_no_constant)
    except json.JSONDecodeError as error:
        where = f"{error.lineno}:{error.colno}"
        return _("This is no JSON (at {where}).").format(where=where)
    except (ValueError, RecursionError):
        return _("This is no JSON that SES would take.")
    return "" if isinstance(data, dict) else _("The data is an object: {…}.")


def _no_constant(name: str) -> NoReturn:
    raise ValueError(name)  # NaN and Infinity, which json.loads takes and JSON does not have
