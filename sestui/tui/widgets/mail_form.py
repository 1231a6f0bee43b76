"""The form of a test mail."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content, ContentText
from textual.message import Message as TextualMessage
from textual.widgets import Input, Label, Select, TextArea

from sestui.domain.configset import ConfigurationSet
from sestui.domain.i18n import _
from sestui.domain.mail.build import parse_addresses, without
from sestui.domain.mail.form import FieldProblem, Format, MailForm, Scenario, Transport
from sestui.domain.mail.tags import parse_tags
from sestui.domain.text import printable
from sestui.tui.widgets.editor import Editor
from sestui.tui.widgets.field import Field
from sestui.tui.widgets.files_list import FilesList
from sestui.tui.widgets.headers_table import HeadersTable
from sestui.tui.widgets.plain import Plain
from sestui.tui.widgets.sender_field import SenderField

WRITTEN = frozenset({Format.FORMATTED, Format.HEADERS})
WITH_PARTS = WRITTEN | {Format.TEMPLATED}
SHOWN: dict[str, frozenset[Format]] = {
    "sender": WITH_PARTS,
    "display_name": WITH_PARTS,
    "subject": WRITTEN,
    "headers": frozenset({Format.HEADERS}),
    "text": WRITTEN,
    "html": WRITTEN,
    "raw": frozenset({Format.RAW}),
    "template": frozenset({Format.TEMPLATED}),
    "template_data": frozenset({Format.TEMPLATED}),
    "reply_to": WITH_PARTS,
    "attachments": WITH_PARTS,
}
"""Fields that only some formats have."""
MORE = ("cc", "bcc", "reply_to", "attachments", "tags", "transport")
"""Fields that most mails do without."""
_INPUTS = ("sender", "display_name", "to", "cc", "bcc", "reply_to", "subject", "tags")
_AREAS = ("text", "html", "raw", "template_data")
_ADDRESSES = frozenset(scenario.address for scenario in Scenario)


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
        self.more = any(
            getattr(form, name) != field.default
            for field in fields(form)
            if (name := field.name) in MORE
        )

    def compose(self) -> ComposeResult:
        form = self.form
        formats = [(entry.word, str(entry)) for entry in Format]
        yield from _choice("format", _("Format"), formats, str(form.format))
        yield SenderField(form.sender)
        yield Field(
            _("Name"),
            form.display_name,
            id="display-name",
            inline=True,
            placeholder=_("shown beside the address; may be empty"),
        )
        chosen = form.to if form.to in _ADDRESSES else ""
        yield from _choice("scenario", _("Scenario"), _scenarios(), chosen)
        yield self._addresses("to", _("To"), "a@example.com, …")
        yield self._addresses("cc", _("Cc"))
        yield self._addresses("bcc", _("Bcc"))
        yield self._addresses("reply_to", _("Reply-To"))
        yield Field(_("Subject"), form.subject, id="subject", inline=True)
        yield from _row("headers", _("Headers"), HeadersTable(form.headers, id="headers"))
        yield from _row("text", _("Text"), _area("text", form.text))
        yield from _row("html", _("HTML"), _area("html", form.html))
        yield from _row("raw", _("Message"), _area("raw", form.raw, numbers=True))
        # Of before: the account's own are not known yet.
        known = [(Content(printable(form.template)), form.template)] if form.template else []
        yield from _row(
            "template",
            _("Template"),
            Select[str](known, prompt=_("F9 makes and edits them"), id="template", compact=True),
        )
        yield from _row("template_data", _("Data"), _area("template-data", form.template_data))
        yield from _row("attachments", _("Files"), FilesList(form.attachments, id="attachments"))
        sets = [(Content(self._default_word()), "")]
        if form.configuration_set:  # or what is read before the account's own come would lack it
            sets.append((Content(printable(form.configuration_set)), form.configuration_set))
        yield from _choice("set", _("Config set"), sets, form.configuration_set)
        yield Field(
            _("Tags"),
            form.tags,
            id="tags",
            judge=parse_tags,
            inline=True,
            placeholder=_("campaign=spring, …"),
        )
        ways = [(way.word, str(way)) for way in Transport]
        yield from _choice("transport", _("Send by"), ways, str(form.transport))
        yield Plain(id="form-problem", classes="note")
        yield Plain(id="more-note")

    def _addresses(self, name: str, label: str, placeholder: str = "") -> Field:
        return Field(
            label,
            getattr(self.form, name),
            id=_id(name),
            judge=parse_addresses,
            inline=True,
            placeholder=placeholder,
        )

    def _default_word(self) -> str:
        if self.default_set is None:
            return _("none")
        return _("default: {name}").format(name=self.default_set.name)

    # Choices that come later

    def offer_sets(self, names: tuple[str, ...]) -> None:
        self._offer("set", names, self.form.configuration_set, (self._default_word(), ""))

    def offer_templates(self, names: tuple[str, ...], chosen: str = "") -> None:
        wanted = chosen or self.form.template
        self._offer("template", names, wanted if wanted in names else next(iter(names), ""))
        self._tell()

    def _offer(
        self, id: str, names: tuple[str, ...], wanted: str, *before: tuple[str, str]
    ) -> None:
        select = self.query_one(f"#{id}", Select)
        with self.prevent(Select.Changed):
            select.set_options([*before, *((Content(printable(name)), name) for name in names)])
            if wanted in names:
                select.value = wanted
            elif before:
                select.value = before[0][1]

    # What is typed

    @on(Input.Changed)
    @on(TextArea.Changed)
    @on(Select.Changed)
    @on(HeadersTable.Edited)
    @on(FilesList.Edited)
    def _changed(self, event: TextualMessage) -> None:
        event.stop()
        if isinstance(event, Select.Changed) and event.select.id == "scenario" and event.value:
            self.query_one("#to", Input).value = str(event.value)
        elif isinstance(event, Input.Changed) and event.input.id == "to":
            self._show_scenario(event.value)
        self._tell()

    def _show_scenario(self, to: str) -> None:
        """The one that `to` is; none as soon as it is another address."""
        with self.prevent(Select.Changed):
            self.query_one("#scenario", Select).value = to if to in _ADDRESSES else ""

    def _tell(self) -> None:
        form = self.read()
        if form != self.form:
            self.form = form
            self.post_message(self.Edited(form))

    def read(self) -> MailForm:
        """The form as it is on the screen, with what no message has told yet."""
        inputs = {name: self.query_one(f"#{_id(name)}", Input).value for name in _INPUTS}
        areas = {name: self.query_one(f"#{_id(name)}", Editor).typed for name in _AREAS}
        return MailForm(
            format=Format(self._chosen("format", self.form.format)),
            headers=self.query_one(HeadersTable).text,
            template=self._chosen("template", self.form.template),
            attachments=self.query_one(FilesList).paths,
            configuration_set=self._chosen("set", ""),
            transport=Transport(self._chosen("transport", self.form.transport)),
            **inputs,
            **areas,
        )

    def _chosen(self, id: str, otherwise: str) -> str:
        select = self.query_one(f"#{id}", Select)
        return otherwise if select.is_blank() else str(select.value)

    def put(self, name: str, text: str) -> None:
        """`text` into a long field, as if it were typed."""
        self.query_one(f"#{_id(name)}", Editor).put(text)

    def put_files(self, paths: tuple[str, ...], sizes: Mapping[str, int]) -> None:
        self.query_one(FilesList).show(paths, sizes)
        if paths and not self.more:
            self.more = True
            self.show_format(self.form.format)
        self._tell()

    def leave_out(self, address: str) -> None:
        """Take `address` out of the recipients."""
        for name in ("to", "cc", "bcc"):
            box = self.query_one(f"#{name}", Input)
            box.value = without(box.value, address)

    # Drawing

    def show_format(self, chosen: Format) -> None:
        """Show the fields of one format only, and those that most mails do without on demand."""
        for name in (*SHOWN, *MORE):
            row = self.query_one(f"#{_id(name)}-row, #{_id(name)}-field")
            row.display = chosen in SHOWN.get(name, Format) and (self.more or name not in MORE)
        attach = _("F7 attaches a file.") if chosen in WITH_PARTS else ""
        hint = (
            _("F3 shows fewer fields.")
            if self.more
            else _("F3 shows Cc, Bcc, tags and sending by SMTP.")
        )
        hint = f"{hint} {attach}".strip()
        self.query_one("#more-note", Plain).show(Content.styled(hint, "$quiet"))

    def show_problems(self, problems: tuple[FieldProblem, ...]) -> None:
        """Each at its field, and the cursor at the first."""
        by_field = {problem.field: problem.text for problem in reversed(problems)}
        for name in _INPUTS:
            field = self.query_one(f"#{_id(name)}-field", Field)
            field.show_problem(by_field.get(name, ""))
        others = [problem.text for problem in problems if problem.field not in _INPUTS]
        note = Content.styled("\n".join(f"✗ {text}" for text in others), "$text-error")
        self.query_one("#form-problem", Plain).show(note)
        if not problems:
            return
        first = problems[0]
        if first.field in MORE and not self.more:
            self.more = True
            self.show_format(self.form.format)
        self._go_to(first)

    def _go_to(self, problem: FieldProblem) -> None:
        if problem.field == "headers":
            self.query_one(HeadersTable).focus_row(problem.line)
            return
        widget = self.query_one(f"#{_id(problem.field)}")
        if isinstance(widget, Editor):
            widget.go_to(problem.line, 1)
        else:
            widget.focus()


def _id(name: str) -> str:
    return "set" if name == "configuration_set" else name.replace("_", "-")


def _row(
    name: str, label: str, widget: Input | Select[str] | TextArea | Vertical | FilesList
) -> ComposeResult:
    with Horizontal(classes="inline", id=f"{_id(name)}-row"):
        yield Label(label, classes="label", markup=False)
        yield widget


def _choice(
    id: str, label: str, options: Sequence[tuple[ContentText, str]], value: str
) -> ComposeResult:
    select = Select(options, value=value, allow_blank=False, id=id, compact=True)
    yield from _row(id, label, select)


def _area(id: str, text: str, *, numbers: bool = False) -> Editor:
    editor = Editor(text, id=id)
    editor.show_line_numbers = numbers
    return editor


def _scenarios() -> list[tuple[str, str]]:
    return [
        (_("none: the addresses below"), ""),
        *((scenario.word, scenario.address) for scenario in Scenario),
    ]
