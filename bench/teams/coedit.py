"""50 people edit one flow at the same time: how long until each edit is acknowledged, and until all others see it."""

import asyncio
import tempfile
import time
import uuid
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
import orjson

from bench.connection import Connection
from bench.row import Row, percentile
from bench.teams.people import Crowd, make_crowd
from tests.e2e.product import Product

PEOPLE = 50
PER_SECOND = 4
WARM_UP_SECONDS = 3.0
SECONDS = 15.0
READY_SECONDS = 60.0


async def measure() -> list[Row]:
    with tempfile.TemporaryDirectory(prefix="weirflow-bench-") as directory:
        product = Product(Path(directory) / "home", {"WEIRFLOW_LOG_LEVEL": "warning"})
        try:
            await asyncio.to_thread(product.start)
            crowd = await asyncio.to_thread(make_crowd, product, PEOPLE)
            acknowledged, seen = await times(product.url, crowd)
        finally:
            await asyncio.to_thread(product.stop)
    return [
        Row("coedit_50_people_p95_ms", round(percentile(acknowledged, 0.95), 1), "ms", "lower", must=150, aim=80),
        Row("coedit_50_people_seen_p95_ms", round(percentile(seen, 0.95), 1), "ms", "lower", must=200, aim=100),
    ]


async def times(url: str, crowd: Crowd) -> tuple[list[float], list[float]]:
    """Milliseconds from sending an edit to its answer, and to each other person's browser, after the warm-up.

    Raises RuntimeError when an acknowledged edit is not in the flow or has not come to somebody.
    """
    people = [Editor(url, crowd, number) for number in range(len(crowd.sessions))]
    await _prepare(people)
    sent: dict[str, float] = {}
    async with (
        aiohttp.ClientSession(headers={"Origin": url}) as session,
        asyncio.timeout(WARM_UP_SECONDS + SECONDS + READY_SECONDS),
        asyncio.TaskGroup() as group,
    ):
        readers = [group.create_task(one.watch(session)) for one in people]
        await asyncio.gather(*(one.open.wait() for one in people))
        await asyncio.gather(*(one.edit(sent) for one in people))
        last = max(one.acknowledged for one in people)
        for one in people:
            await one.reached(last)
        for reader in readers:
            reader.cancel()
    await _check_kept(people)
    acknowledged = [wait for one in people for wait in one.waits]
    since = min(sent.values()) + WARM_UP_SECONDS
    seen = [
        (at - sent[operation]) * 1000
        for one in people
        for operation, at in one.came.items()
        if operation not in one.own and sent[operation] >= since
    ]
    return acknowledged, seen


@dataclass(eq=False)
class Editor:
    """One person's browser: a websocket that hears of all changes, and a connection that edits go out on."""

    url: str
    crowd: Crowd
    number: int
    open: asyncio.Event = field(default_factory=asyncio.Event)
    news: asyncio.Event = field(default_factory=asyncio.Event)
    heard: int = -1
    """The revision up to which all changes have come, without a gap."""
    acknowledged: int = 0
    came: dict[str, float] = field(default_factory=dict)
    own: set[str] = field(default_factory=set)
    waits: list[float] = field(default_factory=list)
    last: dict[str, Any] = field(default_factory=dict)

    @property
    def node(self) -> str:
        return f"coedit{self.number:06d}"

    async def watch(self, session: aiohttp.ClientSession) -> None:
        address = f"{self.url.replace('http', 'ws')}/ws/flows/{self.crowd.flow}"
        cookie = {"Cookie": f"weirflow_session={self.crowd.sessions[self.number]}"}
        async with session.ws_connect(address, headers=cookie, max_msg_size=0) as socket:
            async for message in socket:
                now, frame = time.perf_counter(), orjson.loads(message.data)
                if frame["t"] == "hello":
                    self.heard = frame["rev"]
                    self.open.set()
                elif frame["t"] == "change":
                    self.take(frame, now)
                elif frame["t"] == "changes":
                    for change in frame["changes"]:
                        self.take(change, now)
        raise RuntimeError(f"the websocket of person {self.number} was closed: {socket.close_code}")

    async def reached(self, rev: int) -> None:
        """Wait until this person has seen the flow at `rev`."""
        while self.heard < rev:
            self.news.clear()
            await self.news.wait()

    def take(self, change: dict[str, Any], now: float) -> None:
        if change["prev_rev"] != self.heard:
            raise RuntimeError(f"person {self.number} misses changes between {self.heard} and {change['prev_rev']}")
        self.heard = change["rev"]
        self.news.set()
        self.came[change["client_op_id"]] = now

    async def edit(self, sent: dict[str, float]) -> None:
        """So many edits a second, each person at other moments. A late answer holds up the next, as in a browser; each
        counts from when it was to be made, so that a slow server cannot hide behind the edits that it kept from us."""
        async with Connection(self.url) as connection:
            begun = time.perf_counter() + self.number / PEOPLE / PER_SECOND
            until = begun + WARM_UP_SECONDS + SECONDS
            for number in range(int((WARM_UP_SECONDS + SECONDS) * PER_SECOND)):
                due = begun + number / PER_SECOND
                await asyncio.sleep(max(0.0, due - time.perf_counter()))
                if time.perf_counter() < until:
                    operation = str(uuid.uuid4())
                    self.own.add(operation)
                    sent[operation] = time.perf_counter()
                    answer = await self.post(connection, operation, [self.next_op(number)])
                    self.acknowledged = answer["rev"]
                if number >= WARM_UP_SECONDS * PER_SECOND:
                    self.waits.append((time.perf_counter() - due) * 1000)

    def next_op(self, number: int) -> dict[str, Any]:
        """What people do most: move, set, name."""
        fields: dict[str, Any]
        match number % 4:
            case 0 | 2:
                fields = {"x": self.number * 260, "y": number}
            case 1:
                self.last["keep"] = number + 1
                return {"op": "set_setting", "id": self.node, "path": ["keep"], "value": number + 1}
            case _:
                fields = {"label": f"Edit {number}"}
        self.last |= fields
        return {"op": "set_node", "id": self.node, "fields": fields}

    async def post(self, connection: Connection, operation: str, ops: list[dict[str, Any]]) -> dict[str, Any]:
        body = orjson.dumps({"base_rev": max(self.heard, 0), "client_op_id": operation, "ops": ops})
        headers = self.crowd.headers(self.crowd.sessions[self.number], self.url)
        path = f"/api/flows/{self.crowd.flow}/changes"
        answer = await connection.request("POST", path, body, headers=headers)
        if answer.status != 200:
            raise RuntimeError(f"an edit was answered {answer.status}: {answer.body[:300]!r}")
        return dict(orjson.loads(answer.body))


async def _prepare(people: list[Editor]) -> None:
    """A node for each, once the editor knows the component."""
    rows = [
        {"op": "add_node", "id": one.node, "module": "common-v1", "component": "debug", "x": 0, "y": 0,
         "settings": {"keep": 200}}
        for one in people
    ]  # fmt: skip
    async with Connection(people[0].url) as connection:
        await people[0].post(connection, str(uuid.uuid4()), rows)


async def _check_kept(people: list[Editor]) -> None:
    first = people[0]
    headers = first.crowd.headers(first.crowd.sessions[0], first.url)
    async with Connection(first.url) as connection:
        opened = await connection.request("GET", f"/api/flows/{first.crowd.flow}", headers=headers)
        rows = {row["id"]: row for row in orjson.loads(opened.body)["nodes"]}
        body = orjson.dumps({"nodes": [one.node for one in people], "edges": []})
        path = f"/api/flows/{first.crowd.flow}/contents"
        held = orjson.loads((await connection.request("POST", path, body, headers=headers)).body)["nodes"]
    for one in people:
        found = {**rows[one.node], **held.get(one.node, {}).get("settings", {})}
        lost = {name: value for name, value in one.last.items() if found.get(name) != value}
        if lost:
            raise RuntimeError(f"acknowledged edits of person {one.number} are lost: {lost}, found {found}")
