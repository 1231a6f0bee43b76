"""Tags of identities, configuration sets and templates."""

from __future__ import annotations

from sestui.practice.ports import ACCOUNT_ID
from sestui.practice.ses.errors import bad_request, not_found
from sestui.practice.ses.names import canonical
from sestui.practice.ses.state import Section, Tags
from sestui.practice.ses.world import Call, Members, Operation, reads

_KINDS: dict[str, Section] = {
    "identity": "identities",
    "configuration-set": "sets",
    "template": "templates",
}
_NAMES = {
    "identity": "EmailIdentity",
    "configuration-set": "ConfigurationSet",
    "template": "EmailTemplate",
}


def check_tags(tags: Tags) -> Tags:
    """Raises ServiceError, BadRequestException, for tags that AWS does not take."""
    keys = [tag["Key"] for tag in tags]
    if len(tags) > 50:
        raise bad_request("A resource can have at most 50 tags.")
    if len(set(keys)) != len(keys):
        raise bad_request("Duplicate tag keys are not allowed.")
    for tag in tags:
        if not 1 <= len(tag["Key"]) <= 128 or len(tag["Value"]) > 256:
            raise bad_request("Tag keys have 1 to 128 characters, tag values at most 256.")
        if tag["Key"].lower().startswith("aws:"):
            raise bad_request("Tag keys that start with aws: are reserved.")
    return tags


def _tags_of(call: Call, arn: str) -> tuple[Tags, Section]:
    parts = arn.split(":", 5)
    kind, _, name = parts[-1].partition("/")
    here = ["arn", "aws", "ses", call.region.name, ACCOUNT_ID]
    if len(parts) != 6 or parts[:5] != here or kind not in _KINDS:
        raise bad_request(f"The ARN {arn} is not valid for this operation.")
    resource = {
        "identity": call.region.identities.get(canonical(name)),
        "configuration-set": call.region.sets.get(name),
        "template": call.region.templates.get(name),
    }[kind]
    if resource is None:
        raise not_found(f"No {_NAMES[kind]} present with name: {name}")
    return resource.tags, _KINDS[kind]


def list_tags(call: Call, members: Members) -> Members:
    return {"Tags": _tags_of(call, members["ResourceArn"])[0]}


def tag_resource(call: Call, members: Members) -> Members:
    tags, section = _tags_of(call, members["ResourceArn"])
    merged = {tag["Key"]: tag for tag in tags} | {tag["Key"]: tag for tag in members["Tags"]}
    check_tags(members["Tags"])
    tags[:] = check_tags(list(merged.values()))
    call.world.save(call.region, section)
    return {}


def untag_resource(call: Call, members: Members) -> Members:
    tags, section = _tags_of(call, members["ResourceArn"])
    tags[:] = [tag for tag in tags if tag["Key"] not in members["TagKeys"]]
    call.world.save(call.region, section)
    return {}


# These save for themselves: which section changes depends on the ARN.
OPERATIONS = {
    "ListTagsForResource": reads(list_tags),
    "TagResource": Operation(tag_resource),
    "UntagResource": Operation(untag_resource),
}
