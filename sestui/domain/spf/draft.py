"""A record under repair: its text as far as it was put right, each character with its place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sestui.domain.severity import Severity
from sestui.domain.spf.findings import Code, Edit, Effect
from sestui.domain.spf.terms import Span


@dataclass(frozen=True, slots=True)
class Hint:
    """A finding before its repair is made: places are those of the original record."""

    code: Code
    severity: Severity
    effect: Effect
    text: str
    span: Span
    edits: tuple[Edit, ...] = ()
    grey: bool = False


@dataclass(frozen=True, slots=True)
class Change:
    """Replace `text[start:end]` of a piece by `text`; places are those in the piece."""

    start: int
    end: int
    text: str = ""


@dataclass(frozen=True, slots=True)
class Piece:
    """What lies between two spaces of the body."""

    text: str
    start: int
    previous: int | None = None
    """Where the piece before begins, if there is one."""
    gap: int = 0
    """How many spaces are before it."""
    following: str = ""
    following_gap: int = 0

    @property
    def end(self) -> int:
        return self.start + len(self.text)

    @property
    def following_end(self) -> int:
        return self.end + self.following_gap + len(self.following)


class Body:
    """The terms of a record as one text that changes while it is read.

    The places remember where each character comes from, so that a finding that shows only after
    another was put right still points into the record that was published.
    """

    def __init__(self, text: str, places: Sequence[int]) -> None:
        self._text = text
        self._places = list(places)
        """One more than there are characters."""

    def piece_at(self, start: int) -> Piece | None:
        """The first piece that begins at `start` or later."""
        first = _past_spaces(self._text, start)
        if first == len(self._text):
            return None
        end = _end_of_piece(self._text, first)
        next_start = _past_spaces(self._text, end)
        last = first
        while last and self._text[last - 1] == " ":
            last -= 1
        return Piece(
            self._text[first:end],
            first,
            self._text.rfind(" ", 0, last) + 1 if last else None,
            first - last,
            self._text[next_start : _end_of_piece(self._text, next_start)],
            next_start - end,
        )

    def span(self, start: int, end: int) -> Span:
        """Where `text[start:end]` comes from."""
        offset = self._places[start]
        last = self._places[end - 1] + 1 if end > start else offset
        return Span(offset, max(last - offset, 0))

    def edits(self, piece: Piece, changes: Sequence[Change]) -> tuple[Edit, ...]:
        """`changes` to the piece as edits of the original record."""
        return tuple(
            Edit(self.span(piece.start + change.start, piece.start + change.end), change.text)
            for change in changes
        )

    def change(self, piece: Piece, changes: Sequence[Change]) -> None:
        for change in sorted(changes, key=lambda change: change.start, reverse=True):
            start, end = piece.start + change.start, piece.start + change.end
            self._text = self._text[:start] + change.text + self._text[end:]
            first, last = self._places[start], self._places[end - 1 if end > start else start]
            places = [min(first + n, last) for n in range(len(change.text))]
            # The last of the new characters stands for the last of the old ones.
            self._places[start:end] = [*places[:-1], last] if places else []


def _past_spaces(text: str, place: int) -> int:
    while place < len(text) and text[place] == " ":
        place += 1
    return place


def _end_of_piece(text: str, place: int) -> int:
    end = text.find(" ", place)
    return len(text) if end < 0 else end
