"""What reading each of the services has in common."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from sestui.domain.errors import Problem, Trouble
from sestui.domain.i18n import _
from sestui.domain.regions import partition
from sestui.gateways.aws import Aws
from sestui.gateways.embedded import embedded_object
from sestui.gateways.ports import GatewayError


class Reader:
    """One connection's calls.

    Args:
        account: some ARNs are made with it, where a service lists names only.
    """

    def __init__(self, aws: Aws, account: str) -> None:
        self._aws = aws
        self._account = account

    def _arn(self, service: str, rest: str) -> str:
        region = self._aws.region
        return f"arn:{partition(region)}:{service}:{region}:{self._account}:{rest}"

    async def _there(
        self, service: str, operation: str, parameters: Mapping[str, Any]
    ) -> dict[str, Any] | None:
        """The answer; None: there is no such thing."""
        try:
            return await self._aws.call(service, operation, parameters)
        except GatewayError as error:
            if error.trouble is Trouble.GONE or "NonExistentQueue" in error.problem.code:
                return None
            raise

    async def _all(
        self,
        service: str,
        operation: str,
        member: str,
        parameters: Mapping[str, Any] | None = None,
        *,
        token: tuple[str, str] = ("NextToken", "NextToken"),
        most: int = 0,
    ) -> list[Any]:
        """All pages of a list.

        Args:
            token: what it is called in the request and in the answer.
            most: stop when there are so many; 0: never.
        """
        rows: list[Any] = []
        asked, answered = token
        value, seen = "", set[str]()
        while True:
            page = {**(parameters or {}), **({asked: value} if value else {})}
            answer = await self._aws.call(service, operation, page)
            rows += answer.get(member) or []
            value = answer.get(answered) or ""
            if not value or value in seen or (most and len(rows) >= most):
                return rows
            seen.add(value)


def _is_policy(document: Mapping[str, Any]) -> bool:
    """Its statements can be told apart, so that one can be added and all the others stay."""
    statements = document.get("Statement", [])
    if isinstance(statements, dict):
        return True
    return isinstance(statements, list) and all(isinstance(each, dict) for each in statements)


def policy_of(text: Any, words: str, operation: str) -> dict[str, Any]:
    """A policy word for word, not cleaned: it is written back with a statement added.

    One that cannot be read stops whatever is planned with it; it would be overwritten.

    Args:
        text: JSON, or what boto3 has made of it.
        words: what to say then.
    """
    # The SDK parses those of IAM, and hands on as a text what it cannot parse.
    policy = embedded_object(text if isinstance(text, str) else json.dumps(text))
    if policy is not None and _is_policy(policy):
        return dict(policy)
    raise GatewayError(
        Problem(
            words,
            _("Look at it in the AWS console, or choose another one. Nothing was changed."),
            Trouble.REFUSED,
            operation=operation,
        )
    )
