"""The form of a test mail."""

from __future__ import annotations

from dataclasses import replace

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.message import Message as TextualMessage
from textual.widgets import Button, Input, Label, Select, TextArea

from sestui.domain.configset import ConfigurationSet
from sestui.domain.i18n import _
from sestui.domain.mail.form import FieldProblem, Format, MailForm, Scenario
from sestui.domain.mail.raw import RAW_EXAMPLE
from sestui.domain.mail.template import WORKSHOP_TEMPLATE, WORKSHOP_TEMPLATE_DATA
from sestui.domain.steps import WizardState
from sestui.domain.text import printable
from sestui.tui.widgets.field import Field
from sestui.tui.widgets.plain import Plain

SHOWN = {
    "subject": {Format.FORMATTED, Format.HEADERS},
    "text": {Format.FORMATTED, Format.HEADERS},
    "html": {Format.FORMATTED, Format.HEADERS},
    "headers": {Format.HEADERS},
    "raw": {Format.RAW},
    "template": {Format.TEMPLATED},
    "template_data": {Format.TEMPLATED},
}


def first_form(state: WizardState) -> MailForm:
    """The form with sensible values where nothing is typed yet; those of another identity go."""
    form, identity = state.mail_form, state.identity
    if identity is None:
        return form
    ours = form.sender == identity.name or form.sender.endswith("@" + identity.name)
    if not form.sender or not ours:
        sender = f"hello@{identity.name}" if identity.is_domain else identity.name
        # In practice every mailbox exists; elsewhere one may not, and a bounce would harm.
        own = f"inbox@{identity.name}" if identity.is_domain else identity.name
        recipient = own if state.practice or not identity.is_domain else Scenario.SUCCESS.address
        form = replace(form, sender=sender, to=recipient, raw="")
    return replace(
        form,
        subject=form.subject or _("Hello from Amazon SES"),
        text=form.text or _("This mail was sent with Amazon SES, through sestui."),
        headers=form.headers or "X-Campaign: workshop",
        raw=form.raw or RAW_EXAMPLE.format(sender=form.sender, to=form.to),
        template_data=(
            WORKSHOP_TEMPLATE_DATA if form.template_data in ("", "{}") else form.template_data
        ),
    )


class MailFormView(Vertical):
    """Four formats over one form; what is typed goes up as a `MailForm` with each change."""

    class Edited(TextualMessage):
        def __init__(self, form: MailForm) -> None:
            self.form = form
            super().__init__()

    def __init__(self, form: MailForm, default_set: ConfigurationSet | None) -> None:
        super().__init__()
        self.form = form
        self.default_set = default_set

    def compose(self) -> ComposeResult:
        form = self.form
        with Horizontal(classes="inline"):
            yield Label(_("Format"), classes="label", markup=False)
            yield Select(
                [(entry.word, entry) for entry in Format],
                value=form.format,
                allow_blank=False,
                id="format",
                compact=True,
            )
        yield Field(_("From"), form.sender, id="sender", inline=True)
        with Horizontal(classes="inline"):
            yield Label(_("Scenario"), classes="label", markup=False)
            yield Select(
                [
                    (_("the address below"), ""),
                    *((f"{s.word}  ({s.address})", s.address) for s in Scenario),
                ],
                value=form.to if form.to in _ADDRESSES else "",
                allow_blank=False,
                id="scenario",
                compact=True,
            )
        yield Field(
            _("To"), form.to, id="to", inline=True, placeholder="a@example.com, …"
        )
        yield Field(_("Subject"), form.subject, id="subject", inline=True)
        yield from self._area("headers", _("Headers"), form.headers)
        yield from self._area("text", _("Text"), form.text)
        yield from self._area("html", _("HTML"), form.html)
        yield from self._area("raw", _("Message"), form.raw)
        with Horizontal(classes="inline", id="template-row"):
            yield Label(_("Template"), classes="label", markup=False)
            yield Select[str]([], prompt=_("choose a template"), id="template", compact=True)
        text = _("Create the workshop's template")
        yield Button(text, id="create-template")
        yield from self._area("template_data", _("Data (JSON)"), form.template_data)
        with Horizontal(classes="inline"):
            yield Label(_("Config set"), classes="label", markup=False)
            yield Select[str](
                [(self._default_word(), "")], allow_blank=False, id="set", compact=True
            )
        yield Plain(id="form-problem")

    def _area(self, name: str, label: str, text: str) -> ComposeResult:
        with Horizontal(classes="inline", id=f"{name.replace('_', '-')}-row"):
            yield Label(label, classes="label", markup=False)
            yield TextArea(text, id=name.replace("_", "-"), tab_behavior="focus", compact=True)

    def _default_word(self) -> str:
        if self.default_set is None:
            return _("none")
        return _("the identity's default: {name}").format(name=self.default_set.name)

    # Choices that come later

    def offer_sets(self, names: tuple[str, ...]) -> None:
        select = self.query_one("#set", Select)
        with self.prevent(Select.Changed):
            select.set_options(
                [(self._default_word(), ""), *((Content(printable(n)), n) for n in names)]
            )
            wanted = self.form.configuration_set
            select.value = wanted if wanted in names else ""

    def offer_templates(self, names: tuple[str, ...]) -> None:
        select = self.query_one("#template", Select)
        self.query_one("#create-template").display = WORKSHOP_TEMPLATE.name not in names
        with self.prevent(Select.Changed):
            select.set_options([(Content(printable(name)), name) for name in names])
        if names:
            wanted = self.form.template
            select.value = wanted if wanted in names else names[0]

    # What is typed

    @on(Input.Changed)
    @on(TextArea.Changed)
    @on(Select.Changed)
    def _changed(self, event: Input.Changed | TextArea.Changed | Select.Changed) -> None:
        event.stop()
        if isinstance(event, Select.Changed) and event.select.id == "scenario" and event.value:
            self.query_one("#to", Input).value = str(event.value)
        form = self.read()
        if form != self.form:
            self.form = form
            self.post_message(self.Edited(form))

    def read(self) -> MailForm:
        """The form as it is on the screen, with what no message has told yet."""
        template = self.query_one("#template", Select)
        return MailForm(
            format=self.query_one("#format", Select).selection or self.form.format,
            sender=self.query_one("#sender", Input).value,
            to=self.query_one("#to", Input).value,
            subject=self.query_one("#subject", Input).value,
            text=self.query_one("#text", TextArea).text,
            html=self.query_one("#html", TextArea).text,
            headers=self.query_one("#headers", TextArea).text,
            raw=self.query_one("#raw", TextArea).text,
            template=self.form.template if template.is_blank() else str(template.value),
            template_data=self.query_one("#template-data", TextArea).text,
            configuration_set=str(self.query_one("#set", Select).selection or ""),
        )

    # Drawing

    def show_format(self, chosen: Format) -> None:
        """Show the fields of one format only."""
        for name, formats in SHOWN.items():
            suffix = "field" if name == "subject" else "row"
            row = self.query_one(f"#{name.replace('_', '-')}-{suffix}")
            row.display = chosen in formats
        if chosen is not Format.TEMPLATED:
            self.query_one("#create-template").display = False

    def show_problems(self, problems: tuple[FieldProblem, ...]) -> None:
        """Each at its field, and the cursor at the first."""
        by_field = {problem.field: problem.text for problem in reversed(problems)}
        for name in ("sender", "to", "subject"):
            self.query_one(f"#{name}-field", Field).show_problem(by_field.get(name, ""))
        others = [p.text for p in problems if p.field not in ("sender", "to", "subject")]
        note = Content.styled("\n".join(f"✗ {text}" for text in others), "$text-error")
        self.query_one("#form-problem", Plain).show(note)
        if problems:
            self.query_one(f"#{problems[0].field.replace('_', '-')}").focus()


_ADDRESSES = {scenario.address for scenario in Scenario}
