"""The templates stored at SES: choose, make, change and delete them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from textual import getters, on, work
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.screen import ModalScreen

from sestui.domain.changes import delete_template_plan, save_template_plan, template_plan
from sestui.domain.errors import Problem
from sestui.domain.i18n import _
from sestui.domain.mail.template import WORKSHOP_TEMPLATE, Template
from sestui.domain.plan import Plan
from sestui.domain.text import printable
from sestui.gateways.ports import Cloud, GatewayError
from sestui.tui.widgets.plain import Plain
from sestui.tui.widgets.problem import ProblemBox
from sestui.tui.widgets.template_list import TemplateList

if TYPE_CHECKING:
    from sestui.tui.app import WizardApp

Make = Callable[[Plan, Callable[[str], None]], Awaitable[bool]]
"""Shows a plan and carries it out, telling how far it is; False when the person does not agree.

Raises GatewayError.
"""
WIDE = 100
_REST = 0.3
"""Seconds; a cursor on its way asks for nothing, since SES answers once a second."""


class TemplateBrowser(ModalScreen[str | None]):
    """Looking and choosing; what is changed is for the class below."""

    CSS_PATH = "templates.tcss"
    AUTO_FOCUS = "#template-names"
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (WIDE, "-wide")]
    BINDINGS = [
        Binding("escape", "close", _("Close")),
        Binding("v", "view", _("View")),
        Binding("r", "reload", _("Look again")),
        Binding("slash", "filter", _("Filter")),
        Binding("f4", "copy_policy", _("Copy policy"), show=False),
    ]

    if TYPE_CHECKING:
        app = getters.app(WizardApp)

    templates = getters.query_one(TemplateList)
    problem_box = getters.query_one(ProblemBox)

    def __init__(self, cloud: Cloud, chosen: str) -> None:
        super().__init__()
        self.cloud = cloud
        self.chosen = chosen
        self.names: tuple[str, ...] = ()
        """All of them, once they have been read."""
        self.known: dict[str, Template] = {}
        self.working = False
        """A change is under way; another one would end it."""

    def compose(self) -> ComposeResult:
        self.add_class("-wide" if self.app.size.width >= WIDE else "-narrow", update=False)
        with Vertical(classes="dialog") as dialog:
            dialog.border_title = _("Templates")
            dialog.border_subtitle = _("enter chooses · esc closes")
            yield TemplateList()
            yield Plain(id="templates-note")
            yield ProblemBox()
            yield Plain(
                _("n new · e edit · d delete · v view · w the workshop's · / filter"),
                id="templates-keys",
            )

    def on_mount(self) -> None:
        self.action_reload()

    @work(exclusive=True, group="templates")
    async def action_reload(self) -> None:
        self.say(_("Reading the templates …"))
        self.problem_box.show(None)
        try:
            self.names = await self.cloud.ses.templates()
        except GatewayError as error:
            self.problem_box.show(error.problem)
        else:
            self.known.clear()
            self.templates.show(self.names, self.templates.current or self.chosen)
        self.say("")

    # One of them

    @on(TemplateList.Chosen)
    def _choose(self, message: TemplateList.Chosen) -> None:
        if message.name and not self.working:
            self.dismiss(message.name)

    @on(TemplateList.Marked)
    def _mark(self, message: TemplateList.Marked) -> None:
        if self.has_class("-wide"):
            self._preview(message.name)

    @work(exclusive=True, group="preview")
    async def _preview(self, name: str) -> None:
        if name and name not in self.known:
            self.templates.show_template(None)
            await self.app.sleep(_REST)
        try:
            self.templates.show_template(await self.read(name))
        except GatewayError as error:
            self.problem_box.show(error.problem)

    async def read(self, name: str) -> Template | None:
        """None when it is gone. Raises GatewayError."""
        if name and name not in self.known:
            template = await self.cloud.ses.template(name)
            if template is None:
                return None
            self.known[name] = template
        return self.known.get(name)

    @work(exclusive=True, group="view")
    async def action_view(self) -> None:
        from sestui.tui.modals.text import TextModal

        try:
            template = await self.read(self.templates.current)
        except GatewayError as error:
            self.problem_box.show(error.problem)
            return
        if template is not None:
            parts = (template.subject, template.text, template.html)
            self.app.push_screen(TextModal(template.name, "\n\n".join(filter(None, parts))))

    # The rest

    def say(self, text: str) -> None:
        self.query_one("#templates-note", Plain).show(text)

    def action_filter(self) -> None:
        self.templates.focus_filter()

    def action_copy_policy(self) -> None:
        problem: Problem | None = self.problem_box.problem
        if problem is not None and problem.policy:
            self.app.copy_to_clipboard(problem.policy)
            self.notify(_("Copied the policy statement."), markup=False, timeout=3)

    def action_close(self) -> None:
        self.dismiss(None)


class TemplatesModal(TemplateBrowser):
    """The name of the template chosen; None when none is.

    Args:
        chosen: where the cursor starts.
        deleted: those deleted in this run, the last one last. Shared by the dialogs of a run, so
            that the last deletion can be taken back later, too.
    """

    BINDINGS = [
        Binding("n", "new", _("New")),
        Binding("e", "edit", _("Edit")),
        Binding("d,delete", "delete", _("Delete")),
        Binding("u", "undo", _("Undo")),
        Binding("w", "workshop", _("The workshop's")),
    ]

    def __init__(
        self,
        cloud: Cloud,
        make: Make,
        chosen: str = "",
        deleted: list[Template] | None = None,
    ) -> None:
        super().__init__(cloud, chosen)
        self.make = make
        self.deleted: list[Template] = [] if deleted is None else deleted

    def action_new(self) -> None:
        self._write("")

    def action_edit(self) -> None:
        if self.templates.current:
            self._write(self.templates.current)

    def action_delete(self) -> None:
        if self.templates.current:
            self._delete(self.templates.current)

    def action_undo(self) -> None:
        if self.deleted:
            self._undo(self.deleted[-1])

    def action_workshop(self) -> None:
        if WORKSHOP_TEMPLATE.name in self.names:
            self._put(WORKSHOP_TEMPLATE.name, _("{name} is there already."))
        else:
            self._create_workshops()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action in ("new", "edit", "delete", "undo", "workshop", "reload"):
            return not self.working
        return True

    @work(exclusive=True, group="change")
    async def _write(self, name: str) -> None:
        """Change the template, or write a new one; what is typed outlives a call that fails."""
        from sestui.tui.modals.template_editor import TemplateEditorModal

        stored = await self._read_to_change(name) if name else None
        if name and stored is None:
            return
        draft: Template | None = None
        while True:
            problem = self.problem_box.problem if draft else None
            editor = TemplateEditorModal(stored, self.names, draft=draft, problem=problem)
            draft = await self.app.push_screen_wait(editor)
            self.problem_box.show(None)
            if draft is None:
                return
            plan = save_template_plan(draft, stored)
            if not plan or await self._carry_out(plan):
                break
        self.known[draft.name] = draft
        self._put(draft.name, _("{name} is saved.") if plan else _("{name} stays as it was."))

    @work(exclusive=True, group="change")
    async def _delete(self, name: str) -> None:
        template = await self._read_to_change(name)  # kept, for undo
        if template is not None and await self._carry_out(delete_template_plan(name)):
            self.deleted.append(template)
            self._forget(name)
            self.say(_("{name} is deleted. u brings it back.").format(name=printable(name)))

    @work(exclusive=True, group="change")
    async def _undo(self, template: Template) -> None:
        if await self._carry_out(save_template_plan(template)):
            self.deleted.remove(template)
            self._put(template.name, _("{name} is back."))

    @work(exclusive=True, group="change")
    async def _create_workshops(self) -> None:
        if await self._carry_out(template_plan()):
            self._put(WORKSHOP_TEMPLATE.name, _("{name} is saved."))

    async def _read_to_change(self, name: str) -> Template | None:
        """As it is stored now; None, and said why, when it cannot be read."""
        self.working = True
        self.problem_box.show(None)
        self.say(_("Reading {name} …").format(name=printable(name)))
        self.known.pop(name, None)
        said = ""
        try:
            template = await self.read(name)
            if template is None:
                self._forget(name)
                text = _("{name} is gone: someone else has deleted it.")
                said = text.format(name=printable(name))
        except GatewayError as error:
            self.problem_box.show(error.problem)
            return None
        finally:
            self.working = False
            self.say(said)
        return template

    async def _carry_out(self, plan: Plan) -> bool:
        """True when it is done; else the problem is shown, if there is one."""
        self.working = True
        self.problem_box.show(None)
        try:
            return await self.make(plan, self.say)
        except GatewayError as error:
            self.problem_box.show(error.problem)
            return False
        finally:
            self.working = False

    def _forget(self, name: str) -> None:
        self.names = tuple(other for other in self.names if other != name)
        self.known.pop(name, None)
        self.templates.show(self.names)

    def _put(self, name: str, text: str) -> None:
        """`name` is stored: in the list, with the cursor on it."""
        if name not in self.names:
            self.names = (*self.names, name)
        self.templates.show(self.names, name)
        self.say(text.format(name=printable(name)))
