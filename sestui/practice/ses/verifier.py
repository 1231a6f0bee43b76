"""The background thread that looks identities up, at SES's own pace."""

from __future__ import annotations

import logging
import threading

from sestui.practice.ses.lookups import Answer, Resolver
from sestui.practice.ses.state import Identity, Region
from sestui.practice.ses.verification import Task, apply, expire, is_open, look, task_for
from sestui.practice.ses.world import World

_log = logging.getLogger(__name__)

# Verified identities looked up again in one round: ten thousand must not hold up a new one.
MOST_RECHECKS = 20


class _StoppedError(Exception):
    """The verifier was stopped during a look-up."""


class Verifier:
    """Looks up pending identities often and verified ones now and then, until it is stopped."""

    def __init__(self, world: World, resolver: Resolver) -> None:
        self._world = world
        self._resolver = resolver
        self._stop = threading.Event()
        self._round = threading.Lock()
        self._looked: dict[tuple[str, str], tuple[int, float]] = {}
        self._thread = threading.Thread(target=self._run, name="ses-verifier", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Stop, and wait for the look-up that is under way."""
        self._stop.set()
        self._world.clock.wake()
        if self._thread.is_alive():
            self._thread.join()

    def check(self, everything: bool = True) -> None:
        """Look up now what is due, or everything that can change; returns when it is done."""
        with self._round:
            tasks, touched = self._due(everything)
            for task in tasks:
                if self._stop.is_set():
                    break
                touched |= self._check_one(task)
            with self._world.lock:
                for name in touched:
                    self._world.save(self._world.region(name), "identities")

    def _ask(self, name: str, type_: str) -> Answer:
        """Ask, unless we are stopping: whoever stops us waits for one question at most."""
        answer = self._resolver.ask(name, type_)
        if self._stop.is_set():
            raise _StoppedError
        return answer

    def _run(self) -> None:
        pace = self._world.options.check_every
        while self._world.clock.wait(pace, self._stop):
            try:
                self.check(everything=False)
            except Exception:
                # The thread must live on: without it no identity is ever verified.
                _log.exception("a round of look-ups failed")

    def _due(self, everything: bool) -> tuple[list[Task], set[str]]:
        pending: list[Task] = []
        rechecks: list[tuple[float, Task]] = []
        touched: set[str] = set()
        with self._world.lock:
            now = self._world.now()
            for region in self._world.regions.values():
                for identity in region.identities.values():
                    if expire(identity, now):
                        touched.add(region.name)
                    task = task_for(self._world, region, identity)
                    if task is None:
                        continue
                    if everything or is_open(identity):
                        pending.append(task)
                    elif (last := self._last(region, identity)) is None or (
                        now - last >= self._world.options.recheck_every
                    ):
                        rechecks.append((last or 0.0, task))
        rechecks.sort(key=lambda entry: entry[0])
        return pending + [task for _, task in rechecks[:MOST_RECHECKS]], touched

    def _last(self, region: Region, identity: Identity) -> float | None:
        generation, at = self._looked.get((region.name, identity.name), (-1, 0.0))
        return at if generation == identity.generation else None

    def _check_one(self, task: Task) -> set[str]:
        try:
            found = look(task, self._ask, self._resolver.soa)
        except _StoppedError:
            return set()
        with self._world.lock:
            now = self._world.now()
            self._looked[(task.region, task.name)] = (task.generation, now)
            region = self._world.region(task.region)
            identity = region.identities.get(task.name)
            if identity is None:
                return set()
            return {task.region} if apply(identity, task, found, now) else set()
