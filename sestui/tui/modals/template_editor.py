"""A template, written or changed; what SES would not take is told as it is typed."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from textual import getters, on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, Label, TextArea

from sestui.domain.errors import Problem
from sestui.domain.i18n import _
from sestui.domain.mail.template import Template, TemplateProblem, template_problems
from sestui.domain.mail.variables import variables
from sestui.domain.text import printable
from sestui.tui.widgets.editor import Editor
from sestui.tui.widgets.field import Field
from sestui.tui.widgets.harmless import Harmless
from sestui.tui.widgets.plain import Plain
from sestui.tui.widgets.problem import ProblemBox

if TYPE_CHECKING:
    from sestui.tui.app import WizardApp

_LONG = 20_000
"""Characters; a longer one is looked at when the person pauses."""


class TemplateEditorModal(ModalScreen[Template | None]):
    """The template as it shall be stored; None when the person thinks better of it.

    Args:
        stored: the one to change; None for a new one.
        others: the names that are taken.
        draft: what was typed before, when it could not be stored.
        problem: why it could not.
    """

    CSS_PATH = "template_editor.tcss"
    BINDINGS = [
        Binding("ctrl+s", "save", _("Save"), priority=True),
        Binding("escape", "close", _("Close")),
    ]

    if TYPE_CHECKING:
        app = getters.app(WizardApp)

    def __init__(
        self,
        stored: Template | None,
        others: Collection[str] = (),
        *,
        draft: Template | None = None,
        problem: Problem | None = None,
    ) -> None:
        super().__init__()
        self.stored = stored
        self.others = frozenset(others)
        self.first = draft or stored or Template("")
        self.problem = problem
        self._changed = draft is not None
        self._tried = False
        self._asked = False
        """Esc was pressed once, and there is something to lose."""

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog") as dialog:
            dialog.border_title = Content(
                printable(self.stored.name) if self.stored else _("A new template")
            )
            dialog.border_subtitle = _("tab moves · ^s saves · esc closes")
            if self.stored is None:
                yield Field(
                    _("Name"),
                    self.first.name,
                    id="template-name",
                    inline=True,
                    placeholder="OrderConfirmation",
                )
            subject = Field(
                _("Subject"),
                self.first.subject,
                id="template-subject",
                inline=True,
                placeholder=_("Your order {{number}}"),
            )
            subject.input.highlighter = Harmless()
            yield subject
            for part, label in (("text", _("Text")), ("html", _("HTML"))):
                with Horizontal(classes="part"):
                    yield Label(label, classes="label", markup=False)
                    yield Editor(getattr(self.first, part), id=f"template-{part}")
                yield Plain(id=f"template-{part}-problem", classes="part-problem")
            yield Plain(id="template-variables")
            yield Plain(id="template-note")
            yield ProblemBox()

    def on_mount(self) -> None:
        self.query_one(ProblemBox).show(self.problem)
        self._say("")
        self.judge()
        name = "#template-name" if self.stored is None else "#template-subject"
        self.query_one(name, Input).focus()

    # What is typed

    @property
    def template(self) -> Template:
        stored = self.stored
        name = stored.name if stored else self.query_one("#template-name", Input).value.strip()
        return Template(
            name,
            self.query_one("#template-subject", Input).value,
            self.query_one("#template-text", Editor).typed,
            self.query_one("#template-html", Editor).typed,
        )

    @property
    def problems(self) -> tuple[TemplateProblem, ...]:
        return template_problems(self.template, self.others, new=self.stored is None)

    @on(Input.Changed)
    @on(TextArea.Changed)
    def _typed(self, event: Input.Changed | TextArea.Changed) -> None:
        event.stop()
        template = self.template
        if template == self.first:
            return  # the first filling tells of itself
        self._changed = True
        if self._asked:
            self._asked = False
            self._say("")
        if len(template.text) + len(template.html) > _LONG:
            self.run_worker(self._judge_later(), exclusive=True, group="judge")
        else:
            self.judge()

    async def _judge_later(self) -> None:
        await self.app.sleep(0.5)
        self.judge()

    def judge(self) -> None:
        """Show what is wrong, and which variables there are."""
        template = self.template
        by_field: dict[str, TemplateProblem] = {}
        for problem in self.problems:
            # Nobody needs to be told that what is not written yet is missing.
            if problem.line or self._tried or getattr(template, problem.field):
                by_field.setdefault(problem.field, problem)
        for field in self.query(Field):
            name = (field.id or "").removeprefix("template-").removesuffix("-field")
            if name in by_field or field.has_class("-invalid"):
                field.show_problem(_told(by_field.get(name)))
        for part in ("text", "html"):
            note = Content.styled(_told(by_field.get(part), "✗ "), "$text-error")
            self.query_one(f"#template-{part}-problem", Plain).show(note)
        self.query_one("#template-variables", Plain).show(_variables(template))

    # Leaving

    def action_save(self) -> None:
        self._tried = True
        self.judge()
        problem = next(iter(self.problems), None)
        if problem is None:
            self.dismiss(self.template)
        elif problem.field in ("text", "html"):
            editor = self.query_one(f"#template-{problem.field}", Editor)
            editor.go_to(problem.line, problem.column)
        else:
            field = self.query_one(f"#template-{problem.field}", Input)
            field.focus()
            if problem.column:
                field.cursor_position = problem.column - 1

    def action_close(self) -> None:
        if self._changed and not self._asked:
            self._asked = True
            self._say(_("This is not saved. Esc again throws it away; Ctrl+S saves it."))
            return
        self.dismiss(None)

    def _say(self, text: str) -> None:
        self.query_one("#template-note", Plain).show(Content.styled(text, "$text-warning"))


def _told(problem: TemplateProblem | None, sign: str = "") -> str:
    if problem is None:
        return ""
    where = f"{problem.line}:{problem.column}  " if problem.line else ""
    return f"{sign}{where}{problem.text}"


def _variables(template: Template) -> Content:
    """One line of names; the optional ones are marked."""
    parts: list[tuple[str, str]] = [(_("Variables"), "$quiet")]
    for variable in variables(template):
        parts.append((f"  {printable(variable.name)}", "" if not variable.optional else "$quiet"))
        if variable.optional:
            parts.append(("?", "$accent"))
    if len(parts) == 1:
        parts.append((_("  none yet: {{name}} is one"), "$quiet"))
    elif any(variable.optional for variable in variables(template)):
        parts.append((_("   ? may be missing"), "$quiet"))
    return Content.assemble(*parts)
