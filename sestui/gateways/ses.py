"""Reading SES and sending with it, over the API v2."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from sestui.domain.account import Account, Quota
from sestui.domain.configset import ConfigurationSet
from sestui.domain.configset.options import read
from sestui.domain.errors import Trouble
from sestui.domain.events.insights import events_of
from sestui.domain.events.model import MailEvent
from sestui.domain.identity import (
    Dkim,
    Identity,
    IdentityKind,
    IdentitySummary,
    MailFrom,
    OnMxFailure,
    Soa,
    Status,
    Verification,
)
from sestui.domain.mail.message import Message, Sent
from sestui.domain.mail.template import Template
from sestui.domain.suppression import Suppressed, SuppressionPage, Wanted
from sestui.domain.text import printable_lines
from sestui.gateways.aws import Aws
from sestui.gateways.cleaning import cleaned
from sestui.gateways.ports import GatewayError
from sestui.gateways.send import send_parameters

_PAGE = 1000
_TEMPLATES_PAGE = 100
"""The most that one answer may hold (API v2)."""

Answer = Mapping[str, Any]


class BotoSes:
    """`Ses`, in one account and Region. AWS leaves out members freely, so nothing is taken for
    granted to be there."""

    def __init__(self, aws: Aws) -> None:
        self._aws = aws

    async def account(self) -> Account:
        return _account(await self._read("GetAccount"))

    async def identities(self) -> tuple[IdentitySummary, ...]:
        rows = await self._all("ListEmailIdentities", "EmailIdentities", _PAGE)
        # MANAGED_DOMAIN is in the model as "not supported".
        known = [row for row in rows if row.get("IdentityType") in set(IdentityKind)]
        return tuple(
            IdentitySummary(
                name=row.get("IdentityName", ""),
                kind=IdentityKind(row["IdentityType"]),
                status=Status.parse(row.get("VerificationStatus")),
                sending_enabled=bool(row.get("SendingEnabled")),
            )
            for row in known
        )

    async def identity(self, name: str) -> Identity | None:
        answer = await self._read_or_none("GetEmailIdentity", EmailIdentity=name)
        return None if answer is None else _identity(name, answer)

    async def configuration_sets(self) -> tuple[str, ...]:
        return tuple(await self._all("ListConfigurationSets", "ConfigurationSets", _PAGE))

    async def configuration_set(self, name: str) -> ConfigurationSet | None:
        options = await self._read_or_none("GetConfigurationSet", ConfigurationSetName=name)
        if options is None:
            return None
        events = await self._read_or_none(
            "GetConfigurationSetEventDestinations", ConfigurationSetName=name
        )
        return None if events is None else read(name, options, events)

    async def templates(self) -> tuple[str, ...]:
        rows = await self._all("ListEmailTemplates", "TemplatesMetadata", _TEMPLATES_PAGE)
        return tuple(row["TemplateName"] for row in rows if row.get("TemplateName"))

    async def template(self, name: str) -> Template | None:
        answer = await self._read_or_none("GetEmailTemplate", raw=True, TemplateName=name)
        if answer is None:
            return None
        content = answer.get("TemplateContent") or {}
        return Template(
            name=name,
            subject=content.get("Subject") or "",
            text=content.get("Text") or "",
            html=content.get("Html") or "",
        )

    async def render(self, template: str, data: str) -> str:
        answer = await self._aws.call(
            "sesv2", "TestRenderEmailTemplate", {"TemplateName": template, "TemplateData": data}
        )
        return printable_lines(answer.get("RenderedTemplate") or "")

    async def suppressed(self, address: str) -> Suppressed | None:
        answer = await self._read_or_none("GetSuppressedDestination", EmailAddress=address)
        if answer is None:
            return None
        found = answer.get("SuppressedDestination") or {}
        cause = found.get("Attributes") or {}
        return Suppressed(
            address,
            str(found.get("Reason", "")),
            found.get("LastUpdateTime"),
            cause.get("MessageId") or "",
            cause.get("FeedbackId") or "",
        )

    async def suppression_page(self, wanted: Wanted, token: str = "") -> SuppressionPage:
        parameters: dict[str, Any] = {"PageSize": _PAGE}
        if wanted.reason is not None:
            parameters["Reasons"] = [str(wanted.reason)]
        if wanted.since is not None:
            parameters["StartDate"] = wanted.since
        if wanted.until is not None:
            parameters["EndDate"] = wanted.until
        if token:
            parameters["NextToken"] = token
        answer = await self._aws.call("sesv2", "ListSuppressedDestinations", parameters)
        rows = cleaned(answer.get("SuppressedDestinationSummaries") or [])
        following = answer.get("NextToken") or ""
        return SuppressionPage(
            tuple(
                Suppressed(row["EmailAddress"], row.get("Reason") or "", row.get("LastUpdateTime"))
                for row in rows
                if row.get("EmailAddress")
            ),
            # The same token again would go round for ever.
            "" if following == token else following,
        )

    async def send(self, message: Message) -> Sent:
        where = replace(
            self._aws.where, sender=message.sender, recipients=message.recipients, changes=True
        )
        parameters = send_parameters(message)
        answer = await self._aws.in_time(
            "SendEmail",
            lambda: self._aws.invoke("sesv2", "SendEmail", parameters, once=True, where=where),
            where=where,
        )
        return Sent(
            message=message,
            message_id=cleaned(answer.get("MessageId", "")),
            request_id=cleaned(answer.get("ResponseMetadata", {}).get("RequestId", "")),
        )

    async def insights(self, message_id: str) -> tuple[MailEvent, ...]:
        # One that is not known may be so recent that it is not in there yet.
        answer = await self._read_or_none("GetMessageInsights", raw=True, MessageId=message_id)
        return events_of(answer or {})

    async def _read(self, operation: str, **parameters: Any) -> dict[str, Any]:
        answer: dict[str, Any] = cleaned(await self._aws.call("sesv2", operation, parameters))
        return answer

    async def _read_or_none(
        self, operation: str, *, raw: bool = False, **parameters: Any
    ) -> dict[str, Any] | None:
        """The answer; None when what it asks for does not exist. `raw`: not cleaned."""
        try:
            if raw:
                return await self._aws.call("sesv2", operation, parameters)
            return await self._read(operation, **parameters)
        except GatewayError as error:
            if error.trouble is Trouble.GONE:
                return None
            raise

    async def _all(self, operation: str, member: str, page: int) -> list[Any]:
        """`member` of all pages. The SDK has no paginators for these operations."""
        rows: list[Any] = []
        token, seen = "", set[str]()
        while True:
            parameters: dict[str, Any] = {"PageSize": page}
            if token:
                parameters["NextToken"] = token
            answer = await self._aws.call("sesv2", operation, parameters)
            rows += cleaned(answer.get(member) or [])
            token = answer.get("NextToken") or ""
            if not token or token in seen:
                return rows
            seen.add(token)


def _account(answer: Answer) -> Account:
    quota = answer.get("SendQuota") or {}
    details = answer.get("Details") or {}
    review = details.get("ReviewDetails") or {}
    suppression = answer.get("SuppressionAttributes") or {}
    return Account(
        production=bool(answer.get("ProductionAccessEnabled")),
        sending_enabled=bool(answer.get("SendingEnabled")),
        enforcement=answer.get("EnforcementStatus") or "",
        quota=Quota(
            max_24_hours=float(quota.get("Max24HourSend") or 0.0),
            per_second=float(quota.get("MaxSendRate") or 0.0),
            sent_24_hours=float(quota.get("SentLast24Hours") or 0.0),
        ),
        suppressed_reasons=tuple(suppression.get("SuppressedReasons") or ()),
        review_status=review.get("Status") or "",
        review_case=review.get("CaseId") or "",
        mail_type=details.get("MailType") or "",
        website=details.get("WebsiteURL") or "",
        vdm=(answer.get("VdmAttributes") or {}).get("VdmEnabled") == "ENABLED",
    )


def _identity(name: str, answer: Answer) -> Identity:
    dkim = answer.get("DkimAttributes") or {}
    mail_from = answer.get("MailFromAttributes") or {}
    kind = answer.get("IdentityType")
    return Identity(
        name=name,
        kind=IdentityKind(kind) if kind in set(IdentityKind) else _kind_of(name),
        status=Status.parse(answer.get("VerificationStatus")),
        verified=bool(answer.get("VerifiedForSendingStatus")),
        verification=_verification(answer.get("VerificationInfo") or {}),
        dkim=Dkim(
            status=Status.parse(dkim.get("Status")),
            signing_enabled=bool(dkim.get("SigningEnabled")),
            origin=dkim.get("SigningAttributesOrigin") or "AWS_SES",
            tokens=tuple(dkim.get("Tokens") or ()),
            hosted_zone=dkim.get("SigningHostedZone") or "",
            key_length=dkim.get("CurrentSigningKeyLength")
            or dkim.get("NextSigningKeyLength")
            or "",
        ),
        # The block is there without a domain too; then only the behaviour is in it.
        mail_from=MailFrom(
            domain=mail_from.get("MailFromDomain") or "",
            status=Status.parse(mail_from.get("MailFromDomainStatus")),
            on_mx_failure=OnMxFailure.REJECT
            if mail_from.get("BehaviorOnMxFailure") == OnMxFailure.REJECT
            else OnMxFailure.DEFAULT,
        ),
        configuration_set=answer.get("ConfigurationSetName") or "",
        feedback_forwarding=bool(answer.get("FeedbackForwardingStatus", True)),
    )


def _kind_of(name: str) -> IdentityKind:
    return IdentityKind.EMAIL if "@" in name else IdentityKind.DOMAIN


def _verification(info: Answer) -> Verification:
    soa = info.get("SOARecord")
    return Verification(
        error_type=info.get("ErrorType") or "",
        last_checked=info.get("LastCheckedTimestamp"),
        last_success=info.get("LastSuccessTimestamp"),
        soa=Soa(
            primary=soa.get("PrimaryNameServer") or "",
            admin=soa.get("AdminEmail") or "",
            serial=int(soa.get("SerialNumber") or 0),
        )
        if soa
        else None,
    )
