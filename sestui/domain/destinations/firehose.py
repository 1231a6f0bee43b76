"""A Firehose stream for events, and the role in which SES writes to it.

Sources: SES Developer Guide, "Set up an Amazon Data Firehose event destination" and "Giving Amazon
SES permission to publish to Firehose"; IAM User Guide, "Granting permissions to pass a role".
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sestui.domain.configset.policies import firehose_permission, firehose_trust
from sestui.domain.destinations.edits import PolicyEdit, with_statement
from sestui.domain.destinations.expected import role_policy, role_trust
from sestui.domain.destinations.facts import Existing, Role
from sestui.domain.destinations.place import Place, last
from sestui.domain.i18n import _
from sestui.domain.names import InvalidName
from sestui.domain.plan import Call
from sestui.domain.resource_policy import SES, Answer, answer, for_everyone
from sestui.domain.text import quoted

POLICY_NAME = "ses-events"
PUT = "firehose:PutRecordBatch"
MOST_ROLE_NAME = 64
Step = PolicyEdit | Call


@dataclass(frozen=True, slots=True)
class FirehoseForm:
    stream: str = ""
    """A name or an ARN, of a stream that is there."""
    role: str = ""
    """Likewise; empty: one is made for the set."""
    open_role: bool = False
    """Change a role that is there, where it does not let SES in or may not write."""


def role_arn(form: FirehoseForm, set_name: str, place: Place) -> str:
    """The role's ARN. Raises InvalidName."""
    # IAM takes 64 characters, as many as the set's name alone may have.
    return place.role(form.role.strip() or f"ses-{set_name.strip()[:50]}-firehose")


def judge_firehose(
    form: FirehoseForm, set_arn: str, place: Place, existing: Existing
) -> Iterator[tuple[str, str]]:
    """Field (`stream`, `role`) and why it cannot be."""
    try:
        stream = place.stream(form.stream)
    except InvalidName as error:
        text = str(error) if form.stream.strip() else _("Choose a stream; SES makes none.")
        yield "stream", text
    else:
        yield from _stream_problems(stream, existing)
    try:
        arn = role_arn(form, last(set_arn), place)
    except InvalidName as error:
        yield "role", str(error)
        return
    role = existing.role
    if len(last(arn)) > MOST_ROLE_NAME and role is None:
        yield "role", _("A role's name has 64 characters at most.")
    if role is not None and not form.open_role and not trusts_ses(role, set_arn, place):
        text = _("The role {role} does not trust SES ({service}). Let it, or choose another one.")
        yield "role", text.format(role=quoted(role.name), service=SES)


def _stream_problems(stream: str, existing: Existing) -> Iterator[tuple[str, str]]:
    found = existing.stream
    if found is None:
        return
    if found.status not in ("", "ACTIVE"):
        text = _("The stream {name} is {status}; SES takes one that is ACTIVE.")
        yield "stream", text.format(name=quoted(last(stream)), status=quoted(found.status))


def advise_firehose(
    form: FirehoseForm, set_arn: str, place: Place, existing: Existing
) -> Iterator[tuple[str, str]]:
    """Field and what is worth knowing about it; it stops nothing."""
    try:
        stream = place.stream(form.stream)
        arn = role_arn(form, last(set_arn), place)
    except InvalidName:
        return
    if existing.stream is None:
        yield (
            "stream",
            (
                _("Whether there is such a stream could not be read.")
                if "stream" in existing.unread
                else _(
                    "There is no such stream here yet. Create it first, in the Firehose console."
                )
            ),
        )
    role = existing.role
    if role is None:
        yield (
            "role",
            (
                _("Whether there is such a role could not be read.")
                if "role" in existing.unread
                else _(
                    "The role {role} will be created: SES may take it, and write to this stream."
                )
            ).format(role=last(arn)),
        )
    elif trusts_ses(role, set_arn, place) and not _known_to_write(role, stream):
        text = (
            _("A policy that lets it write to this stream is put into the role.")
            if form.open_role
            else _("That this role may write to the stream ({action}) is not to be seen.")
        )
        yield "role", text.format(action=PUT)
    elif form.open_role and not trusts_ses(role, set_arn, place):
        yield "role", _("A statement for SES is added to whom this role trusts.")


def trusts_ses(role: Role, set_arn: str, place: Place) -> bool:
    context = {"aws:sourcearn": set_arn, "aws:sourceaccount": place.account}
    found = answer(role.trust, service=SES, action="sts:AssumeRole", context=context)
    return found is Answer.YES


def may_write(role: Role, stream: str) -> bool | None:
    """Whether a policy of the role allows it; None when those are not known."""
    if role.inline is None or role.attached is None:
        return None
    policies = [*(policy for _name, policy in role.inline), *role.attached]
    found = [
        answer(for_everyone(each), service=SES, action=PUT, resource=stream) for each in policies
    ]
    return Answer.DENIED not in found and Answer.YES in found


def _known_to_write(role: Role, stream: str) -> bool:
    return may_write(role, stream) is not False


def firehose_steps(
    form: FirehoseForm, set_arn: str, place: Place, existing: Existing
) -> Iterator[Step]:
    """Make the role, or open one that is there.

    Raises:
        InvalidName: `judge_firehose` says so of the field.
    """
    stream, arn = place.stream(form.stream), role_arn(form, last(set_arn), place)
    role = existing.role
    if role is None:
        # One that is named and may not be read is there, as far as is known here.
        if not (form.role.strip() and "role" in existing.unread):
            yield from new_role(arn, stream, set_arn, place)
    elif form.open_role:
        if not trusts_ses(role, set_arn, place):
            yield _trust_edit(role, set_arn, place)
        if not may_write(role, stream):
            yield permission_edit(role, stream)


def new_role(arn: str, stream: str, set_arn: str, place: Place) -> Iterator[PolicyEdit]:
    """A role that SES may take for the set, and that may put records into the stream."""
    name = last(arn)
    trust = firehose_trust(place.account, set_arn)
    title = _("Create the role {name}, which SES may take").format(name=name)
    create = Call(
        "iam",
        "CreateRole",
        title,
        {"RoleName": name, "AssumeRolePolicyDocument": json.dumps(trust)},
        ("EntityAlreadyExists",),
    )
    yield PolicyEdit(title, None, trust, create)
    yield _permission(name, None, firehose_permission(stream))


def _trust_edit(role: Role, set_arn: str, place: Place) -> PolicyEdit:
    statement = firehose_trust(place.account, set_arn)["Statement"][0]
    after = with_statement(role.trust, statement)
    title = _("Let SES take the role {name}: one statement is added to whom it trusts").format(
        name=role.name
    )
    parameters = {"RoleName": role.name, "PolicyDocument": json.dumps(after)}
    call = Call("iam", "UpdateAssumeRolePolicy", title, parameters, expected=role_trust(role))
    return PolicyEdit(title, role.trust, after, call)


def permission_edit(role: Role, stream: str) -> PolicyEdit:
    """Into the role's own policy of that name where there is one: it must keep what it has."""
    before = dict(role.inline or ()).get(POLICY_NAME)
    wanted = firehose_permission(stream)
    after = with_statement(before, wanted["Statement"][0]) if before else wanted
    return _permission(role.name, before, after)


def _permission(name: str, before: Any, after: dict[str, Any]) -> PolicyEdit:
    title = _("Let the role put records into the stream")
    parameters = {
        "RoleName": name,
        "PolicyName": POLICY_NAME,
        "PolicyDocument": json.dumps(after),
    }
    was = role_policy(name, POLICY_NAME, before)
    return PolicyEdit(
        title, before, after, Call("iam", "PutRolePolicy", title, parameters, expected=was)
    )


def pass_role_statement(role: str) -> dict[str, Any]:
    """What whoever creates the destination must be allowed, for SES to be handed the role."""
    return {
        "Effect": "Allow",
        "Action": "iam:PassRole",
        "Resource": role,
        "Condition": {"StringEquals": {"iam:PassedToService": SES}},
    }


def pass_role_words(role: str) -> str:
    return _(
        "You hand the role {role} over to SES. For that you need iam:PassRole on it; a refusal "
        "(AccessDenied) shows the statement."
    ).format(role=last(role))
