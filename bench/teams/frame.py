"""300 people in one flow, one web process: how long until each sees what the others do.

Each has a tab of their own that says where its cursor is and what it has selected, as often as a browser does among so
many (docs/protocols.md section 5); ten edits a second are made by some of them, and nodes change their live values a
hundred times a second. What is measured is the time from sending to arrival at every other tab, on one clock:

- cursors and selections, beyond the frame interval. Above 100 tabs a frame goes out ten times a second, so that what is
  said waits for up to 100 ms by design; what comes on top of that, at worst, is the server's lateness. So the interval
  is taken off the 99th percentile of the whole time, and nothing else is.
- edits, whole, from the request to the Change: they wait for no frame.

The row is the worse of both 99th percentiles.
"""

import asyncio
import contextlib
import tempfile
import time
import uuid
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

import orjson
import psutil

from bench.connection import Connection
from bench.row import Row, percentile
from bench.storm import pulse_host
from bench.teams.people import Crowd, make_crowd
from bench.teams.tab import Tab
from tests.e2e.product import Product

EDITORS = 300
CURSORS_PER_SECOND = 4
SELECT_SECONDS = 5.0
EDITS_PER_SECOND = 10
NODES = 20
CHANGES_PER_SECOND = 5
FRAME_MS = 100.0
WARM_UP_SECONDS = 5.0
LAST_SECONDS = 5.0
SECONDS = 15.0
READY_SECONDS = 60.0
# Below this share of what the people mean to say, the row would not say what its name says.
LEAST_OFFERED = 0.9


async def measure() -> list[Row]:
    with tempfile.TemporaryDirectory(prefix="weirflow-bench-") as directory:
        product = Product(Path(directory) / "home", {"WEIRFLOW_LOG_LEVEL": "warning"})
        try:
            await asyncio.to_thread(product.start)
            crowd = await asyncio.to_thread(make_crowd, product, EDITORS)
            async with pulse_host(product):
                room = Room(product.url, crowd)
                await room.prepare()
                cpu = await room.run(psutil.Process(product.child("web")))
        finally:
            await asyncio.to_thread(product.stop)
    late = max(percentile(room.said.waits, 0.99) - FRAME_MS, 0.0)
    edits = percentile(room.edited.waits, 0.99)
    return [
        Row("frame_300_editors_p99_ms", round(max(late, edits), 1), "ms", "lower", must=100, aim=40),
        Row("frame_300_editors_late_p99_ms", round(late, 1), "ms", "lower"),
        Row("frame_300_editors_edit_p99_ms", round(edits, 1), "ms", "lower"),
        Row("frame_300_editors_web_cpu", round(cpu, 2), "cores", "lower"),
    ]


@dataclass
class Times:
    """When each thing was sent, and how long it took to each that it came to, in milliseconds."""

    sent: dict[Any, float] = field(default_factory=dict)
    waits: list[float] = field(default_factory=list)
    since: float = float("inf")

    def came(self, what: Any, now: float) -> None:
        at = self.sent.get(what)
        if at is not None and at >= self.since:
            self.waits.append((now - at) * 1000)


class Room:
    """The people, and what they see."""

    def __init__(self, url: str, crowd: Crowd) -> None:
        self.url, self.crowd = url, crowd
        self.said, self.edited = Times(), Times()
        self._numbers = count(1)
        self._tabs: list[Tab] = []

    async def prepare(self) -> None:
        """The nodes, once the editor knows their component."""
        rows = [
            {"op": "add_node", "id": f"pulse{number:07d}", "module": "bench-v1", "component": "pulse",
             "x": number * 260, "y": 0, "settings": {"perSecond": CHANGES_PER_SECOND}}
            for number in range(NODES)
        ]  # fmt: skip
        until = time.monotonic() + READY_SECONDS
        async with Connection(self.url) as connection:
            while (status := await self._post(connection, 0, str(uuid.uuid4()), rows)) != 200:
                if time.monotonic() > until:
                    raise RuntimeError(f"the nodes cannot be added: {status}")
                await asyncio.sleep(0.2)

    async def run(self, web: psutil.Process) -> float:
        """All join, act and look on. Answers how many cores the web process took after the warm-up.

        Raises RuntimeError when somebody was closed, or less came than the row's name says.
        """
        for session in self.crowd.sessions:
            self._tabs.append(await Tab.open(self.url, self.crowd.flow, session, self._take))
        begun = time.perf_counter()
        until = begun + WARM_UP_SECONDS + SECONDS
        self.said.since = self.edited.since = begun + WARM_UP_SECONDS
        acting = [asyncio.create_task(self._act(number, tab, until)) for number, tab in enumerate(self._tabs)]
        acting.append(asyncio.create_task(self._edit(until)))
        try:
            await asyncio.sleep(WARM_UP_SECONDS)
            before, at = _cpu(web), time.perf_counter()
            await asyncio.gather(*acting)
            cpu = (_cpu(web) - before) / (time.perf_counter() - at)
            await self._until_all_came()
        finally:
            for task in acting:
                task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await asyncio.gather(*acting, return_exceptions=True)
            for tab in self._tabs:
                tab.close()
        return cpu

    async def _act(self, number: int, tab: Tab, until: float) -> None:
        """Move the cursor all the time, select something now and then; each person at other moments."""
        due = time.perf_counter() + number / EDITORS / CURSORS_PER_SECOND
        select_at = due + number / EDITORS * SELECT_SECONDS
        while due < until:
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            said: dict[str, Any] = {"t": "presence", "cursor": [next(self._numbers), number]}
            now = self.said.sent[said["cursor"][0]] = time.perf_counter()
            if now > select_at:
                select_at += SELECT_SECONDS
                said["selection"] = [f"s{next(self._numbers)}"]
                self.said.sent[said["selection"][0]] = now
            tab.send(said)
            due += 1 / CURSORS_PER_SECOND

    async def _edit(self, until: float) -> None:
        """One after the other moves a node."""
        due = time.perf_counter()
        async with Connection(self.url) as connection:
            for number in count():
                await asyncio.sleep(max(0.0, due - time.perf_counter()))
                if due > until:
                    return
                operation, node = str(uuid.uuid4()), f"pulse{number % NODES:07d}"
                op = {"op": "set_node", "id": node, "fields": {"x": number % NODES * 260, "y": number}}
                self.edited.sent[operation] = time.perf_counter()
                if (status := await self._post(connection, number % EDITORS, operation, [op])) != 200:
                    raise RuntimeError(f"an edit was answered {status}")
                due += 1 / EDITS_PER_SECOND

    def _take(self, tab: Tab, message: dict[str, Any], now: float) -> None:
        if message["t"] == "live":
            for other, here in message.get("here", {}).items():
                if here is None or other == tab.id or message["full"]:
                    continue
                if here.get("cursor") is not None:
                    self.said.came(here["cursor"][0], now)
                if here.get("selection"):
                    self.said.came(here["selection"][0], now)
        elif message["t"] == "change":
            self.edited.came(message["client_op_id"], now)
        elif message["t"] == "changes":
            for change in message["changes"]:
                self.edited.came(change["client_op_id"], now)

    async def _until_all_came(self) -> None:
        """Raises RuntimeError when a websocket was lost, or less came than the row says, a while after the end."""
        until = time.monotonic() + LAST_SECONDS
        while (missing := self._missing()) is not None:
            if time.monotonic() > until:
                raise RuntimeError(missing)
            await asyncio.sleep(0.05)

    def _missing(self) -> str | None:
        lost = [tab.lost for tab in self._tabs if tab.lost is not None]
        if lost:
            return f"{len(lost)} of {EDITORS} websockets were closed: {lost[0]}"
        edits = sum(at >= self.edited.since for at in self.edited.sent.values())
        if (
            edits < EDITS_PER_SECOND * SECONDS * LEAST_OFFERED
            or len(self.edited.waits) < edits * EDITORS * LEAST_OFFERED
        ):
            return f"{edits} edits came {len(self.edited.waits)} times: less than the row says"
        selections = EDITORS * SECONDS / SELECT_SECONDS
        if len(self.said.waits) < selections * (EDITORS - 1) * LEAST_OFFERED:
            return f"what people said came {len(self.said.waits)} times: less than all of their selections"
        return None

    async def _post(self, connection: Connection, person: int, operation: str, ops: list[dict[str, Any]]) -> int:
        body = orjson.dumps({"base_rev": 0, "client_op_id": operation, "ops": ops})
        headers = self.crowd.headers(self.crowd.sessions[person], self.url)
        answer = await connection.request("POST", f"/api/flows/{self.crowd.flow}/changes", body, headers=headers)
        return answer.status


def _cpu(process: psutil.Process) -> float:
    times = process.cpu_times()
    return float(times.user + times.system)
