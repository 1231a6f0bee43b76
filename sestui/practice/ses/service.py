"""The public face of the practice account's SES.

service = SesService(clock, store, nameserver=("127.0.0.1", 5353), postmaster=post,
                     link_for=lambda token: f"http://127.0.0.1/verify/{token}")
port = service.start()
…
service.stop()
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sestui.practice.clock import Clock
from sestui.practice.http import LoopbackServer
from sestui.practice.ports import FindLogin, Postmaster, SigningKey
from sestui.practice.ses.account import settle
from sestui.practice.ses.api import Api, CallRecord
from sestui.practice.ses.faults import Faults
from sestui.practice.ses.keyring import Keyring
from sestui.practice.ses.lookups import Resolver
from sestui.practice.ses.names import is_simulator
from sestui.practice.ses.state import Identity, Suppressed
from sestui.practice.ses.suppression import reasons_for
from sestui.practice.ses.verification import LINK_WINDOW
from sestui.practice.ses.verifier import Verifier
from sestui.practice.ses.world import DestinationHook, EventsOf, Options, World
from sestui.practice.store import Store

REVIEW_STATUSES = ("PENDING", "GRANTED", "DENIED", "FAILED")
ENFORCEMENT_STATUSES = ("HEALTHY", "PROBATION", "SHUTDOWN")


def _no_hook(_region: str, _configuration_set: str, _destination: dict[str, Any]) -> None:
    """For a service without neighbours: every destination is there."""


class SesService:
    """SES API v2, and v1's VerifyEmailIdentity, on a loopback port.

    Implements the `SigningKeys` and `Destinations` of `sestui.practice.ports`. All methods may be
    called from any thread.
    """

    def __init__(
        self,
        clock: Clock,
        store: Store,
        *,
        nameserver: tuple[str, int],
        postmaster: Postmaster,
        link_for: Callable[[str], str],
        find_login: FindLogin,
        options: Options | None = None,
        on_destination_created: DestinationHook | None = None,
        events_of: EventsOf | None = None,
    ) -> None:
        """Load the state from `store`; nothing runs yet.

        Args:
            nameserver: host and port that identities' records are looked up at.
            link_for: makes the link in a verification mail from its token; see `confirm`.
            find_login: whose an access key is.
            on_destination_created: called before an event destination is kept; may raise
                `DestinationRefused`, whose text becomes the API's error.
            events_of: for GetMessageInsights; without it no message has any.

        Raises:
            OSError, ValueError: the stored state cannot be read.
        """
        self._world = World(
            clock,
            store,
            postmaster,
            link_for,
            options or Options(),
            on_destination_created or _no_hook,
            events_of or (lambda _message_id: []),
        )
        self._world.load()
        self._keyring = Keyring(self._world)
        self._api = Api(self._world, find_login)
        self._resolver = Resolver(*nameserver, self._world.options.dns_timeout)
        self._verifier = Verifier(self._world, self._resolver)
        self._server: LoopbackServer | None = None

    @property
    def faults(self) -> Faults:
        """What goes wrong on purpose."""
        return self._api.faults

    @property
    def calls(self) -> list[CallRecord]:
        """All calls so far that got past the signature check, oldest first; a copy."""
        return self._api.recorded()

    def start(self, port: int = 0) -> int:
        """Listen on 127.0.0.1, at a free port when that is 0, and begin to verify identities.

        Returns:
            The port.

        Raises:
            OSError: the port is taken.
        """
        self._server = LoopbackServer(self._api, port)
        self._server.start()
        self._verifier.start()
        return self._server.port

    def stop(self) -> None:
        """Stop listening and verifying; connections that wait for an answer are broken."""
        if self._server is not None:
            self._server.stop()
        self._verifier.stop()

    # Mail by SMTP

    def send_raw(
        self, region: str, caller: str, sender: str, recipients: Sequence[str], data: bytes
    ) -> str:
        """Take a message by SMTP; see `Api.send_raw`."""
        return self._api.send_raw(region, caller, sender, recipients, data)

    # Verification

    def check_now(self) -> None:
        """Look up every identity now, and let time-outs take effect; returns when it is done."""
        self._verifier.check()

    def confirm(self, token: str) -> str | None:
        """Follow the link of a verification mail.

        Returns:
            The address that is verified now, or None when the link is unknown or older than 24 h.
        """
        with self._world.lock:
            now = self._world.now()
            for region in self._world.regions.values():
                for identity in region.identities.values():
                    issued = identity.links.get(token)
                    if issued is None or now - issued >= LINK_WINDOW:
                        continue
                    identity.status, identity.verified = "SUCCESS", True
                    identity.since = now
                    self._world.save(region, "identities")
                    return identity.name
        return None

    # SigningKeys

    def signing_key(self, region: str, identity: str) -> SigningKey | None:
        return self._keyring.signing_key(region, identity)

    def amazonses_key(self, region: str) -> SigningKey:
        return self._keyring.amazonses_key(region)

    def public_keys(self) -> Mapping[str, str]:
        """A live view: looking a name up makes its key when there is none yet."""
        return self._keyring.public_keys()

    # Destinations

    def event_destinations(self, region: str, configuration_set: str) -> list[dict[str, Any]]:
        with self._world.lock:
            found = self._world.region(region).sets.get(configuration_set)
            return [dict(each) for each in found.destinations] if found else []

    # What the postmaster reports, and what a teacher decides

    def suppress(
        self,
        region: str,
        address: str,
        reason: str,
        *,
        configuration_set: str | None = None,
        message_id: str = "",
        feedback_id: str = "",
    ) -> bool:
        """Put an address on the suppression list after a hard bounce or a complaint.

        Args:
            reason: "BOUNCE" or "COMPLAINT".

        Returns:
            Whether it was put there: not a simulator address, and not for a reason that the
            account, or the configuration set, does not suppress for.
        """
        with self._world.lock:
            state = self._world.region(region)
            reasons = reasons_for(state, configuration_set or "")
            if reason not in reasons or is_simulator(address):
                return False
            state.suppression[address] = Suppressed(
                address, reason, self._world.now(), message_id, feedback_id
            )
            self._world.save(state, "suppression")
            return True

    def decide_review(self, region: str, status: str) -> None:
        """Decide a request for production access, or give the access without one.

        Raises:
            ValueError: the status is not one of REVIEW_STATUSES.
        """
        if status not in REVIEW_STATUSES:
            raise ValueError(f"unknown review status: {status!r}")
        with self._world.lock:
            state = self._world.region(region)
            account = settle(state.account, self._world.options, self._world.now())
            account.review = status
            account.review_since = self._world.now()
            account.production = status == "GRANTED"
            self._world.save(state, "account")

    def set_enforcement(self, region: str, status: str) -> None:
        """Put the account under review (PROBATION), pause it (SHUTDOWN) or set it free (HEALTHY).

        Raises:
            ValueError: the status is not one of ENFORCEMENT_STATUSES.
        """
        if status not in ENFORCEMENT_STATUSES:
            raise ValueError(f"unknown enforcement status: {status!r}")
        with self._world.lock:
            state = self._world.region(region)
            state.account.enforcement = status
            self._world.save(state, "account")

    def seed_identities(self, region: str, names: list[str], *, verified: bool = True) -> None:
        """Make many domain or address identities at once, for trying out long lists."""
        status = "SUCCESS" if verified else "PENDING"
        with self._world.lock:
            now = self._world.now()
            state = self._world.region(region)
            for name in names:
                state.identities[name] = Identity(
                    name, now, status=status, since=now, verified=verified
                )
            self._world.save(state, "identities")

    def seed_suppression(self, region: str, reasons: Mapping[str, str]) -> None:
        """Suppress many addresses at once, each for its reason, for trying out long lists."""
        with self._world.lock:
            now = self._world.now()
            state = self._world.region(region)
            for address, reason in reasons.items():
                state.suppression[address] = Suppressed(address, reason, now)
            self._world.save(state, "suppression")
