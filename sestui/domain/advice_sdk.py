"""What went wrong before AWS could answer: errors of the SDK, by the names of its exceptions.

Source: botocore 1.44, `botocore.exceptions`.
"""

from __future__ import annotations

from collections.abc import Sequence

from sestui.domain.errors import Problem, Trouble
from sestui.domain.i18n import _
from sestui.domain.text import printable

Said = tuple[Trouble, str, str]

NEVER_SENT = frozenset(
    {"EndpointConnectionError", "ConnectTimeoutError", "ProxyConnectionError", "SSLError"}
)
"""Nobody has heard the request."""
NO_ANSWER = frozenset(
    {"ReadTimeoutError", "ConnectionClosedError", "ResponseStreamingError", "IncompleteReadError",
     "HTTPClientError"}
)  # fmt: skip
"""The request may have been heard, and done."""


def explain(
    names: Sequence[str],
    text: str,
    *,
    operation: str = "",
    region: str = "",
    profile: str = "",
    endpoint: str = "",
    changes: bool = False,
) -> Problem:
    """What to tell a person about an exception of the SDK.

    Args:
        names: the exception's class and its bases, nearest first.
        text: what the exception says.
        endpoint: the endpoint in use when it is not AWS's own.
        changes: True when the call changes something or sends a mail: a request without an answer
            is then MAYBE_DONE.
    """
    text = printable(text)
    for name in names:
        found = (
            _no_credentials(name, text, profile)
            or _signed_out(name, text, profile)
            or _unreachable(name, text, region, endpoint)
            or _unanswered(name, operation, changes)
            or _setup(name, text)
        )
        if found:
            trouble, what, advice = found
            return Problem(what, advice, trouble, code=names[0], operation=operation)
    return Problem(
        _("Something unexpected happened: {text}").format(text=text or names[0]),
        _("Try again; if it stays, the name below helps to find the cause."),
        Trouble.OTHER,
        code=names[0],
        operation=operation,
    )


def _no_credentials(name: str, text: str, profile: str) -> Said | None:
    match name:
        case "NoCredentialsError" | "NoAuthTokenError":
            return (
                Trouble.CREDENTIALS,
                _("There are no AWS credentials here."),
                _(
                    "Run `aws configure`, `aws sso login` or `aws login`, choose a profile, or "
                    "type an access key."
                ),
            )
        case "PartialCredentialsError":
            return (
                Trouble.CREDENTIALS,
                _("The AWS credentials are incomplete. {text}").format(text=text),
                _("Set the missing part in the environment or in the credentials file."),
            )
        case "ProfileNotFound":
            return (
                Trouble.CREDENTIALS,
                _("There is no profile {profile} in the AWS configuration.").format(
                    profile=profile or _in_brackets(text)
                ),
                _("Choose one that is listed, or correct AWS_PROFILE; `aws configure` makes one."),
            )
        case "CredentialRetrievalError" | "MetadataRetrievalError" | "InvalidConfigError":
            return (
                Trouble.CREDENTIALS,
                _("The credentials could not be fetched. {text}").format(text=text),
                _("Look at the profile's settings: the message is from its own provider."),
            )
        case "RefreshWithMFAUnsupportedError":
            return (
                Trouble.CREDENTIALS,
                _("This profile asks for an MFA code, which the SDK can only ask on a terminal."),
                _(
                    "Get a session with the code first (`aws sts get-session-token`, or `aws "
                    "configure export-credentials`), and start sestui with it."
                ),
            )
    return None


def _in_brackets(text: str) -> str:
    return text.partition("(")[2].partition(")")[0]


def _signed_out(name: str, text: str, profile: str) -> Said | None:
    named = f" --profile {profile}" if profile else ""
    match name:
        case "UnauthorizedSSOTokenError" | "SSOTokenLoadError" | "TokenRetrievalError" | "SSOError":
            return (
                Trouble.CREDENTIALS,
                _("The SSO session has ended."),
                _("Run `{command}` in another terminal, then connect again here.").format(
                    command=f"aws sso login{named}"
                ),
            )
        case "LoginInsufficientPermissions":
            return (
                Trouble.CREDENTIALS,
                _("The login session may not be turned into credentials."),
                _("It needs the permission signin:CreateOAuth2Token."),
            )
        case "LoginRefreshRequired" | "LoginTokenLoadError" | "LoginError":
            return (
                Trouble.CREDENTIALS,
                _("The login session has ended."),
                _("Run `{command}` in another terminal, then connect again here.").format(
                    command=f"aws login{named}"
                ),
            )
        case "MissingDependencyException":
            return (
                Trouble.LOCAL,
                _("The AWS SDK lacks a part: {text}").format(text=text),
                _("Install it with `pip install 'botocore[crt]'`, and start again."),
            )
    return None


def _unreachable(name: str, text: str, region: str, endpoint: str) -> Said | None:
    match name:
        case "EndpointConnectionError" | "ConnectTimeoutError" | "ConnectionError":
            if endpoint:
                return (
                    Trouble.NETWORK,
                    _("Nothing answers at {endpoint}.").format(endpoint=endpoint),
                    _("Is it running? The endpoint comes from an option or AWS_ENDPOINT_URL."),
                )
            return (
                Trouble.NETWORK,
                _("AWS cannot be reached in {region}.").format(region=region or _("this Region")),
                _(
                    "Check the network. If other Regions answer, SES is not offered in this one, "
                    "or its name is mistyped."
                ),
            )
        case "ProxyConnectionError":
            return (
                Trouble.NETWORK,
                _("The proxy cannot be reached. {text}").format(text=text),
                _("Check HTTPS_PROXY and NO_PROXY."),
            )
        case "SSLError":
            return (
                Trouble.NETWORK,
                _("The server's certificate is not trusted. {text}").format(text=text),
                _("A proxy that opens TLS needs its CA in AWS_CA_BUNDLE. Check the clock as well."),
            )
    return None


def _unanswered(name: str, operation: str, changes: bool) -> Said | None:
    if name not in NO_ANSWER:
        return None
    if not changes:
        return (
            Trouble.NETWORK,
            _("AWS took the request and did not answer."),
            _("It usually passes; try again in a moment."),
        )
    what = _("The request went out, but no answer came: it may have been done.")
    if operation == "SendEmail":
        return (
            Trouble.MAYBE_DONE,
            what,
            _("Look whether the mail arrives before you send again: a repeat is a second mail."),
        )
    return Trouble.MAYBE_DONE, what, _("Look at how it stands now before you try again.")


def _setup(name: str, text: str) -> Said | None:
    match name:
        case "NoRegionError":
            return Trouble.REFUSED, _("No Region is chosen."), _("Choose a Region.")
        case (
            "InvalidRegionError" | "UnknownRegionError" | "UnknownEndpointError"
            | "EndpointVariantError" | "EndpointResolutionError" | "EndpointProviderError"
            | "ServiceNotInRegionError"
        ):  # fmt: skip
            return (
                Trouble.REFUSED,
                _("There is no such Region for SES. {text}").format(text=text),
                _("Choose a Region from the list, such as eu-west-1."),
            )
        case "ParamValidationError" | "ValidationError":
            return (
                Trouble.REFUSED,
                _("The SDK refused the values: {text}").format(text=text),
                _("Nothing was sent to AWS. Check what was typed."),
            )
        case "ConfigParseError" | "ConfigNotFound" | "InvalidProxiesConfigError":
            return (
                Trouble.LOCAL,
                _("The AWS configuration cannot be read. {text}").format(text=text),
                _("Correct the file (usually in ~/.aws)."),
            )
        case "InvalidRetryConfigurationError" | "InvalidDefaultsMode":
            return (
                Trouble.LOCAL,
                _("A setting for the AWS SDK is wrong. {text}").format(text=text),
                _("Correct it in the environment or in the AWS configuration."),
            )
        case "UnknownServiceError" | "DataNotFoundError" | "UnknownClientMethodError":
            return (
                Trouble.LOCAL,
                _("The AWS SDK does not know this call. {text}").format(text=text),
                _("Bring it up to date: `pip install --upgrade boto3`."),
            )
    return None
