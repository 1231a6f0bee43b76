"""The only way to change anything at AWS: one call, in the journal before and after."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any, TypeVar

from sestui.domain.errors import Problem, Trouble
from sestui.domain.i18n import _
from sestui.domain.plan import Call, Expected
from sestui.gateways.aws import Aws
from sestui.gateways.cleaning import cleaned
from sestui.gateways.journal import Journal
from sestui.gateways.ports import GatewayError
from sestui.gateways.threads import in_thread

_Read = TypeVar("_Read")


class BotoChanges:
    """`Changes`, over boto3. SES calls wait for the limiter, the neighbours' do not.

    Args:
        account: whose journal lines these are.
    """

    def __init__(self, aws: Aws, journal: Journal, account: str) -> None:
        self._aws = aws
        self._journal = journal
        self._account = account

    async def make(self, call: Call) -> Mapping[str, Any]:
        if call.expected is not None:
            await self._aws.wait(call.expected.service)
        await self._aws.wait(call.service)
        try:
            # All of it in one thread: a call that goes out is in the journal with its end, also
            # when the wizard has been left meanwhile.
            return await self._aws.in_time(
                call.operation,
                lambda: self._make(call),
                where=replace(self._aws.where, changes=True),
            )
        except GatewayError as error:
            self._aws.heed(error)
            raise

    async def history(self, read: Callable[[Iterable[Mapping[str, Any]]], _Read]) -> _Read:
        mine = (self._account, self._aws.region)
        entries = self._journal.entries()
        return await in_thread(
            read, (each for each in entries if (each.get("account"), each.get("region")) == mine)
        )

    def _make(self, call: Call) -> dict[str, Any]:
        if call.expected is not None and not self._is_still_so(call.expected):
            raise GatewayError(
                Problem(
                    _("Not done: “{change}”. What it builds on has changed since the plan.").format(
                        change=call.words
                    ),
                    _("Nothing was written. Look again: a new plan starts from what is there now."),
                    Trouble.CHANGED,
                    code="ChangedSincePlan",
                    operation=call.operation,
                )
            )
        entry = self._journal.begun(
            self._account, self._aws.region, call.service, call.operation, call.parameters
        )
        try:
            answer = self._aws.invoke(
                call.service,
                call.operation,
                call.parameters,
                where=replace(self._aws.where, changes=True),
            )
        except GatewayError as error:
            if error.problem.code in call.tolerate:
                self._journal.done(entry, {}, note=error.problem.code)
                return {}
            self._journal.failed(entry, error.problem)
            raise
        # The answer goes into the journal too, since undo needs ARNs and tokens.
        self._journal.done(entry, answer)
        members = {key: value for key, value in answer.items() if key != "ResponseMetadata"}
        found: dict[str, Any] = cleaned(members)
        return found

    def _is_still_so(self, expected: Expected) -> bool:
        """Raises GatewayError: it cannot be read."""
        answer: Mapping[str, Any] = {}
        try:
            answer = self._aws.invoke(expected.service, expected.operation, expected.parameters)
        except GatewayError as error:
            if error.trouble is not Trouble.GONE and "NonExistentQueue" not in error.problem.code:
                raise
        # What is written back word for word is planned from what was read so, the rest is cleaned.
        return expected.was in (expected.read(answer), expected.read(cleaned(answer)))
