"""Walks from a connection to a monitored domain, with the workflows of the wizard's screens.

Each line of stdin, `FOLDER DOMAIN SET TOPIC QUEUE-ARN`, starts one in a process of its own; stdout
says its number, and then how it has ended. Where and as whom says the environment.
"""

from __future__ import annotations

import asyncio
import importlib
import itertools
import os
import sys
from pathlib import Path

from sestui.connect import World
from sestui.domain.account import Choice
from sestui.domain.changes import identity_name, identity_plan
from sestui.domain.identity import Identity, IdentityKind
from sestui.domain.monitoring import monitoring_plan
from sestui.domain.plan import Plan
from sestui.domain.steps import IdentityForm, MonitoringForm
from sestui.gateways.ports import Cloud
from sestui.workflows.carry_out import carry_out
from sestui.workflows.monitoring import existing_for, place_of
from sestui.workflows.survey import open_identity, survey


async def walk(folder: Path, domain: str, set_name: str, topic: str, queue: str) -> None:
    seconds = itertools.count()  # a second passes whenever the rate limit looks at its clock
    world = World(state=folder, config=folder, monotonic=lambda: float(next(seconds)))
    cloud = await world.connect(Choice())
    await survey(cloud)
    identity = await adopt(cloud, IdentityForm(IdentityKind.DOMAIN, domain))
    await survey(cloud)
    form = MonitoringForm(set_name=set_name, topic=topic, subscriber=queue)
    existing = await existing_for(cloud, form, identity)
    await make(cloud, monitoring_plan(form, identity.name, place_of(cloud), existing))
    await open_identity(cloud, identity.name)


async def adopt(cloud: Cloud, form: IdentityForm) -> Identity:
    name = identity_name(form)
    await make(cloud, identity_plan(form, await cloud.ses.identity(name)))
    opened = await open_identity(cloud, name)
    assert opened is not None
    return opened[0]


async def make(cloud: Cloud, plan: Plan) -> None:
    async for _progress in carry_out(cloud.changes, plan, asyncio.sleep):
        pass


def main() -> None:
    importlib.import_module("boto3.session")  # once for all of them
    for line in sys.stdin:
        folder, *names = line.split()
        child = os.fork()
        if child == 0:
            asyncio.run(walk(Path(folder), *names))
            os._exit(0)
        print(child, flush=True)
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)


if __name__ == "__main__":
    main()
