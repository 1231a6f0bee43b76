"""The editor of a configuration set: every option, every event, and nothing sent unreviewed."""

from __future__ import annotations

from dataclasses import replace

from textual import work
from textual.binding import Binding

from sestui.domain.configset.changes import Change
from sestui.domain.configset.edit import draft_of, set_of
from sestui.domain.configset.judge import judge
from sestui.domain.i18n import _
from sestui.domain.text import printable
from sestui.gateways.ports import GatewayError
from sestui.tui.modals.set_conflict import SetConflictModal
from sestui.tui.modals.set_destinations import calls_before, planned_topics, renamed
from sestui.tui.modals.set_review import SetReview
from sestui.tui.modals.set_sending import SetSending
from sestui.tui.widgets.set_fields import label_of
from sestui.tui.widgets.set_remarks import first_draft
from sestui.workflows.configset import Applied, SetConflict, SetExists, SetGone
from sestui.workflows.set_review import Contradiction, Proposal, propose


class SetEditor(SetSending):
    """The set as it was read back after the change; None when nothing was changed.

    Args:
        base: the set as it was read; None for a new one.
        draft: what is shown at first.
        around: what is known of the account, for judging.
    """

    CSS_PATH = "set_editor.tcss"
    BINDINGS = [
        Binding("ctrl+s", "review", _("Review"), priority=True, tooltip=_("Show the changes")),
        Binding("escape", "close", _("Close")),
    ]

    _asked_to_close = False

    # Reviewing

    def action_review(self) -> None:
        self.take_typed()
        self.tell()
        if self._seen.problems:
            self.go_to_problem(next(iter(self._seen.problems)))
        else:
            self.review()

    def go_to_problem(self, field: str) -> None:
        head, _dot, rest = field.partition(".")
        events = head == "destinations"
        self.go_to_pane(events=events)
        if not events:
            self.form.focus_field(field)
            return
        number = rest.partition(".")[0]
        if number.isdigit():
            self.matrix.go_to(self.draft.destinations[int(number)].name)
        self.matrix.focus()

    @work(exclusive=True, group="review")
    async def review(self) -> None:
        """Show what would be done, do it, and end with what is there then."""
        self.show_problem(None)
        focused = self.focused
        self._set_busy(True)  # what is typed meanwhile would not be in what is agreed to
        try:
            while (proposal := await self._agreed()) is not None:
                try:
                    applied = await self._apply(proposal)
                except SetConflict:
                    continue  # since the review; it will be shown in the next one
                await self._applied(applied)
                return
        except SetGone as gone:
            self.base = None
            self.around = replace(self.around, taken=self.around.taken - {gone.name})
            self.tell()
            self.say(f"{gone} {_('Ctrl+S creates it again, Esc leaves it.')}", "$text-error")
        except SetExists as exists:
            await self._exists(exists)
        except GatewayError as error:
            self.show_problem(error.problem)
        finally:
            self._set_busy(False, focused)

    async def _agreed(self) -> Proposal | None:
        """What the person has agreed to; None when there is nothing to do for now."""
        mine_wins: frozenset[str] = frozenset()
        theirs_wins: frozenset[str] = frozenset()
        while True:
            self.say(_("Looking at what is there …"), "$accent")
            self.forms, draft = renamed(self.forms, self.draft, self.connection)
            self.history = self.history.edited(draft, label_of("name"), "name", typing=True)
            before = await calls_before(self.cloud, self.forms, draft, self.connection)
            found = await propose(
                self.cloud,
                self.base,
                set_of(draft),
                before,
                planned_topics=planned_topics(self.forms, draft, self.connection),
                mine_wins=mine_wins,
                theirs_wins=theirs_wins,
            )
            if isinstance(found, Proposal):
                break
            answer = await self._decide(found)
            if answer is None:
                return None
            mine_wins, theirs_wins = mine_wins | answer[0], theirs_wins | answer[1]
        if not await self._rebase(found):
            return None
        self.tell()
        if not found.plan:
            self.say(_("There is nothing to change: SES has it all like this."), "$text-success")
            return None
        review = SetReview(found.wanted.name, found, self.connection)
        return found if await self.app.push_screen_wait(review) else None

    async def _decide(self, found: Contradiction) -> tuple[frozenset[str], frozenset[str]] | None:
        answer = await self.app.push_screen_wait(SetConflictModal(found.conflicts))
        if answer is None:
            self.tell()
            self.say(_("Someone else has changed the same. Nothing was sent, nothing is lost."))
        return answer

    async def _rebase(self, found: Proposal) -> bool:
        """Go on from what is at SES now, with what was decided; False when that cannot be sent."""
        if found.base is None or found.base == self.base:
            return True
        self.base = found.base
        self._initial = first_draft(found.base, self.draft)
        draft = draft_of(found.wanted)
        self.history = self.history.edited(draft, _("what someone else has changed"))
        await self.form.put(draft)
        self.tell()
        if problems := judge(draft, self.around, found.base):
            self._set_busy(False)
            self.go_to_problem(next(iter(problems)))
            return False
        return True

    # When it is done

    async def _applied(self, applied: Applied) -> None:
        self.forms = {}
        if applied.taken_over:
            text = _("Kept what someone else has changed: {what}")
            said = text.format(what=_labels(applied.taken_over))
            self.app.notify(printable(said), markup=False, timeout=10)
        if not applied.missed:
            self.dismiss(applied.result)
            return
        self.base = self._saved = applied.result
        self._initial = first_draft(self.base, self.draft)
        self.tell()
        text = _("SES has taken it, and did not do all of it: {what}. Your draft is still here.")
        self.say(text.format(what=_labels(applied.missed)), "$text-error")

    async def _exists(self, error: SetExists) -> None:
        if self._begun:
            # It is what an earlier try has made, whose answer never came.
            self.base = self._saved = error.there
            self.tell()
            self.say(_("The set is there now. Ctrl+S shows what is left to do."))
            return
        self.around = replace(self.around, taken=self.around.taken | {error.there.name})
        self.tell()
        self._set_busy(False)
        self.go_to_problem("name")
        self.say(str(error), "$text-error")

    # Leaving

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action in ("review", "close"):
            return not self.busy
        return super().check_action(action, parameters)

    def action_close(self) -> None:
        self.take_typed()
        if self.edited and not self._asked_to_close:
            self._asked_to_close = True
            self.say(_("This is not sent. Esc again throws it away; Ctrl+S reviews it."))
            return
        self.dismiss(self._saved)

    def tell(self) -> None:
        self._asked_to_close = False
        super().tell()


def _labels(changes: tuple[Change, ...]) -> str:
    return ", ".join(dict.fromkeys(each.label for each in changes))
