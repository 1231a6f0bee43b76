"""From what name servers answered to what a person should think of it. The one place for it.

- `diagnose(record, *answers, scene=…)`: the verdict on one record, with evidence, cause and fix.
- `wanted(check, scene)`: what to ask next to say more; the answers go into the scene's book.
- `findings`: what is not about one record (`sestui.domain.diagnosis.findings` and its neighbours).

A new diagnosis is a member of `Verdict`, a judge that gives it (`targets`, `exchanges`, `texts`,
`servers`, `misplaced`), its advice, and a fixture zone in the tests.
"""

from sestui.domain.diagnosis.diagnose import diagnose, judge, wanted
from sestui.domain.diagnosis.fix import Fix
from sestui.domain.diagnosis.scene import Judged, Question, Scene, key
from sestui.domain.diagnosis.verdicts import RecordCheck, Verdict, keep_since
from sestui.domain.severity import Severity

__all__ = [
    "Fix",
    "Judged",
    "Question",
    "RecordCheck",
    "Scene",
    "Severity",
    "Verdict",
    "diagnose",
    "judge",
    "keep_since",
    "key",
    "wanted",
]
