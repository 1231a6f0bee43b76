"""Bounces, complaints and delays in people's words.

Types: Developer Guide, "Contents of event data that Amazon SES publishes", bounce types, complaint
object, delivery delay object.
"""

from __future__ import annotations

from sestui.domain.events.model import Bounce, Complaint
from sestui.domain.i18n import _

Words = tuple[str, str]
"""A sentence and the advice."""

OWN_DECISIONS = frozenset(
    {
        "Suppressed",
        "OnAccountSuppressionList",
        "OnTenantSuppressionList",
        "UnsubscribedRecipient",
        "EmailValidationSuppressed",
        "CustomTimeoutExceeded",
    }
)
"""Subtypes for which SES itself is the reason, so that no server's words belong to them."""


def bounce_words(bounce: Bounce) -> Words:
    table = {
        "Permanent": _permanent,
        "Transient": _transient,
    }.get(bounce.type, _undetermined)
    return table(bounce)


def _permanent(bounce: Bounce) -> Words:
    match bounce.subtype:
        case "NoEmail":
            return (
                _("The server of the recipient says that there is no such address."),
                _("Check the address for a typing error, and take it off your list."),
            )
        case "Suppressed":
            return (
                _("SES did not try: the address is on its global suppression list."),
                _(
                    "It bounced for some other customer of SES lately. If you know that it works, "
                    "put it on no list and try again in some days."
                ),
            )
        case "OnAccountSuppressionList":
            return (
                _("SES did not try: the address is on your account's suppression list."),
                _(
                    "It bounced or complained before. Remove it from the list only if you know "
                    "that it works again and wants your mail."
                ),
            )
        case "OnTenantSuppressionList":
            return (
                _("SES did not try: the address is on the tenant's suppression list."),
                _("Remove it from that list only if it works again and wants your mail."),
            )
        case "UnsubscribedRecipient":
            return (
                _("SES did not try: the recipient has unsubscribed from this contact list."),
                _("Respect it, and send no more to this address."),
            )
        case "EmailValidationSuppressed":
            return (
                _("SES did not try: its check of the address says that it is likely to bounce."),
                _("Check the address, or change Auto Validation in the suppression settings."),
            )
    return _by_status(bounce)


def _by_status(bounce: Bounce) -> Words:
    """Permanent/General: the status code of the server tells more (RFC 3463)."""
    status = next((reply.status for reply in bounce.replies if reply.status), "")
    if status in ("5.1.1", "5.1.0", "5.1.10", "5.5.0"):
        return (
            _("The server of the recipient does not know this address."),
            _(
                "Check the address for a typing error, and take it off your list: SES puts it on "
                "your suppression list."
            ),
        )
    if status in ("5.1.2", "5.4.4", "5.4.310"):
        return (
            _("The domain of the recipient takes no mail, or does not exist."),
            _("Check what stands after the @."),
        )
    if status.startswith("5.7."):
        return (
            _("The server of the recipient refuses the mail by its policy."),
            _(
                "Look at SPF, DKIM and DMARC of the sender (step 3), and at the server's words for "
                "a link or a reason."
            ),
        )
    return (
        _("The server of the recipient refused the mail for good."),
        _("Do not send to this address again before you know why."),
    )


def _transient(bounce: Bounce) -> Words:
    match bounce.subtype:
        case "MailboxFull":
            return (
                _("The mailbox of the recipient is full."),
                _("Try again later; if it stays full, take the address off your list."),
            )
        case "MessageTooLarge":
            return (
                _("The mail is larger than the server of the recipient takes."),
                _("Send it smaller: link to files instead of attaching them."),
            )
        case "ContentRejected":
            return (
                _("The server of the recipient refuses what is in the mail."),
                _("Look for words or links that look like spam, and check SPF, DKIM and DMARC."),
            )
        case "AttachmentRejected":
            return (
                _("The server of the recipient refuses an attachment of the mail."),
                _("Send another kind of file, or link to it."),
            )
        case "CustomTimeoutExceeded":
            return (
                _("SES stopped trying: the maximum delivery time of the configuration set is up."),
                _("Set a longer time in the set's delivery options, if the mail may be late."),
            )
    return (
        _("The mail could not be delivered in time, or an automatic reply came back."),
        _("You may send to this address again later. It is not put on the suppression list."),
    )


def _undetermined(_bounce: Bounce) -> Words:
    return (
        _("The mail bounced, and SES could not find out why."),
        _("The words of the server, if it said any, are the only trace."),
    )


def complaint_words(complaint: Complaint) -> Words:
    if complaint.subtype == "OnAccountSuppressionList":
        return (
            _("SES did not send it: the address is on your suppression list for a complaint."),
            _("The recipient does not want your mail. Leave the address there."),
        )
    leave = _(
        "Send no more to this address: SES puts it on your suppression list. Above 0.1 % "
        "complaints an account is put under review."
    )
    match complaint.feedback_type:
        case "auth-failure":
            return (
                _("The provider reports that the mail failed its authentication."),
                _("Check SPF, DKIM and DMARC of the sender (step 3)."),
            )
        case "fraud":
            return (_("The mail was reported as fraud or phishing."), leave)
        case "virus":
            return (
                _("The provider reports a virus in the mail."),
                _("Find out where the content came from before you send anything more."),
            )
        case "not-spam":
            return (
                _("The recipient says that the mail is no spam, although it was sorted so."),
                _("Nothing needs to be done."),
            )
    return (_("The recipient reported the mail as spam."), leave)


def delay_words(kind: str) -> Words:
    again = _("SES tries again by itself; nothing needs to be done yet.")
    match kind:
        case "InternalFailure":
            return _("Something inside SES holds the mail up."), again
        case "MailboxFull":
            return _("The mailbox of the recipient is full."), again
        case "SpamDetected":
            return (
                _("The server of the recipient sees much unwanted mail from this sender."),
                _("SES tries again. Send more slowly, and look at your complaints."),
            )
        case "RecipientServerError":
            return _("The server of the recipient has trouble of its own."), again
        case "IPFailure":
            return (
                _("The address that SES sends from is blocked or slowed down by the recipient."),
                again,
            )
        case "TransientCommunicationFailure":
            return _("The connection to the server of the recipient broke off."), again
        case "BYOIPHostNameLookupUnavailable":
            return (
                _("The name of your own sending address (BYOIP) could not be looked up."),
                _("Check the reverse DNS of the address that you have brought."),
            )
        case "SendingDeferral":
            return _("SES itself waits before it tries this recipient."), again
    return _("The mail could not be handed over yet."), again
