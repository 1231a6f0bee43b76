"""From an HTTP request to an operation and back."""

from __future__ import annotations

import json
import logging
import threading
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar
from urllib.parse import parse_qs

from botocore.model import OperationModel

from sestui.practice import guard
from sestui.practice.http import Hold, Request, Reset, Response
from sestui.practice.ports import ACCOUNT_ID, FindLogin
from sestui.practice.ses import query, sending
from sestui.practice.ses.errors import (
    ServiceError,
    not_offered,
    too_many_requests,
)
from sestui.practice.ses.faults import Asked, Faults, Kind, error_of
from sestui.practice.ses.limits import TokenBucket
from sestui.practice.ses.model import enum_of, service_model
from sestui.practice.ses.operations import OPERATIONS, UNPACED, action_of, resource_of
from sestui.practice.ses.regions import origin_region
from sestui.practice.ses.routes import Routes
from sestui.practice.ses.state import Section
from sestui.practice.ses.wire import parse_request, serialize
from sestui.practice.ses.world import Call, Members, World
from sestui.practice.signature import Unproven, verify

_log = logging.getLogger(__name__)

CALLER = f"arn:aws:iam::{ACCOUNT_ID}:user/practice"

_Answer = TypeVar("_Answer")


@dataclass(frozen=True, slots=True)
class CallRecord:
    """A call that was made: which operation, where, when (practice clock), and how it ended.

    `outcome` is "" for success, else the error code, "hold" or "reset".
    """

    operation: str
    region: str
    at: datetime
    outcome: str = ""


class Api:
    """The application behind the HTTP server."""

    def __init__(self, world: World, find_login: FindLogin) -> None:
        self.faults = Faults()
        self._world = world
        self._find_login = find_login
        self._calls: list[CallRecord] = []
        self._routes = Routes(service_model())
        self._buckets: dict[str, TokenBucket] = {}
        self._guard = threading.Lock()
        origins = enum_of("DkimSigningAttributesOrigin")
        self._regions = {origin_region(each) for each in origins if each.startswith("AWS_SES_")}

    def recorded(self) -> list[CallRecord]:
        """All calls so far, oldest first."""
        with self._guard:
            return list(self._calls)

    def __call__(self, request: Request) -> Response:
        path = request.target.partition("?")[0]
        v1 = request.method == "POST" and path == "/"
        request_id = str(uuid.uuid4())
        try:
            if reason := guard.refusal(request):
                raise ServiceError("AccessDeniedException", reason, 403)
            if not v1 and not path.startswith("/v2/"):
                raise ServiceError("UnknownOperationException", None, 404)
            region, caller = self._authenticated(request, v1)
            if v1:
                return self._run_v1(request, region, caller, request_id)
            return self._run_v2(request, region, caller, request_id)
        except (Hold, Reset):
            raise
        except ServiceError as error:
            return _error(error, request_id, v1)
        except Exception:
            _log.exception("%s %s failed", request.method, path)
            failed = ServiceError("InternalServiceErrorException", None, 500)
            return _error(failed, request_id, v1)

    def _authenticated(self, request: Request, v1: bool) -> tuple[str, str]:
        """The Region that the caller has signed for, and the caller's ARN."""
        try:
            signed = verify(request, self._find_login, ("ses",))
        except Unproven as error:
            code = error.xml_code if v1 else error.json_code
            raise ServiceError(code, str(error), 403) from None
        if signed.region not in self._regions:
            raise ServiceError(
                "InvalidSignatureException",
                f"Credential should be scoped to a valid region, not '{signed.region}'.",
                403,
            )
        return signed.region, signed.login.caller

    def _run_v2(self, request: Request, region: str, caller: str, request_id: str) -> Response:
        path, _, query_string = request.target.partition("?")
        match = self._routes.match(request.method, path)
        if match is None:
            raise ServiceError("UnknownOperationException", None, 404)
        model, parameters = match.operation, match.path_parameters
        query_members = parse_qs(query_string, keep_blank_values=True)

        def work() -> Response:
            self._pace(model.name, region)
            if model.name not in OPERATIONS:
                raise not_offered(model.name)
            members = parse_request(model, parameters, query_members, request.body)
            return _success(
                serialize(model.output_shape, self._run(model, region, caller, members)), request_id
            )

        def asked() -> Asked:
            try:
                members = parse_request(model, parameters, query_members, request.body)
            except ServiceError:
                members = {}
            resource = resource_of(members, f"arn:aws:ses:{region}:{ACCOUNT_ID}:")
            return Asked(caller, region, action_of(model.name, members), resource, members)

        return self._faulty(model.name, region, work, asked)

    def _run_v1(self, request: Request, region: str, caller: str, request_id: str) -> Response:
        parameters = query.parse(request.body)
        action = parameters.get("Action", "")

        def work() -> Response:
            self._pace(action, region)
            with self._world.lock:
                call = self._call(region, caller)
                query.run(call, parameters)
                self._world.save(call.region, "identities")
            _finish(call)
            return Response(200, "text/xml", query.answer(action, request_id))

        def asked() -> Asked:
            address = parameters.get("EmailAddress", "*")
            resource = f"arn:aws:ses:{region}:{ACCOUNT_ID}:identity/{address}"
            return Asked(caller, region, action, resource)

        return self._faulty(action, region, work, asked)

    def send_raw(
        self, region: str, caller: str, sender: str, recipients: Sequence[str], data: bytes
    ) -> str:
        """Accept a message that came by SMTP: the operation SendRawEmail; its message id.

        Args:
            caller: ARN of the user.
            sender, recipients: the envelope.

        Raises:
            ServiceError: why it is not accepted.
            Hold, Reset: a fault: no answer, or none and the connection broken.
        """
        members = {
            "FromEmailAddress": sender,
            "Destination": {"ToAddresses": list(recipients)},
            "Content": {"Raw": {"Data": data}},
        }

        def work() -> str:
            with self._world.lock:
                call = self._call(region, caller)
                message_id = sending.send_smtp(call, members)
                self._world.save(call.region, "sending")
            _finish(call)
            return message_id

        def asked() -> Asked:
            resource = resource_of(members, f"arn:aws:ses:{region}:{ACCOUNT_ID}:")
            return Asked(caller, region, "SendRawEmail", resource, members)

        return self._faulty("SendRawEmail", region, work, asked)

    def _faulty(
        self,
        operation: str,
        region: str,
        work: Callable[[], _Answer],
        asked: Callable[[], Asked],
    ) -> _Answer:
        """Do the work, or what a fault makes of it, and keep the record of the call."""
        outcome = "InternalServiceErrorException"
        try:
            kind = self.faults.take(operation)
            if kind is not None:
                self._befall(kind, operation, asked)
            answer = work()
            if kind == "timeout_after":
                raise Hold
            if kind == "reset_after":
                raise Reset
            outcome = ""
            return answer
        except ServiceError as error:
            outcome = error.code
            raise
        except (Hold, Reset) as broken:
            outcome = type(broken).__name__.lower()
            raise
        finally:
            record = CallRecord(operation, region, self._world.clock.now(), outcome)
            with self._guard:
                self._calls.append(record)

    def _befall(self, kind: Kind, operation: str, asked: Callable[[], Asked]) -> None:
        if kind == "timeout":
            raise Hold
        if kind == "reset":
            raise Reset
        if kind not in ("timeout_after", "reset_after"):
            raise error_of(kind, operation, asked())

    def _pace(self, operation: str, region: str) -> None:
        """One request a second on the control plane, all of its operations together."""
        options = self._world.options
        if options.control_rate is None or operation in UNPACED:
            return
        with self._guard:
            bucket = self._buckets.get(region)
            if bucket is None:
                bucket = TokenBucket(options.control_rate, options.control_burst)
                self._buckets[region] = bucket
        if not bucket.take():
            raise too_many_requests()

    def _run(self, model: OperationModel, region: str, caller: str, members: Members) -> Members:
        operation = OPERATIONS[model.name]
        with self._world.lock:
            call = self._call(region, caller)
        if operation.prepare is not None:
            operation.prepare(call, members)
        with self._world.lock:
            answer = operation.run(call, members)
            sections: tuple[Section, ...] = operation.writes
            self._world.save(call.region, *sections)
        _finish(call)
        return answer

    def _call(self, region: str, caller: str) -> Call:
        return Call(self._world, self._world.region(region), caller, self._world.now())


def _finish(call: Call) -> None:
    for step in call.after:
        step()


def _success(body: bytes, request_id: str) -> Response:
    return Response(200, "application/json", body, {"x-amzn-RequestId": request_id})


def _error(error: ServiceError, request_id: str, v1: bool) -> Response:
    headers = {"x-amzn-RequestId": request_id}
    if v1:
        return Response(error.status, "text/xml", query.error_answer(error, request_id), headers)
    headers["x-amzn-ErrorType"] = error.code
    body = json.dumps({"message": error.message}).encode()
    return Response(error.status, "application/json", body, headers)
