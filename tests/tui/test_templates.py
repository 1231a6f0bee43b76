"""The dialogs for e-mail templates and their data, on a practice account."""

from __future__ import annotations

import json
from dataclasses import replace
from types import SimpleNamespace

import pytest
from textual.widgets import Input

from sestui.domain.changes import delete_template_plan, save_template_plan
from sestui.domain.mail.template import WORKSHOP_TEMPLATE, Template
from sestui.practice.ses.faults import Fault
from sestui.tui.modals.plan import PlanModal
from sestui.tui.modals.rendered import RenderedModal
from sestui.tui.modals.template_data import DataModal
from sestui.tui.modals.template_editor import TemplateEditorModal
from sestui.tui.modals.templates import TemplatesModal
from sestui.tui.modals.text import TextModal
from sestui.tui.widgets.editor import Editor
from sestui.tui.widgets.template_list import TemplateList

from .sizes import both_sizes
from .states import CONNECTION, drawn
from .test_screens import settle
from .walking import agree, connected, showing

ORDER = Template(
    "OrderConfirmation",
    "Order {{order.number}} is on its way",
    "Dear {{name}},\n\n{{#each items}}- {{title}}, {{price}}\n{{/each}}"
    "{{#if coupon}}Your coupon: {{coupon}}{{/if}}\n",
    "<h1>Hello {{name}}</h1>\n<ul>{{#each items}}<li>{{title}}</li>{{/each}}</ul>\n",
)
# A zero width joiner, a tab and an escape: stored again they must be the same.
ODD = Template("Odd", "👩\u200d💻 {{name}}", "a\tb\x1b]0;title\x07", "<p>soft\u00adhyphen</p>\r\n")


@pytest.fixture(autouse=True)
def no_bad_day(account):
    account.ses.faults.clear()


async def begun(pilot, until, *templates: Template) -> None:
    """Connected, with these templates in the account and no others."""
    await connected(pilot, until)
    cloud = pilot.app.cloud
    for name in await cloud.ses.templates():
        await cloud.changes.make(delete_template_plan(name)[0])
    for template in templates:
        await cloud.changes.make(save_template_plan(template)[0])


async def stored(pilot) -> dict[str, Template]:
    ses = pilot.app.cloud.ses
    return {name: await ses.template(name) for name in await ses.templates()}


async def opened(pilot, until, deleted=None, chosen="") -> list:
    """The dialog over the first step; what it answers comes into the list."""
    app, answers = pilot.app, []
    modal = TemplatesModal(app.cloud, app.screen.carry_out, chosen, deleted)
    app.push_screen(modal, answers.append)
    await until(pilot, over(pilot, TemplatesModal))
    await until(pilot, lambda: "Reading" not in showing(pilot))
    await pilot.pause()
    return answers


def names(pilot) -> tuple[str, ...]:
    return pilot.app.screen.query_one(TemplateList).shown


def over(pilot, modal):
    return lambda: isinstance(pilot.app.screen, modal) and pilot.app.screen.is_mounted


async def typed(pilot, **parts: str) -> None:
    for part, text in parts.items():
        widget = pilot.app.screen.query_one(f"#template-{part}")
        if isinstance(widget, Input):
            widget.value = text
        else:
            widget.text = text
    await pilot.pause()


# The list


async def test_without_any_template_the_workshops_is_one_key_away(wizard, until):
    async with wizard().run_test(size=(120, 40)) as pilot:
        await begun(pilot, until)
        answers = await opened(pilot, until)
        assert "There is no template in this Region yet. n writes one." in showing(pilot)
        await pilot.press("w")
        await agree(pilot, until)
        await until(pilot, lambda: names(pilot) == (WORKSHOP_TEMPLATE.name,))
        assert await stored(pilot) == {WORKSHOP_TEMPLATE.name: WORKSHOP_TEMPLATE}
        await until(pilot, lambda: "Your favourite animal is {{favoriteanimal}}" in showing(pilot))
        await pilot.press("w")
        await until(pilot, lambda: "WorkshopTemplate is there already." in showing(pilot))
        await pilot.press("enter")
        await until(pilot, lambda: answers == [WORKSHOP_TEMPLATE.name])


async def test_the_cursor_begins_at_the_chosen_one_and_esc_chooses_none(wizard, until):
    async with wizard().run_test(size=(120, 40)) as pilot:
        await begun(pilot, until, ORDER, WORKSHOP_TEMPLATE)
        answers = await opened(pilot, until, chosen=WORKSHOP_TEMPLATE.name)
        await until(pilot, lambda: "Greetings, {{name}}!" in showing(pilot))
        await pilot.press("up")
        await until(pilot, lambda: "order.number  name  items?  items[].title" in showing(pilot))
        await pilot.press("escape")
        await until(pilot, lambda: answers == [None])


async def test_a_filter_finds_one_among_many(wizard, until):
    async with wizard().run_test(size=(80, 24)) as pilot:
        await begun(
            pilot, until, ORDER, *(Template(f"News-{number:02}", "s", "x") for number in range(20))
        )
        answers = await opened(pilot, until)
        await pilot.press("slash", *"order")
        await until(pilot, lambda: names(pilot) == ("OrderConfirmation",))
        await pilot.press("x")
        await until(pilot, lambda: "No template is called that." in showing(pilot))
        await pilot.press("backspace", "enter", "v")
        await until(pilot, over(pilot, TextModal))
        await until(pilot, lambda: "Order {{order.number}} is on its way" in showing(pilot))
        await pilot.press("escape")
        await until(pilot, over(pilot, TemplatesModal))
        await pilot.press("enter")
        await until(pilot, lambda: answers == ["OrderConfirmation"])


async def test_what_aws_says_is_shown_in_the_dialog(wizard, account, until):
    async with wizard().run_test(size=(80, 24)) as pilot:
        await begun(pilot, until)
        account.ses.faults.add(Fault("ListEmailTemplates", "access_denied", 1))
        await opened(pilot, until)
        await until(pilot, lambda: "✗" in showing(pilot))
        assert "F4 copies the policy statement" in showing(pilot)
        await pilot.press("f4")
        assert "ses:ListEmailTemplates" in pilot.app.clipboard
        await pilot.press("r")
        await until(pilot, lambda: "There is no template in this Region" in showing(pilot))
        assert "✗" not in showing(pilot)


# New, edit


async def test_a_template_is_written(wizard, until):
    async with wizard().run_test(size=(120, 40)) as pilot:
        await begun(pilot, until)
        await opened(pilot, until)
        await pilot.press("n")
        await until(pilot, over(pilot, TemplateEditorModal))
        await pilot.pause()
        await pilot.press(*"Order-1", "tab", *"Your order", "tab", *"Dear {{name")
        await until(pilot, lambda: "✗ 1:6  {{ is not closed" in showing(pilot))
        await pilot.press(*"}},")
        await until(pilot, lambda: "is not closed" not in showing(pilot))
        assert "Variables  name" in showing(pilot)
        await pilot.press("ctrl+s")
        await agree(pilot, until)
        await until(pilot, lambda: "Order-1 is saved." in showing(pilot))
        saved = Template("Order-1", "Your order", "Dear {{name}},")
        assert await stored(pilot) == {"Order-1": saved}
        assert names(pilot) == ("Order-1",)


async def test_what_is_wrong_keeps_it_from_being_saved_and_gets_the_cursor(wizard, until):
    async with wizard().run_test(size=(120, 40)) as pilot:
        await begun(pilot, until, ORDER)
        await opened(pilot, until)
        await pilot.press("n")
        await until(pilot, over(pilot, TemplateEditorModal))
        await pilot.pause()
        assert "✗" not in showing(pilot)  # nobody has done anything wrong yet
        await typed(pilot, name=ORDER.name)
        assert "There is a template of this name already." in showing(pilot)
        await typed(pilot, name="Other", text="a\n  {{#if b}}")
        await pilot.press("ctrl+s")
        assert "A mail without a subject looks like spam." in showing(pilot)
        assert pilot.app.focused.id == "template-subject"
        await typed(pilot, subject="s")
        await pilot.press("ctrl+s")
        editor = pilot.app.screen.query_one("#template-text", Editor)
        assert pilot.app.focused is editor
        assert editor.cursor_location == (1, 2)


async def test_an_edit_changes_what_was_edited_and_nothing_else(wizard, until):
    async with wizard().run_test(size=(80, 24)) as pilot:
        await begun(pilot, until, ODD)
        await opened(pilot, until)
        await pilot.press("e")
        await until(pilot, over(pilot, TemplateEditorModal))
        await pilot.pause()
        shown = showing(pilot)
        assert "\x1b" not in shown
        assert "b�]0;title" in shown
        assert "👩�💻" in shown
        await pilot.press("ctrl+s")
        await until(pilot, lambda: "Odd stays as it was." in showing(pilot))
        await pilot.press("e")
        await until(pilot, over(pilot, TemplateEditorModal))
        await pilot.pause()
        await pilot.press("end", "!", "ctrl+s")
        await agree(pilot, until)
        await until(pilot, lambda: "Odd is saved." in showing(pilot))
        assert await stored(pilot) == {"Odd": replace(ODD, subject=ODD.subject + "!")}


async def test_what_is_typed_is_not_lost_by_one_key(wizard, until):
    async with wizard().run_test(size=(120, 40)) as pilot:
        await begun(pilot, until, ORDER)
        await opened(pilot, until)
        await pilot.press("e")
        await until(pilot, over(pilot, TemplateEditorModal))
        await pilot.pause()
        await pilot.press("escape")  # nothing to lose
        await until(pilot, over(pilot, TemplatesModal))
        await pilot.press("e")
        await until(pilot, over(pilot, TemplateEditorModal))
        await pilot.pause()
        await pilot.press("end", "!", "escape")
        await until(pilot, lambda: "Esc again throws it away" in showing(pilot))
        await pilot.press("?", "escape")
        assert isinstance(pilot.app.screen, TemplateEditorModal)
        await pilot.press("escape")
        await until(pilot, over(pilot, TemplatesModal))
        assert await stored(pilot) == {ORDER.name: ORDER}


async def test_what_is_typed_outlives_a_call_that_fails(wizard, account, until):
    account.ses.faults.add(Fault("UpdateEmailTemplate", "access_denied", 1))
    async with wizard().run_test(size=(120, 40)) as pilot:
        await begun(pilot, until, ORDER)
        await opened(pilot, until)
        await pilot.press("e")
        await until(pilot, over(pilot, TemplateEditorModal))
        await pilot.pause()
        await typed(pilot, subject="New {{name}}")
        await pilot.press("ctrl+s")
        await until(pilot, over(pilot, PlanModal))
        await pilot.pause()
        await pilot.press("escape")  # not agreed to
        await until(pilot, over(pilot, TemplateEditorModal))
        await pilot.pause()
        assert pilot.app.screen.template.subject == "New {{name}}"
        await pilot.press("ctrl+s")
        await agree(pilot, until)
        await until(pilot, lambda: "ses:UpdateEmailTemplate" in showing(pilot))
        await until(pilot, over(pilot, TemplateEditorModal))
        await pilot.press("ctrl+s")
        await agree(pilot, until)
        await until(pilot, lambda: "OrderConfirmation is saved." in showing(pilot))
        assert await stored(pilot) == {ORDER.name: replace(ORDER, subject="New {{name}}")}


# Delete, undo


async def test_a_deleted_template_comes_back_as_it_was(wizard, until):
    deleted: list[Template] = []
    async with wizard().run_test(size=(120, 40)) as pilot:
        await begun(pilot, until, ODD, ORDER)
        answers = await opened(pilot, until, deleted)
        await pilot.press("d")
        await until(pilot, over(pilot, PlanModal))
        await pilot.pause()
        await pilot.press("escape")
        await until(pilot, over(pilot, TemplatesModal))
        assert set(await stored(pilot)) == {"Odd", ORDER.name}
        await pilot.press("d")
        await agree(pilot, until)
        await until(pilot, lambda: "Odd is deleted. u brings it back." in showing(pilot))
        assert await stored(pilot) == {ORDER.name: ORDER}
        await pilot.press("escape")
        await until(pilot, lambda: answers == [None])
        await opened(pilot, until, deleted)  # later in the same run
        await pilot.press("u")
        await agree(pilot, until)
        await until(pilot, lambda: "Odd is back." in showing(pilot))
        assert await stored(pilot) == {"Odd": ODD, ORDER.name: ORDER}
        assert deleted == []


async def test_a_template_that_someone_else_deleted_leaves_the_list(wizard, until):
    async with wizard().run_test(size=(80, 24)) as pilot:
        await begun(pilot, until, ORDER, WORKSHOP_TEMPLATE)
        await opened(pilot, until)
        await pilot.app.cloud.changes.make(delete_template_plan(ORDER.name)[0])
        await pilot.press("d")
        await until(pilot, lambda: "is gone: someone else has deleted it." in showing(pilot))
        assert names(pilot) == (WORKSHOP_TEMPLATE.name,)


# Data


async def with_data(pilot, until, data: str) -> list:
    answers: list = []
    pilot.app.push_screen(DataModal(pilot.app.cloud, ORDER.name, data), answers.append)
    await until(pilot, over(pilot, DataModal))
    await until(pilot, lambda: "Reading" not in showing(pilot))
    return answers


async def test_what_the_data_lacks_is_named_and_added(wizard, until):
    data = '{"name": "R&D", "nmae": 1, "items": [{"title": "Tea"}]}'
    async with wizard().run_test(size=(120, 40)) as pilot:
        await begun(pilot, until, ORDER)
        answers = await with_data(pilot, until, data)
        await until(pilot, lambda: "✗ order.number  is missing" in showing(pilot))
        shown = showing(pilot)
        assert "✗ items[0].price  is missing" in shown
        assert "✓ name" in shown
        assert "○ coupon  may be missing" in shown
        assert "SES does not escape HTML, and there is < or &" in shown
        assert "does not ask for: nmae" in shown
        await pilot.press("f8")
        await until(pilot, lambda: "✗" not in showing(pilot))
        await pilot.press("f8")
        assert "Nothing is missing" in showing(pilot)
        await pilot.press("ctrl+s")
        await until(pilot, lambda: answers)
    assert json.loads(answers[0]) == {
        "name": "R&D",
        "nmae": 1,
        "items": [{"title": "Tea", "price": "10.00"}],
        "order": {"number": "number"},
    }


async def test_the_mail_is_seen_before_it_is_sent(wizard, until):
    async with wizard().run_test(size=(80, 24)) as pilot:
        await begun(pilot, until, ORDER)
        answers = await with_data(pilot, until, '{"name": "Zoë"}')
        await pilot.press("f5")
        await until(pilot, lambda: "SES looked for “order.number”" in showing(pilot))
        await pilot.press("f8", "f5")
        await until(pilot, over(pilot, RenderedModal))
        await until(pilot, lambda: "Dear Zoë," in showing(pilot))
        assert "Subject: Order number is on its way" in showing(pilot)
        assert "<h1>Hello Zoë</h1>" in showing(pilot)
        await pilot.press("escape")
        await until(pilot, over(pilot, DataModal))
        await pilot.press("escape")
        await until(pilot, lambda: "Esc again throws it away" in showing(pilot))
        await pilot.press("escape")
        await until(pilot, lambda: answers == [None])


async def test_data_that_is_no_json_is_not_taken(wizard, until):
    async with wizard().run_test(size=(80, 24)) as pilot:
        await begun(pilot, until, ORDER)
        answers = await with_data(pilot, until, '{"name": }')
        await until(pilot, lambda: "✗ This is no JSON (at 1:10)." in showing(pilot))
        await pilot.press("ctrl+s", "f5", "f8")
        await pilot.pause()
        assert isinstance(pilot.app.screen, DataModal)
        assert answers == []


async def test_data_for_a_template_that_is_gone(wizard, until):
    async with wizard().run_test(size=(80, 24)) as pilot:
        await begun(pilot, until)
        await with_data(pilot, until, "{}")
        await until(pilot, lambda: "There is no template called" in showing(pilot))


# What they look like


class Ses:
    """Two templates; the screens must not depend on a network."""

    async def templates(self) -> tuple[str, ...]:
        return (ORDER.name, WORKSHOP_TEMPLATE.name)

    async def template(self, name: str) -> Template:
        return {ORDER.name: ORDER, WORKSHOP_TEMPLATE.name: WORKSHOP_TEMPLATE}[name]


MIME = (
    "Date: Tue, 24 Nov 2026 09:30:00 +0000\nSubject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=\n"
    'Content-Type: multipart/alternative; boundary="b"\nMIME-Version: 1.0\n\n'
    "--b\nContent-Type: text/plain; charset=utf-8\n\nDear Anaya,\n"
    "--b\nContent-Type: text/html; charset=utf-8\n\n<h1>Hello</h1>\n--b--\n"
)


def dialog(kind: str):
    cloud = SimpleNamespace(ses=Ses(), connection=CONNECTION)
    match kind:
        case "list":
            return TemplatesModal(cloud, None, ORDER.name)
        case "editor":
            unclosed = Template(ORDER.name, ORDER.subject, "Dear {{name}},\n{{#if a}}", ORDER.html)
            return TemplateEditorModal(ORDER, draft=unclosed)
        case "data":
            return DataModal(cloud, ORDER.name, '{\n  "name": "R&D",\n  "items": [{}]\n}')
    return RenderedModal("OrderConfirmation, as SES makes it", MIME)


@both_sizes
@pytest.mark.parametrize("kind", ["list", "editor", "data", "rendered"])
async def test_a_dialog(kind, size, same_screen):
    app = drawn("account")
    async with app.run_test(size=size) as pilot:
        await settle(pilot)
        app.push_screen(dialog(kind))
        await pilot.pause()
        for editor in app.screen.query(Editor):
            editor.cursor_blink = False
        await settle(pilot)
        same_screen(app)
