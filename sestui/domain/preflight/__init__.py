"""What would become of a test mail, said before it is sent.

`Facts` is what is known, which may be little; `forecast` says what SES and the receivers would make
of a message by it, each finding with what can be done.
"""

from sestui.domain.preflight.facts import Facts, Gap, known
from sestui.domain.preflight.forecast import forecast
from sestui.domain.preflight.note import Action, ActionKind, Note, action_plan

__all__ = ["Action", "ActionKind", "Facts", "Gap", "Note", "action_plan", "forecast", "known"]
