"""How to sign in to SES over SMTP, and through which port. Nothing of it is stored."""

from __future__ import annotations

from enum import StrEnum, auto

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Button, Input, Label, Select

from sestui.domain.account import Secret
from sestui.domain.errors import Problem, Trouble
from sestui.domain.i18n import _
from sestui.domain.smtp import (
    Credentials,
    Endpoint,
    PasswordKind,
    credentials_of,
    derive,
    judge_password,
    judge_user,
    kind_of,
)
from sestui.domain.smtp_login import temporary_keys_problem
from sestui.domain.smtp_ports import PortProbe, conclude
from sestui.domain.text import printable
from sestui.gateways.ports import GatewayError, KeyStore, Smtp
from sestui.tui.widgets.field import Field
from sestui.tui.widgets.plain import Plain
from sestui.tui.widgets.problem import ProblemBox
from sestui.tui.widgets.records_table import GLYPHS

ANY_PORT = 0
Chosen = tuple[Credentials, int | None]


class Origin(StrEnum):
    """Where the credentials come from."""

    CONNECTION = auto()
    KEYRING = auto()
    TYPED = auto()


Offer = tuple[Origin, str]


class SmtpModal(ModalScreen[Chosen | None]):
    """The credentials and the port (None: the first that leads to SES); None for "not now".

    Args:
        keyring: where kept access keys are; `kept` their names.
        practice: the connection's keys are the practice account's.
    """

    AUTO_FOCUS = "#smtp-source"
    CSS_PATH = "smtp.tcss"
    BINDINGS = [
        Binding("escape", "cancel", _("Cancel")),
        Binding("ctrl+s", "use", _("Use these")),
        Binding("p,f5", "probe", _("Try the ports")),
        Binding("f4", "copy_policy", _("Copy policy"), show=False),
    ]

    def __init__(
        self,
        smtp: Smtp,
        keyring: KeyStore,
        kept: tuple[str, ...] = (),
        *,
        practice: bool = False,
    ) -> None:
        super().__init__()
        self.smtp = smtp
        self.keyring = keyring
        self.kept = kept
        self.practice = practice

    def compose(self) -> ComposeResult:
        region = self.smtp.region
        hosts = dict.fromkeys(endpoint.host for endpoint in self.smtp.endpoints)
        with VerticalScroll(classes="dialog", can_focus=False) as dialog:
            dialog.border_title = _("Send over SMTP")
            dialog.border_subtitle = Content(_("nothing of this is stored"))
            yield Plain(", ".join(hosts), classes="muted")
            yield ProblemBox(id="smtp-problem")
            with Horizontal(classes="inline"):
                yield Label(_("Sign in by"), classes="label", markup=False)
                yield Select[Offer](
                    self._offers(), allow_blank=False, id="smtp-source", compact=True
                )
            yield Plain(id="smtp-source-note", classes="muted")
            with Vertical(id="smtp-typed"):
                yield Field(
                    _("User name"),
                    id="smtp-user",
                    judge=lambda text: judge_user(text.strip()),
                    placeholder=_("AKIA…, the ID of an access key"),
                    inline=True,
                )
                yield Field(
                    _("Password"),
                    id="smtp-password",
                    judge=lambda text: judge_password(text.strip(), secret_key=True),
                    hint=_("The SMTP password of {region}, or the secret access key.").format(
                        region=region
                    ),
                    password=True,
                    inline=True,
                )
            with Horizontal(classes="inline"):
                yield Label(_("Port"), classes="label", markup=False)
                yield Select[int](
                    [
                        (_("the first that leads to SES"), ANY_PORT),
                        *((_port_words(each), each.port) for each in self.smtp.endpoints),
                    ],
                    allow_blank=False,
                    id="smtp-port",
                    compact=True,
                )
            yield Plain(id="smtp-ports")
            with Horizontal(classes="buttons"):
                yield Button(_("Cancel  esc"), id="cancel")
                yield Button(_("Try the ports  p"), id="probe")
                yield Button(_("Use these  ^s"), id="go", variant="primary")

    def _offers(self) -> list[tuple[Content, Offer]]:
        own = _("the practice account's keys") if self.practice else _("the keys of the connection")
        offers: list[tuple[str, Offer]] = [(own, (Origin.CONNECTION, ""))]
        offers += [
            (_("keyring: {name}").format(name=printable(name)), (Origin.KEYRING, name))
            for name in self.kept
        ]
        offers.append((_("type SMTP credentials …"), (Origin.TYPED, "")))
        return [(Content(prompt), offer) for prompt, offer in offers]

    @property
    def offer(self) -> Offer:
        return self.query_one("#smtp-source", Select).selection or (Origin.TYPED, "")

    # Where the credentials come from

    @on(Select.Changed, "#smtp-source")
    def _source_changed(self, event: Select.Changed) -> None:
        event.stop()
        self.query_one("#smtp-typed").display = self.offer[0] is Origin.TYPED
        self.query_one("#smtp-problem", ProblemBox).show(None)
        self.look()

    @work(exclusive=True, group="smtp-look")
    async def look(self) -> None:
        """What the chosen keys are over SMTP, before anything is sent with them."""
        note = self.query_one("#smtp-source-note", Plain)
        note.show("")
        if self.offer[0] is Origin.TYPED:
            return
        try:
            credentials = await self._credentials()
        except GatewayError as error:
            self.show_problem(error.problem)
            return
        text = _("User name {user}; the password is made of the secret key.")
        note.show(text.format(user=printable(credentials.user)))

    async def _credentials(self) -> Credentials:
        """Raises GatewayError: there are none, or none that SMTP takes."""
        origin, name = self.offer
        if origin is Origin.CONNECTION:
            return await self.smtp.credentials()
        if origin is Origin.KEYRING:
            keys = await self.keyring.keys(name)
            if keys is None:
                what = _("The keyring holds no keys called {name}.").format(name=printable(name))
                raise GatewayError(Problem(what, _("Type them."), Trouble.CREDENTIALS))
            if keys.temporary:
                raise GatewayError(temporary_keys_problem())
            return derive(keys, self.smtp.region)
        return credentials_of(
            self.query_one("#smtp-user", Input).value,
            Secret(self.query_one("#smtp-password", Input).value),
            self.smtp.region,
        )

    @on(Input.Changed, "#smtp-password")
    def _password_typed(self, event: Input.Changed) -> None:
        """Say what it is taken for: it cannot be seen."""
        region = self.smtp.region
        hint = {
            PasswordKind.SMTP: _("An SMTP password; of which Region it does not tell."),
            PasswordKind.OLD: _("An SMTP password of before 2019; better create a new one."),
            PasswordKind.SECRET_KEY: _(
                "A secret access key: its SMTP password for {region} is used."
            ).format(region=region),
            PasswordKind.OTHER: _(
                "The SMTP password of {region}, or the secret access key."
            ).format(region=region),
        }[kind_of(Secret(event.value))]
        if event.value != event.value.strip():
            hint += " " + _("The space around it is left out.")
        self.query_one("#smtp-password-field", Field).show_hint(hint)

    # The ports

    @on(Button.Pressed, "#probe")
    @work(exclusive=True, group="smtp-probe")
    async def action_probe(self) -> None:
        table = self.query_one("#smtp-ports", Plain)
        table.show(_("Trying the ports …"))
        try:
            probes = await self.smtp.probe()
        except GatewayError as error:
            table.show("")
            self.show_problem(error.problem)
            return
        table.show(ports_text(probes))
        # The last of its lines says what to do.
        self.call_after_refresh(self.query_one(".buttons").scroll_visible, animate=False)

    # The end

    @on(Input.Submitted)
    @on(Button.Pressed, "#go")
    @work(exclusive=True, group="smtp-go")
    async def action_use(self) -> None:
        if self.offer[0] is Origin.TYPED:
            wrong = [field for field in self.query(Field) if not field.check()]
            if wrong:
                wrong[0].input.focus()
                return
        try:
            credentials = await self._credentials()
        except GatewayError as error:
            self.show_problem(error.problem)
            return
        port = self.query_one("#smtp-port", Select).selection
        self.dismiss((credentials, port or None))

    def show_problem(self, problem: Problem) -> None:
        box = self.query_one("#smtp-problem", ProblemBox)
        box.show(problem)
        box.scroll_visible(animate=False)

    def action_copy_policy(self) -> None:
        problem = self.query_one("#smtp-problem", ProblemBox).problem
        if problem is not None and problem.policy:
            self.app.copy_to_clipboard(problem.policy)
            self.notify(_("Copied the policy statement."), markup=False, timeout=3)

    @on(Button.Pressed, "#cancel")
    def action_cancel(self) -> None:
        self.dismiss(None)


def _port_words(endpoint: Endpoint) -> str:
    return f"{endpoint.port}  {endpoint.security}"


def ports_text(probes: tuple[PortProbe, ...]) -> Content:
    """A line for each port, and one for all."""
    parts: list[str | tuple[str, str]] = []
    for probe in probes:
        glyph, colour = GLYPHS[probe.severity]
        took = f"{probe.milliseconds:.0f} ms" if probe.open else ""
        name = str(probe.endpoint.security) if probe.smtp else _("the API")
        parts += [
            (f"{glyph} ", f"${colour}"),
            f"{probe.endpoint.port:>5}  ",
            (f"{name:<9} {took:>8}  ", "$quiet"),
            printable(probe.words) + "\n",
        ]
    parts.append((conclude(probes), "bold"))
    return Content.assemble(*parts)
