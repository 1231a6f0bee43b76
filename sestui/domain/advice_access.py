"""AccessDenied taken apart: which permission is missing, and the statement that gives it."""

from __future__ import annotations

import json
import re
from typing import Any

from sestui.domain.errors import Trouble
from sestui.domain.i18n import _
from sestui.domain.policy import statement_for

# Two styles are in use: SES's own for sending has back-ticks, IAM's has colons and a reason.
_ACTION = re.compile(r"not authorized to perform:?\s+[`'\"]?([A-Za-z0-9-]+:[A-Za-z0-9*]+)")
_RESOURCE = re.compile(r"on (?:the )?resource:?\s+[`'\"]?([^\s`'\"]+)")
_USER = re.compile(r"User:?\s+[`'\"]?(arn:[^\s`'\"]+)")
# Where boto3's name of a service is not IAM's.
_PREFIX = {"sesv2": "ses", "events": "events", "cloudwatch": "cloudwatch"}


def denied(
    operation: str, service: str, text: str, *, arn: str = "", sender: str = ""
) -> tuple[tuple[Trouble, str, str], str]:
    """What happened and what to do, and the missing IAM statement as JSON.

    Args:
        text: AWS's message; may be empty.
        arn: who called, where AWS does not say.
        sender: From of the mail, for telling a recipient's identity from the sender's.
    """
    action = _group(_ACTION, text) or f"{_PREFIX.get(service, service)}:{operation}"
    resource = _group(_RESOURCE, text).rstrip(".,;") or "*"
    sending = action.endswith((":SendEmail", ":SendRawEmail"))
    who = _group(_USER, text) or arn
    name = who.split(":", 5)[-1] if who else _("These credentials")
    what = (
        _("{who} may not do {action}.").format(who=name, action=action)
        if resource == "*"
        else _("{who} may not do {action} on {resource}.").format(
            who=name, action=action, resource=resource
        )
    )
    statement: dict[str, Any] = statement_for(action, resource)
    if "explicit deny" in text:
        # Allowing it would not help; a Deny wins always.
        advice = _(
            "A policy forbids it outright ({where}). Only whoever looks after that policy can "
            "change it."
        ).format(where=_where(text))
        return (Trouble.DENIED, what, advice), ""
    if _of_recipient(resource, sender):
        statement = {
            "Effect": "Allow",
            "Action": ["ses:SendEmail", "ses:SendRawEmail"],
            "Resource": resource.rsplit("/", 1)[0] + "/*",
            "Condition": {"StringEquals": {"ses:FromAddress": sender}},
        }
        advice = _(
            "In the sandbox SES also checks the recipient's identity, {identity}, and the policy "
            "allows the sender's only. Allow identity/* and limit the From address instead."
        ).format(identity=resource.partition(":identity/")[2])
    elif action == "iam:PassRole":
        statement["Condition"] = {"StringEquals": {"iam:PassedToService": "ses.amazonaws.com"}}
        advice = _(
            "Handing a role over to a service needs a permission of its own. Add this statement; "
            "it is for this role and for SES only."
        )
    elif sending and (":configuration-set/" in resource or ":template/" in resource):
        advice = _(
            "SES checks the configuration set and the template of a mail beside its identity. Add "
            "this statement."
        )
    elif action.endswith(":SendRawEmail"):
        advice = _(
            "Raw mail and SMTP need ses:SendRawEmail beside ses:SendEmail. Add this statement."
        )
    else:
        advice = _(
            "Add this statement to the policy of the user or role, or ask someone who may. If it "
            "is there, look for a permissions boundary or a service control policy."
        )
    return (Trouble.DENIED, what, advice), json.dumps(statement, indent=2)


def _group(pattern: re.Pattern[str], text: str) -> str:
    found = pattern.search(text)
    return found[1] if found else ""


def _where(text: str) -> str:
    found = re.search(r"explicit deny in an? ([a-z -]+?)(?: policy)?(?::|$|\.| action| for)", text)
    return (found[1].strip() + " policy") if found else _("an explicit deny")


def _of_recipient(resource: str, sender: str) -> bool:
    """True when `resource` is an identity that cannot be the one `sender` sends with."""
    identity = resource.partition(":identity/")[2]
    if not identity or not sender or "*" in identity:
        return False
    if "@" in identity:
        return identity.lower() != sender.lower()
    domain = sender.rpartition("@")[2].lower()
    return not (domain == identity.lower() or domain.endswith("." + identity.lower()))
