"""The practice DNS as a provider's panel, which appends the zone to every name, as real ones do."""

from __future__ import annotations

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Button, Input, Select

from sestui.domain.i18n import _, ngettext
from sestui.domain.records import RequiredRecord
from sestui.gateways.ports import GatewayError, Practice
from sestui.tui.widgets.field import Field
from sestui.tui.widgets.plain import Plain

TYPES = ("CNAME", "MX", "TXT", "A")


class PanelModal(ModalScreen[bool]):
    """True when something was published."""

    AUTO_FOCUS = "#all"
    CSS_PATH = "panel.tcss"
    BINDINGS = [Binding("escape", "close", _("Close"))]

    def __init__(self, zone: str, records: tuple[RequiredRecord, ...], practice: Practice) -> None:
        super().__init__()
        self.zone = zone
        self.records = records
        self.practice = practice
        self.published = 0

    def compose(self) -> ComposeResult:
        with VerticalScroll(classes="dialog", can_focus=False) as dialog:
            dialog.border_title = _("DNS panel of the practice provider")
            dialog.border_subtitle = Content(_("zone {zone}").format(zone=self.zone))
            yield Plain(
                _(
                    "As in most real panels, you type the name without the domain: the panel adds "
                    ".{zone} by itself. Pick a record to have the form filled in, or publish all."
                ).format(zone=self.zone),
                classes="muted",
            )
            yield Select[int](
                [(self._row(record), index) for index, record in enumerate(self.records)],
                allow_blank=False,
                id="record",
                compact=True,
            )
            with Horizontal(classes="panel-row"):
                yield Select[str](
                    [(name, name) for name in TYPES], allow_blank=False, id="type", compact=True
                )
                yield Field(_("Name"), id="panel-name")
            yield Field(_("Value"), id="panel-value")
            yield Plain(id="panel-note")
            with Horizontal(classes="buttons"):
                yield Button(_("Close  esc"), id="close")
                yield Button(_("Add this record"), id="one")
                text = ngettext("Publish it", "Publish all {n}", len(self.records))
                yield Button(text.format(n=len(self.records)), id="all", variant="primary")

    def _row(self, record: RequiredRecord) -> Content:
        return Content(f"{record.purpose.word} {record.type}  {self._relative(record)}")

    def _relative(self, record: RequiredRecord) -> str:
        return record.name.removesuffix("." + self.zone)

    @on(Select.Changed, "#record")
    def _fill(self) -> None:
        record = self.records[self.query_one("#record", Select).selection or 0]
        self.query_one("#type", Select).value = record.type
        self.query_one("#panel-name", Input).value = self._relative(record)
        self.query_one("#panel-value", Input).value = record.value

    @on(Input.Changed, "#panel-name")
    def _named(self) -> None:
        name = self.query_one("#panel-name", Input).value.strip()
        becomes = f"{name}.{self.zone}" if name not in ("", "@") else self.zone
        hint = _("becomes {name}").format(name=becomes)
        self.query_one("#panel-name-field", Field).show_hint(hint)

    @on(Button.Pressed, "#one")
    @on(Input.Submitted)
    def _one(self) -> None:
        name = self.query_one("#panel-name", Input).value.strip()
        full = self.zone if name in ("", "@") else f"{name}.{self.zone}"
        value = self.query_one("#panel-value", Input).value
        self.publish([(full, str(self.query_one("#type", Select).value), value)])

    @on(Button.Pressed, "#all")
    def _all(self) -> None:
        self.publish([(r.name, r.type, r.value) for r in self.records], close=True)

    @work(exclusive=True, group="publish")
    async def publish(self, records: list[tuple[str, str, str]], *, close: bool = False) -> None:
        note = self.query_one("#panel-note", Plain)
        note.show(_("Saving …"))
        try:
            await self.practice.publish(records)
        except GatewayError as error:
            problem = error.problem
            note.show(Content.styled(f"✗ {problem.what} {problem.advice}", "$text-error"))
            return
        self.published += len(records)
        text = ngettext("Published one record.", "Published {n} records.", len(records))
        if close:
            self.notify(text.format(n=len(records)), markup=False)
            self.action_close()
        else:
            note.show(Content.styled("✓ " + text.format(n=len(records)), "$text-success"))

    @on(Button.Pressed, "#close")
    def action_close(self) -> None:
        self.dismiss(self.published > 0)
