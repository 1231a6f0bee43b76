"""What a run leaves for the next one: where the person was and what was typed. No secrets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, fields, replace
from enum import Enum
from typing import Any, TypeVar

from sestui.domain.account import Choice, Source
from sestui.domain.configset import DestinationKind, EventType
from sestui.domain.identity import IdentityKind
from sestui.domain.mail.form import Format, MailForm, Transport
from sestui.domain.steps import IdentityForm, MonitoringForm, WizardState

Form = TypeVar("Form", IdentityForm, MailForm, MonitoringForm)


def remembered(state: WizardState) -> dict[str, Any]:
    """What to keep of `state`; empty before there is a connection."""
    if state.connection is None:
        return {}
    choice = state.connection.choice
    values: dict[str, Any] = {
        "source": str(choice.source),
        "profile": choice.profile,
        "region": state.connection.region,
        "identity_form": _plain(asdict(state.identity_form)),
        "mail_form": _plain(asdict(state.mail_form)),
        "monitoring_form": _plain(asdict(state.monitoring_form)),
    }
    if state.identity is not None:
        values["identity"] = state.identity.name
        if state.sent or state.tested:
            values["tested"] = state.identity.name
    return values


def choice_of(values: Mapping[str, Any]) -> Choice:
    """What the last run connected with; typed keys are gone, so the default chain stands in."""
    try:
        source = Source(values.get("source", ""))
    except ValueError:
        source = Source.DEFAULT
    if source in (Source.TYPED, Source.PRACTICE):
        source = Source.DEFAULT
    return Choice(source, _text(values, "profile"), _text(values, "region"))


def recall(state: WizardState, values: Mapping[str, Any]) -> WizardState:
    """`state` with the forms as they were left; anything unreadable is left out."""
    return replace(
        state,
        identity_form=_form(state.identity_form, values.get("identity_form")),
        mail_form=_form(state.mail_form, values.get("mail_form")),
        monitoring_form=_form(state.monitoring_form, values.get("monitoring_form")),
    )


def _form(form: Form, values: object) -> Form:
    if not isinstance(values, Mapping):
        return form
    known: dict[str, Any] = {}
    for field in fields(form):
        default = getattr(form, field.name)
        value = _typed(values.get(field.name), default)
        if value is not None:
            known[field.name] = value
    return replace(form, **known)


def _typed(value: Any, default: object) -> Any:
    """`value` as the type of `default`; None when it is not one."""
    try:
        match default:
            case IdentityKind() | Format() | Transport() | DestinationKind():
                return type(default)(value)
            case frozenset():
                return frozenset(EventType(v) for v in value) if isinstance(value, list) else None
            case tuple():
                return tuple(map(str, value)) if isinstance(value, list) else None
            case _:
                return value if type(value) is type(default) else None
    except ValueError:
        return None


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, frozenset):
        return sorted(_plain(item) for item in value)
    if isinstance(value, tuple):
        return list(value)
    return value.value if isinstance(value, Enum) else value


def _text(values: Mapping[str, Any], key: str) -> str:
    value = values.get(key)
    return value if isinstance(value, str) else ""
