"""A finding of the pre-flight, and what a person can do about it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from sestui.domain.changes import resume_account_plan, resume_set_plan, unsuppress_plan
from sestui.domain.i18n import _
from sestui.domain.plan import Call
from sestui.domain.severity import Severity


class ActionKind(StrEnum):
    """What can be done; the comment is what `Action.argument` holds."""

    VERIFY_ADDRESS = "verify_address"
    """An address to make an identity of, in the Identity step."""
    OPEN_VERIFY = "open_verify"
    """An identity whose verification is under way or has failed."""
    USE_ADDRESS = "use_address"
    """A From address that SES would take."""
    USE_SIMULATOR = "use_simulator"
    """A simulator's address."""
    LEAVE_OUT = "leave_out"
    """A recipient."""
    UNSUPPRESS = "unsuppress"
    """An address on the suppression list; a plan."""
    CREATE_SET = "create_set"
    """A configuration set that is missing, to be made in the Monitoring step."""
    CHOOSE_SET = "choose_set"
    """Nothing: another configuration set, or none."""
    CHOOSE_TEMPLATE = "choose_template"
    """Nothing: another template, or one that is made now."""
    RESUME_SET = "resume_set"
    """A configuration set whose sending is off; a plan."""
    RESUME_ACCOUNT = "resume_account"
    """Nothing; a plan."""
    REQUEST_PRODUCTION = "request_production"
    """Nothing: the Go live step."""
    ADD_UNSUBSCRIBE = "add_unsubscribe"
    """Nothing: a correct pair of headers."""
    USE_API = "use_api"
    """Nothing: send through the API instead of SMTP."""
    LOOK_FOR = "look_for"
    """The tag of a mail that may have been sent."""
    OPEN_GUIDE = "open_guide"
    """A step whose guide explains it."""

    @property
    def word(self) -> str:
        return {
            ActionKind.VERIFY_ADDRESS: _("Verify {it}"),
            ActionKind.OPEN_VERIFY: _("See how {it} stands"),
            ActionKind.USE_ADDRESS: _("Send from {it}"),
            ActionKind.USE_SIMULATOR: _("Send to {it}"),
            ActionKind.LEAVE_OUT: _("Leave {it} out"),
            ActionKind.UNSUPPRESS: _("Take {it} off the suppression list"),
            ActionKind.CREATE_SET: _("Create {it}"),
            ActionKind.CHOOSE_SET: _("Choose another configuration set"),
            ActionKind.CHOOSE_TEMPLATE: _("Choose another template"),
            ActionKind.RESUME_SET: _("Switch sending on in {it}"),
            ActionKind.RESUME_ACCOUNT: _("Switch sending on"),
            ActionKind.REQUEST_PRODUCTION: _("Ask for production access"),
            ActionKind.ADD_UNSUBSCRIBE: _("Add a one-click unsubscribe pair"),
            ActionKind.USE_API: _("Send through the API"),
            ActionKind.LOOK_FOR: _("See whether it was sent"),
            ActionKind.OPEN_GUIDE: _("Read about it"),
        }[self]


@dataclass(frozen=True, slots=True)
class Action:
    kind: ActionKind
    argument: str = ""

    @property
    def words(self) -> str:
        """For a button."""
        return self.kind.word.format(it=self.argument)


def action_plan(action: Action) -> tuple[Call, ...]:
    """The calls that do it; empty where it is a place in the wizard or a change of the form."""
    match action.kind:
        case ActionKind.UNSUPPRESS:
            return unsuppress_plan(action.argument)
        case ActionKind.RESUME_SET:
            return resume_set_plan(action.argument)
        case ActionKind.RESUME_ACCOUNT:
            return resume_account_plan()
        case _:
            return ()


@dataclass(frozen=True, slots=True)
class Note:
    """One finding. `Severity.OK` is good to know and needs nothing."""

    code: str
    """Stable: scripts compare it."""
    severity: Severity
    text: str
    advice: str = ""
    actions: tuple[Action, ...] = ()
    """The best one first."""
    stops: bool = False
    """SES would refuse the mail for sure."""

    @property
    def action(self) -> Action | None:
        return self.actions[0] if self.actions else None


def stop(code: str, text: str, advice: str = "", *actions: Action) -> Note:
    """SES would refuse the mail."""
    return Note(code, Severity.ERROR, text, advice, actions, stops=True)


def warn(code: str, text: str, advice: str = "", *actions: Action) -> Note:
    """SES would take the mail, and it would not go well."""
    return Note(code, Severity.WARNING, text, advice, actions)


def tell(code: str, text: str, advice: str = "", *actions: Action) -> Note:
    """Good to know."""
    return Note(code, Severity.OK, text, advice, actions)


def unsure(code: str, text: str, advice: str = "", *actions: Action) -> Note:
    """Could not be found out."""
    return Note(code, Severity.UNKNOWN, text, advice, actions)
