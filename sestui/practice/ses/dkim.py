"""DKIM of identities: Easy DKIM, BYODKIM, Deterministic Easy DKIM."""

from __future__ import annotations

from typing import Any

from sestui.practice.ses.errors import bad_request, identity_missing
from sestui.practice.ses.keys import new_token, pem_from_given
from sestui.practice.ses.model import enum_of
from sestui.practice.ses.names import canonical, parents
from sestui.practice.ses.regions import origin_region, signing_hosted_zone
from sestui.practice.ses.state import Dkim, Identity, Region
from sestui.practice.ses.world import Call, Members, World, writes

DAY = 24 * 3600.0
# What an address shows that no domain identity lends its DKIM to.
_NONE = {
    "SigningEnabled": False,
    "Status": "NOT_STARTED",
    "SigningAttributesOrigin": "AWS_SES",
    "NextSigningKeyLength": "RSA_1024_BIT",
}


def is_replica(dkim: Dkim) -> bool:
    return dkim.origin not in ("AWS_SES", "EXTERNAL")


def easy(region: str, now: float, length: str = "RSA_2048_BIT") -> Dkim:
    return Dkim(
        status="PENDING",
        tokens=[new_token() for _ in range(3)],
        zone=signing_hosted_zone(region),
        next_length=length,
        current_length=length,
        key_made=now,
        since=now,
    )


def external(selector: str | None, private_key: str | None, now: float) -> Dkim:
    """BYODKIM.

    Raises:
        ServiceError: BadRequestException when a part is missing or the key is not one.
    """
    if not selector or not private_key:
        raise bad_request("DomainSigningSelector and DomainSigningPrivateKey must be specified.")
    try:
        pem_from_given(private_key)
    except ValueError:
        raise bad_request("The private key is not valid.") from None
    return Dkim(
        origin="EXTERNAL",
        status="PENDING",
        selector=selector,
        private_key=private_key,
        key_made=now,
        since=now,
    )


def replica(origin: str, now: float) -> Dkim:
    """Deterministic Easy DKIM; tokens and key are the parent's, looked up when they are needed."""
    return Dkim(origin=origin, status="PENDING", since=now)


def chosen_at_creation(call: Call, wanted: dict[str, Any] | None) -> Dkim:
    """The DKIM of a new domain identity, by CreateEmailIdentity's DkimSigningAttributes."""
    wanted = wanted or {}
    origin = wanted.get("DomainSigningAttributesOrigin")
    if origin in ("AWS_SES", "EXTERNAL"):
        raise bad_request(f"DomainSigningAttributesOrigin {origin} is not allowed here.")
    if origin:
        return replica(origin, call.now)
    if "DomainSigningSelector" in wanted or "DomainSigningPrivateKey" in wanted:
        return external(
            wanted.get("DomainSigningSelector"), wanted.get("DomainSigningPrivateKey"), call.now
        )
    return easy(call.region.name, call.now, wanted.get("NextSigningKeyLength", "RSA_2048_BIT"))


def domain_of(region: Region, identity: str) -> Identity | None:
    """The domain identity whose DKIM is used: the identity itself, or the nearest one above it."""
    for domain in parents(identity.rpartition("@")[2]):
        if (found := region.identities.get(domain)) is not None:
            return found
    return None


def parent_of(world: World, identity: Identity) -> tuple[Identity | None, str]:
    """The primary of a replica, or the ErrorType why there is none."""
    origin = identity.dkim.origin
    if origin not in enum_of("DkimSigningAttributesOrigin"):
        return None, "REPLICATION_PRIMARY_INVALID_REGION"
    region = world.regions.get(origin_region(origin))
    parent = region.identities.get(identity.name) if region else None
    if parent is None:
        return None, "REPLICATION_PRIMARY_NOT_FOUND"
    if parent is identity:
        return None, "REPLICATION_PRIMARY_INVALID_REGION"
    if parent.dkim.origin == "EXTERNAL":
        return None, "REPLICATION_PRIMARY_BYO_DKIM_NOT_SUPPORTED"
    if is_replica(parent.dkim):
        return None, "REPLICATION_REPLICA_AS_PRIMARY_NOT_SUPPORTED"
    return parent, ""


def effective(world: World, identity: Identity) -> Dkim:
    """Where tokens, zone and key come from: the parent's for a replica, else its own."""
    if is_replica(identity.dkim):
        parent, _ = parent_of(world, identity)
        if parent is not None:
            return parent.dkim
    return identity.dkim


def attributes(world: World, region: Region, identity: Identity) -> dict[str, Any]:
    """DkimAttributes as GetEmailIdentity returns them; an address shows its domain's."""
    source = identity
    if identity.is_address:
        above = domain_of(region, identity.name)
        if above is None:
            return dict(_NONE)
        source = above
    dkim, keys = source.dkim, effective(world, source)
    easy_dkim = dkim.origin != "EXTERNAL"
    return {
        "SigningEnabled": dkim.signing_enabled,
        "Status": dkim.status,
        "Tokens": list(keys.tokens) if easy_dkim else [dkim.selector],
        "SigningHostedZone": keys.zone if easy_dkim and keys.zone else None,
        "SigningAttributesOrigin": dkim.origin,
        "NextSigningKeyLength": keys.next_length if easy_dkim else None,
        "CurrentSigningKeyLength": keys.current_length if easy_dkim else None,
        "LastKeyGenerationTimestamp": keys.key_made,
    }


def put_dkim(call: Call, members: Members) -> Members:
    name = canonical(members["EmailIdentity"])
    identity = call.region.identities.get(name)
    if "@" in name:
        # DKIM belongs to the domain; on an address the call changes nothing.
        if domain_of(call.region, name) is not None:
            return {}
        identity = None
    if identity is None:
        domain = name.rpartition("@")[2]
        raise bad_request(f"Domain {domain} is not verified for DKIM signing.")
    identity.dkim.signing_enabled = members.get("SigningEnabled", False)
    return {}


def put_signing(call: Call, members: Members) -> Members:
    name = canonical(members["EmailIdentity"])
    if "@" in name:
        raise bad_request("The EmailIdentity value must be a valid domain.")
    identity = call.region.identities.get(name)
    if identity is None:
        raise identity_missing(name)
    origin = members["SigningAttributesOrigin"]
    wanted = members.get("SigningAttributes", {})
    if origin == "AWS_SES":
        _put_easy(call, identity, wanted.get("NextSigningKeyLength"))
    elif origin == "EXTERNAL":
        selector, key = wanted.get("DomainSigningSelector"), wanted.get("DomainSigningPrivateKey")
        _replace(identity, external(selector, key, call.now))
    else:
        _replace(identity, replica(origin, call.now))
    shown = attributes(call.world, call.region, identity)
    return {
        "DkimStatus": shown["Status"],
        "DkimTokens": shown["Tokens"],
        "SigningHostedZone": shown["SigningHostedZone"],
    }


def _put_easy(call: Call, identity: Identity, length: str | None) -> None:
    old = identity.dkim
    if old.origin != "AWS_SES" or not old.tokens:
        _replace(identity, easy(call.region.name, call.now, length or "RSA_2048_BIT"))
        return
    if length is not None and length != old.current_length:
        _switch_length(call, identity, length)
        return
    if old.status in ("FAILED", "NOT_STARTED"):
        # Starting anew; the tokens stay, so what is published by now is found.
        old.status, old.since = "PENDING", call.now
        _restart(identity, call.now)
    elif length is not None:
        raise bad_request(f"The signing key length is already {length}.")


def _switch_length(call: Call, identity: Identity, length: str) -> None:
    dkim = identity.dkim
    first_downgrade = length == "RSA_1024_BIT" and not dkim.shortened_once
    if dkim.switched is not None and call.now - dkim.switched < DAY and not first_downgrade:
        raise bad_request("The signing key length can be changed only once in 24 hours.")
    dkim.shortened_once |= length == "RSA_1024_BIT"
    # The three CNAMEs stay; the key moves to the next of the selectors they stand for.
    dkim.active = (dkim.active + 1) % 3
    dkim.next_length = dkim.current_length = length
    dkim.switched = dkim.key_made = dkim.since = call.now
    dkim.status = "PENDING"
    identity.generation += 1
    if not identity.verified:
        _restart(identity, call.now)


def _replace(identity: Identity, dkim: Dkim) -> None:
    dkim.signing_enabled = identity.dkim.signing_enabled
    identity.dkim = dkim
    _restart(identity, dkim.since)


def _restart(identity: Identity, now: float) -> None:
    identity.generation += 1
    identity.error = ""
    if not identity.verified:
        identity.status, identity.since = "PENDING", now


OPERATIONS = {
    "PutEmailIdentityDkimAttributes": writes("identities", put_dkim),
    "PutEmailIdentityDkimSigningAttributes": writes("identities", put_signing),
}
