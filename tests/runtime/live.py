"""A reader of the link that adds the frames up, as the web process does."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import orjson

from tests.runtime.world import World
from tests.waiting import eventually
from weirflow.kube.resources import ANNOTATION_ADDRESS, LEASE
from weirflow.runtime.link_key import read_link_key


class Live:
    """Keeps what the frames add up to, as the web process does."""

    def __init__(self, link: aiohttp.ClientWebSocketResponse) -> None:
        self.link = link
        self.nodes: dict[str, dict[str, Any]] = {}
        self.edges: dict[str, dict[str, Any]] = {}
        self.hello: dict[str, str] = {}
        self.frames = 0
        #: Nodes at which runs have entered and ended.
        self.runs: set[str] = set()
        self.answers: dict[int, dict[str, Any]] = {}
        #: Messages of the ports that are listened to, and how many could not be told.
        self.taps: list[dict[str, Any]] = []
        self.lost = 0
        self.seq = 0

    async def ask(self, **question: Any) -> dict[str, Any]:
        """The answer to a question about runs."""
        number = len(self.answers)
        await self.link.send_str(orjson.dumps({"ask": number, **question}).decode())
        answer: dict[str, Any] = await eventually(lambda: self.answers.get(number))
        return answer

    async def read(self) -> None:
        async for message in self.link:
            frame = orjson.loads(message.data)
            if "hello" in frame:
                self.hello = frame["hello"]
                continue
            if "answer" in frame:
                self.answers[frame["answer"]] = frame
                continue
            if "taps" in frame:
                self.taps += frame["taps"]
                self.lost += frame.get("lost", 0)
                continue
            self.runs.update(frame.get("runs", ()))
            assert frame["seq"] == self.seq + 1
            self.seq = frame["seq"]
            self.frames += 1
            for name, delta in frame["nodes"].items():
                if delta is None:
                    del self.nodes[name]
                else:
                    self.nodes.setdefault(name, {}).update(delta)
            for edge, delta in frame["edges"].items():
                self.edges.setdefault(edge, {}).update(delta)


@asynccontextmanager
async def linked(one: World, *names: str, address: str = "") -> AsyncIterator[Live]:
    """A link to the host at ``address``, by default the leader's."""
    lease = await one.cluster.get(LEASE, "common-v1-lock")
    address = address or lease["metadata"]["annotations"][ANNOTATION_ADDRESS]
    key = await read_link_key(one.cluster)
    headers = {"Authorization": f"Bearer {key.hex()}"}
    async with one.http.ws_connect(f"{address}/link/telemetry", headers=headers) as link:
        live = Live(link)
        reading = asyncio.create_task(live.read())
        await link.send_str(orjson.dumps({"watch": list(names)}).decode())
        try:
            yield live
        finally:
            reading.cancel()
            await asyncio.gather(reading, return_exceptions=True)
