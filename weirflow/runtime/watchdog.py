"""Finding the component that holds up the event loop, which all nodes of a host share.

The loop beats; a thread of its own listens. When no beat comes, the thread looks at where the loop's thread is: the
innermost frame that belongs to a component names the node, and the line. Messages take no part in this.
"""

from __future__ import annotations

import asyncio
import logging
import os
import sys
import threading
import time
from collections.abc import Callable
from types import FrameType

from weirflow.component import Component
from weirflow.errors import Problem

log = logging.getLogger(__name__)

#: Seconds between two beats, and from a beat to the alarm.
BEAT_SECONDS = 0.1
BLOCKED_SECONDS = 0.5

#: How long it stays visible that a node has held up the host.
CALM_SECONDS = 60.0

Report = Callable[[str, Problem | None], None]


class Watchdog:
    """``report`` is called on the loop, once it runs again, with the name of the node and what is wrong with it; with
    None when the node has not done so for a while."""

    def __init__(self, report: Report) -> None:
        self._report = report
        self._beat_at = 0.0
        self._timer: asyncio.TimerHandle | None = None
        self._ended = threading.Event()
        self._calm: dict[str, asyncio.TimerHandle] = {}

    def start(self) -> None:
        """Watch the running loop, from its own thread."""
        self._loop, self._ident = asyncio.get_running_loop(), threading.get_ident()
        self._beat()
        threading.Thread(target=self._watch, name="watchdog", daemon=True).start()

    def stop(self) -> None:
        """Watch no more."""
        self._ended.set()
        for timer in (self._timer, *self._calm.values()):
            if timer is not None:
                timer.cancel()

    def _beat(self) -> None:
        self._beat_at = time.monotonic()
        self._timer = self._loop.call_later(BEAT_SECONDS, self._beat)

    def _watch(self) -> None:
        looked_at, told = time.monotonic(), 0.0
        while not self._ended.wait(BEAT_SECONDS):
            now, beat = time.monotonic(), self._beat_at
            # A process that was stopped, or got no processor, finds its loop as late as this thread.
            awake, looked_at = now - looked_at < 3 * BEAT_SECONDS, now
            if awake and now - beat > BLOCKED_SECONDS and beat != told:
                told = beat
                self._look(now - beat)

    def _look(self, seconds: float) -> None:
        frame = sys._current_frames().get(self._ident)
        found = _component_in(frame)
        if found is None:
            log.warning("the event loop has been held up for %.1f s, by no component: %s", seconds, _place(frame))
            return
        component, where = found
        node = component.services.node_name
        text = (
            f"{type(component).__name__} has held up all nodes of this host for more than {seconds:.1f} s, in {where}; "
            "await what takes long, or hand it to asyncio.to_thread"
        )
        log.error("%s", text, extra={"node": node})
        self._loop.call_soon_threadsafe(self._tell, node, Problem("loop_blocked", text, node=node))

    def _tell(self, node: str, problem: Problem) -> None:
        self._report(node, problem)
        if (timer := self._calm.pop(node, None)) is not None:
            timer.cancel()
        self._calm[node] = self._loop.call_later(CALM_SECONDS, self._calmed, node)

    def _calmed(self, node: str) -> None:
        del self._calm[node]
        self._report(node, None)


def _component_in(frame: FrameType | None) -> tuple[Component, str] | None:
    """The component whose code runs, and the innermost place in it."""
    while frame is not None:
        owner = frame.f_locals.get("self")
        if isinstance(owner, Component) and hasattr(owner, "services"):
            return owner, _place(frame)
        frame = frame.f_back
    return None


def _place(frame: FrameType | None) -> str:
    if frame is None:
        return "a place unknown"
    code = frame.f_code
    folder, name = os.path.split(code.co_filename)
    return f"{code.co_qualname} ({os.path.basename(folder)}/{name}:{frame.f_lineno})"
