"""What SES says over SMTP.

Sources: SES developer guide, "SMTP response codes returned by Amazon SES". Where that has no words
the text is ours and a comment says so.
"""

from __future__ import annotations

from sestui.practice.ses.errors import ServiceError

ACCEPTED = "250 Ok {message_id}"
AUTHENTICATED = "235 Authentication successful."
AUTHENTICATION_REQUIRED = "530 Authentication required"
BAD_RECIPIENT = "501 Invalid RCPT TO address provided"
BAD_SENDER = "501 Invalid MAIL FROM address provided"
INVALID_CREDENTIALS = "535 Authentication Credentials Invalid"
NOT_SUBSCRIBED = "535 Account not subscribed to SES"
TEMPORARY_AUTHENTICATION_FAILURE = "454 Temporary authentication failure"
TEMPORARY_FAILURE = "451 Temporary service failure"
TOO_LONG = "552 Message is too long."

# What aiosmtpd says of its own accord -> what SES says.
WORDS = {
    "250 OK": "250 Ok",
    "530 5.7.0 Authentication required": AUTHENTICATION_REQUIRED,
    "535 5.7.8 Authentication credentials invalid": INVALID_CREDENTIALS,
    "552 Error: Too much mail data": TOO_LONG,
    "552 Error: message size exceeds fixed maximum message size": TOO_LONG,
}

_BY_CODE = {
    "AccessDeniedException": "554 Access denied: {}",
    "MessageRejected": "554 Message rejected: {}",
    "MailFromDomainNotVerifiedException": "554 Message rejected: {}",
    "SendingPausedException": "554 Message rejected: {}",
    "AccountSuspendedException": "554 Message rejected: {}",
    "ThrottlingException": "454 Throttling failure: {}",
    "TooManyRequestsException": "454 Throttling failure: {}",
    # What the real service says when keys end in the middle of a connection is not known.
    "ExpiredTokenException": INVALID_CREDENTIALS,
    "UnrecognizedClientException": INVALID_CREDENTIALS,
    "OptInRequired": NOT_SUBSCRIBED,
    "ServiceUnavailable": "454 Temporary service failure",
    "InternalServiceErrorException": TEMPORARY_FAILURE,
}


def reply_of(error: ServiceError) -> str:
    """The answer to DATA that an error of the API is."""
    form = _BY_CODE.get(error.code, "554 Transaction failed: {}")
    return one_line(form.format(error.message or error.code))


def one_line(reply: str) -> str:
    """ASCII without line breaks: a reply quotes addresses that the client has made up."""
    text = " ".join(reply.split())
    return text.encode("ascii", "backslashreplace").decode()
