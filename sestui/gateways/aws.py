"""boto3: clients and calls with them."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeVar
from urllib.parse import urlsplit

from sestui.domain.account import Caller, Keys, Secret
from sestui.gateways.failures import NOWHERE, Where, aws_failure, no_answer
from sestui.gateways.limiter import Limiter
from sestui.gateways.ports import GatewayError
from sestui.gateways.threads import in_thread

CONNECT_TIMEOUT = 5
"""Seconds."""
READ_TIMEOUT = 15
"""Seconds."""
ATTEMPTS = 3
ANSWER_TIMEOUT = 90.0
"""Seconds for an answer with all attempts: one that comes byte by byte is in time for ever else."""

_LIMITED = {"sesv2", "ses"}

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class CallLimits:
    """How long a call may take, in seconds, and how often the SDK attempts it."""

    connect: float
    read: float
    attempts: int


@dataclass(frozen=True, slots=True)
class Endpoints:
    """Where the services are, when not at AWS; empty: wherever the SDK finds them."""

    ses: str = ""
    others: str = ""

    def of(self, service: str) -> str:
        return self.ses if service in _LIMITED else self.others

    @property
    def local(self) -> bool:
        """All of it is on this machine, so a proxy has no part in it."""
        given = [url for url in (self.ses, self.others) if url]
        return bool(given) and all(url.startswith("http://127.0.0.1:") for url in given)


AT_AWS = Endpoints()


class Aws:
    """One connection: a session's clients, made once each, and calls with them.

    boto3's clients may be shared by threads, its sessions may not.

    Args:
        session: a `boto3.Session` nobody else uses.
        region: for every client.
        endpoints: overrides; the environment's AWS_ENDPOINT_URL… are the SDK's own business.
        where: goes into every problem.
        limits: of each call; None for those that suit AWS.
    """

    def __init__(
        self,
        session: Any,
        region: str,
        endpoints: Endpoints = AT_AWS,
        where: Where = NOWHERE,
        limits: CallLimits | None = None,
    ) -> None:
        self.region = region
        self.limiter: Limiter | None = None
        self._session = session
        self._endpoints = endpoints
        self._where = replace(where, region=region)
        self._limits = limits or CallLimits(CONNECT_TIMEOUT, READ_TIMEOUT, ATTEMPTS)
        self._clients: dict[tuple[str, bool], Any] = {}
        self._lock = threading.Lock()

    def known_as(self, caller: Caller, limiter: Limiter) -> None:
        """Who answered GetCallerIdentity, and what their control-plane calls wait for."""
        self._where = replace(self._where, arn=caller.arn)
        self.limiter = limiter

    async def call(
        self,
        service: str,
        operation: str,
        parameters: Mapping[str, Any] | None = None,
        *,
        where: Where | None = None,
    ) -> dict[str, Any]:
        """One reading call, after the limiter; the answer as boto3 gives it.

        Raises:
            GatewayError: any failure, explained.
        """
        await self.wait(service)
        try:
            return await self.in_time(
                operation,
                lambda: self.invoke(service, operation, parameters or {}, where=where),
                where=where,
            )
        except GatewayError as error:
            self.heed(error)
            raise

    async def in_time(
        self, operation: str, work: Callable[[], T], *, where: Where | None = None
    ) -> T:
        """What `work` gives in a thread of its own.

        Raises:
            GatewayError: what it raises; or there was no answer, however long one waits.
        """
        try:
            async with asyncio.timeout(ANSWER_TIMEOUT):
                return await in_thread(work)
        except TimeoutError:
            late = no_answer(operation, where or self._where)
        raise late

    async def wait(self, service: str) -> None:
        """Until SES's rate allows the next control-plane call; other services do not wait."""
        if self.limiter is not None and service in _LIMITED:
            await self.limiter.wait()

    def heed(self, error: GatewayError) -> None:
        """Slow down when AWS has said that it is too much. Call it on the event loop."""
        if self.limiter is not None and error.problem.code == "TooManyRequestsException":
            self.limiter.drain()

    def invoke(
        self,
        service: str,
        operation: str,
        parameters: Mapping[str, Any],
        *,
        once: bool = False,
        where: Where | None = None,
    ) -> dict[str, Any]:
        """One call in this thread, without the limiter.

        Args:
            once: a single attempt, for what must not happen twice.
            where: what to explain a failure with, instead of the connection's own.

        Raises:
            GatewayError: any failure, explained.
        """
        import botocore

        about = where or self._where
        try:
            client = self.client(service, once=once)
            about = replace(about, endpoint=_foreign(client))
            method = getattr(client, botocore.xform_name(operation))
            answer: dict[str, Any] = method(**parameters)
        except Exception as error:
            raise aws_failure(error, service, operation, about) from error
        return answer

    @property
    def where(self) -> Where:
        return self._where

    def client(self, service: str, *, once: bool = False) -> Any:
        """The client of `service`; slow the first time (the SDK reads its model)."""
        from botocore.config import Config

        with self._lock:
            key = (service, once)
            if key not in self._clients:
                self._clients[key] = self._session.client(
                    service,
                    region_name=self.region,
                    endpoint_url=self._endpoints.of(service) or None,
                    config=Config(
                        connect_timeout=self._limits.connect,
                        read_timeout=self._limits.read,
                        retries={
                            "mode": "standard",
                            "total_max_attempts": 1 if once else self._limits.attempts,
                        },
                        user_agent_extra="sestui",
                        proxies={} if self._endpoints.local else None,
                    ),
                )
            return self._clients[key]

    def endpoint(self) -> str:
        """SES's endpoint, if it is not AWS's own."""
        return _foreign(self.client("sesv2"))

    def caller(self) -> Caller:
        """sts:GetCallerIdentity; needs no permission.

        Raises:
            GatewayError: what is wrong with the credentials, or with the way to AWS.
        """
        answer = self.invoke("sts", "GetCallerIdentity", {})
        return Caller(account=str(answer.get("Account", "")), arn=str(answer.get("Arn", "")))

    def provider(self) -> str:
        """What the SDK calls the provider of the credentials: env, sso, shared-credentials-file …

        Raises:
            GatewayError: there are none, or they cannot be fetched.
        """
        try:
            credentials = self._session.get_credentials()
        except Exception as error:
            raise aws_failure(error, "sts", "", self._where) from error
        return str(getattr(credentials, "method", "") or "")

    def keys(self) -> Keys:
        """The credentials in use, for what the SDK does not sign: SMTP. Blocking.

        Raises:
            GatewayError: there are none, or they cannot be fetched.
        """
        try:
            found = _keys(self._session.get_credentials().get_frozen_credentials())
        except Exception as error:
            failed = aws_failure(error, "sts", "", self._where)
        else:
            return found
        raise failed  # not from the error, whose frames hold the secret


def _keys(frozen: Any) -> Keys:
    return Keys(
        frozen.access_key, Secret(frozen.secret_key), Secret(frozen.token) if frozen.token else None
    )


def _foreign(client: Any) -> str:
    """The client's endpoint, if it is not AWS's own."""
    url = str(client.meta.endpoint_url or "")
    host = urlsplit(url).hostname or ""
    ours = host.endswith((".amazonaws.com", ".api.aws", ".amazonaws.com.cn", ".amazonaws.eu"))
    return "" if ours else url
