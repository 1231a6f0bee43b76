"""Where moto's EventBridge is not like the real one: what a rule sends on, and to whom."""

from __future__ import annotations

import contextlib
import copy
import json
from datetime import UTC, datetime
from typing import Any

from sestui.practice.events import policy

EVENTS = "events.amazonaws.com"
_MENDED = "sestui_mended"


def mend_events() -> None:
    """Send events to rules' targets as EventBridge does.

    - moto fails on a topic or a function, on a second target and on one that is gone, and with it
      whoever has put the event. Here each target is on its own. A topic gets it
      where its policy lets EventBridge in without a condition: EventBridge fills none of the keys
      in. A function, of which there are none here, gets nothing.
    - A queue that has a policy gets what that lets in; one without any is let off, as it is by SNS.
    """
    from moto.events.models import Rule

    original: Any = Rule.send_to_targets
    if getattr(original, _MENDED, False):
        return

    def send_to_targets(self: Any, original_event: Any, transform_input: bool = True) -> None:
        if not self.event_pattern.matches_event(original_event):
            return
        targets = self.targets
        for each in targets:
            # What one target does not take is no matter of the others', nor of who put the event.
            with contextlib.suppress(Exception):
                if _sends(each["Arn"], self.arn):
                    one = copy.copy(self)
                    one.targets = [each]
                    # moto writes into the event that it hands on.
                    original(one, dict(original_event), transform_input)
                elif each["Arn"].split(":")[2] == "sns":
                    _publish(each["Arn"], original_event)

    setattr(send_to_targets, _MENDED, True)
    setattr(Rule, "send_to_targets", send_to_targets)  # noqa: B010 - mypy minds


def _sends(target: str, rule: str) -> bool:
    """moto can, and the target lets it."""
    match target.split(":"):
        case [_arn, _aws, "sqs", region, account, name]:
            return _queue_lets_in(target, region, account, name, rule)
        case [_arn, _aws, "sns" | "lambda", *_rest]:
            return False
        case _other:
            return True


def _queue_lets_in(target: str, region: str, account: str, name: str, rule: str) -> bool:
    from moto.sqs.exceptions import QueueDoesNotExist
    from moto.sqs.models import sqs_backends

    try:
        queue = sqs_backends[account][region].get_queue(name)
    except QueueDoesNotExist:
        return False
    context = {
        "aws:sourcearn": rule,
        "aws:sourceaccount": account,
        "aws:securetransport": "true",
    }
    return not queue.policy or policy.allows(
        queue.policy,
        service=EVENTS,
        action="sqs:SendMessage",
        resource=target,
        context=context,
    )


def _publish(target: str, event: Any) -> None:
    from moto.sns.models import sns_backends

    _arn, _aws, _sns, region, account, _name = target.split(":")
    backend = sns_backends[account][region]
    topic = backend.topics.get(target)
    if topic is not None and policy.allows(
        topic.policy,
        service=EVENTS,
        action="sns:Publish",
        resource=target,
        context={"aws:securetransport": "true"},
    ):
        at = datetime.fromtimestamp(float(event["time"]), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        backend.publish(json.dumps({**event, "time": at}), arn=target)
