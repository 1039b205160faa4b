"""The keys of states as they are now: read at the start, followed by a watch, read again when one is missed."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable

from weirflow.kube.client import ClusterClient
from weirflow.kube.errors import ApiError, NotFound
from weirflow.kube.informer import Informer
from weirflow.kube.resources import SECRET, STATE_KEYS_SECRET, Object
from weirflow.kube.state_keys import StateKeys, read_keys
from weirflow.runtime.sealing import Sealer

log = logging.getLogger(__name__)

#: A key that is missed may have been added a moment ago: the watch is helped along, at most this often (seconds).
_REFRESH_SECONDS = 2.0
_START_SECONDS = 5.0


class KeyRing:
    """Keeps ``sealer`` supplied; ``changed`` is called when it has other keys than before."""

    def __init__(self, cluster: ClusterClient, sealer: Sealer, changed: Callable[[], None]) -> None:
        self._cluster, self._sealer, self._changed = cluster, sealer, changed
        self._copies = Informer(cluster, SECRET, field_selector=f"metadata.name={STATE_KEYS_SECRET}")
        self._copies.on_change(self._seen)
        self._refreshed_at = -_REFRESH_SECONDS
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Begin to follow; returns with the first keys, or after some seconds without."""
        self._copies.start()
        try:
            async with asyncio.timeout(_START_SECONDS):
                await self._copies.synced.wait()
        except TimeoutError:
            log.warning("the keys of states cannot be read yet: %s", self._copies.health.reason)
        if not self._sealer.keys.primary:
            log.info("there is no Secret %s: components with secret state cannot work", STATE_KEYS_SECRET)

    async def stop(self) -> None:
        """End."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait([self._task])
        await self._copies.stop()

    def missed(self) -> None:
        """A text is sealed with a key that is not here: look whether it is there by now."""
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._refresh(), name="keys of states")

    async def _refresh(self) -> None:
        await asyncio.sleep(max(0.0, self._refreshed_at + _REFRESH_SECONDS - time.monotonic()))
        self._refreshed_at = time.monotonic()
        try:
            self._take(read_keys(await self._cluster.get(SECRET, STATE_KEYS_SECRET)))
        except NotFound:
            self._take(StateKeys())
        except ApiError as error:
            log.info("the keys of states cannot be read again: %s", error.message)

    def _seen(self, name: str, new: Object | None, _old: Object | None) -> None:
        if name == STATE_KEYS_SECRET:
            self._take(read_keys(new))

    def _take(self, keys: StateKeys) -> None:
        if keys == self._sealer.keys:
            return
        for fault in keys.faults:
            log.warning("%s", fault)
        self._sealer.keys = keys
        log.info("keys of states: %s, sealing with %s", ", ".join(sorted(keys.keys)) or "none", keys.primary or "none")
        self._changed()
