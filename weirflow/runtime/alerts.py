"""The alerts of one node: a few, each for a while, kept in its status so that every replica and the editor show them.

An alert may be raised by a host that no longer leads, such as one whose late write was refused. So each host adds its
own to ``status.alerts`` by id, and the leader takes out what is over.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Any

from weirflow.errors import JSON, Problem
from weirflow.json_bytes import json_bytes
from weirflow.runtime.alert_texts import Values

#: How many a node keeps, and for how many seconds after its last occurrence each is shown.
MAX_ALERTS = 8
SHOWN_SECONDS = 300.0


@dataclass(slots=True)
class Alert:
    """One thing that happened, ``count`` times; ``at`` is the last time, in unix milliseconds, on the clock of the
    host ``by``."""

    kind: str
    message: str
    values: Values
    by: str
    at: int
    count: int = 1
    #: Until when it is shown, on this process's monotonic clock.
    until: float = field(default=0.0, compare=False)

    def to_json(self) -> dict[str, JSON]:
        """As it stands in ``status.alerts``."""
        return {
            "kind": self.kind,
            "message": self.message,
            "values": self.values,
            "by": self.by,
            "at": self.at,
            "count": self.count,
        }


class NodeAlerts:
    """``by`` names this host; ``changed`` is called when something else is to be shown."""

    def __init__(self, by: str, changed: Callable[[], None]) -> None:
        self._by, self._changed = by, changed
        self._alerts: dict[str, Alert] = {}
        #: What the resource shows, and of it what is over here and must not come back.
        self._observed: dict[str, int] = {}
        self._over: dict[str, int] = {}
        self._timer: asyncio.TimerHandle | None = None

    def add(self, kind: str, message: str, values: Values) -> None:
        """It happened just now."""
        now = int(time.time() * 1000)
        name = blake2b(json_bytes([kind, values]), digest_size=6).hexdigest()
        alert = self._alerts.pop(name, None) or Alert(kind, message, values, self._by, now, 0)
        alert.message, alert.by, alert.at, alert.count = message, self._by, max(now, alert.at + 1), alert.count + 1
        alert.until = time.monotonic() + SHOWN_SECONDS
        self._alerts[name] = alert
        self._over.pop(name, None)
        self._keep_few()
        self._show()

    def observe(self, status: JSON) -> None:
        """The resource shows these; alerts of other hosts are shown here too."""
        stored = {name: _read(data) for name, data in status.items()} if isinstance(status, dict) else {}
        self._observed = {name: alert.at if alert is not None else 0 for name, alert in stored.items()}
        self._over = {name: at for name, at in self._over.items() if name in stored}
        news = False
        for name, alert in stored.items():
            known = self._alerts.get(name)
            if alert is None or alert.at <= self._over.get(name, 0) or (known is not None and alert.at <= known.at):
                continue
            # The clock of the other host decides only how much sooner it is over than at its full time.
            age = max(0.0, time.time() - alert.at / 1000)
            if age < SHOWN_SECONDS:
                alert.until = time.monotonic() + SHOWN_SECONDS - age
                self._alerts[name] = alert
                news = True
        if news:
            self._keep_few()
            self._show()

    @property
    def problem(self) -> Problem | None:
        """The newest as the problem of the node."""
        newest = max(self._alerts.values(), key=lambda alert: alert.until, default=None)
        if newest is None:
            return None
        times = f" ({newest.count} times)" if newest.count > 1 else ""
        return Problem(f"state_{newest.kind}", newest.message + times, at=newest.at)

    def wanted(self) -> dict[str, dict[str, JSON]]:
        """What the resource should show."""
        return {name: alert.to_json() for name, alert in sorted(self._alerts.items())}

    def unsent(self) -> dict[str, dict[str, JSON]]:
        """What was raised here and is not in the resource yet."""
        return {
            name: alert.to_json()
            for name, alert in self._alerts.items()
            if alert.by == self._by and self._observed.get(name, 0) < alert.at
        }

    def ended(self) -> list[str]:
        """What the resource shows and should not any more."""
        return [name for name in self._observed if name not in self._alerts]

    def close(self) -> None:
        """Show nothing any more."""
        if self._timer is not None:
            self._timer.cancel()

    def _keep_few(self) -> None:
        while len(self._alerts) > MAX_ALERTS:
            self._end(min(self._alerts, key=lambda name: self._alerts[name].until))

    def _end(self, name: str) -> None:
        self._over[name] = self._alerts.pop(name).at

    def _show(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._timer = None
        if self._alerts:
            pause = min(alert.until for alert in self._alerts.values()) - time.monotonic()
            self._timer = asyncio.get_running_loop().call_later(max(pause, 0.0), self._expire)
        self._changed()

    def _expire(self) -> None:
        now = time.monotonic()
        for name in [name for name, alert in self._alerts.items() if alert.until <= now]:
            self._end(name)
        self._show()


def _read(data: Any) -> Alert | None:
    """An alert that a status carries; ``None`` if it is none of ours."""
    try:
        return Alert(
            str(data["kind"]), str(data["message"]), dict(data["values"]), str(data["by"]), int(data["at"]),
            int(data["count"]),
        )  # fmt: skip
    except (KeyError, TypeError, ValueError):
        return None
