"""Presses of controls on their way: TinySignals from their creation until they are handled or have failed."""

import time
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

from weirflow.kube.client import ClusterClient
from weirflow.kube.errors import ApiError, NotFound
from weirflow.kube.resources import LABEL_PROJECT, TINY_SIGNAL, Object

MAX_REMEMBERED = 2_000
REMEMBER_SECONDS = 600.0
QUIET_SECONDS = 2.0
"""After this long without news a press is looked up: it may have come and gone between two watches."""


@dataclass(slots=True)
class Press:
    """One press. ``state`` is pending, done or failed; ``node`` the TinyNode's name."""

    node: str
    state: str
    problem: dict[str, Any] | None
    at: float
    sent: bool = False
    """The cluster has it, or had it: only then its absence means that it was handled."""


class Presses:
    """What became of each press; ``on_end`` hears of the end of each, once."""

    def __init__(self, on_end: Callable[[str, Press], None]) -> None:
        self._presses: dict[str, Press] = {}
        self._on_end = on_end

    def get(self, signal: str) -> Press | None:
        """The press of this name, if it is remembered."""
        return self._presses.get(signal)

    def begin(self, signal: str, node: str) -> None:
        """A press is about to be sent."""
        self._presses.pop(signal, None)
        self._presses[signal] = Press(node, "pending", None, time.monotonic())
        while len(self._presses) > MAX_REMEMBERED:
            del self._presses[next(iter(self._presses))]

    def sent(self, signal: str) -> None:
        """The cluster has taken the press."""
        if press := self._presses.get(signal):
            press.sent = True

    def forget(self, signal: str) -> None:
        """It is not known that the cluster took the press. If it did, the watch will show it."""
        self._presses.pop(signal, None)

    def seen(self, signal: str, new: Object | None, old: Object | None) -> None:
        """Take in what the watch shows of a TinySignal."""
        obj = new if new is not None else old
        press = self._presses.get(signal)
        if press is None:
            if obj is None:
                return
            press = self._presses[signal] = Press(obj["node"], "pending", None, time.monotonic())
        press.sent = True
        if press.state != "pending":
            return
        if new is None:
            self._end(signal, press, "done", None)
        elif new["problem"] is not None:
            self._end(signal, press, "failed", new["problem"])

    def gone(self, signal: str) -> None:
        """It has been handled: its TinySignal was looked up and does not exist, or it never had one."""
        press = self._presses.get(signal)
        if press is not None and press.state == "pending":
            self._end(signal, press, "done", None)

    def failed(self, signal: str, problem: dict[str, Any]) -> None:
        """It was refused, and no watch will show that."""
        press = self._presses.get(signal)
        if press is not None and press.state == "pending":
            self._end(signal, press, "failed", problem)

    def quiet(self) -> list[str]:
        """Pending presses without news for a while. Old ones are forgotten on the way."""
        now = time.monotonic()
        for signal in [s for s, p in self._presses.items() if now - p.at > REMEMBER_SECONDS]:
            del self._presses[signal]
        return [s for s, p in self._presses.items() if p.state == "pending" and p.sent and now - p.at > QUIET_SECONDS]

    async def look_up(self, cluster: ClusterClient, shown: Collection[str]) -> None:
        """Ask the cluster for the quiet ones that the watch does not show."""
        for signal in self.quiet():
            if signal in shown:
                continue
            try:
                await cluster.get(TINY_SIGNAL, signal)
            except NotFound:
                self.gone(signal)
            except ApiError:
                return

    def _end(self, signal: str, press: Press, state: str, problem: dict[str, Any] | None) -> None:
        press.state, press.problem = state, problem
        self._on_end(signal, press)


def keep_signal(obj: Object) -> Object:
    """What the informer holds of a TinySignal."""
    metadata, status = obj["metadata"], obj.get("status") or {}
    problem = status.get("problem")
    if problem is None and status.get("error"):
        problem = {"code": "control_failed", "message": str(status["error"])}
    return {
        "metadata": {
            "name": metadata["name"],
            "resourceVersion": metadata["resourceVersion"],
            "labels": {LABEL_PROJECT: (metadata.get("labels") or {}).get(LABEL_PROJECT, "")},
        },
        "node": (obj.get("spec") or {}).get("node", ""),
        "problem": problem,
    }
