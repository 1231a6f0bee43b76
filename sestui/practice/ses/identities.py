"""E-mail identities: addresses and domains."""

from __future__ import annotations

import secrets
from typing import Any

from sestui.practice.ses import dkim
from sestui.practice.ses.errors import (
    already_exists,
    bad_request,
    configuration_set_missing,
    identity_missing,
    limit_exceeded,
    not_found,
)
from sestui.practice.ses.names import canonical, check_identity, is_domain
from sestui.practice.ses.paging import page
from sestui.practice.ses.state import Identity, MailFrom
from sestui.practice.ses.tags import check_tags
from sestui.practice.ses.world import Call, Members, reads, writes

MOST_IDENTITIES = 10_000


def find(call: Call, name: str) -> Identity:
    """The identity called `name`. Raises ServiceError, NotFoundException."""
    identity = call.region.identities.get(canonical(name))
    if identity is None:
        raise identity_missing(name)
    return identity


def mail_link(call: Call, identity: Identity) -> None:
    """Send Amazon's verification mail with a new link; older links stay valid."""
    token = secrets.token_urlsafe(24)
    identity.links[token] = call.now
    address, region, link = identity.name, call.region.name, call.world.link_for(token)
    call.after.append(lambda: call.world.postmaster.verification_mail(address, region, link))


def create(call: Call, members: Members) -> Members:
    name = canonical(members["EmailIdentity"])
    region = call.region
    check_identity(name)
    if name in region.identities:
        raise already_exists(f"Email identity {name} already exist.")
    tags = check_tags(members.get("Tags", []))
    default_set = members.get("ConfigurationSetName", "")
    if default_set and default_set not in region.sets:
        raise not_found(configuration_set_missing(default_set))
    if len(region.identities) >= MOST_IDENTITIES:
        raise limit_exceeded(f"You can have at most {MOST_IDENTITIES} identities.")
    wanted = members.get("DkimSigningAttributes")
    if "@" in name and wanted:
        raise bad_request("The EmailIdentity value must be a valid domain.")
    identity = Identity(name, call.now, since=call.now, configuration_set=default_set, tags=tags)
    if not identity.is_address:
        identity.dkim = dkim.chosen_at_creation(call, wanted)
    region.identities[name] = identity
    answer: dict[str, Any] = {
        "IdentityType": _type(identity),
        "VerifiedForSendingStatus": False,
    }
    if identity.is_address:
        mail_link(call, identity)
        return answer
    # The look-ups begin after the answer: it says NOT_STARTED, and the first Get PENDING.
    shown = dkim.attributes(call.world, region, identity) | {"Status": "NOT_STARTED"}
    return answer | {"DkimAttributes": shown}


def get(call: Call, members: Members) -> Members:
    identity = find(call, members["EmailIdentity"])
    mail_from = identity.mail_from
    return {
        "IdentityType": _type(identity),
        "FeedbackForwardingStatus": identity.feedback_forwarding,
        "VerifiedForSendingStatus": identity.verified,
        "DkimAttributes": dkim.attributes(call.world, call.region, identity),
        # Without a custom domain the real service leaves out the members its model requires.
        "MailFromAttributes": {
            "MailFromDomain": mail_from.domain or None,
            "MailFromDomainStatus": mail_from.status or None,
            "BehaviorOnMxFailure": mail_from.behavior,
        },
        "Policies": dict(identity.policies),
        "Tags": list(identity.tags),
        "ConfigurationSetName": identity.configuration_set or None,
        "VerificationStatus": identity.status,
        "VerificationInfo": {
            "LastCheckedTimestamp": identity.checked,
            "LastSuccessTimestamp": identity.succeeded,
            "ErrorType": identity.error or None,
            "SOARecord": identity.soa,
        },
    }


def list_all(call: Call, members: Members) -> Members:
    wanted = members.get("Filter", {})
    part = wanted.get("IDENTITY_NAME_CONTAINS", "").lower()
    type_, status = wanted.get("IDENTITY_TYPE"), wanted.get("VERIFICATION_STATUS")
    identities = {
        name: identity
        for name, identity in call.region.identities.items()
        if part in name.lower()
        and type_ in (None, _type(identity))
        and status in (None, identity.status)
    }
    names, token = page(
        list(identities), members.get("PageSize"), members.get("NextToken"), most=1000
    )
    return {
        "EmailIdentities": [
            {
                "IdentityType": _type(identities[name]),
                "IdentityName": name,
                "SendingEnabled": identities[name].verified,
                "VerificationStatus": identities[name].status,
            }
            for name in names
        ],
        "NextToken": token,
    }


def delete(call: Call, members: Members) -> Members:
    identity = find(call, members["EmailIdentity"])
    for region in call.world.regions.values():
        other = region.identities.get(identity.name)
        if other is None or other is identity or not dkim.is_replica(other.dkim):
            continue
        if dkim.parent_of(call.world, other)[0] is identity:
            raise bad_request(f"Identity {identity.name} has a replica in {region.name}.")
    del call.region.identities[identity.name]
    return {}


def put_mail_from(call: Call, members: Members) -> Members:
    name = canonical(members["EmailIdentity"])
    identity = call.region.identities.get(name)
    if identity is None:
        # 400 and another text than elsewhere: so does the real service.
        raise bad_request(f"Identity <{name}> does not exist.")
    domain = members.get("MailFromDomain", "").lower().rstrip(".")
    if not domain:
        identity.mail_from = MailFrom()
        identity.generation += 1
        return {}
    if not is_domain(domain):
        raise bad_request(f"Invalid domain name {domain}.")
    if not domain.endswith("." + identity.domain):
        raise bad_request(
            f"Provided MAIL-FROM domain <{domain}> is not subdomain of the domain of the identity "
            f"<{identity.name}>."
        )
    old = identity.mail_from
    behavior = members.get("BehaviorOnMxFailure", old.behavior)
    if old.domain == domain and old.status not in ("FAILED", ""):
        # The same domain again does not make SES look sooner.
        old.behavior = behavior
        return {}
    identity.mail_from = MailFrom(domain, "PENDING", behavior, call.now)
    identity.generation += 1
    return {}


def put_feedback(call: Call, members: Members) -> Members:
    identity = find(call, members["EmailIdentity"])
    identity.feedback_forwarding = members.get("EmailForwardingEnabled", False)
    return {}


def put_configuration_set(call: Call, members: Members) -> Members:
    identity = find(call, members["EmailIdentity"])
    name = members.get("ConfigurationSetName", "")
    if name and name not in call.region.sets:
        raise not_found(configuration_set_missing(name))
    identity.configuration_set = name
    return {}


def _type(identity: Identity) -> str:
    return "EMAIL_ADDRESS" if identity.is_address else "DOMAIN"


OPERATIONS = {
    "CreateEmailIdentity": writes("identities", create),
    "GetEmailIdentity": reads(get),
    "ListEmailIdentities": reads(list_all),
    "DeleteEmailIdentity": writes("identities", delete),
    "PutEmailIdentityMailFromAttributes": writes("identities", put_mail_from),
    "PutEmailIdentityFeedbackAttributes": writes("identities", put_feedback),
    "PutEmailIdentityConfigurationSetAttributes": writes("identities", put_configuration_set),
}
