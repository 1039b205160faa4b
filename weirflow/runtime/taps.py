"""Every message of chosen ports, as long as a reader of the link listens: what a debug drawer shows."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Mapping
from typing import Any

from weirflow.errors import JSON
from weirflow.runtime.concealing import Concealers
from weirflow.runtime.node import Node
from weirflow.runtime.shown import is_larger
from weirflow.runtime.telemetry import node_message

#: Ports that one reader may listen to, and messages that may wait for it.
TAP_LIMIT = 64
ROWS_WAITING = 200
#: Of those that are larger than so many characters; waiting, a message keeps all that it holds in memory.
LARGE, LARGE_WAITING = 64 * 1024, 4
#: Messages in one frame: each is looked through for secrets.
ROWS_AT_ONCE = 20

_Heard = Callable[[str, float, JSON], None]


class TappedPorts(dict[str, tuple[float, JSON]]):
    """Takes the place of ``NodeStats.last`` of a node that somebody listens to, so that messages of all others need not
    even look whether anybody does."""

    def __init__(self, before: Mapping[str, tuple[float, JSON]]) -> None:
        super().__init__(before)
        self.heard: list[_Heard] = []

    def __setitem__(self, port: str, seen: tuple[float, JSON]) -> None:
        super().__setitem__(port, seen)
        for heard in self.heard:
            heard(port, *seen)


class Taps:
    """Of one reader. Newest wins: what it cannot take in time is counted as lost, not kept."""

    def __init__(self, nodes: Mapping[str, Node], wake: Callable[[], None], concealers: Concealers) -> None:
        self._nodes, self._wake, self._concealers = nodes, wake, concealers
        self._ports: dict[str, frozenset[str]] = {}
        self._listening: dict[str, tuple[Node, _Heard]] = {}
        #: Node, port, time, message, and 1 for a large one.
        self._rows: deque[tuple[str, str, float, JSON, int]] = deque()
        self._lost = self._large = 0

    def want(self, value: Any) -> None:
        """Listen to these ``[node name, port]`` and no others. Raises ``ValueError``."""
        if not isinstance(value, list) or len(value) > TAP_LIMIT:
            raise ValueError(f"a list of at most {TAP_LIMIT} ports was expected")
        wanted: dict[str, set[str]] = {}
        for entry in value:
            match entry:
                case [str(node), str(port)]:
                    wanted.setdefault(node, set()).add(port)
                case _:
                    raise ValueError("a port is a node's name and a port's")
        self._ports = {node: frozenset(ports) for node, ports in wanted.items()}
        self.refresh()

    def refresh(self) -> None:
        """Nodes come and go: listen to those that are here now."""
        for name, (node, heard) in list(self._listening.items()):
            if name not in self._ports or self._nodes.get(name) is not node:
                _stop(node, heard)
                del self._listening[name]
        for name in self._ports:
            if name not in self._listening and (here := self._nodes.get(name)) is not None:
                self._listening[name] = (here, _start(here, self._hear(name)))

    def close(self) -> None:
        """Listen to nothing any more."""
        self._ports = {}
        self._rows.clear()
        self._large = 0
        self.refresh()

    @property
    def waiting(self) -> bool:
        """Whether there is something to tell."""
        return bool(self._rows)

    def frame(self) -> dict[str, Any]:
        """``{"taps": [row], "lost"?: n}`` with the oldest rows that wait; see docs/protocols.md section 3."""
        rows = [self._take() for _ in range(min(len(self._rows), ROWS_AT_ONCE))]
        late = time.time() - time.monotonic()
        told = [
            {
                "node": name,
                "port": port,
                "at": int((at + late) * 1000),
                "message": self._shown(name, port, message),
            }
            for name, port, at, message, _ in rows
        ]
        lost, self._lost = self._lost, 0
        return {"taps": told, "lost": lost} if lost else {"taps": told}

    def _shown(self, name: str, port: str, message: JSON) -> JSON:
        node = self._nodes.get(name)
        return node_message(node, port, message, self._concealers.of(name))

    def _take(self) -> tuple[str, str, float, JSON, int]:
        row = self._rows.popleft()
        self._large -= row[-1]
        return row

    def _hear(self, name: str) -> _Heard:
        def heard(port: str, at: float, message: JSON) -> None:
            if port not in self._ports.get(name, ()):
                return
            large = int(is_larger(message, LARGE))
            while len(self._rows) >= ROWS_WAITING or self._large + large > LARGE_WAITING:
                self._take()
                self._lost += 1
            self._rows.append((name, port, at, message, large))
            self._large += large
            self._wake()

        return heard


def _start(node: Node, heard: _Heard) -> _Heard:
    last = node.stats.last
    if not isinstance(last, TappedPorts):
        last = node.stats.last = TappedPorts(last)
    last.heard.append(heard)
    return heard


def _stop(node: Node, heard: _Heard) -> None:
    last = node.stats.last
    if isinstance(last, TappedPorts):
        last.heard.remove(heard)
        if not last.heard:
            node.stats.last = dict(last)
