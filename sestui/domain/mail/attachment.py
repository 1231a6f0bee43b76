"""Files that go with a mail. Source: Developer Guide, "Unsupported attachment types"; API v2,
Attachment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING

from sestui.domain.i18n import _
from sestui.domain.text import quoted

if TYPE_CHECKING:
    import mimetypes

MAX_MESSAGE = 40 * 1024 * 1024
"""Bytes of a message after base64 (Service quotas)."""
SLOW_MESSAGE = 10 * 1024 * 1024
"""Bytes above which SES throttles the bandwidth (Service quotas)."""
MAX_NAME = 255
_FILE = "application/octet-stream"

_BLOCKED = """
ade adp app asp bas bat cer chm cmd com cpl crt csh der exe fxp gadget hlp hta inf ins isp its js
jse ksh lib lnk mad maf mag mam maq mar mas mat mau mav maw mda mdb mde mdt mdw mdz msc msh msh1
msh2 mshxml msh1xml msh2xml msi msp mst ops pcd pif plg prf prg reg scf scr sct shb shs sys ps1
ps1xml ps2 ps2xml psc1 psc2 tmp url vb vbe vbs vps vsmacros vss vst vsw vxd ws wsc wsf wsh xnk
"""
BLOCKED_EXTENSIONS = frozenset(_BLOCKED.split())


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file to be sent along; always as base64, since SES takes it for 7-bit text otherwise."""

    name: str
    content: bytes = field(repr=False)

    @property
    def content_type(self) -> str:
        """By the name's extension; a mail that is sent along stays a file like any other."""
        guessed, packed = _types().guess_type(self.name, strict=False)
        if packed or not guessed or guessed.startswith(("message/", "multipart/")):
            return _FILE  # a .tar.gz is no .tar
        return guessed


@cache
def _types() -> mimetypes.MimeTypes:
    import mimetypes

    return mimetypes.MimeTypes()  # its own table only: no files of this machine


def encoded_size(size: int) -> int:
    """Bytes that `size` bytes take as base64 in lines of 76 characters (RFC 2045)."""
    letters = (size + 2) // 3 * 4
    return letters + (letters + 75) // 76 * 2


def attachment_problem(name: str, size: int) -> str:
    """Why SES would refuse a file of that name and size in bytes; empty when it would not."""
    stem, dot, extension = name.rpartition(".")
    if not (stem and dot and extension):
        return _("{name}: SES wants a file name with an extension.").format(name=quoted(name))
    if extension.lower() in BLOCKED_EXTENSIONS:
        return _("{name}: SES sends no .{extension} files. Put it into a .zip.").format(
            name=quoted(name), extension=quoted(extension.lower())
        )
    if len(name) > MAX_NAME:
        return _("{name}: the file name has more than 255 characters.").format(name=quoted(name))
    if not name.isprintable() or "=?" in name:  # mail programs would decode it
        return _("{name}: the file name has a character that no mail may have there.").format(
            name=quoted(name)
        )
    if encoded_size(size) > MAX_MESSAGE:
        return _("{name} is too large: SES takes 40 MB, which is 29 MB of files.").format(
            name=quoted(name)
        )
    return ""


def attachments_problem(files: Sequence[tuple[str, int]]) -> str:
    """Why SES would refuse these (name, size in bytes) together; empty when it would not."""
    for name, size in files:
        if problem := attachment_problem(name, size):
            return problem
    if sum(encoded_size(size) for _name, size in files) > MAX_MESSAGE:
        return _("Together they are too large: SES takes 40 MB, which is 29 MB of files.")
    return ""
