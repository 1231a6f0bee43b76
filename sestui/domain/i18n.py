"""Every sentence a person reads goes through here; the catalogue is chosen by the front door."""

from __future__ import annotations

from gettext import NullTranslations

_catalogue: NullTranslations = NullTranslations()


def use(catalogue: NullTranslations) -> None:
    """Translate with `catalogue` from now on. Called before any text is looked up."""
    global _catalogue  # noqa: PLW0603 - one language per process
    _catalogue = catalogue


def _(message: str) -> str:
    return _catalogue.gettext(message)


def ngettext(singular: str, plural: str, number: int) -> str:
    """`singular` or `plural` in the language in use; `{n}` in it is left for the caller."""
    return _catalogue.ngettext(singular, plural, number)
