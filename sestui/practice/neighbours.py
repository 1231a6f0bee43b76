"""The AWS services beside SES: moto's server, on loopback, with a memory."""

from __future__ import annotations

import contextlib
import logging
import os
import socket
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sestui.practice import files
from sestui.practice.door import Door
from sestui.practice.loopback import LoopbackOnly
from sestui.practice.metrics import mend_cloudwatch
from sestui.practice.owner import Owner
from sestui.practice.ports import ACCOUNT_ID, DEFAULT_REGION, Login, Unready
from sestui.practice.replay import Recorder, SeededPerThread
from sestui.practice.serving import ServeLoop
from sestui.practice.ses.api import CALLER
from sestui.practice.subscribers import mend_sns
from sestui.practice.targets import mend_events

HOST = "127.0.0.1"
USER = CALLER.rpartition("/")[2]
"""The owner of the account, as SES calls them too."""
ZONE = "workshop.example."
"""The hosted zone the account comes with."""

PATIENCE = 60.0
"""Seconds that a request with another key than the owner's waits for IAM."""

_loading = threading.Lock()
"""An account that is stopped while it loads must not reset what the next one has loaded."""


class Neighbours:
    """moto's server. Its port is open from the start; requests wait until it has loaded.

    `wait` tells when that is. `on_zones(zones)` is called with everything Route 53 has, as
    `dns.route53.read_zones` reads it, at the start and after each change, before the caller of the
    change has its answer. One at a time in a process: moto keeps its state in module globals.
    """

    def __init__(
        self,
        journal: Path | None = None,
        on_zones: Callable[[Any], None] = lambda _zones: None,
        *,
        owner: Owner | None = None,
        told: files.Told = lambda _text: None,
        failed: Callable[[str], None] = lambda _text: None,
    ) -> None:
        """`owner`: whose keys the user of the account has; new ones when None. `told` hears of
        damaged lines in the journal, `failed` of what `problem` says."""
        self.port = 0
        self.owner = owner or Owner.new()
        self.problem = ""
        """Why it did not start; empty when all is well."""
        self._journal = journal
        self._on_zones = on_zones
        self._told = told
        self._failed = failed
        self._ready = threading.Event()
        self._stopping = False
        self._socket: socket.socket | None = None
        self._thread: threading.Thread | None = None
        self._server: Any = None
        self._loop: ServeLoop | None = None
        self._clients: dict[tuple[str, str], Any] = {}
        self._session: Any = None
        self._lock = threading.Lock()
        self._zones_lock = threading.Lock()

    @property
    def endpoint(self) -> str:
        return f"http://{HOST}:{self.port}"

    @property
    def ready(self) -> bool:
        return self._ready.is_set() and not self.problem

    def start(self, port: int = 0) -> int:
        """Open the port and load in the background; returns the port.

        Raises:
            OSError: the port is taken.
        """
        listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        # So that the next run gets the same port, whatever connections are still dying on it.
        # Windows means something else by the option, and needs none for this.
        if os.name == "posix":
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((HOST, port))
            listener.listen(128)
        except OSError:
            listener.close()
            raise
        self._socket = listener
        self.port = listener.getsockname()[1]
        self._thread = threading.Thread(target=self._run, name="neighbours", daemon=True)
        self._thread.start()
        return self.port

    def wait(self, timeout: float) -> bool:
        """Wait until it answers, or cannot; whether it does."""
        return self._ready.wait(timeout) and not self.problem

    def stop(self) -> None:
        """Close the port. While moto is still loading, this does not wait for it."""
        with self._lock:
            self._stopping = True
            loop = self._loop
            if self._socket is not None:
                self._socket.close()
        # From here on no server is made, and one that is there will serve or does already.
        if loop is not None and self._thread is not None:
            loop.end()
            self._thread.join()
        with self._lock:
            for client in self._clients.values():
                client.close()
            self._clients.clear()

    def client(self, service: str, region: str = DEFAULT_REGION) -> Any:
        """A boto3 client of a neighbour; one per service and Region, shared by all threads."""
        with self._lock:
            key = service, region
            if key not in self._clients:
                import boto3
                from botocore.config import Config

                self._session = self._session or boto3.Session(
                    aws_access_key_id=self.owner.access_key,
                    aws_secret_access_key=self.owner.secret_key,
                    region_name=DEFAULT_REGION,
                )
                self._clients[key] = self._session.client(
                    service,
                    region_name=region,
                    endpoint_url=self.endpoint,
                    config=Config(retries={"total_max_attempts": 1}, max_pool_connections=4),
                )
            return self._clients[key]

    def login(self, key_id: str, patience: float = 0.0) -> Login | None:
        """Whose an access key is: the owner's, an active one of a user, or of a role's session.

        Args:
            patience: seconds to wait for IAM, which alone knows the others.

        Raises:
            Unready: IAM is still loading.
        """
        if key_id == self.owner.access_key:
            return Login(CALLER, self.owner.secret_key)
        if not self._ready.wait(patience):
            raise Unready
        return None if self.problem else _login(key_id)

    def _run(self) -> None:
        try:
            recorder, loop = self._load()
        except Exception as error:  # SES and DNS go on without it
            self._fail(error)
            return
        threading.Thread(target=self._settle, name="neighbours-zones", daemon=True).start()
        try:
            loop.run()
        except Exception as error:
            self._fail(error)
        finally:
            self._server.server_close()
            recorder.close()

    def _fail(self, error: Exception) -> None:
        self.problem = f"{type(error).__name__}: {error}"
        self._ready.set()
        if not self._stopping:
            self._failed(f"the services beside SES cannot run: {self.problem}")

    def _load(self) -> tuple[Recorder, ServeLoop]:
        """Import moto, tell it what it knew, and make the server on the open socket."""
        from moto.core.base_backend import BackendDict
        from moto.moto_api._internal import mock_random
        from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
        from werkzeug.serving import WSGIRequestHandler

        class Quiet(WSGIRequestHandler):
            def log(self, type: str, message: str, *args: Any) -> None:
                pass

        logging.getLogger("werkzeug").setLevel(logging.CRITICAL)
        with _loading:
            if self._stopping:
                raise RuntimeError("stopped while it was loading")
            SeededPerThread.install(mock_random)
            mend_cloudwatch()
            mend_sns()
            mend_events()
            # moto's state belongs to the process; an account begins with none of an earlier one's.
            BackendDict.reset()
            _seed(self.owner)
            app = LoopbackOnly(DomainDispatcherApplication(create_backend_app))
            recorder = Recorder(app, self._journal, self._changed, self._told)
            try:
                recorder.replay()
                door = Door(recorder, lambda key_id: self.login(key_id, PATIENCE))
                return recorder, self._listen(door, Quiet)
            except BaseException:
                recorder.close()
                raise

    def _listen(self, app: Door, handler: Any) -> ServeLoop:
        from werkzeug.serving import make_server

        with self._lock:
            if self._socket is None or self._stopping:
                raise RuntimeError("stopped while it was loading")
            descriptor = self._socket.fileno()
            self._server = make_server(
                HOST, self.port, app, threaded=True, request_handler=handler, fd=descriptor
            )
            self._server.daemon_threads = True
            self._loop = ServeLoop(self._server)
            return self._loop

    def _settle(self) -> None:
        """The first reading of the zones, through the server that has just begun."""
        with contextlib.suppress(Exception):
            self._changed("route53")
        self._ready.set()

    def _changed(self, service: str) -> None:
        if service != "route53" or self._stopping:
            return
        from sestui.practice.dns.route53 import read_zones

        # Readings must not overtake each other: the last one is the newest.
        with self._zones_lock:
            _mend_soa()
            self._on_zones(read_zones(self.client("route53")))


def _mend_soa() -> None:
    """moto 5.2 keeps the SOA of a new zone as a dict, and lists it as the repr of one."""
    from moto.route53.models import route53_backends

    for zone in list(route53_backends[ACCOUNT_ID]["aws"].zones.values()):
        for rrset in zone.rrsets:
            rrset.records = [r["Value"] if isinstance(r, dict) else r for r in rrset.records]


def _login(key_id: str) -> Login | None:
    from moto.core.utils import utcnow
    from moto.iam.models import iam_backends
    from moto.sts.models import sts_backends

    for user in list(iam_backends[ACCOUNT_ID]["aws"].users.values()):
        for key in list(user.access_keys):
            if key.access_key_id == key_id and key.status == "Active":
                return Login(str(user.arn), str(key.secret_access_key))
    session = sts_backends[ACCOUNT_ID]["aws"].get_assumed_role_from_access_key(key_id)
    if session is None or session.expiration < utcnow():
        return None
    return Login(str(session.arn), str(session.secret_access_key))


def _seed(owner: Owner) -> None:
    """What the account comes with: its user, with the owner's key, and a hosted zone.

    Made inside moto and with fixed random numbers, so that it is the same at every start.
    """
    from moto.iam.models import iam_backends
    from moto.route53.models import route53_backends

    SeededPerThread.seed_thread(0)
    try:
        iam = iam_backends[ACCOUNT_ID]["aws"]
        if USER in iam.users:
            return
        iam.create_user("us-east-1", USER)
        key = iam.create_access_key(USER)
        key.access_key_id, key.secret_access_key = owner.access_key, owner.secret_key
        route53_backends[ACCOUNT_ID]["aws"].create_hosted_zone(
            ZONE,
            private_zone=False,
            caller_reference="practice",
            comment="The workshop's own domain",
            vpcid=None,
            vpcregion=None,
            delegation_set_id=None,
        )
    finally:
        SeededPerThread.seed_thread(None)
