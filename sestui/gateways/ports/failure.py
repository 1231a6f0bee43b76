"""What every gateway raises."""

from __future__ import annotations

from sestui.domain.errors import Problem, Trouble


class GatewayError(Exception):
    """A call to the outside failed; `problem` is fit to show."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.what)
        self.problem = problem

    @property
    def trouble(self) -> Trouble:
        return self.problem.trouble
