"""How the recorded exchanges are sent: to the embedded cluster by a call, to a real API server over HTTPS."""

import asyncio
import ssl
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Protocol
from urllib.parse import parse_qsl, unquote, urlsplit

import aiohttp
import orjson
from yarl import URL

from tests.cluster.plane import ControlPlane
from tests.waiting import eventually
from weirflow.embedded import EmbeddedCluster
from weirflow.embedded.direct import settled
from weirflow.embedded.messages import Request
from weirflow.embedded.watching import WatchStream

DEFINITIONS = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions"
EVENT_SECONDS = 20.0
"""How long a real server is waited for when fewer events have come than were recorded."""


class Stream(Protocol):
    """An open watch."""

    async def events(self, wanted: int) -> list[Any]:
        """What has come; waits a while for as many as are wanted. The watch is over after that."""


@dataclass(frozen=True)
class Sent:
    """An answer: a body, or an open watch."""

    status: int
    body: bytes = b""
    stream: Stream | None = None


class Wire(Protocol):
    """One of the two servers."""

    async def send(self, method: str, path: str, headers: dict[str, str | None], body: bytes) -> Sent:
        """A request as recorded; a header that is None was not sent."""

    async def newest(self) -> str:
        """The newest resourceVersion."""


class CalledStream:
    def __init__(self, stream: WatchStream) -> None:
        self._stream = stream

    async def events(self, wanted: int) -> list[Any]:
        events = [orjson.loads(text) for text in self._stream.take()]
        self._stream.close()
        return events


class CalledWire:
    """The embedded cluster without a network."""

    def __init__(self, cluster: EmbeddedCluster) -> None:
        self._cluster = cluster

    async def send(self, method: str, path: str, headers: dict[str, str | None], body: bytes) -> Sent:
        role = "anonymous" if "Authorization" in headers else headers.get("Impersonate-User") or "admin"
        parts = urlsplit(path)
        query = dict(parse_qsl(parts.query, keep_blank_values=True))
        form, accept = headers.get("Content-Type") or "", headers.get("Accept") or ""
        answer = await settled(
            self._cluster.handle(Request(method, unquote(parts.path), query, role, body, form, accept, agent="rec/1.0"))
        )
        stream = CalledStream(answer.open(lambda: None)) if answer.open is not None else None
        return Sent(answer.status, answer.body, stream)

    async def newest(self) -> str:
        return str(self._cluster.store.version)


class HttpStream:
    def __init__(self, answer: aiohttp.ClientResponse) -> None:
        self._answer = answer

    async def events(self, wanted: int) -> list[Any]:
        events: list[Any] = []
        with suppress(TimeoutError):
            async with asyncio.timeout(EVENT_SECONDS):
                while line := await self._answer.content.readline():
                    events.append(orjson.loads(line))
                    if len([event for event in events if event["type"] != "BOOKMARK"]) == wanted:
                        break
        self._answer.close()
        return events


class HttpWire:
    """A real API server, as administrator."""

    def __init__(self, plane: ControlPlane, session: aiohttp.ClientSession) -> None:
        self._plane, self._session = plane, session

    @classmethod
    def session(cls, plane: ControlPlane) -> aiohttp.ClientSession:
        tls = ssl.create_default_context(cafile=plane.home / "ca.crt")
        connector = aiohttp.TCPConnector(ssl=tls)
        return aiohttp.ClientSession(connector=connector, read_bufsize=4 * 1024 * 1024)

    async def send(self, method: str, path: str, headers: dict[str, str | None], body: bytes) -> Sent:
        sent = {"Authorization": f"Bearer {self._plane.token}", **headers}
        known = {name: value for name, value in sent.items() if value is not None}
        url = URL(self._plane.address + path, encoded=True)
        try:
            answer = await self._session.request(
                method, url, data=body or None, headers=known, skip_auto_headers=["Content-Type"]
            )
        except aiohttp.ServerDisconnectedError:
            return Sent(0)
        if answer.status == 201 and path == DEFINITIONS:
            await self._until_served(orjson.loads(body))
        if answer.status == 200 and "watch" in path and answer.headers.get("Transfer-Encoding") == "chunked":
            return Sent(200, stream=HttpStream(answer))
        return Sent(answer.status, await answer.read())

    async def _until_served(self, definition: Any) -> None:
        """A definition takes a moment until it is served."""
        spec = definition["spec"]
        path = f"/apis/{spec['group']}/{spec['versions'][0]['name']}/{spec['names']['plural']}"

        async def is_served() -> bool:
            return (await self.send("GET", path, {}, b"")).status == 200

        await eventually(is_served, what=f"{path} is served")

    async def newest(self) -> str:
        answer = await self.send("GET", "/api/v1/namespaces?limit=1", {}, b"")
        return str(orjson.loads(answer.body)["metadata"]["resourceVersion"])
