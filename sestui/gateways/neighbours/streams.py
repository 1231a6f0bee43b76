"""Firehose: streams and whether they are ready."""

from __future__ import annotations

from sestui.domain.destinations.facts import Stream
from sestui.domain.destinations.place import last
from sestui.gateways.cleaning import cleaned
from sestui.gateways.neighbours.reader import Reader


class Streams(Reader):
    async def streams(self) -> tuple[str, ...]:
        names: list[str] = []
        while True:
            parameters = {"ExclusiveStartDeliveryStreamName": names[-1]} if names else {}
            answer = await self._aws.call("firehose", "ListDeliveryStreams", parameters)
            page = answer.get("DeliveryStreamNames") or []
            names += page
            if not page or not answer.get("HasMoreDeliveryStreams"):
                break
        return tuple(self._arn("firehose", f"deliverystream/{cleaned(name)}") for name in names)

    async def stream(self, arn: str) -> Stream | None:
        parameters = {"DeliveryStreamName": last(arn)}
        answer = await self._there("firehose", "DescribeDeliveryStream", parameters)
        if answer is None:
            return None
        found = answer.get("DeliveryStreamDescription") or {}
        return Stream(arn, cleaned(found.get("DeliveryStreamStatus") or ""))
