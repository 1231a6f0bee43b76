"""What to look for in the inbox."""

from __future__ import annotations

from textual.content import Content
from textual.widgets import Static

from sestui.domain.i18n import _
from sestui.domain.regions import REGIONS


class InboxGuide(Static):
    """The verification mail: its sender, its subject, how long its link works."""

    def __init__(self, address: str, region: str) -> None:
        place = REGIONS.get(region, region)
        rows = [
            (_("To"), address),
            (_("From"), "no-reply-aws@amazon.com"),
            (
                _("Subject"),
                f"Amazon Web Services - Email Address Verification Request in region {place}",
            ),
            (_("When"), _("usually within 5 minutes; look in the spam folder as well")),
            (_("Then"), _("open the link in it. It works for 24 hours, and once.")),
        ]
        lines = [
            Content.assemble((f"{label:<9}", "$quiet"), (value, "bold" if n < 3 else ""))
            for n, (label, value) in enumerate(rows)
        ]
        super().__init__(Content("\n").join(lines), classes="card", markup=False)
        self.border_title = _("In your inbox")
