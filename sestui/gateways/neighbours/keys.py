"""KMS: the keys that topics are encrypted with."""

from __future__ import annotations

from sestui.domain.destinations.facts import Key, Policy
from sestui.domain.errors import Trouble
from sestui.domain.i18n import _
from sestui.gateways.cleaning import cleaned
from sestui.gateways.neighbours.reader import Reader, policy_of
from sestui.gateways.ports import GatewayError


class Keys(Reader):
    async def keys(self) -> tuple[str, ...]:
        rows = await self._all(
            "kms", "ListAliases", "Aliases", token=("Marker", "NextMarker"), most=500
        )
        names = (cleaned(row.get("AliasName") or "") for row in rows if row.get("TargetKeyId"))
        return tuple(sorted(name for name in names if not name.startswith("alias/aws/")))

    async def key(self, key_id: str) -> Key | None:
        answer = await self._there("kms", "DescribeKey", {"KeyId": key_id})
        if answer is None:
            return None
        metadata = answer.get("KeyMetadata") or {}
        arn = cleaned(metadata.get("Arn") or key_id)
        managed = metadata.get("KeyManager") == "AWS"
        return Key(
            arn,
            managed,
            enabled=bool(metadata.get("Enabled", True)),
            policy=None if managed else await self._key_policy(arn),
        )

    async def _key_policy(self, arn: str) -> Policy | None:
        """None: it may not be read, as with keys of other accounts."""
        parameters = {"KeyId": arn, "PolicyName": "default"}
        try:
            answer = await self._aws.call("kms", "GetKeyPolicy", parameters)
        except GatewayError as error:
            if error.trouble in (Trouble.DENIED, Trouble.GONE):
                return None
            raise
        words = _("The policy of this key cannot be read.")
        return policy_of(answer.get("Policy") or "{}", words, "GetKeyPolicy")
