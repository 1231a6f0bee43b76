"""boto3: credentials and configuration. boto3 is imported only when used."""

from __future__ import annotations

import functools
import os
from collections.abc import Mapping
from typing import Any

from sestui.domain.account import Keys
from sestui.gateways.answers import watch
from sestui.gateways.failures import Where, aws_failure


def new_session(*, profile: str = "", keys: Keys | None = None, alone: bool = False) -> Any:
    """A `boto3.Session` of its own; an SSO login made meanwhile is seen by a new one only.

    Each answer to any of its clients is judged before it is used (`answers`).

    Args:
        profile: of the AWS configuration; empty for the SDK's own chain.
        keys: typed or kept keys; AWS_PROFILE is then left out, since a wrong one would stop
            everything.
        alone: read no configuration file at all: nothing of this machine's has to do with it.

    Raises:
        GatewayError: no such profile, or an unreadable configuration.
    """
    import boto3
    import botocore.session

    overrides: dict[str, Any] = {}
    if keys is not None:
        overrides["profile"] = (None, None, None, None)
    if alone:
        overrides["config_file"] = (None, None, os.devnull, None)
        overrides["credentials_file"] = (None, None, os.devnull, None)
    try:
        core = botocore.session.Session(session_vars=overrides, profile=profile or None)
        _never_prompt(core)
        watch(core)
        session = boto3.Session(botocore_session=core, **(_given(keys) if keys else {}))
        # After that: boto3 adds a search path of its own to the loader that it finds.
        core.register_component("data_loader", _loader(core.get_config_variable("data_path")))
    except Exception as error:
        raise aws_failure(error, "sts", "", Where(profile=profile)) from error
    return session


def _given(keys: Keys) -> dict[str, str | None]:
    return {
        "aws_access_key_id": keys.access_key_id,
        "aws_secret_access_key": keys.secret.reveal(),
        "aws_session_token": keys.session_token.reveal() if keys.session_token else None,
    }


@functools.cache
def _loader(search_path: str | None) -> Any:
    """One for all sessions: it keeps the services' descriptions, which take 50 ms to parse."""
    import botocore.loaders

    return botocore.loaders.create_loader(search_path)


def _never_prompt(core: Any) -> None:
    """A profile with an MFA serial would ask for the code on the terminal the wizard draws on."""

    def refuse(_prompt: str) -> str:
        from botocore.exceptions import RefreshWithMFAUnsupportedError

        raise RefreshWithMFAUnsupportedError

    resolver = core.get_component("credential_provider")
    for provider in resolver.providers:
        if hasattr(provider, "_prompter"):
            provider._prompter = refuse


def profile_region(session: Any) -> str:
    """The Region in the configuration of `session`'s profile; empty when it says none.

    Raises:
        GatewayError: no such profile.
    """
    try:
        # Not `session.region_name`: that also reads the environment.
        return str(session._session.get_scoped_config().get("region") or "")
    except Exception as error:
        raise aws_failure(error, "sts", "") from error


def profiles() -> tuple[tuple[str, ...], Mapping[str, str]]:
    """The names of all profiles, in the order of the files, and the Region of each that has one.

    Raises:
        GatewayError: the configuration cannot be parsed.
    """
    import botocore.session

    try:
        core = botocore.session.Session()
        config = core.full_config.get("profiles", {})
    except Exception as error:
        raise aws_failure(error, "sts", "") from error
    regions = {
        name: str(section["region"])
        for name, section in config.items()
        if isinstance(section, Mapping) and section.get("region")
    }
    return tuple(config), regions
