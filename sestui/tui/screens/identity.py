"""Step 2: the address or domain that mail will come from."""

from __future__ import annotations

from textual import on, work
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Button, Checkbox, Input, Label, RadioSet, Select

from sestui.domain.changes import identity_name, identity_plan
from sestui.domain.i18n import _
from sestui.domain.identity import IdentityKind
from sestui.domain.names import (
    InvalidName,
    parse_address,
    parse_domain,
    parse_label,
    unicode_domain,
)
from sestui.domain.steps import IdentityForm, Step, WizardState
from sestui.gateways.ports import GatewayError
from sestui.tui.screens.base import StepScreen
from sestui.tui.widgets.field import Field
from sestui.tui.widgets.plain import Plain
from sestui.tui.widgets.ticks import Radio, Tick
from sestui.workflows.survey import open_identity, survey


class IdentityScreen(StepScreen):
    STEP = Step.IDENTITY
    CSS_PATH = "identity.tcss"
    AUTO_FOCUS = "#name"

    def lead(self) -> str:
        return _("SES sends only from what you have proved to be yours: one address, or a domain.")

    def compose_body(self) -> ComposeResult:
        form = self.state.identity_form
        domain = form.kind is IdentityKind.DOMAIN
        with RadioSet(id="kind", compact=True):
            yield Radio(_("An e-mail address: quickest, for a first test"), not domain)
            yield Radio(_("A domain: what you want for real mail"), domain)
        yield Field(_("Name"), form.name, id="name", judge=self.judge_name, inline=True)
        with Vertical(id="domain-options"):
            yield Tick(
                _("Custom MAIL FROM domain (recommended: SPF passes for your own name)"),
                form.custom_mail_from,
                id="custom",
                compact=True,
            )
            with Vertical(id="mail-from"):
                yield Field(
                    _("Its label"), form.label, id="label", judge=self.judge_label, inline=True
                )
                yield from _choice(
                    "mx-failure",
                    _("No MX yet"),
                    [(_("send with amazonses.com instead"), False), (_("refuse to send"), True)],
                    form.reject_on_mx_failure,
                )
            yield from _choice(
                "key-length",
                _("DKIM key"),
                [
                    (_("Easy DKIM, 2048 bits (default)"), "RSA_2048_BIT"),
                    (_("Easy DKIM, 1024 bits"), "RSA_1024_BIT"),
                ],
                form.key_length,
            )
        yield Plain(id="exists", classes="muted")
        with Horizontal(id="actions"):
            yield Button(_("Create"), id="create", variant="primary")
            yield Plain(id="busy")

    # What is typed

    def form(self) -> IdentityForm:
        """The form as it is on the screen."""
        kind = self.query_one("#kind", RadioSet).pressed_index
        return IdentityForm(
            kind=IdentityKind.DOMAIN if kind == 1 else IdentityKind.EMAIL,
            name=self.query_one("#name", Input).value,
            custom_mail_from=self.query_one("#custom", Checkbox).value,
            label=self.query_one("#label", Input).value,
            reject_on_mx_failure=bool(self.query_one("#mx-failure", Select).value),
            key_length=str(self.query_one("#key-length", Select).value),
        )

    def judge_name(self, text: str) -> None:
        if self.state.identity_form.kind is IdentityKind.DOMAIN:
            parse_domain(text)
        else:
            parse_address(text)

    def judge_label(self, text: str) -> None:
        form = self.state.identity_form
        try:
            domain = parse_domain(form.name)
        except InvalidName:
            return  # said at the name's own field
        if form.custom_mail_from:
            parse_label(text, domain)

    @on(RadioSet.Changed, "#kind")
    @on(Input.Changed)
    @on(Checkbox.Changed)
    @on(Select.Changed)
    def _typed(self) -> None:
        if (form := self.form()) != self.state.identity_form:
            switched = form.kind is not self.state.identity_form.kind
            self.update_state(identity_form=form)
            if switched and form.name:
                self.query_one("#name-field", Field).check()

    # Drawing

    def show(self, state: WizardState) -> None:
        form = state.identity_form
        domain = form.kind is IdentityKind.DOMAIN
        self.query_one("#domain-options").display = domain
        self.query_one("#mail-from").display = form.custom_mail_from
        name = self.query_one("#name-field", Field)
        name.query_one(Label).update(_("Domain") if domain else _("Address"))
        name.input.placeholder = "example.com" if domain else "you@example.com"
        understood = _understood(form)
        name.show_hint(_("SES knows it as {name}").format(name=understood) if understood else "")
        if domain:
            self.query_one("#label-field", Field).show_hint(_mail_from_hint(form))
        existing = self._existing(state)
        self.query_one("#exists", Plain).show(
            Content.styled(
                _("✓ {name} is there already: it is continued, nothing is made twice.").format(
                    name=existing
                ),
                "$text-success",
            )
            if existing
            else ""
        )
        self.query_one("#create", Button).label = _("Continue with it") if existing else _("Create")

    def _existing(self, state: WizardState) -> str:
        try:
            name = identity_name(state.identity_form)
        except InvalidName:
            return ""
        return name if name in {summary.name for summary in state.identities} else ""

    def what_now(self, state: WizardState) -> str:
        current = state.identity
        if current is not None and current.name == _name_or_empty(state.identity_form):
            return _("{name} is chosen. Ctrl+N: verify it.").format(name=current.name)
        if self._existing(state):
            return _("Enter continues with the identity that exists.")
        return _("Type the name, then press Enter. You see each call before it is made.")

    def busy(self, text: str) -> None:
        if not self.leaving:
            self.query_one("#busy", Plain).show(Content.styled(text, "$accent"))
            self.query_one("#create", Button).disabled = bool(text)

    # Creating

    @on(Input.Submitted)
    @on(Button.Pressed, "#create")
    def _submit(self) -> None:
        fields = [self.query_one("#name-field", Field)]
        form = self.state.identity_form
        if form.kind is IdentityKind.DOMAIN and form.custom_mail_from:
            fields.append(self.query_one("#label-field", Field))
        wrong = [field for field in fields if not field.check()]
        if wrong:
            wrong[0].input.focus()
            return
        self.adopt()

    @work(exclusive=True, group="create")
    async def adopt(self) -> None:
        """Create the identity or add what it lacks, read it back, and go on."""
        if self.cloud is None:
            return
        form = self.state.identity_form
        name = identity_name(form)
        self.show_problem(None)
        try:
            self.busy(_("Looking whether {name} exists …").format(name=name))
            existing = await self.cloud.ses.identity(name)
            plan = identity_plan(form, existing)
            self.busy("")
            if plan and not await self.make(plan, self.busy):
                return
            self.busy(_("Reading {name} …").format(name=name))
            opened = await open_identity(self.cloud, name)
            if opened is None:
                return
            identity, default_set = opened
            fresh = self.state.identity is None or self.state.identity.name != name
            self.update_state(identity=identity, default_set=default_set, review=None)
            if fresh:
                self.update_state(checks=(), report=None, timeline=(), sent=(), tested=False)
            seen = await survey(self.cloud)
            self.update_state(account=seen.account, identities=seen.identities)
            if seen.problem is not None:
                self.show_problem(seen.problem)
        except GatewayError as error:
            self.show_problem(error.problem)
        else:
            self.action_open(Step.VERIFY.value)
        finally:
            self.busy("")


def _choice(id: str, label: str, options: list[tuple[str, object]], value: object) -> ComposeResult:
    with Horizontal(classes="inline"):
        yield Label(label, classes="label", markup=False)
        yield Select(options, value=value, allow_blank=False, id=id, compact=True)


def _name_or_empty(form: IdentityForm) -> str:
    try:
        return identity_name(form)
    except InvalidName:
        return ""


def _understood(form: IdentityForm) -> str:
    """The name as SES will know it, when that is not what was typed."""
    name = _name_or_empty(form)
    typed = form.name.strip()
    if not name or name == typed:
        return ""
    domain = name.rpartition("@")[2]
    spelled = unicode_domain(domain)
    return name if spelled == domain else f"{name} ({spelled})"


def _mail_from_hint(form: IdentityForm) -> str:
    try:
        return parse_label(form.label, parse_domain(form.name))
    except InvalidName:
        return _("a name nothing else uses, such as mail or bounce")
