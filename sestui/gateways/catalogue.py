"""The translations: sestui/locale/<language>/LC_MESSAGES/sestui.mo. English needs none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from gettext import GNUTranslations, NullTranslations
from pathlib import Path

SOURCE = "en"
LOCALE = Path(__file__).parent.parent / "locale"

# The order of gettext(3).
_VARIABLES = ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG")
_PLAIN = {"C", "POSIX", SOURCE}


def available(folder: Path = LOCALE) -> tuple[str, ...]:
    """The languages there are, English first."""
    others = sorted(p.parent.parent.name for p in folder.glob("*/LC_MESSAGES/sestui.mo"))
    return (SOURCE, *others)


def choose(arguments: Sequence[str], environment: Mapping[str, str], folder: Path = LOCALE) -> str:
    """The language that `--lang` or the environment asks for; empty for English.

    A language that there is no catalogue for is English too; the command line says so where it was
    asked for by `--lang`.
    """
    for wish in _wishes(arguments, environment):
        name = wish.partition(".")[0].partition("@")[0]
        for candidate in (name, name.partition("_")[0].partition("-")[0]):
            if candidate in _PLAIN:
                return ""
            # A name with a separator in it could lead out of the folder.
            if (
                candidate.replace("_", "").replace("-", "").isalnum()
                and _file(candidate, folder).is_file()
            ):
                return candidate
    return ""


def load(language: str, folder: Path = LOCALE) -> NullTranslations:
    """The catalogue of `language`; for English, which is empty here, one that changes nothing.

    Raises:
        OSError: it cannot be read.
    """
    if not language:
        return NullTranslations()
    with _file(language, folder).open("rb") as file:
        return GNUTranslations(file)


def _file(language: str, folder: Path) -> Path:
    return folder / language / "LC_MESSAGES" / "sestui.mo"


def _wishes(arguments: Sequence[str], environment: Mapping[str, str]) -> list[str]:
    """What is wished for, best first."""
    for i, argument in enumerate(arguments):
        if argument == "--":
            break
        if argument.startswith("--lang="):
            return [argument.partition("=")[2]]
        if argument == "--lang" and i + 1 < len(arguments):
            return [arguments[i + 1]]
    for variable in _VARIABLES:
        if value := environment.get(variable):
            return value.split(":")
    return []
