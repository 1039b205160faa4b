"""Kubernetes Events about nodes: what is said again is counted, not repeated, and nobody is flooded.

The rules are those of the recorder that every Kubernetes controller uses: the same text about the same object raises
the count of its Event, and each object has a budget. Events may be lost; nothing waits for them.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections import OrderedDict
from dataclasses import dataclass
from datetime import UTC, datetime

from weirflow.kube.client import ClusterClient
from weirflow.kube.errors import ApiError, NotFound
from weirflow.kube.resources import EVENT, Object

log = logging.getLogger(__name__)

#: Events that wait to be written, objects and texts that are remembered.
_MAX_WAITING = 256
_MAX_KNOWN = 1024
#: An object may have so many at once, and one more after so many seconds.
BURST = 10
REFILL_SECONDS = 30.0
#: Seconds within which the same text is the same Event.
SAME_SECONDS = 600.0
_MESSAGE = 1024
_COMPLAIN_SECONDS = 60.0
_COMPONENT = "weirflow"


@dataclass(slots=True)
class _Said:
    """An Event that was written: its name, how often it happened, when it last did (monotonic)."""

    name: str
    count: int
    at: float


@dataclass(slots=True)
class _Budget:
    left: float
    at: float


class EventRecorder:
    """Writes in a task of its own. ``namespace`` is that of the objects, ``host`` the name that Events come from."""

    def __init__(self, cluster: ClusterClient, namespace: str, host: str) -> None:
        self._cluster, self._namespace, self._host = cluster, namespace, host
        self._waiting: asyncio.Queue[tuple[Object, str, str]] = asyncio.Queue(_MAX_WAITING)
        self._said: OrderedDict[tuple[str, str, str], _Said] = OrderedDict()
        self._budgets: OrderedDict[str, _Budget] = OrderedDict()
        self._task: asyncio.Task[None] | None = None
        self._complained_at = -_COMPLAIN_SECONDS
        self._made = 0

    def start(self) -> None:
        """Begin to write."""
        self._task = asyncio.create_task(self._run(), name="events")

    async def stop(self, seconds: float) -> None:
        """Write what waits, within ``seconds``, then end."""
        if self._task is not None:
            try:
                async with asyncio.timeout(seconds):
                    await self._waiting.join()
            except TimeoutError:
                log.debug("events: some were not written any more")
            self._task.cancel()
            await asyncio.wait([self._task])

    def warn(self, about: Object, reason: str, message: str) -> None:
        """Say ``message`` about an object (``apiVersion, kind, name, uid``). Returns at once; may be dropped."""
        if self._allows(about["uid"], time.monotonic()) and not self._waiting.full():
            self._waiting.put_nowait((about, reason, message[:_MESSAGE]))

    def _allows(self, uid: str, now: float) -> bool:
        budget = self._budgets.setdefault(uid, _Budget(BURST, now))
        self._budgets.move_to_end(uid)
        if len(self._budgets) > _MAX_KNOWN:
            self._budgets.popitem(last=False)
        budget.left = min(float(BURST), budget.left + (now - budget.at) / REFILL_SECONDS)
        budget.at = now
        if budget.left < 1.0:
            return False
        budget.left -= 1.0
        return True

    async def _run(self) -> None:
        while True:
            about, reason, message = await self._waiting.get()
            try:
                await self._write(about, reason, message)
            except ApiError as error:
                if time.monotonic() - self._complained_at > _COMPLAIN_SECONDS:
                    self._complained_at = time.monotonic()
                    log.warning("an event was not written: %s", error.message, extra={"node": about["name"]})
            finally:
                self._waiting.task_done()

    async def _write(self, about: Object, reason: str, message: str) -> None:
        key, now = (about["uid"], reason, message), time.monotonic()
        said = self._said.get(key)
        if said is not None and now - said.at < SAME_SECONDS:
            said.count, said.at = said.count + 1, now
            try:
                await self._cluster.patch(EVENT, said.name, {"count": said.count, "lastTimestamp": _time()})
            except NotFound:
                log.debug("an event was removed meanwhile; it is made anew", extra={"node": about["name"]})
            else:
                return
        self._said[key] = _Said(await self._create(about, reason, message), 1, now)
        self._said.move_to_end(key)
        if len(self._said) > _MAX_KNOWN:
            self._said.popitem(last=False)

    async def _create(self, about: Object, reason: str, message: str) -> str:
        self._made += 1
        name = f"{about['name'][:200].rstrip('.-')}.{time.time_ns():x}{self._made % 4096:03x}"
        moment = _time()
        await self._cluster.create(
            EVENT,
            EVENT.new(
                name,
                involvedObject={**about, "namespace": self._namespace},
                reason=reason,
                message=message,
                type="Warning",
                count=1,
                firstTimestamp=moment,
                lastTimestamp=moment,
                source={"component": _COMPONENT, "host": self._host},
                reportingComponent=_COMPONENT,
                reportingInstance=self._host,
            ),
        )
        return name


def _time() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
