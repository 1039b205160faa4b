"""``ClusterClient`` over HTTPS: one pool of kept connections, bounded waits, retries only where they are safe."""

import asyncio
import socket
import time
from collections.abc import AsyncIterator, Sequence
from types import TracebackType
from typing import Any, Self

import aiohttp
import orjson

from weirflow.kube.access import ACCESS_REVIEW, attributes
from weirflow.kube.apply import apply_definitions
from weirflow.kube.backoff import Backoff
from weirflow.kube.client import PAGE_SIZE, Applied, PatchKind, WatchEvent
from weirflow.kube.config import ClusterConfig
from weirflow.kube.errors import TooManyRequests, Unavailable, error_from
from weirflow.kube.resources import Object, Resource
from weirflow.kube.throttle import TokenBucket

_PATCH_TYPES: dict[PatchKind, str] = {
    "json": "application/json-patch+json",
    "merge": "application/merge-patch+json",
}
_VERBS = {"GET": "read", "POST": "create", "PATCH": "patch", "DELETE": "delete"}
_MAX_EVENT_BYTES = 16 * 1024 * 1024
_CONNECTIONS = 100


class HttpCluster:
    """A cluster behind a URL. Use as an async context manager, or call ``close``.

    ``timeout`` bounds one request in seconds, retries of reads included. Reads are repeated after a failure within that
    time; a write is repeated only when it surely was not sent.
    """

    def __init__(self, config: ClusterConfig, *, timeout: float = 10.0, throttle: TokenBucket | None = None) -> None:
        self.config = config
        self.timeout = timeout
        self._throttle = throttle
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """Drop all connections; running watches end with ``Unavailable``."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def get(self, resource: Resource, name: str, *, namespace: str | None = None) -> Object:
        return await self._request("GET", resource, name, namespace=namespace)

    async def list(
        self,
        resource: Resource,
        *,
        namespace: str | None = None,
        label_selector: str = "",
        limit: int = PAGE_SIZE,
        continue_token: str = "",
    ) -> Object:
        query = {"limit": str(limit)}
        if label_selector:
            query["labelSelector"] = label_selector
        if continue_token:
            query["continue"] = continue_token
        return await self._request("GET", resource, namespace=namespace, query=query)

    async def create(self, resource: Resource, obj: Object, *, namespace: str | None = None) -> Object:
        return await self._request("POST", resource, namespace=namespace, body=obj)

    async def patch(
        self,
        resource: Resource,
        name: str,
        patch: Object | Sequence[Object],
        *,
        kind: PatchKind = "merge",
        namespace: str | None = None,
    ) -> Object:
        return await self._request("PATCH", resource, name, namespace=namespace, body=patch, media=_PATCH_TYPES[kind])

    async def patch_status(
        self,
        resource: Resource,
        name: str,
        patch: Object | Sequence[Object],
        *,
        kind: PatchKind = "merge",
        namespace: str | None = None,
    ) -> Object:
        return await self._request(
            "PATCH", resource, name, "status", namespace=namespace, body=patch, media=_PATCH_TYPES[kind]
        )

    async def delete(
        self, resource: Resource, name: str, *, uid: str | None = None, namespace: str | None = None
    ) -> Object:
        options = {"preconditions": {"uid": uid}} if uid else None
        return await self._request("DELETE", resource, name, namespace=namespace, body=options)

    async def apply_crds(self, definitions: Sequence[Object]) -> dict[str, Applied]:
        return await apply_definitions(self, definitions, self.timeout)

    async def access_review(
        self, verb: str, resource: Resource, *, subresource: str = "", name: str = "", namespace: str | None = None
    ) -> bool:
        asked = attributes(verb, resource, subresource, name, namespace or self.config.namespace)
        answer = await self.create(ACCESS_REVIEW, {"spec": {"resourceAttributes": asked}})
        return bool(answer.get("status", {}).get("allowed"))

    async def watch(
        self,
        resource: Resource,
        *,
        resource_version: str,
        timeout_seconds: int,
        inactivity_seconds: float,
        namespace: str | None = None,
        label_selector: str = "",
        field_selector: str = "",
    ) -> AsyncIterator[WatchEvent]:
        query = {
            "watch": "1",
            "allowWatchBookmarks": "true",
            "resourceVersion": resource_version,
            "timeoutSeconds": str(timeout_seconds),
        }
        if label_selector:
            query["labelSelector"] = label_selector
        if field_selector:
            query["fieldSelector"] = field_selector
        doing = f"watch {resource.plural}"
        timeout = aiohttp.ClientTimeout(total=None, sock_connect=self.timeout, sock_read=inactivity_seconds)
        try:
            async with self._open().get(
                self._url(resource, namespace),
                params=query,
                headers=await self._headers(),
                timeout=timeout,
                allow_redirects=False,
            ) as response:
                if response.status != 200:
                    raise error_from(response.status, _decode(await response.read()), doing)
                async for line in _lines(response.content):
                    event = orjson.loads(line)
                    if event["type"] == "ERROR":
                        raise error_from(int(event["object"].get("code", 500)), event["object"], doing)
                    yield WatchEvent(event["type"], event["object"])
        except (aiohttp.ClientError, TimeoutError, OSError, orjson.JSONDecodeError, KeyError) as error:
            raise Unavailable(f"{doing}: {_explain(error)}") from error

    async def _request(
        self,
        method: str,
        resource: Resource,
        name: str = "",
        subresource: str = "",
        *,
        namespace: str | None,
        query: dict[str, str] | None = None,
        body: Any = None,
        media: str = "application/json",
    ) -> Object:
        until = time.monotonic() + self.timeout
        backoff = Backoff(0.05, 2.0)
        url = self._url(resource, namespace, name, subresource)
        doing = f"{_VERBS[method]} {'/'.join(filter(None, (resource.plural, name, subresource)))}"
        while True:
            try:
                return await self._once(method, url, doing, until, query, body, media)
            except Unavailable as error:
                # A write that may have arrived is the caller's to judge: there one can tell if it was applied.
                safe = method == "GET" or not error.sent
                pause = backoff.pause()
                if not safe or time.monotonic() + pause >= until:
                    raise
            except TooManyRequests as error:
                pause = float(error.details.get("retryAfterSeconds") or 1)
                if time.monotonic() + pause >= until:
                    raise
            await asyncio.sleep(pause)

    async def _once(
        self, method: str, url: str, doing: str, until: float, query: dict[str, str] | None, body: Any, media: str
    ) -> Object:
        if self._throttle is not None:
            await self._throttle.take()
        headers = await self._headers()
        if body is not None:
            headers["Content-Type"] = media
        timeout = aiohttp.ClientTimeout(total=max(until - time.monotonic(), 0.001))
        try:
            async with self._open().request(
                method,
                url,
                params=query,
                headers=headers,
                data=None if body is None else orjson.dumps(body),
                timeout=timeout,
                allow_redirects=False,
            ) as response:
                answer = _decode(await response.read())
                if response.status >= 300:
                    raise error_from(response.status, answer, doing)
                return answer if isinstance(answer, dict) else {}
        except aiohttp.ClientConnectorError as error:
            raise Unavailable(f"{doing}: {_explain(error)}", sent=False) from error
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise Unavailable(f"{doing}: {_explain(error)}") from error

    def _open(self) -> aiohttp.ClientSession:
        if self._session is None:
            connector = aiohttp.TCPConnector(
                limit=_CONNECTIONS,
                ssl=self.config.ssl_context if self.config.ssl_context is not None else True,
                keepalive_timeout=60,
                socket_factory=_socket,
            )
            self._session = aiohttp.ClientSession(connector=connector, auto_decompress=True, trust_env=False)
        return self._session

    async def _headers(self) -> dict[str, str]:
        headers = {"Accept": "application/json"}
        if token := await self.config.token():
            headers["Authorization"] = f"Bearer {token}"
        return headers

    def _url(self, resource: Resource, namespace: str | None, name: str = "", subresource: str = "") -> str:
        return self.config.server + resource.path(namespace or self.config.namespace, name, subresource)


async def _lines(stream: aiohttp.StreamReader) -> AsyncIterator[bytes]:
    """Whole lines of a watch. The stream's own ``readline`` refuses what is longer than its buffer; objects may be."""
    rest = b""
    async for chunk in stream.iter_any():
        *whole, rest = (rest + chunk).split(b"\n")
        for line in whole:
            if line:
                yield line
        if len(rest) > _MAX_EVENT_BYTES:
            raise aiohttp.ClientPayloadError(f"a watch event is larger than {_MAX_EVENT_BYTES} bytes")


def _decode(raw: bytes) -> Any:
    try:
        return orjson.loads(raw)
    except orjson.JSONDecodeError:
        return raw[:500].decode("utf-8", "replace").strip()


def _explain(error: BaseException) -> str:
    if isinstance(error, TimeoutError):
        return "no answer in time"
    return str(error) or type(error).__name__


def _socket(address: tuple[Any, ...]) -> socket.socket:
    """A socket that notices a peer that vanished without a word, which a watch would otherwise wait for in silence."""
    family, kind, protocol = address[:3]
    sock = socket.socket(family, kind, protocol)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    for option, value in (("TCP_KEEPIDLE", 15), ("TCP_KEEPINTVL", 5), ("TCP_KEEPCNT", 3), ("TCP_USER_TIMEOUT", 30_000)):
        if hasattr(socket, option):
            sock.setsockopt(socket.IPPROTO_TCP, getattr(socket, option), value)
    return sock
