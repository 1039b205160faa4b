"""The one hub of this process, the loop it lives on, and the sweeper that keeps it honest."""

import asyncio
import contextvars
import logging
import secrets
import sys
import time
from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

from django.conf import settings

if TYPE_CHECKING:
    from editor.hub import Hub
    from editor.live.broadcast import Whose
    from weirflow.kube.http import HttpCluster

log = logging.getLogger(__name__)

SWEEP_SECONDS = 2.0
DRIFT_SECONDS = 30.0
SWITCH_SECONDS = 0.0005
"""The event loop waits at most this long for the interpreter while the database thread computes (default: 5 ms)."""
P = ParamSpec("P")
T = TypeVar("T")


class LiveSide:
    """The hub with its access check and sweeper, bound to one event loop."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        # Imported here: commands and the worker load this app too, and have no use for what a hub needs.
        from editor.hub import Hub
        from editor.live.access import AccessCheck
        from editor.live.broadcast import Broadcast, shared_layer
        from editor.live.presence_share import PresenceShare
        from editor.test_runs import TestRuns

        self.loop = loop
        self.session = secrets.token_hex(8)
        self.hub = Hub(connect)
        self.access = AccessCheck(self.hub)
        self.tests = TestRuns()
        layer = shared_layer()
        self.broadcast = (
            Broadcast(layer, self._hinted, self.session, self._rights_changed) if layer is not None else None
        )
        self.presence: PresenceShare | None = None
        if self.broadcast is not None:
            self.hub.on_pushed = self.broadcast.tell
        if layer is not None:
            self.presence = PresenceShare(layer, lambda: self.hub.board.flows, self.session)
            self.hub.on_join = self.presence.look
        self._drift_at = time.monotonic()
        self._looked_for_lost = False
        # A context of its own: a task must not inherit the database thread of the request that happened to start it.
        self._sweeper = loop.create_task(self._sweep_for_ever(), name="editor sweeper", context=contextvars.Context())

    async def stop(self) -> None:
        """End the sweeper, the tests that are run, and the hub."""
        self._sweeper.cancel()
        await asyncio.wait([self._sweeper])
        await self.tests.stop_all()
        if self.broadcast is not None:
            await self.broadcast.stop()
        if self.presence is not None:
            await self.presence.stop()
        await self.access.stop()
        await self.hub.stop()

    async def sweep(self) -> None:
        """One round of what must happen even if every message got lost."""
        from editor.database import in_database
        from editor.push.rows import projects_with_work
        from projects.actions.heard import do_store_heard
        from projects.heard import stored, unstored

        hub = self.hub
        if not self._looked_for_lost:
            self._looked_for_lost = await _look_for_lost()
        if await in_database(projects_with_work):
            hub.start()
        await hub.catch_up()
        await self.tests.catch_up()
        await self.access.check_all()
        for flow in hub.board.flows.values():
            flow.presence.look_for_silent()
        if hub.board.flows:
            hub.start()
        if hub.connection is None:
            return
        if news := unstored():
            await in_database(do_store_heard, news)
            stored(news)
        hub.look_for_peers()
        await hub.look_for_presses()
        if hub.pusher is not None and hub.health_ok:
            hub.connection.view.prune()
            await hub.pusher.sweep()
        if time.monotonic() - self._drift_at > DRIFT_SECONDS:
            self._drift_at = time.monotonic()
            await hub.check_drift()
            await hub.look_for_left_modules()
        hub.checks.forget_idle()
        if hub.idle:
            log.info("no editor has been open for a while: the watch on the cluster ends")
            await hub.stop()

    def _hinted(self) -> None:
        """Another process committed something: read what."""
        self.hub.own(self.hub.catch_up(), "editor catch-up")
        self.hub.own(self.tests.catch_up(), "editor tests: those that were stopped elsewhere")

    def _rights_changed(self, whose: "Whose") -> None:
        """Another process committed who may do what."""
        if whose.everyone:
            self.access.flow_gone()
        else:
            self.access.changed(whose.users, whose.links)

    async def _sweep_for_ever(self) -> None:
        while True:
            try:
                await self.sweep()
            except Exception:
                log.exception("the editor's sweeper failed; it goes on")
            await asyncio.sleep(SWEEP_SECONDS)


_live: LiveSide | None = None


def connect() -> "HttpCluster":
    """The client of the configured cluster. Raises ``ConfigError`` while there is no usable kubeconfig."""
    from weirflow.kube.config import default_kubeconfig, load_config
    from weirflow.kube.http import HttpCluster

    path = default_kubeconfig("kubeconfig.web")
    if not path.is_absolute():
        path = settings.BASE_DIR / path
    return HttpCluster(load_config(path))


async def _look_for_lost() -> bool:
    """Once after the start: is it the cluster that we pushed to? False while it does not answer."""
    from editor.push.lost import push_lost_projects
    from weirflow.kube.config import ConfigError
    from weirflow.kube.errors import ApiError

    try:
        async with connect() as cluster:
            await push_lost_projects(cluster)
    except (ConfigError, ApiError) as error:
        log.debug("the cluster does not answer yet: %s", error)
        return False
    return True


def live_side() -> LiveSide:
    """The live side of this process; made, with its sweeper, at the first call. Call it on the event loop."""
    global _live
    loop = asyncio.get_running_loop()
    if _live is None or _live.loop is not loop:
        _live = LiveSide(loop)
    return _live


async def start_live_side() -> None:
    """Begin to sweep: what was left to push when the process ended goes on now."""
    sys.setswitchinterval(SWITCH_SECONDS)
    live_side()


async def stop_live_side() -> None:
    """End the live side of this loop, if there is one."""
    global _live
    if _live is not None and _live.loop is asyncio.get_running_loop():
        ended, _live = _live, None
        await ended.stop()


def is_live() -> bool:
    """Whether this process has a live side that wants to hear of what happens."""
    return _live is not None and not _live.loop.is_closed()


def is_pushing(project: str) -> bool:
    """Whether changes of the project are being pushed; from any thread, and true or false a moment later."""
    pusher = _live.hub.pusher if _live is not None else None
    return pusher is not None and pusher.is_pushing(project)


def running_hub() -> "Hub | None":
    """The hub of this loop, where there is one."""
    return _live.hub if _live is not None and _live.loop is asyncio.get_running_loop() else None


def from_thread(work: "Callable[[Hub], Coroutine[Any, Any, T]]", seconds: float) -> T:
    """What ``work`` gives that the live side's loop runs, for a page that is made in a thread; who asks is known there
    too. Raises ``Unavailable`` where nothing is live, and after so many seconds."""
    from weirflow.kube.errors import Unavailable

    live = _live
    if live is None or live.loop.is_closed():
        raise Unavailable("the live side does not run", sent=False)
    future = asyncio.run_coroutine_threadsafe(work(live.hub), live.loop)
    try:
        return future.result(seconds)
    except TimeoutError:
        future.cancel()
        raise Unavailable(f"there was no answer within {seconds:g} s") from None


def on_loop(work: Callable[P, Any], *args: P.args, **kwargs: P.kwargs) -> None:
    """Have the live side's loop call ``work``; from any thread. Nothing happens where there is no live side."""
    live = _live
    if live is not None and not live.loop.is_closed():
        live.loop.call_soon_threadsafe(lambda: work(*args, **kwargs), context=contextvars.Context())
