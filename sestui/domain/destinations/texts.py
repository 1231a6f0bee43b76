"""What each kind of destination is good for, and what it costs."""

from __future__ import annotations

from dataclasses import dataclass

from sestui.domain.configset.model import DestinationKind
from sestui.domain.i18n import _


@dataclass(frozen=True, slots=True)
class AboutKind:
    means: str
    costs: str
    limits: str = ""


def about_kind(kind: DestinationKind) -> AboutKind:
    """For the person who chooses one."""
    return {
        DestinationKind.SNS: AboutKind(
            _("Each event becomes a message to whoever is subscribed: people and programs."),
            _("SNS charges by message and by delivery; to queues and functions it is free."),
            _("More than 10 mails a second to an address, and SNS switches that one off."),
        ),
        DestinationKind.EVENTBRIDGE: AboutKind(
            _("Events go to the default bus; rules there decide what happens with which."),
            _("Events of AWS services are free; the rule's target charges for itself."),
            _("Best effort, and not always in order."),
        ),
        DestinationKind.FIREHOSE: AboutKind(
            _("Everything is kept in S3, Redshift or OpenSearch, for reports and later questions."),
            _("Firehose charges by volume, and the store behind it for itself."),
            _("Arrives in batches, minutes later."),
        ),
        DestinationKind.CLOUDWATCH: AboutKind(
            _("Numbers only, for graphs and alarms; nobody learns which address it was."),
            _("Each combination of event and values is a custom metric, charged monthly."),
        ),
        DestinationKind.PINPOINT: AboutKind(
            _("Amazon Pinpoint ended on 2026-10-30. Nobody gets these events any more."),
            "",
            _("Remove the destination; EventBridge does what it did."),
        ),
    }[kind]
