"""Reading SES in one account and Region, and sending."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from sestui.domain.account import Account
    from sestui.domain.configset import ConfigurationSet
    from sestui.domain.events.model import MailEvent
    from sestui.domain.identity import Identity, IdentitySummary
    from sestui.domain.mail.message import Message, Sent
    from sestui.domain.mail.template import Template
    from sestui.domain.smtp import Credentials, Endpoint
    from sestui.domain.smtp_ports import PortProbe
    from sestui.domain.suppression import Suppressed, SuppressionPage, Wanted


class Ses(Protocol):
    """Reading SES in one account and Region, and sending. Control plane: 1 request/s, shared."""

    async def account(self) -> Account: ...

    async def identities(self) -> tuple[IdentitySummary, ...]:
        """All of them, every page."""
        ...

    async def identity(self, name: str) -> Identity | None:
        """None when there is no such identity in this Region."""
        ...

    async def configuration_sets(self) -> tuple[str, ...]: ...

    async def configuration_set(self, name: str) -> ConfigurationSet | None:
        """With its event destinations; None when it does not exist."""
        ...

    async def templates(self) -> tuple[str, ...]: ...

    async def template(self, name: str) -> Template | None:
        """As it is stored, since it may be stored again: hostile text, to be cleaned before it is
        shown."""
        ...

    async def render(self, template: str, data: str) -> str:
        """The MIME message SES would make; a missing variable is a GatewayError (REFUSED)."""
        ...

    async def suppressed(self, address: str) -> Suppressed | None:
        """Why, since when and by which mail `address` is on the suppression list; None when it is
        not. Upper and lower case make different addresses."""
        ...

    async def suppression_page(self, wanted: Wanted, token: str = "") -> SuppressionPage:
        """A page of the suppression list, up to 1,000 addresses; `token` is of the page before."""
        ...

    async def send(self, message: Message) -> Sent:
        """One attempt only: SendEmail is not idempotent.

        Raises:
            GatewayError: with MAYBE_DONE when the request went out and no answer came.
        """
        ...

    async def insights(self, message_id: str) -> tuple[MailEvent, ...]:
        """What GetMessageInsights tells of a message; empty when it has nothing (yet).

        Only where Virtual Deliverability Manager is on, and never of mail to the simulator or to
        several recipients.
        """
        ...


class Smtp(Protocol):
    """SES over SMTP, in the Region of the connection."""

    @property
    def region(self) -> str: ...

    @property
    def endpoints(self) -> tuple[Endpoint, ...]:
        """In the order to be tried; empty where there is no SMTP, and every call says why."""
        ...

    async def credentials(self) -> Credentials:
        """Made of the access keys of the connection.

        Raises:
            GatewayError: CREDENTIALS, such as temporary keys, which SMTP does not take.
        """
        ...

    async def probe(self) -> tuple[PortProbe, ...]:
        """Every port, tried at the same time, and the API's to compare with. Sends nothing."""
        ...

    async def send(
        self, message: Message, credentials: Credentials, port: int | None = None
    ) -> Sent:
        """One attempt, through `port` or through the first that leads to SES.

        Raises:
            GatewayError: NETWORK when nothing was sent, MAYBE_DONE when SES may have taken it.
        """
        ...
