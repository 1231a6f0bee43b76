"""Templates stored at SES, and the data they are filled with."""

from __future__ import annotations

import json
import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import NoReturn

from sestui.domain.i18n import _

MAX_TEMPLATE_DATA = 262_144
MAX_TEMPLATE_BYTES = 500 * 1024
"""Of all parts together (developer guide, "Using templates to send personalized email")."""
PARTS = ("subject", "text", "html")

_NAME = re.compile("[a-zA-Z0-9_-]{1,64}")
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")


@dataclass(frozen=True, slots=True)
class Template:
    """An e-mail template stored at SES."""

    name: str
    subject: str = ""
    text: str = ""
    html: str = ""


@dataclass(frozen=True, slots=True)
class TemplateProblem:
    """Why SES would not take a template. `field` is a field of `Template`."""

    field: str
    text: str
    line: int = 0
    """Counted from 1, as `column` is; 0 where it is not about one place."""
    column: int = 0


WORKSHOP_TEMPLATE = Template(
    "WorkshopTemplate",
    "Greetings, {{name}}!",
    "Dear {{name}},\nYour favourite animal is {{favoriteanimal}}.",
    "<h1>Hello {{name}}</h1><p>Your favourite animal is {{favoriteanimal}}.</p>",
)
WORKSHOP_TEMPLATE_DATA = '{"name": "Anaya", "favoriteanimal": "tiger"}'


def template_problems(
    template: Template, others: Collection[str] = (), *, new: bool = True
) -> tuple[TemplateProblem, ...]:
    """All that keeps SES from taking `template`, field by field from the top.

    Args:
        others: the names that are taken.
        new: its name is still to be chosen; one that is stored has it already.
    """
    problems: list[TemplateProblem] = []
    if new and (text := _name_problem(template.name, others)):
        problems.append(TemplateProblem("name", text))
    if not template.subject.strip():
        problems.append(TemplateProblem("subject", _("A mail without a subject looks like spam.")))
    elif _CONTROL.search(template.subject):
        problems.append(TemplateProblem("subject", _("The subject is one line of plain text.")))
    if not template.text.strip() and not template.html.strip():
        problems.append(TemplateProblem("text", _("Write a text, HTML, or both.")))
    if text := _size_problem(template):
        problems.append(TemplateProblem("html" if template.html else "text", text))
    problems += _tag_problems(template)
    return tuple(sorted(problems, key=lambda problem: ("name", *PARTS).index(problem.field)))


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


def _name_problem(name: str, others: Collection[str]) -> str:
    if not name:
        return _("Give it a name, such as OrderConfirmation.")
    if not _NAME.fullmatch(name):
        return _("A name has 1 to 64 letters a–z, digits, hyphens and underscores.")
    return _("There is a template of this name already.") if name in others else ""


def _size_problem(template: Template) -> str:
    try:
        size = sum(len(getattr(template, part).encode()) for part in PARTS)
    except UnicodeEncodeError:
        return _("Half a character is in it; SES takes whole ones.")
    if size <= MAX_TEMPLATE_BYTES:
        return ""
    text = _("SES takes at most 500 KB in all; this is {kb} KB.")
    return text.format(kb=-(-size // 1024))


def _tag_problems(template: Template) -> list[TemplateProblem]:
    """What is between {{ and }}."""
    from sestui.domain.mail.handlebars import Fault, place, trackers
    from sestui.domain.mail.variables import look_through

    problems: list[TemplateProblem] = []
    tracked = 0
    for part in PARTS:
        source: str = getattr(template, part)
        faults = look_through(source)[1]
        for offset in trackers(source):
            tracked += 1
            if tracked == 2:
                faults.append(Fault(offset, _("A template has {{ses:openTracker}} once at most.")))
        problems += [
            TemplateProblem(part, fault.text, *place(source, fault.offset)) for fault in faults
        ]
    return problems
