"""Whether the configuration set that applies is there and lets mail through."""

from __future__ import annotations

from collections.abc import Iterator

from sestui.domain.i18n import _
from sestui.domain.mail.message import Message
from sestui.domain.preflight.facts import Facts
from sestui.domain.preflight.note import Action, ActionKind, Note, stop


def set_notes(message: Message, facts: Facts) -> Iterator[Note]:
    name = facts.set_name(message)
    if not name or name not in facts.sets:
        return
    chosen = facts.sets[name]
    default = not message.configuration_set
    choose = Action(ActionKind.CHOOSE_SET)
    if chosen is None:
        region = facts.region or _("this Region")
        text = (
            _("The default set {name} is not there (any more) in {region}: every send fails.")
            if default
            else _("There is no configuration set {name} in {region}.")
        )
        yield stop(
            "default_set_missing" if default else "set_missing",
            text.format(name=name, region=region),
            _("Create it, or choose another one."),
            Action(ActionKind.CREATE_SET, name),
            choose,
        )
    elif not chosen.sending_enabled:
        yield stop(
            "default_set_paused" if default else "set_paused",
            _("Sending is switched off in the configuration set {name}.").format(name=name),
            _("Switch it on, or choose another one."),
            Action(ActionKind.RESUME_SET, name),
            choose,
        )
