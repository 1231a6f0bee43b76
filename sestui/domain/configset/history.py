"""The edits of a draft, so that each can be undone and done again."""

from __future__ import annotations

from dataclasses import dataclass, replace

from sestui.domain.configset.edit import SetDraft

MOST = 200


@dataclass(frozen=True, slots=True)
class Edit:
    """What the draft was before, and what was done to it."""

    draft: SetDraft
    words: str
    field: str


@dataclass(frozen=True, slots=True)
class History:
    now: SetDraft
    past: tuple[Edit, ...] = ()
    future: tuple[Edit, ...] = ()

    def edited(
        self, draft: SetDraft, words: str, field: str = "", *, typing: bool = False
    ) -> History:
        """With `draft` in place of what is now.

        Args:
            words: what was done, for the person who undoes it.
            typing: one letter of many: it joins the edit of the same field that came just before.
        """
        if draft == self.now:
            return self
        last = self.past[-1] if self.past else None
        if typing and not self.future and last is not None and last.field == field:
            return replace(self, now=draft)
        edit = Edit(self.now, words, field if typing else "")
        return History(draft, (*self.past, edit)[-MOST:])

    def undone(self) -> tuple[History, str]:
        """One edit back, and which it was; as it is and no words when there is none."""
        if not self.past:
            return self, ""
        *rest, last = self.past
        again = Edit(self.now, last.words, "")
        return History(last.draft, tuple(rest), (*self.future, again)), last.words

    def redone(self) -> tuple[History, str]:
        """What was undone last, done again."""
        if not self.future:
            return self, ""
        *rest, last = self.future
        back = Edit(self.now, last.words, "")
        return History(last.draft, (*self.past, back), tuple(rest)), last.words
