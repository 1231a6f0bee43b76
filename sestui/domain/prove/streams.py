"""The hops of destinations that are no topics: EventBridge, Firehose, CloudWatch, Pinpoint.

Sources: Developer Guide, "Set up a Data Firehose destination", "Monitoring with EventBridge".
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from sestui.domain.configset import (
    Destination,
    default_bus,
    firehose_permission,
    firehose_trust,
    merged_policy,
)
from sestui.domain.destinations.expected import role_trust
from sestui.domain.destinations.facts import Role
from sestui.domain.destinations.firehose import permission_edit
from sestui.domain.errors import Problem
from sestui.domain.i18n import _
from sestui.domain.plan import Call
from sestui.domain.prove.model import Fix, Hop, HopKind, State
from sestui.domain.prove.scene import Scene
from sestui.domain.prove.sns import region_of
from sestui.domain.resource_policy import Answer, answer, for_everyone, judge

PUT = "firehose:PutRecordBatch"


def _hop(
    destination: Destination, state: State, text: str, code: str = "", fix: Fix | None = None
) -> Hop:
    return Hop(HopKind.PUBLISHED, state, text, code, destination.name, fix=fix)


def bus_hop(scene: Scene, destination: Destination) -> Hop:
    """SES needs no permission for the default bus, and knows no other one."""
    if destination.target != default_bus(scene.region, scene.account):
        return _hop(
            destination,
            State.RED,
            _("{bus} is not the default bus of {region}: SES publishes to that one only.").format(
                bus=destination.target.rsplit(":", 1)[-1], region=scene.region
            ),
            "bus_not_default",
            Fix(_("Use the default bus; a rule there can lead on to another one.")),
        )
    return _hop(destination, State.GREEN, _("The default bus takes what SES publishes."))


def metrics_hop(destination: Destination) -> Hop:
    return _hop(destination, State.GREEN, _("CloudWatch needs no permission from you."))


def pinpoint_hop(destination: Destination) -> Hop:
    return _hop(
        destination,
        State.AMBER,
        _("Amazon Pinpoint has ended; whether anything arrives there cannot be seen."),
        "pinpoint",
        Fix(_("Use EventBridge instead.")),
    )


def stream_hop(scene: Scene, destination: Destination) -> Hop:
    """Whether the stream takes records, and SES may put them there with its role."""
    arn = destination.target
    name = arn.rsplit("/", 1)[-1]
    if (region := region_of(arn)) != scene.region:
        text = _("The stream {stream} is in {region}; SES publishes in {own} only.")
        text = text.format(stream=name, region=region or "?", own=scene.region)
        fix = Fix(_("Use a stream in {own}.").format(own=scene.region))
        return _hop(destination, State.RED, text, "stream_region", fix)
    stream = scene.streams.get(arn)
    if stream is None:
        text = _("The stream {stream} does not exist (any more).").format(stream=name)
        fix = Fix(_("Create it again, or choose another one."))
        return _hop(destination, State.RED, text, "stream_gone", fix)
    if isinstance(stream, Problem):
        fix = Fix(stream.advice, text=stream.policy)
        return _hop(destination, State.UNKNOWN, stream.what, "unread", fix)
    if stream.status != "ACTIVE":
        text = _("The stream {stream} is {status}, not ACTIVE: it takes nothing.")
        text = text.format(stream=name, status=stream.status)
        fix = Fix(_("Wait for it, or look at it in the Firehose console."))
        return _hop(destination, State.RED, text, "stream_inactive", fix)
    return _role_hop(scene, destination, name)


def _role_hop(scene: Scene, destination: Destination, stream: str) -> Hop:
    role_name = destination.role.rsplit("/", 1)[-1]
    role = scene.roles.get(destination.role)
    if role is None:
        text = _("The role {role}, with which SES would write, does not exist (any more).")
        fix = Fix(_("Create it again: save the destination in the Monitoring step."))
        return _hop(destination, State.RED, text.format(role=role_name), "role_gone", fix)
    if isinstance(role, Problem):
        fix = Fix(role.advice, text=role.policy)
        return _hop(destination, State.UNKNOWN, role.what, "unread", fix)
    trust = judge(role.trust, scene.ses_request("sts:AssumeRole"))
    if trust.answer in (Answer.NO, Answer.DENIED):
        return _trust_hop(scene, destination, role)
    own = [policy for _name, policy in role.inline or ()]
    allowed = {_may_put(each, destination.target) for each in (*own, *(role.attached or ()))}
    if Answer.DENIED in allowed or Answer.YES not in allowed:
        if role.inline is None or role.attached is None:
            text = _("Whether the role {role} may write to {stream} could not be read.")
            text = text.format(role=role_name, stream=stream)
            return _hop(destination, State.UNKNOWN, text, "unread")
        return _permission_hop(destination, role, stream)
    text = _("The stream {stream} is active, and SES may write to it as {role}.")
    return _hop(destination, State.GREEN, text.format(stream=stream, role=role_name))


def _may_put(policy: Mapping[str, Any], stream: str) -> Answer:
    return answer(for_everyone(policy), service="", action=PUT, resource=stream)


def _trust_hop(scene: Scene, destination: Destination, role: Role) -> Hop:
    name = role.arn.rsplit("/", 1)[-1]
    wanted = firehose_trust(scene.account, scene.set_arn)
    merged = merged_policy(role.trust, wanted["Statement"][0])
    call = Call(
        "iam",
        "UpdateAssumeRolePolicy",
        _("Let SES take the role {role} for {set}").format(role=name, set=scene.set_name),
        {"RoleName": name, "PolicyDocument": json.dumps(merged)},
        expected=role_trust(role),
    )
    return _hop(
        destination,
        State.RED,
        _("The role {role} does not let SES take it for {set}.").format(
            role=name, set=scene.set_name
        ),
        "role_trust",
        Fix(
            _("Add this statement to its trust policy; what is there stays."),
            (call,),
            json.dumps(wanted["Statement"][0], indent=2),
        ),
    )


def _permission_hop(destination: Destination, role: Role, stream: str) -> Hop:
    wanted = firehose_permission(destination.target)
    edit = permission_edit(role, destination.target)
    return _hop(
        destination,
        State.RED,
        _("The role {role} may not put records into {stream}.").format(
            role=role.name, stream=stream
        ),
        "role_permission",
        Fix(
            _("Give it this policy."),
            (edit.call,),
            json.dumps(wanted, indent=2),
        ),
    )


def unseen_hop(destination: Destination) -> Hop:
    """Where the events go from there is not for sestui to see."""
    return Hop(
        HopKind.ARRIVED,
        State.UNKNOWN,
        _("Arrival cannot be seen from here: look where it delivers to, after some minutes."),
        "unseen",
        destination.name,
    )
