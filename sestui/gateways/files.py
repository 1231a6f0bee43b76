"""Files that go with a mail, or that are one."""

from __future__ import annotations

import stat
from collections.abc import Mapping, Sequence
from pathlib import Path

from sestui.domain.errors import Problem, Trouble
from sestui.domain.i18n import _
from sestui.domain.mail.attachment import MAX_MESSAGE, Attachment
from sestui.domain.text import printable
from sestui.gateways.failures import file_problem
from sestui.gateways.ports import GatewayError
from sestui.gateways.threads import in_thread


class DiskFiles:
    """`Files`, on this machine's disks. A `~` is the person's own folder."""

    async def attachments(self, paths: Sequence[str]) -> tuple[Attachment, ...]:
        return await in_thread(read_attachments, paths)

    async def read(self, path: str) -> bytes:
        return await in_thread(read_mail, path)

    async def sizes(self, paths: Sequence[str]) -> Mapping[str, int]:
        return await in_thread(_sizes, paths)


def read_attachments(paths: Sequence[str]) -> tuple[Attachment, ...]:
    """The files at `paths`, in order.

    Raises:
        GatewayError: LOCAL, naming the first that cannot be read or is too large for a mail.
    """
    return tuple(Attachment(Path(path).name, read_mail(path)) for path in paths)


def read_mail(path: str) -> bytes:
    """All bytes of the file at `path`.

    Raises:
        GatewayError: LOCAL: it cannot be read, is no file, or is larger than SES takes.
    """
    try:
        place = Path(path).expanduser()
        size = _size(place)
        if size > MAX_MESSAGE:
            raise _refused(path, _("{path} is too large: SES takes 40 MB."))
        return place.read_bytes()
    except OSError as error:
        raise GatewayError(
            file_problem(
                error,
                # A path may have braces of its own.
                _("{path} cannot be read: {reason}.").replace("{path}", _spelled(path)),
                _("Check the path, and that you may read the file."),
            )
        ) from error
    except (RuntimeError, ValueError):  # ~nobody, and a NUL byte in the path
        raise _refused(path, _("There is no file {path}.")) from None


def size_of(path: str) -> int:
    """Bytes of the file at `path`.

    Raises:
        OSError, RuntimeError, ValueError: there is none.
    """
    return _size(Path(path).expanduser())


def _sizes(paths: Sequence[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for path in paths:
        try:
            found[path] = size_of(path)
        except (OSError, RuntimeError, ValueError, GatewayError):
            continue
    return found


def _size(place: Path) -> int:
    """Without opening: a pipe or a device would never end."""
    status = place.stat()
    if not stat.S_ISREG(status.st_mode):
        raise _refused(str(place), _("{path} is not a file."))
    return status.st_size


def _refused(path: str, what: str) -> GatewayError:
    return GatewayError(
        Problem(what.format(path=printable(path)), _("Choose another file."), Trouble.LOCAL)
    )


def _spelled(path: str) -> str:
    return printable(path).replace("{", "{{").replace("}", "}}")
