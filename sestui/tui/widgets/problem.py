"""A failed call, told at the place it concerns."""

from __future__ import annotations

from textual.content import Content
from textual.widgets import Static

from sestui.domain.errors import Problem
from sestui.domain.i18n import _
from sestui.domain.text import printable_lines


class ProblemBox(Static):
    """What happened, what to do, and what support will ask for; hidden when all is well."""

    problem: Problem | None = None

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__("", id=id, markup=False)
        self.display = False

    def show(self, problem: Problem | None) -> None:
        self.problem = problem
        self.display = problem is not None
        if problem is None:
            self.update("")
            return
        parts: list[str | tuple[str, str]] = [
            ("✗ " + printable_lines(problem.what), "bold $text-error")
        ]
        if problem.advice:
            parts.append("\n" + printable_lines(problem.advice))
        if problem.policy:
            parts.append(("\n" + _("F4 copies the policy statement that allows it."), "$accent"))
        if problem.reference:
            parts.append(("\n" + printable_lines(problem.reference), "$quiet"))
        self.update(Content.assemble(*parts))
