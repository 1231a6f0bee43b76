"""Event destinations in the editor of a set: the dialog for one, and what it needs around SES."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from sestui.domain.account import Connection
from sestui.domain.configset.edit import SetDraft
from sestui.domain.configset.model import DestinationKind
from sestui.domain.destinations.form import DestinationForm, destination_of, form_of
from sestui.domain.destinations.place import Place
from sestui.domain.names import InvalidName
from sestui.domain.plan import Call
from sestui.gateways.ports import Cloud

if TYPE_CHECKING:
    from sestui.tui.modals.set_editing import SetEditing

Forms = Mapping[str, DestinationForm]
"""What was filled in, by the name of the destination."""


async def edit_destination(editor: SetEditing, name: str) -> DestinationForm | None:
    """Ask for a new destination, or another shape of the one called `name`; None: never mind.

    A form that is `removed` asks for it to go.
    """
    from sestui.tui.modals.destination import DestinationModal

    draft = editor.draft
    destination = next((each for each in draft.destinations if each.name == name), None)
    form = usable(editor.forms, draft, editor.connection).get(name)
    taken = frozenset(each.name for each in draft.destinations) - {name}
    if form is None:
        form = form_of(destination, draft.name.strip(), taken)
    return await editor.app.push_screen_wait(DestinationModal(editor.cloud, form, taken=taken))


def place(connection: Connection) -> Place:
    return Place(connection.region, connection.caller.account)


def usable(forms: Forms, draft: SetDraft, connection: Connection) -> dict[str, DestinationForm]:
    """The forms of destinations that are in the draft as they were filled in.

    One that was removed, or brought back as it was before, needs nothing around it.
    """
    found: dict[str, DestinationForm] = {}
    for each in draft.destinations:
        form = forms.get(each.name)
        if form is None or form.kind is not each.kind:
            continue
        form = replace(form, events=each.events, enabled=each.enabled)
        try:
            made = destination_of(form, place(connection))
        except InvalidName:
            continue
        if (made.target, made.role) == (each.target, each.role):
            found[each.name] = form
    return found


def renamed(forms: Forms, draft: SetDraft, connection: Connection) -> tuple[Forms, SetDraft]:
    """Both for the name that the new set has now: roles and policies are made for that."""
    name = draft.name.strip()
    for old, form in usable(forms, draft, connection).items():
        if form.set_name == name:
            continue
        dimensions = tuple(
            replace(each, default=name) if each.default == form.set_name else each
            for each in form.dimensions
        )
        fresh = replace(form, set_name=name, dimensions=dimensions)
        forms = {**forms, old: fresh}
        draft = draft.with_destination(destination_of(fresh, place(connection)), old)
    return forms, draft


def planned_topics(forms: Forms, draft: SetDraft, connection: Connection) -> set[str]:
    """Topics that are created, or opened to SES, before the set is changed."""
    there = {each.name: each for each in draft.destinations}
    return {
        there[name].target
        for name in usable(forms, draft, connection)
        if there[name].kind is DestinationKind.SNS
    }


async def calls_before(
    cloud: Cloud, forms: Forms, draft: SetDraft, connection: Connection
) -> tuple[Call, ...]:
    """What the destinations need, looked up now. Raises GatewayError."""
    from sestui.workflows.destinations import destination_plan

    calls: list[Call] = []
    for form in usable(forms, draft, connection).values():
        found = await destination_plan(cloud, form)
        calls += [each for each in found.calls if each not in calls]
    return tuple(calls)
