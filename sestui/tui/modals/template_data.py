"""The data of a templated mail: which variables it has, which it lacks, and what comes of it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from textual import getters, on, work
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import TextArea

from sestui.domain.i18n import _
from sestui.domain.mail.data import given, missing, rendering_problem, unescaped
from sestui.domain.mail.example import unused, with_missing
from sestui.domain.mail.template import Template, data_problem
from sestui.domain.mail.variables import variables
from sestui.domain.text import printable
from sestui.gateways.ports import Cloud, GatewayError
from sestui.tui.widgets.editor import Editor
from sestui.tui.widgets.plain import Plain
from sestui.tui.widgets.problem import ProblemBox

if TYPE_CHECKING:
    from sestui.tui.app import WizardApp

WIDE = 100
_LONG = 20_000
_NUMBERS = re.compile(r"\[\d+\]")


class DataModal(ModalScreen[str | None]):
    """The data as typed; None when the person thinks better of it.

    Args:
        template: the name of the stored template.
        data: JSON.
    """

    CSS_PATH = "template_data.tcss"
    AUTO_FOCUS = "#data"
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (WIDE, "-wide")]
    BINDINGS = [
        Binding("ctrl+s", "take", _("Take it"), priority=True),
        Binding("f5", "render", _("See the mail"), priority=True),
        Binding("f8", "add", _("Add what is missing"), priority=True),
        Binding("escape", "close", _("Close")),
    ]

    if TYPE_CHECKING:
        app = getters.app(WizardApp)

    def __init__(self, cloud: Cloud, template: str, data: str) -> None:
        super().__init__()
        self.cloud = cloud
        self.name_of_template = template
        self.first = data
        self.template: Template | None = None
        self._asked = False

    def compose(self) -> ComposeResult:
        self.add_class("-wide" if self.app.size.width >= WIDE else "-narrow", update=False)
        with Vertical(classes="dialog") as dialog:
            title = _("Data for {template}").format(template=printable(self.name_of_template))
            dialog.border_title = Content(title)
            dialog.border_subtitle = _("f5 the mail · f8 adds what is missing · ^s takes it · esc")
            with Horizontal(id="data-panes"):
                yield Editor(self.first, id="data")
                with VerticalScroll(id="data-variables", can_focus=False):
                    yield Plain(_("Reading the template …"), id="data-state")
            yield Plain(id="data-note")
            yield ProblemBox(id="data-problem")

    def on_mount(self) -> None:
        self._say("")
        self.read()

    @work(exclusive=True, group="template")
    async def read(self) -> None:
        try:
            self.template = await self.cloud.ses.template(self.name_of_template)
        except GatewayError as error:
            self.query_one(ProblemBox).show(error.problem)
            self.query_one("#data-state", Plain).show("")
            return
        if self.template is None:
            text = _("There is no template called {name} any more.")
            told = text.format(name=printable(self.name_of_template))
            self.query_one("#data-state", Plain).show(Content.styled(f"✗ {told}", "$text-error"))
        self.judge()

    @property
    def data(self) -> str:
        return self.query_one("#data", Editor).typed

    @on(TextArea.Changed)
    def _typed(self, event: TextArea.Changed) -> None:
        event.stop()
        if self._asked:
            self._asked = False
            self._say("")
        template = self.template or Template("")
        if len(self.data) + len(template.text) + len(template.html) > _LONG:
            self.run_worker(self._judge_later(), exclusive=True, group="judge")
        else:
            self.judge()

    async def _judge_later(self) -> None:
        await self.app.sleep(0.5)
        self.judge()

    def judge(self) -> None:
        """Show what the data has and lacks."""
        state = self.query_one("#data-state", Plain)
        if self.template is None:
            return
        problem = data_problem(self.data.strip() or "{}")
        state.show(
            Content.styled(f"✗ {problem}", "$text-error")
            if problem
            else _state(self.template, self.data)
        )

    # Keys

    def action_add(self) -> None:
        """What is missing, with examples; the rest stays as it is."""
        if self.template is not None:
            filled = with_missing(self.template, self.data)
            if filled == self.data:
                self._say(_("Nothing is missing, or it cannot be added to this."))
            else:
                self.query_one("#data", Editor).put(filled)

    @work(exclusive=True, group="render")
    async def action_render(self) -> None:
        """As SES would send it."""
        from sestui.tui.modals.rendered import RenderedModal

        self.query_one(ProblemBox).show(None)
        if problem := data_problem(self.data.strip() or "{}"):
            self._say(f"✗ {problem}", "$text-error")
            return
        self._say(_("SES fills it in …"), "$quiet")
        try:
            mime = await self.cloud.ses.render(self.name_of_template, self.data.strip() or "{}")
        except GatewayError as error:
            if name := rendering_problem(error.problem.what):
                text = _("✗ SES looked for “{name}” in the data and did not find it. F8 adds it.")
                self._say(text.format(name=printable(name)), "$text-error")
            else:
                self._say("")
                self.query_one(ProblemBox).show(error.problem)
            return
        self._say("")
        title = _("{template}, as SES makes it").format(template=self.name_of_template)
        self.app.push_screen(RenderedModal(title, mime))

    def action_take(self) -> None:
        if problem := data_problem(self.data.strip() or "{}"):
            self._say(f"✗ {problem}", "$text-error")
        else:
            self.dismiss(self.data)

    def action_close(self) -> None:
        if self.data != self.first and not self._asked:
            self._asked = True
            self._say(_("This is not taken yet. Esc again throws it away; Ctrl+S takes it."))
            return
        self.dismiss(None)

    def _say(self, text: str, colour: str = "$text-warning") -> None:
        self.query_one("#data-note", Plain).show(Content.styled(text, colour))


def _state(template: Template, data: str) -> Content:
    """A line a variable: given, missing, or not needed."""
    lacking = missing(template, data)
    lines: list[Content] = [
        Content.assemble(("✗ ", "$text-error"), (printable(name), "bold"), _("  is missing"))
        for name in lacking
    ]
    there = given(template, data)
    of_items = {_NUMBERS.sub("[]", name) for name in lacking}
    for variable in variables(template):
        if variable.name in of_items:
            continue
        if variable.name in there or not variable.optional:
            lines.append(Content.assemble(("✓ ", "$text-success"), printable(variable.name)))
        else:
            text = f"○ {printable(variable.name)}  {_('may be missing')}"
            lines.append(Content.styled(text, "$quiet"))
    if not lines:
        lines.append(Content.styled(_("The template has no variables."), "$quiet"))
    if marked := unescaped(template, data):
        text = _("SES does not escape HTML, and there is < or & in: {names}")
        names = ", ".join(marked[:10])
        lines.append(Content.styled("! " + printable(text.format(names=names)), "$text-warning"))
    if extra := unused(template, data):
        text = _("The template does not ask for: {names}")
        names = ", ".join(extra[:10])
        lines.append(Content.styled("· " + printable(text.format(names=names)), "$quiet"))
    return Content("\n").join(lines)
