"""What an error of AWS means and what to do about it.

Source: API v2 error codes; Developer Guide "Troubleshooting"; facts seen in the field. The sending
errors are in `advice_mail`, AccessDenied is in `advice_access`, the SDK's own in `advice_sdk`.
"""

from __future__ import annotations

from sestui.domain.advice_access import denied
from sestui.domain.advice_mail import SENDING, refused_mail
from sestui.domain.errors import Problem, Trouble
from sestui.domain.i18n import _
from sestui.domain.text import printable

Said = tuple[Trouble, str, str]
"""The kind of trouble, what happened, what to do."""


def advise(
    operation: str,
    code: str,
    message: str | None,
    *,
    http_status: int = 0,
    request_id: str = "",
    service: str = "sesv2",
    region: str = "",
    arn: str = "",
    profile: str = "",
    sender: str = "",
    recipients: tuple[str, ...] = (),
    sandbox: bool | None = None,
    verified: frozenset[str] = frozenset(),
) -> Problem:
    """What to tell a person about an error answer.

    Args:
        operation: as in the API, such as CreateEmailIdentity.
        code: `Error.Code`.
        message: `Error.Message`; AWS sends None and "" for some errors.
        service: boto3's name of the service that answered.
        arn: who called, for those that ask an administrator.
        sender: From of a mail that was refused; `recipients` likewise.
        sandbox: of the account, as SES last said; None: not known.
        verified: names of the verified identities, where they are known.
    """
    text = printable(message or "").strip()
    policy = ""
    found: Said
    if code in _DENIED:
        found, policy = denied(operation, service, text, arn=arn, sender=sender)
    else:
        found = (
            _credentials(code, text, profile, region)
            or _pace(operation, code, text)
            or refused_mail(
                code,
                text,
                operation=operation,
                region=region,
                sender=sender,
                recipients=recipients,
                sandbox=sandbox,
                verified=verified,
            )
            or _things(operation, code, text, region)
            or _rest(operation, code, text, http_status)
        )
    trouble, what, advice = found
    return Problem(
        what=what,
        advice=advice,
        trouble=trouble,
        code=printable(code),
        operation=operation,
        request_id=printable(request_id),
        policy=policy,
        said=text,
    )


# IAM and SNS use names of their own.
_DENIED = {"AccessDeniedException", "AccessDenied", "AuthorizationError", "UnauthorizedOperation"}


def _credentials(code: str, text: str, profile: str, region: str) -> Said | None:
    match code:
        case "ExpiredToken" | "ExpiredTokenException" | "TokenRefreshRequired":
            named = f" --profile {profile}" if profile else ""
            return (
                Trouble.CREDENTIALS,
                _("The temporary credentials have expired."),
                _("Sign in again, for example with {command}, and connect again.").format(
                    command=f"aws sso login{named}"
                ),
            )
        case "RequestExpired" | "RequestTimeTooSkewed":
            return (
                Trouble.CREDENTIALS,
                _("AWS found the request too old or from the future."),
                _("Set this machine's clock right, then try again."),
            )
        case "SignatureDoesNotMatch" | "InvalidSignatureException" if "scoped to a valid" in text:
            return (
                Trouble.REFUSED,
                _("There is no such Region for SES. {text}").format(text=text),
                _("Choose a Region from the list, such as eu-west-1."),
            )
        case "SignatureDoesNotMatch" | "InvalidSignatureException":
            return (
                Trouble.CREDENTIALS,
                _("AWS does not accept the signature: the secret key does not fit the key id."),
                _(
                    "Check the secret key for a missing or an added character, and this machine's "
                    "clock: a wrong time has the same effect."
                ),
            )
        case (
            "InvalidClientTokenId" | "UnrecognizedClientException" | "InvalidAccessKeyId"
            | "IncompleteSignature" | "IncompleteSignatureException"
        ):  # fmt: skip
            return (
                Trouble.CREDENTIALS,
                _("AWS does not know these credentials in {region}.").format(
                    region=region or _("this Region")
                ),
                _(
                    "The access key may be deleted, switched off or mistyped, or a session token "
                    "is missing; or the account has not enabled this Region."
                ),
            )
        case "MissingAuthenticationToken" | "MissingAuthenticationTokenException":
            return (
                Trouble.CREDENTIALS,
                _("The request carried no credentials."),
                _("Connect again and choose where the credentials come from."),
            )
        case "OptInRequired" | "SubscriptionRequiredException":
            return (
                Trouble.CREDENTIALS,
                _("This account has not signed up for SES, or has not enabled {region}.").format(
                    region=region or _("this Region")
                ),
                _(
                    "Finish the account's sign-up in the AWS console (payment method, phone), or "
                    "enable the Region under Account, Regions; or choose another Region."
                ),
            )
    return None


def _pace(operation: str, code: str, text: str) -> Said | None:
    sending = operation in SENDING
    match code:
        case "ThrottlingException" | "Throttling" | "ThrottledException" | "RequestThrottled":
            if "quota" in text.lower():
                return (
                    Trouble.REFUSED,
                    _("The sending quota of the last 24 hours is used up; nothing was sent."),
                    _(
                        "Quota comes back as the mails of yesterday turn 24 hours old. In the "
                        "sandbox it is 200 recipients; production access raises it."
                    ),
                )
            return (
                Trouble.THROTTLED,
                _("That was faster than SES allows right now; nothing was sent.")
                if sending
                else _("That was faster than SES allows right now."),
                _("Wait a few seconds; the sandbox allows one mail a second."),
            )
        case "TooManyRequestsException" | "RequestLimitExceeded" | "TooManyRequests":
            return (
                Trouble.THROTTLED,
                _("Too many requests at once; SES allows one a second in this account."),
                _("Nothing was sent. Another program may be using the same account.")
                if sending
                else _("It goes on by itself. Another program may be using the same account."),
            )
        case "LimitExceededException" | "LimitExceeded" | "TopicLimitExceeded":
            said = _(" AWS says: {text}").format(text=text) if text else ""
            return (
                Trouble.REFUSED,
                _("A quota of this account is full.") + said,
                _("Nothing was sent. Look at the limits under Service Quotas.")
                if sending
                else _("Delete what is no longer used, or ask for more under Service Quotas."),
            )
    return None


def _things(operation: str, code: str, text: str, region: str) -> Said | None:
    match code:
        case "AlreadyExistsException" | "EntityAlreadyExists" | "EntityAlreadyExistsException":
            return (
                Trouble.EXISTS,
                text or _("There is one of this name already."),
                _("Nothing was changed. Go on with the one that exists."),
            )
        case (
            "NotFoundException" | "NotFound" | "NoSuchEntity" | "ResourceNotFoundException"
            | "ConfigurationSetDoesNotExist" | "TemplateDoesNotExist"
        ):  # fmt: skip
            what = text or _("There is no such thing.")
            advice = _(
                "It may be in another Region (this is {region}), or someone has just deleted it."
            ).format(region=region or _("this Region"))
            if operation in SENDING:
                advice = _(
                    "The configuration set or the template is not in {region}. Choose one that is, "
                    "or create it."
                ).format(region=region or _("this Region"))
            return Trouble.GONE, what, advice
        case "ConflictException" if operation == "PutAccountDetails":
            return (
                Trouble.EXISTS,
                _("A request for production access is already with AWS."),
                _(
                    "Answer the Support case that belongs to it; after a denial, too, only the "
                    "case goes on."
                ),
            )
        case "ConflictException" | "ConcurrentModificationException":
            return (
                Trouble.THROTTLED,
                _("Something else was changing the same thing at that moment."),
                _("Look at how it stands now, then try again."),
            )
    return None


def _rest(operation: str, code: str, text: str, http_status: int) -> Said:
    if code in {"BadRequestException", "ValidationError", "ValidationException",
                "InvalidParameter", "InvalidParameterException", "InvalidParameterValue",
                "SerializationException", "MalformedPolicyDocument", "InvalidNextTokenException",
                "InvalidNextToken"}:  # fmt: skip
        return (
            Trouble.REFUSED,
            _("AWS refused the values: {text}").format(text=text)
            if text
            else _("AWS refused the values of {operation} without saying which.").format(
                operation=operation
            ),
            _refused_values(text),
        )
    if http_status == 501:
        return (
            Trouble.REFUSED,
            text or _("This service does not offer {operation}.").format(operation=operation),
            _("The endpoint in use is not AWS's own."),
        )
    if http_status >= 500:
        return (
            # Nobody knows whether a mail that got a 500 was taken ("Troubleshooting", DG).
            Trouble.MAYBE_DONE if operation in SENDING else Trouble.NETWORK,
            _("AWS had a fault of its own (HTTP {status}).").format(status=http_status),
            _("Look whether the mail has arrived before you send it again.")
            if operation in SENDING
            else _("It usually passes; try again in a moment."),
        )
    return (
        Trouble.OTHER,
        _("AWS answered {code}: {text}").format(code=printable(code), text=text)
        if text
        else _("AWS answered {code}.").format(code=printable(code) or f"HTTP {http_status}"),
        _("The request id below is what AWS Support asks for."),
    )


def _refused_values(text: str) -> str:
    if "not present in the rendering data" in text:
        return _("Add it to the template's data. SES would accept such a mail, and then drop it.")
    if "is not subdomain of" in text:
        return _("The MAIL FROM domain must be below the identity's own domain.")
    if "only one destination" in text:
        return _("An event destination goes to exactly one place; make one for each.")
    if "is not verified for DKIM" in text or "must be a valid domain" in text:
        return _("DKIM is set up for a domain identity; create that first.")
    if "does not exist" in text:
        return _("Something it refers to is missing in this Region. Look at it, then try again.")
    if "is not verified under this account" in text:
        return _("Verify that domain in this Region first.")
    return _("Check what was typed; nothing was changed.")
