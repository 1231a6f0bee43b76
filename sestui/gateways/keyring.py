"""Access keys in the OS keyring: one entry for each name, and one with the list of names."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from typing import ParamSpec, TypeVar

from sestui.domain.account import Keys, Secret
from sestui.domain.errors import Problem, Trouble
from sestui.domain.i18n import _
from sestui.domain.text import printable
from sestui.gateways.ports import GatewayError
from sestui.gateways.threads import in_thread

SERVICE = "sestui"
_INDEX_SERVICE = "sestui-names"  # apart, so that any name is free for keys
_INDEX = "names"
LIMIT = 60.0
"""Seconds: the person may have to type the keyring's password into a window."""
QUICK = 3.0
"""Seconds, where nobody has asked for anything yet."""

P = ParamSpec("P")
T = TypeVar("T")


class OsKeyring:
    """`KeyStore`, by the keyring package.

    Args:
        limit: seconds for keeping, reading and forgetting.
        quick: seconds for looking what is there.
    """

    def __init__(self, limit: float = LIMIT, quick: float = QUICK) -> None:
        self._limit = limit
        self._quick = quick

    async def keep(self, name: str, keys: Keys) -> None:
        await self._call(_keep, name, keys)

    async def keys(self, name: str) -> Keys | None:
        return await self._call(_load, name)

    async def forget(self, name: str) -> None:
        await self._call(_forget, name)

    async def look(self) -> tuple[str, tuple[str, ...]]:
        """The keyring's name and the names of keys in it; ("", ()) when nothing can be kept here.

        Never raises, and gives up soon: a locked keyring may wait for a person.
        """
        try:
            async with asyncio.timeout(self._quick):
                name = await in_thread(backend_name)
        except Exception:
            return "", ()
        if not name:
            return "", ()
        try:
            async with asyncio.timeout(self._quick):
                return name, await in_thread(_names)
        except Exception:
            return name, ()

    async def _call(self, func: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        try:
            async with asyncio.timeout(self._limit):
                return await in_thread(func, *args, **kwargs)
        except TimeoutError:
            raise _problem(_("it did not answer")) from None
        except GatewayError:
            raise
        except Exception as error:  # backends raise what they like
            # The text could hold the secret; the kind of the error cannot.
            raise _problem(type(error).__name__) from None


def backend_name() -> str:
    """The name of the keyring in use; empty when none here can keep a secret.

    `fail` and `null` keep nothing; one with a priority under 1, such as a plain file, is not meant
    for secrets.
    """
    import keyring
    import keyring.backends.chainer
    import keyring.backends.fail
    import keyring.backends.null

    backend = keyring.get_keyring()
    if isinstance(backend, keyring.backends.fail.Keyring | keyring.backends.null.Keyring):
        return ""
    if isinstance(backend, keyring.backends.chainer.ChainerBackend):
        good = [each for each in backend.backends if each.priority >= 1]
        return printable(good[0].name) if good else ""
    return printable(backend.name) if backend.priority >= 1 else ""


def _keep(name: str, keys: Keys) -> None:
    import keyring

    if not backend_name():
        raise _problem(_("this machine has none that can keep a secret"))
    entry = {
        "access_key_id": keys.access_key_id,
        "secret": keys.secret.reveal(),
        "session_token": keys.session_token.reveal() if keys.session_token else None,
    }
    keyring.set_password(SERVICE, name, json.dumps(entry))
    if name not in (names := _names()):
        keyring.set_password(_INDEX_SERVICE, _INDEX, json.dumps([*names, name]))


def _load(name: str) -> Keys | None:
    import keyring

    text = keyring.get_password(SERVICE, name)
    if not text:
        return None
    try:
        entry = json.loads(text)
        return Keys(
            access_key_id=str(entry["access_key_id"]),
            secret=Secret(str(entry["secret"])),
            session_token=Secret(str(entry["session_token"]))
            if entry.get("session_token")
            else None,
        )
    except (ValueError, KeyError, TypeError, AttributeError):
        return None  # not written by this program


def _forget(name: str) -> None:
    import keyring
    import keyring.errors

    try:
        keyring.delete_password(SERVICE, name)
    except keyring.errors.PasswordDeleteError:
        if keyring.get_password(SERVICE, name) is not None:
            raise
    names = _names()
    if name in names:
        kept = [each for each in names if each != name]
        keyring.set_password(_INDEX_SERVICE, _INDEX, json.dumps(kept))


def _names() -> tuple[str, ...]:
    import keyring

    try:
        names = json.loads(keyring.get_password(_INDEX_SERVICE, _INDEX) or "[]")
    except ValueError:
        return ()
    return tuple(str(name) for name in names) if isinstance(names, list) else ()


def _problem(reason: str) -> GatewayError:
    return GatewayError(
        Problem(
            _("The keyring of this machine did not do it: {reason}.").format(reason=reason),
            _("Unlock it and try again, or go on: typed keys live for this session."),
            Trouble.LOCAL,
            code="keyring",
        )
    )
