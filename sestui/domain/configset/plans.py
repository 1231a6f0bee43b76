"""The calls that lead from one state of a configuration set to another. Source: API v2.

Only what differs is sent. Each Put replaces its group, so it has all of the group's members in it;
whoever plans has read the set a moment ago.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from sestui.domain.configset.expected import group_as_read
from sestui.domain.configset.judge import MOST_DESTINATIONS
from sestui.domain.configset.model import ConfigurationSet
from sestui.domain.configset.options import Group, duplicate, members, unknown_groups
from sestui.domain.configset.plan_destinations import (
    Policies,
    changed_destinations,
    new_destinations,
    removed_destinations,
)
from sestui.domain.expected import default_set_as_read
from sestui.domain.i18n import _
from sestui.domain.plan import NOT_FOUND, Call, Expected

_PUTS = {
    Group.TRACKING: "PutConfigurationSetTrackingOptions",
    Group.DELIVERY: "PutConfigurationSetDeliveryOptions",
    Group.ARCHIVING: "PutConfigurationSetArchivingOptions",
    Group.VDM: "PutConfigurationSetVdmOptions",
    Group.SUPPRESSION: "PutConfigurationSetSuppressionOptions",
    Group.REPUTATION: "PutConfigurationSetReputationOptions",
}
"""In the order of the calls: what SES may refuse comes before all that it will not."""


def create_plan(
    after: ConfigurationSet, arn: str, policies: Policies | None = None
) -> tuple[Call, ...]:
    """Create the set with all that is in it.

    Args:
        arn: the set's, for the policies of topics.
        policies: of the topics that it publishes to, by ARN; SES is let in where it is not yet.
    """
    parameters: dict[str, Any] = {"ConfigurationSetName": after.name}
    parameters |= _groups(after)
    if after.tags:
        parameters["Tags"] = _tags(after.tags)
    words = _("Create the configuration set {name}").format(name=after.name)
    plan = [Call("sesv2", "CreateConfigurationSet", words, parameters)]
    if Group.SUPPRESSION not in parameters and members(after, Group.SUPPRESSION):
        plan.append(_put(after, Group.SUPPRESSION))
    plan += new_destinations(after.name, after.destinations, arn, policies or {})
    return tuple(plan)


def _groups(after: ConfigurationSet) -> dict[str, Any]:
    """Every group that has something in it; those with a boolean always have."""
    known = {group.value: members(after, group) for group in Group}
    groups = {**unknown_groups(after), **{name: given for name, given in known.items() if given}}
    if after.suppressed_reasons is None:
        # SES fails (InternalFailure) when the group is there and the reasons are not.
        groups.pop(Group.SUPPRESSION, None)
    return groups


def edit_plan(
    before: ConfigurationSet,
    after: ConfigurationSet,
    arn: str,
    policies: Policies | None = None,
) -> tuple[Call, ...]:
    """Make `before`, as it is at SES now, what `after` is. Empty when they are the same.

    Sending is switched off before anything else and on after everything else. A new destination
    is there before an old one goes, so that no event is lost, unless there is no room for both.

    Raises:
        ValueError: a destination of a kind that is not known would be changed.
    """
    plan = [
        replace(_put(after, group), expected=_as_read(before, group))
        for group in _PUTS
        if members(before, group) != members(after, group)
    ]
    security = members(after, Group.SECURITY)
    if security and security != members(before, Group.SECURITY):
        was = _as_read(before, Group.SECURITY)
        plan.append(replace(_security(after.name, security), expected=was))
    old = {each.name: each for each in before.destinations}
    new = {each.name: each for each in after.destinations}
    added = [each for name, each in new.items() if name not in old]
    removed = list(removed_destinations(after.name, [each for each in old if each not in new]))
    additions = list(new_destinations(after.name, added, arn, policies or {}))
    crowded = len(old) + len(added) > MOST_DESTINATIONS
    plan += removed if crowded else additions
    plan += changed_destinations(after.name, old, new, arn, policies or {})
    plan += additions if crowded else removed
    plan += _tag_calls(before, after, arn)
    if before.sending_enabled != after.sending_enabled:
        switch = _sending(after)
        return (*plan, switch) if after.sending_enabled else (switch, *plan)
    return tuple(plan)


def _as_read(before: ConfigurationSet, group: Group) -> Expected:
    return group_as_read(before.name, group, members(before, group))


def _put(after: ConfigurationSet, group: Group) -> Call:
    given = members(after, group)
    # Alone among these, the request has the group as one member.
    given = {group.value: given} if group is Group.VDM else given
    return Call(
        "sesv2",
        _PUTS[group],
        _put_words(after, group),
        {"ConfigurationSetName": after.name, **given},
    )


def _put_words(after: ConfigurationSet, group: Group) -> str:
    match group:
        case Group.REPUTATION:
            return (
                _("Switch reputation metrics on")
                if after.reputation_metrics
                else _("Switch reputation metrics off")
            )
        case Group.SUPPRESSION if after.suppressed_reasons == ():
            return _("Suppress nothing for this set, whatever the account says")
        case Group.SUPPRESSION if not members(after, group):
            # An empty list would be an override; only its absence takes the override away.
            return _("Let suppression be as it is for the account")
        case Group.SUPPRESSION if after.suppressed_reasons is None:
            return _("Set how addresses are checked; which are suppressed is as for the account")
        case Group.SUPPRESSION:
            return _("Set which addresses are suppressed")
        case Group.TRACKING if not after.redirect_domain:
            return _("Take the redirect domain away")
        case Group.TRACKING:
            return _("Set the redirect domain {name}").format(name=after.redirect_domain)
        case Group.DELIVERY:
            return _("Set how mail is delivered")
        case Group.ARCHIVING:
            return _("Archive every mail") if after.archive else _("Archive no more mail")
        case _:
            return _("Set what Deliverability Manager does")


def _sending(after: ConfigurationSet) -> Call:
    words = (
        _("Let mail be sent through {name}")
        if after.sending_enabled
        else _("Refuse all mail that is sent through {name}")
    )
    return Call(
        "sesv2",
        "PutConfigurationSetSendingOptions",
        words.format(name=after.name),
        {"ConfigurationSetName": after.name, **members(after, Group.SENDING)},
    )


def _security(name: str, options: Mapping[str, Any]) -> Call:
    return Call(
        "sesv2",
        "UpdateConfigurationSet",
        _("Set how messages are signed"),
        {"ConfigurationSetName": name, Group.SECURITY.value: options},
    )


def _tag_calls(before: ConfigurationSet, after: ConfigurationSet, arn: str) -> Iterator[Call]:
    old, new = dict(before.tags), dict(after.tags)
    if gone := sorted(old.keys() - new.keys()):
        words = _("Remove the tags {keys}").format(keys=", ".join(gone))
        yield Call("sesv2", "UntagResource", words, {"ResourceArn": arn, "TagKeys": gone})
    if put := [(key, value) for key, value in new.items() if old.get(key) != value]:
        words = _("Set the tags {keys}").format(keys=", ".join(key for key, _value in put))
        yield Call("sesv2", "TagResource", words, {"ResourceArn": arn, "Tags": _tags(put)})


def _tags(rows: Iterable[tuple[str, str]]) -> list[dict[str, str]]:
    return [{"Key": key, "Value": value} for key, value in rows]


def duplicate_plan(
    configuration_set: ConfigurationSet,
    new_name: str,
    arn: str,
    policies: Policies | None = None,
) -> tuple[Call, ...]:
    """The same under a new name; what is left out is said at `duplicate`. `arn`: the new set's."""
    return create_plan(duplicate(configuration_set, new_name), arn, policies)


def delete_plan(name: str, used_by: Iterable[str] = ()) -> tuple[Call, ...]:
    """Delete the set.

    The identities that default to it lose that default first: mail from them would fail else.
    """
    words = _("Delete the configuration set {name} and its event destinations").format(name=name)
    delete = Call(
        "sesv2", "DeleteConfigurationSet", words, {"ConfigurationSetName": name}, (NOT_FOUND,)
    )
    return (*(call for each in used_by for call in clear_default_plan(each, name)), delete)


def make_default_plan(name: str, identity: str, current: str = "") -> tuple[Call, ...]:
    """Use the set for mail from `identity` that names none. `current`: the identity's default."""
    if current == name:
        return ()
    words = _("Make {set} the default set of {identity}").format(set=name, identity=identity)
    parameters = {"EmailIdentity": identity, "ConfigurationSetName": name}
    return (_default_call(words, parameters, current),)


def clear_default_plan(identity: str, current: str) -> tuple[Call, ...]:
    """Take the default away, which is what the call does without a name. `current`: the default."""
    words = _("{identity} has no default configuration set any more").format(identity=identity)
    return (_default_call(words, {"EmailIdentity": identity}, current),)


def _default_call(words: str, parameters: Mapping[str, Any], current: str) -> Call:
    was = default_set_as_read(parameters["EmailIdentity"], current)
    return Call(
        "sesv2", "PutEmailIdentityConfigurationSetAttributes", words, parameters, expected=was
    )


def repair_default_plan(
    identity: str, missing: str, arn: str, *, recreate: bool
) -> tuple[Call, ...]:
    """For a default that points to a set that does not exist: every send fails.

    Args:
        recreate: make the set again, without destinations, instead of taking the default away.
    """
    if not recreate:
        return clear_default_plan(identity, missing)
    return create_plan(ConfigurationSet(missing, reputation_metrics=True), arn)
