"""The product as a team runs it: several web processes on PostgreSQL and Redis, and people who edit in browsers."""

import asyncio
import uuid
from dataclasses import dataclass, field
from typing import Any

import aiohttp
import orjson

from tests.crowd import flow_with_editors, headers_of
from tests.e2e.product import Product


@dataclass(frozen=True)
class Team:
    """A flow, and the sessions of those who may edit it."""

    product: Product
    flow: str
    sessions: list[str]

    @property
    def url(self) -> str:
        return self.product.url

    def headers(self, number: int) -> dict[str, str]:
        """What a browser of this person sends."""
        return headers_of(self.sessions[number], self.url)


def make_team(product: Product, count: int) -> Team:
    """A new flow of the demo project with `count` editors. The product is running."""
    return Team(product, *flow_with_editors(product, count))


@dataclass(eq=False)
class Browser:
    """One person's: a websocket that is opened again whenever it is lost, and edits by HTTP until they are answered."""

    team: Team
    number: int
    session: aiohttp.ClientSession
    process: str = ""
    """Which web process the socket is at, by the session in its hello."""
    hellos: int = 0
    heard: int = -1
    """The newest revision it has been told."""
    comments: int = 0
    """The newest revision of comments that was hinted at."""
    client_id: str = ""
    here: dict[str, dict[str, Any]] = field(default_factory=dict)
    """Who is in the flow, by tab."""
    node_live: dict[str, dict[str, Any]] = field(default_factory=dict)
    close_codes: list[int | None] = field(default_factory=list)
    closed_at: float = 0.0
    opened_at: float = 0.0
    socket: aiohttp.ClientWebSocketResponse | None = None

    @property
    def node(self) -> str:
        return f"n{self.number:011d}"

    async def stay(self) -> None:
        """Keep the socket open, as the editor does: tried again at once, then twice as late each time."""
        wait = 0.25
        while True:
            try:
                await self._listen()
                wait = 0.25
            except (aiohttp.ClientError, OSError):
                wait = min(wait * 2, 2.0)
            self.socket = None
            self.closed_at = asyncio.get_running_loop().time()
            await asyncio.sleep(wait)

    async def _listen(self) -> None:
        address = f"{self.team.url.replace('http', 'ws')}/ws/flows/{self.team.flow}"
        headers = self.team.headers(self.number)
        async with self.session.ws_connect(address, headers=headers, max_msg_size=0) as socket:
            async for message in socket:
                self._take(orjson.loads(message.data), socket)
            self.close_codes.append(socket.close_code)

    def _take(self, frame: dict[str, Any], socket: aiohttp.ClientWebSocketResponse) -> None:
        match frame["t"]:
            case "hello":
                self.process, self.socket = frame["session"], socket
                self.client_id = frame["client_id"]
                self.heard = max(self.heard, frame["rev"])
                self.opened_at = asyncio.get_running_loop().time()
                self.hellos += 1
            case "change":
                self.heard = max(self.heard, frame["rev"])
            case "changes":
                self.heard = max(self.heard, *(change["rev"] for change in frame["changes"]))
            case "comments":
                self.comments = frame["rev"]
            case "live":
                for node, entry in frame.get("nodes", {}).items():
                    self.node_live.setdefault(node, {}).update(entry)
                self._meet(frame)

    def _meet(self, frame: dict[str, Any]) -> None:
        if frame["full"]:
            self.here.clear()
        for tab, new in frame.get("here", {}).items():
            if new is None:
                self.here.pop(tab, None)
            else:
                self.here.setdefault(tab, {}).update(new)

    async def say(self, message: dict[str, Any]) -> None:
        """Say something on the socket, which is open."""
        assert self.socket is not None
        await self.socket.send_str(orjson.dumps(message).decode())

    async def call(self, method: str, path: str, body: Any = None) -> tuple[int, Any]:
        """Status and JSON of one request."""
        data = None if body is None else orjson.dumps(body)
        headers = {**self.team.headers(self.number), "Content-Type": "application/json"}
        timeout = aiohttp.ClientTimeout(total=40)
        url = self.team.url + path
        async with self.session.request(method, url, data=data, headers=headers, timeout=timeout) as answer:
            text = await answer.read()
            return answer.status, orjson.loads(text) if text[:1] in (b"{", b"[") else text

    async def edit(self, *ops: dict[str, Any]) -> int:
        """Send the edit until it is answered, under one id; the revision that acknowledges it."""
        body = {"base_rev": max(self.heard, 0), "client_op_id": str(uuid.uuid4()), "ops": list(ops)}
        while True:
            try:
                status, answer = await self.call("POST", f"/api/flows/{self.team.flow}/changes", body)
            except (aiohttp.ClientError, OSError, TimeoutError):
                await asyncio.sleep(0.1)
                continue
            if status in (500, 502, 503):
                await asyncio.sleep(0.1)
                continue
            assert status == 200, answer
            return int(answer["rev"])

    async def add(self, **more: Any) -> int:
        """Add the person's own node."""
        place = {"op": "add_node", "id": self.node, "module": "common-v1", "component": "debug", "x": 0, "y": 0}
        return await self.edit({**place, **more})

    async def document(self) -> dict[str, Any]:
        status, answer = await self.call("GET", f"/api/flows/{self.team.flow}")
        assert status == 200, answer
        return dict(answer)
