"""Where the credentials and the Region come from."""

from __future__ import annotations

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import Button, Checkbox, Label, Select

from sestui.domain.account import Choice, Keys, Secret, Source, Sources
from sestui.domain.i18n import _
from sestui.domain.names import InvalidName
from sestui.domain.regions import REGIONS
from sestui.domain.text import printable
from sestui.tui.widgets.field import Field
from sestui.tui.widgets.plain import Plain
from sestui.tui.widgets.ticks import Tick

Offer = tuple[Source, str]


class ConnectionForm(Vertical):
    """Profile, environment, keyring or typed keys, and a Region; secrets stay in the boxes."""

    class Submitted(Message):
        def __init__(self, choice: Choice, keep_as: str) -> None:
            self.choice = choice
            self.keep_as = keep_as
            """The name to keep typed keys under in the keyring; empty: not at all."""
            super().__init__()

    def __init__(self, practice: bool, sources: Sources) -> None:
        super().__init__()
        self.practice = practice
        self.sources = sources

    def compose(self) -> ComposeResult:
        with Horizontal(classes="form-row"):
            with Vertical():
                yield Label(_("Credentials"), classes="label", markup=False)
                yield Select[Offer](self._offers(), allow_blank=False, id="source")
            with Vertical():
                yield Label(_("Region"), classes="label", markup=False)
                yield Select[str](
                    [(_("whatever the profile says"), "")]
                    + [(f"{region}  {place}", region) for region, place in REGIONS.items()],
                    value=self.sources.region if self.sources.region in REGIONS else "",
                    allow_blank=False,
                    id="region",
                )
        with Vertical(id="typed"):
            yield Field(
                _("Access key ID"), id="access-key", judge=judge_access_key, placeholder="AKIA…"
            )
            yield Field(_("Secret access key"), id="secret", judge=judge_secret, password=True)
            yield Field(
                _("Session token"),
                id="token",
                password=True,
                hint=_("Only for temporary keys, which begin with ASIA."),
            )
            yield Tick(_("Keep the keys in the keyring of this machine"), id="keep")
            yield Plain(id="keyring-note")
        yield Button(_("Connect"), id="connect-button", variant="primary")

    def _offers(self) -> list[tuple[Content, Offer]]:
        """What this machine has."""
        if self.practice:
            return [(Content(_("the practice account")), (Source.PRACTICE, ""))]
        sources = self.sources
        offers: list[tuple[str, Offer]] = [
            (_("environment or default profile"), (Source.DEFAULT, ""))
        ]
        offers += [
            (_("profile {name}").format(name=printable(name)), (Source.PROFILE, name))
            for name in sources.profiles
        ]
        offers += [
            (_("keyring: {name}").format(name=printable(name)), (Source.KEYRING, name))
            for name in sources.kept_keys
        ]
        offers.append((_("type access keys …"), (Source.TYPED, "")))
        return [(Content(prompt), value) for prompt, value in offers]

    def on_mount(self) -> None:
        keyring = self.sources.keyring
        self.query_one("#keep", Checkbox).disabled = not keyring
        self.query_one("#keyring-note", Plain).show(
            _("They go to: {keyring}.").format(keyring=printable(keyring))
            if keyring
            else _(
                "This machine has no keyring that could keep a secret, so the keys live only "
                "until you quit."
            )
        )
        self.focus_first()

    def focus_first(self) -> None:
        self.query_one("#source").focus()

    @on(Select.Changed, "#source")
    def _source_changed(self, event: Select.Changed) -> None:
        event.stop()
        typed = isinstance(event.value, tuple) and event.value[0] is Source.TYPED
        self.query_one("#typed").display = typed

    @on(Button.Pressed, "#connect-button")
    def _submit(self, event: Button.Pressed) -> None:
        event.stop()
        source, name = self.query_one("#source", Select).selection or (Source.DEFAULT, "")
        region = str(self.query_one("#region", Select).selection or "")
        keys: Keys | None = None
        keep_as = ""
        if source is Source.TYPED:
            access, secret, token = (
                self.query_one(f"#{box}-field", Field) for box in ("access-key", "secret", "token")
            )
            if not all([access.check(), secret.check()]):
                (access if access.problem else secret).input.focus()
                return
            keys = Keys(
                access.value.strip(),
                Secret(secret.value.strip()),
                Secret(token.value.strip()) if token.value.strip() else None,
            )
            if self.query_one("#keep", Checkbox).value:
                keep_as = keys.access_key_id
        self.post_message(self.Submitted(Choice(source, name, region, keys), keep_as))


def judge_access_key(text: str) -> None:
    """Raises InvalidName when `text` is no access key ID."""
    key = text.strip()
    if not key.isalnum() or not 16 <= len(key) <= 128 or not key.isascii():
        raise InvalidName(_("An access key ID has 16 letters and digits or more, as AKIA…"))


def judge_secret(text: str) -> None:
    """Raises InvalidName when `text` cannot be a secret access key."""
    if not text.strip():
        raise InvalidName(_("Paste the secret access key."))
    if any(char.isspace() for char in text.strip()):
        raise InvalidName(_("A secret access key has no spaces in it."))
