"""Reading the services beside SES: where its events go, one module for each."""

from __future__ import annotations

from sestui.gateways.neighbours.keys import Keys
from sestui.gateways.neighbours.queues import QueuePolicies
from sestui.gateways.neighbours.roles import Roles
from sestui.gateways.neighbours.rules import Rules
from sestui.gateways.neighbours.streams import Streams
from sestui.gateways.neighbours.topics import Topics


class BotoNeighbours(Topics, Keys, QueuePolicies, Streams, Roles, Rules):
    """`Neighbours`, over boto3."""


__all__ = ["BotoNeighbours"]
