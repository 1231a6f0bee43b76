"""Filling in the form of the test mail: files, templates, header pairs, a look at it."""

from __future__ import annotations

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding
from textual.widgets import Input

from sestui.domain.i18n import _
from sestui.domain.mail.build import build
from sestui.domain.mail.form import FieldProblem, Format
from sestui.domain.mail.headers import with_unsubscribe
from sestui.domain.mail.message import Message
from sestui.domain.steps import Step
from sestui.gateways.ports import GatewayError
from sestui.tui.screens.base import StepScreen
from sestui.tui.widgets.files_list import FilesList
from sestui.tui.widgets.headers_table import HeadersTable
from sestui.tui.widgets.mail_form import WITH_PARTS, MailFormView
from sestui.tui.widgets.sender_field import SenderField, SenderInput

_WITH_HTML = (Format.FORMATTED, Format.HEADERS)


class MailFormScreen(StepScreen):
    """The form and all that helps to fill it in; what becomes of it is for the class below."""

    STEP = Step.TEST
    CSS_PATH = "test_mail.tcss"
    AUTO_FOCUS = "#format"
    # The footer has room for few and short words at 80 columns.
    BINDINGS = [
        Binding(
            "f3", "more", _("More"), tooltip=_("Fields that most mails do without"), show=False
        ),
        Binding("f5", "preview", _("See"), tooltip=_("See the mail before it is sent")),
        Binding("f7", "attach", _("Attach"), tooltip=_("Send a file along"), show=False),
        Binding("f7", "load", _(".eml"), tooltip=_("Open a message from a file")),
        Binding("f9", "templates", _("Templates"), tooltip=_("Make, edit and delete them")),
        Binding("f9", "unsubscribe", _("One-click"), tooltip=_("Add a one-click unsubscribe pair")),
        Binding("f9", "from_form", _("Form"), tooltip=_("What the Formatted form says, as MIME")),
    ]

    @property
    def form_view(self) -> MailFormView:
        return self.query_one(MailFormView)

    def compose_body(self) -> ComposeResult:
        yield MailFormView(self.state.mail_form, self.state.default_set)

    @work(exclusive=True, group="load")
    async def load(self) -> None:
        """The choices that only the account knows."""
        if self.cloud is None:
            return
        try:
            sets = await self.cloud.ses.configuration_sets()
            if self.leaving:
                return
            self.form_view.offer_sets(sets)
            if self.state.mail_form.format is Format.TEMPLATED:
                templates = await self.cloud.ses.templates()
                if not self.leaving:
                    self.form_view.offer_templates(templates)
        except GatewayError as error:
            self.show_problem(error.problem)

    @work(exclusive=True, group="sizes")
    async def look_at_files(self) -> None:
        paths = self.state.mail_form.attachments
        sizes = await self.app.outside.files.sizes(paths)
        if not self.leaving:
            self.query_one(FilesList).show(paths, sizes)

    @on(MailFormView.Edited)
    def _edited(self, message: MailFormView.Edited) -> None:
        message.stop()
        before = self.state.mail_form
        self.update_state(mail_form=message.form)
        if message.form.format is not before.format:
            self.form_view.show_problems(())
            if message.form.format is Format.TEMPLATED:
                self.load()

    @property
    def message(self) -> Message | tuple[FieldProblem, ...]:
        """The form as a message, without its files: those are read when it is sent."""
        return build(self.state.mail_form)

    # From, more fields, files

    @on(SenderInput.Pick)
    @work(exclusive=True, group="pick")
    async def _pick_sender(self) -> None:
        from sestui.tui.modals.pick import PickModal

        usable = tuple(one for one in self.state.identities if one.sending_enabled)
        if picked := await self.app.push_screen_wait(PickModal(usable)):
            self.query_one(SenderField).put(picked)

    def action_more(self) -> None:
        view = self.form_view
        view.more = not view.more
        view.show_format(self.state.mail_form.format)
        self.query_one("#cc" if view.more else "#subject", Input).focus()

    @work(exclusive=True, group="files")
    async def action_attach(self) -> None:
        from sestui.tui.modals.file import FileModal

        path = await self.app.push_screen_wait(FileModal(_("A file to send along")))
        if path and path not in (paths := self.state.mail_form.attachments):
            paths = (*paths, path)
            self.form_view.put_files(paths, await self.app.outside.files.sizes(paths))

    @work(exclusive=True, group="files")
    async def action_load(self) -> None:
        from sestui.tui.modals.file import FileModal

        path = await self.app.push_screen_wait(FileModal(_("A message in a file")))
        if not path:
            return
        try:
            data = await self.app.outside.files.read(path)
            self.form_view.put("raw", data.decode())
        except GatewayError as error:
            self.show_problem(error.problem)
        except UnicodeDecodeError:
            text = _(
                "This file is not UTF-8, and an editor would spoil it. `sestui send --raw` sends "
                "it byte for byte."
            )
            self.notify(text, severity="warning", markup=False, timeout=10)

    # F9: what belongs to one format

    @work(exclusive=True, group="template")
    async def action_templates(self) -> None:
        from sestui.tui.modals.templates import TemplatesModal

        if self.cloud is None:
            return
        chosen = self.state.mail_form.template
        modal = TemplatesModal(self.cloud, self.carry_out, chosen, self.app.deleted_templates)
        picked = await self.app.push_screen_wait(modal)
        self.form_view.offer_templates(modal.names, picked or chosen)

    def action_unsubscribe(self) -> None:
        table = self.query_one(HeadersTable)
        domain = self.state.mail_form.sender.rpartition("@")[2] or "example.com"
        self.run_worker(table.fill(with_unsubscribe(table.headers, domain)), group="headers")
        self.notify(
            _("Change the address to yours; it must take a POST and know who unsubscribes."),
            markup=False,
        )

    def action_from_form(self) -> None:
        """The raw message that the Formatted form would make."""
        from dataclasses import replace

        from sestui.domain.mail.mime import mime

        formatted = build(replace(self.state.mail_form, format=Format.FORMATTED, tags=""))
        if isinstance(formatted, Message):
            bare = replace(formatted, configuration_set="")
            self.form_view.put("raw", mime(bare, with_bcc=True).decode("ascii"))
            self.notify(_("This is what the Formatted form says, as MIME."), markup=False)
        else:
            self.notify(
                _("The Formatted form is not complete: {problem}").format(
                    problem=formatted[0].text
                ),
                severity="warning",
                markup=False,
            )

    # F5: a look at it

    @work(exclusive=True, group="preview")
    async def action_preview(self) -> None:
        form = self.form_view.read()
        try:
            match form.format:
                case Format.TEMPLATED:
                    await self._preview_template(form.template, form.template_data)
                case Format.RAW:
                    self._preview_raw(form.raw)
                case _:
                    path, opened = await self.app.outside.show_page(form.html)
                    if not opened:
                        self.notify(
                            _("No browser was found. The page is in {path}").format(path=path),
                            markup=False,
                            timeout=10,
                        )
        except GatewayError as error:
            self.show_problem(error.problem)

    async def _preview_template(self, template: str, data: str) -> None:
        """The data with the variables that are missing, and the mail as SES makes it."""
        from sestui.tui.modals.template_data import DataModal

        if self.cloud is not None and template:
            edited = await self.app.push_screen_wait(DataModal(self.cloud, template, data))
            if edited is not None:
                self.form_view.put("template_data", edited)

    def _preview_raw(self, raw: str) -> None:
        from sestui.tui.modals.rendered import RenderedModal

        self.app.push_screen(RenderedModal(_("The message"), raw))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        form = self.state.mail_form
        match action:
            case "preview":
                return form.format not in _WITH_HTML or bool(form.html.strip())
            case "attach":
                return form.format in WITH_PARTS
            case "load" | "from_form":
                return form.format is Format.RAW
            case "templates":
                return form.format is Format.TEMPLATED
            case "unsubscribe":
                return form.format is Format.HEADERS
            case _:
                return super().check_action(action, parameters)
