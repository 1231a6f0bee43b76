"""IAM: the roles that SES may take."""

from __future__ import annotations

from typing import Any

from sestui.domain.destinations.facts import Policy, Role
from sestui.domain.destinations.place import last
from sestui.domain.errors import Trouble
from sestui.domain.i18n import _
from sestui.gateways.cleaning import cleaned
from sestui.gateways.neighbours.reader import Reader, policy_of
from sestui.gateways.ports import GatewayError

MOST_ROLES = 1000


class Roles(Reader):
    async def role(self, name: str) -> str:
        answer = await self._there("iam", "GetRole", {"RoleName": name})
        return str(cleaned(((answer or {}).get("Role") or {}).get("Arn") or ""))

    async def roles(self) -> tuple[Role, ...]:
        """Without their policies, which would be many calls for each."""
        rows = await self._all(
            "iam",
            "ListRoles",
            "Roles",
            {"MaxItems": MOST_ROLES},
            token=("Marker", "Marker"),
            most=MOST_ROLES,
        )
        return tuple(_role(row) for row in rows)

    async def role_with_policies(self, name: str) -> Role | None:
        answer = await self._there("iam", "GetRole", {"RoleName": last(name)})
        if answer is None:
            return None
        role = _role(answer.get("Role") or {})
        return Role(role.arn, role.trust, *await self._policies(role.name))

    async def _policies(
        self, name: str
    ) -> tuple[tuple[tuple[str, Policy], ...] | None, tuple[Policy, ...] | None]:
        """Its own and the attached ones; None where they may not be read."""
        try:
            return await self._inline(name), await self._attached(name)
        except GatewayError as error:
            if error.trouble is not Trouble.DENIED:
                raise
            return None, None

    async def _inline(self, name: str) -> tuple[tuple[str, Policy], ...]:
        wanted = {"RoleName": name}
        names = await self._all(
            "iam", "ListRolePolicies", "PolicyNames", wanted, token=("Marker", "Marker")
        )
        found = []
        for each in names:
            parameters = {**wanted, "PolicyName": each}
            answer = await self._aws.call("iam", "GetRolePolicy", parameters)
            found.append((cleaned(each), _document(answer.get("PolicyDocument"), "GetRolePolicy")))
        return tuple(found)

    async def _attached(self, name: str) -> tuple[Policy, ...]:
        rows = await self._all(
            "iam",
            "ListAttachedRolePolicies",
            "AttachedPolicies",
            {"RoleName": name},
            token=("Marker", "Marker"),
        )
        found = []
        for row in rows:
            wanted = {"PolicyArn": row["PolicyArn"]}
            policy = (await self._aws.call("iam", "GetPolicy", wanted)).get("Policy") or {}
            parameters = {**wanted, "VersionId": policy.get("DefaultVersionId") or "v1"}
            answer = await self._aws.call("iam", "GetPolicyVersion", parameters)
            document = (answer.get("PolicyVersion") or {}).get("Document")
            found.append(_document(document, "GetPolicyVersion"))
        return tuple(found)


def _role(row: dict[str, Any]) -> Role:
    trust = _document(row.get("AssumeRolePolicyDocument"), "GetRole")
    return Role(cleaned(row.get("Arn") or ""), trust)


def _document(document: Any, operation: str) -> Policy:
    return policy_of(document or {}, _("A policy of this role cannot be read."), operation)
