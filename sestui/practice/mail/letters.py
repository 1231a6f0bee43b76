"""Messages that no person wrote: Amazon's verification mail and the simulator's auto-reply."""

from __future__ import annotations

import email.policy
import email.utils
import hashlib
from datetime import datetime
from email.message import EmailMessage

from sestui.practice.events.build import headers_of
from sestui.practice.ports import Accepted

VERIFIER = "no-reply-aws@amazon.com"
OOTO = "ooto@simulator.amazonses.com"


def verification(address: str, place: str, link: str, at: datetime) -> bytes:
    """Amazon's request to confirm `address`; `place` is the Region's name, "Europe (Ireland)"."""
    message = EmailMessage()
    message["Date"] = email.utils.format_datetime(at)
    message["From"] = f"Amazon Web Services <{VERIFIER}>"
    message["To"] = address
    message["Message-ID"] = f"<{hashlib.sha256(link.encode()).hexdigest()[:32]}@amazonses.com>"
    message["Subject"] = (
        f"Amazon Web Services - Email Address Verification Request in region {place}"
    )
    message.set_content(
        "Dear Amazon Web Services Customer,\n\n"
        "We have received a request to authorize this email address for use with Amazon SES in"
        f" region {place}. If you requested this verification, please go to the following URL to"
        " confirm that you are authorized to use this email address:\n\n"
        f"{link}\n\n"
        "Your request will not be processed unless you confirm the address using this URL. This"
        " link expires 24 hours after your original verification request.\n\n"
        "If you did NOT request to verify this email address, do not click on the link. Please"
        " note that many times, the situation isn't a phishing attempt, but either a"
        " misunderstanding of how to use our service, or someone setting up email-sending"
        " capabilities on your behalf as part of a legitimate service, but without having fully"
        " communicated the procedure first.\n\n"
        "Sincerely,\n\nThe Amazon Web Services Team.\n",
        # Quoted-printable would break the link for whoever reads the file as it is.
        cte="7bit",
    )
    return message.as_bytes(policy=email.policy.SMTP.clone(max_line_length=998))


def out_of_office(mail: Accepted, at: datetime) -> bytes:
    """The automatic reply of the simulator to the envelope sender (RFC 3834)."""
    headers = {name.lower(): value for name, value in headers_of(mail.mime)}
    message = EmailMessage()
    message["Date"] = email.utils.format_datetime(at)
    message["From"] = OOTO
    message["To"] = mail.envelope_from
    message["Message-ID"] = f"<ooto-{mail.message_id}@simulator.amazonses.com>"
    message["Subject"] = "Out of the office"
    message["Auto-Submitted"] = "auto-replied"
    if original := headers.get("message-id", "").strip():
        message["In-Reply-To"] = original
        message["References"] = original
    message.set_content(
        "This is an automatic reply of the Amazon SES mailbox simulator: the recipient is out of"
        " the office.\n"
    )
    return message.as_bytes(policy=email.policy.SMTP)
