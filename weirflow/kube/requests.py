"""Sending requests to the API server: bounded, repeated where that is safe, with a token that is renewed."""

import asyncio
import random
import re
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode

import orjson

from weirflow.kube.address import Address, NotConnected
from weirflow.kube.backoff import Backoff
from weirflow.kube.connections import Connections
from weirflow.kube.credentials import ClusterConfig, ConfigError
from weirflow.kube.errors import TooManyRequests, Unauthorized, Unavailable, error_from
from weirflow.kube.limits import REAL, Limits, limits_for
from weirflow.kube.resources import Object
from weirflow.kube.throttle import TokenBucket

if TYPE_CHECKING:
    from weirflow.kube.streams import Stream

#: A caller that gives up later than this, in seconds, has waited for an answer that did not come.
_PATIENCE = 1.0
#: Paths that are sent as they are, and what may stand in all others.
_PLAIN = re.compile(r"[A-Za-z0-9/._:~-]*")
_SAFE = "/:~!$&'()*+,;=@%"


@dataclass(frozen=True, slots=True)
class Request:
    """``path`` goes below the server's, ``doing`` is for errors; ``body`` is JSON to be, in the form ``media``."""

    method: str
    path: str
    doing: str
    query: dict[str, str] | None = None
    body: Any = None
    media: str = "application/json"


class Requests:
    """``timeout`` bounds one request in seconds, all its attempts included. ``limits`` not given follow the server."""

    def __init__(self, config: ClusterConfig, timeout: float, limits: Limits | None = None) -> None:
        self.config, self.timeout = config, timeout
        self._fixed = limits is not None
        self._limit(limits or REAL)
        self._address = Address(config.server, config.ssl_context, config.server_name)
        self._connections = Connections(self._address, config.ssl_context)

    async def close(self) -> None:
        """Drop all connections."""
        await self._connections.close()

    async def send(self, request: Request, *, throttled: bool) -> Object:
        """The answer's object. Raises ``ApiError``."""
        until = time.monotonic() + self.timeout
        backoff, failed = Backoff(0.05, 2.0), None
        while True:
            try:
                token = await self._turn(request.doing, until, throttled)
            except Unavailable as error:
                # What went wrong before says more than that the time was up before another attempt.
                raise failed or error from error
            try:
                return await self._once(request, token, until)
            except Unauthorized:
                # Who asks is settled before anything is done: this one was not.
                if not await self._renewed(token, request.doing):
                    raise
                continue
            except (Unavailable, TooManyRequests) as error:
                failed = error
                # A write that may have arrived is the caller's to judge: there one can tell if it was applied.
                safe = request.method == "GET" or isinstance(error, TooManyRequests) or not error.sent
                pause = backoff.pause()
                if error.retry_after is not None:
                    # All who were told the same would come back in the same instant.
                    pause = error.retry_after * random.uniform(1.0, 1.25)  # noqa: S311 spreads load
                if not safe or time.monotonic() + pause >= until:
                    raise
            await asyncio.sleep(pause)

    async def open(self, url: str, query: dict[str, str], inactivity_seconds: float, doing: str) -> "Stream":
        """An answer that does not end, to be closed by the caller; reading it fails after so many silent seconds."""
        async with asyncio.timeout(self.timeout):
            while True:
                token = await self._token(doing)
                streams = self._connections.for_watches()
                stream = await streams.open(url, query, _headers(token), inactivity_seconds, self.config.server_name)
                if stream.status == 200:
                    return stream
                try:
                    answer = _decode(await stream.whole())
                finally:
                    stream.close()
                if stream.status != 401 or not await self._renewed(token, doing):
                    raise error_from(stream.status, answer, doing, stream.header("Retry-After"))

    def _limit(self, limits: Limits) -> None:
        self.limits, self._bucket = limits, TokenBucket(limits.requests, limits.burst)

    def _learn(self, server: str) -> None:
        """Keep to what is fit for a server that calls itself so."""
        if not self._fixed and (limits := limits_for(server)) is not self.limits:
            self._limit(limits)

    async def _turn(self, doing: str, until: float, throttled: bool) -> str:
        """Wait until a request may be sent. Returns the token to send."""
        try:
            async with asyncio.timeout(until - time.monotonic()):
                if throttled:
                    await self._bucket.take()
                return await self._token(doing)
        except TimeoutError:
            raise Unavailable(f"{doing}: not sent in time, others come first", sent=False) from None

    async def _once(self, request: Request, token: str, until: float) -> Object:
        data = b"" if request.body is None else orjson.dumps(request.body)
        whole = self._whole(request, token, data)
        sent_at = time.monotonic()
        left = max(until - sent_at, 0.001)
        kept, doing = self._connections.for_requests(), request.doing
        try:
            # Silence leaves a read the time for another connection; an answer that keeps coming may take all of it.
            came = await kept.ask(whole, left, left / 2 if request.method == "GET" else None)
            self._learn(came.header(b"server"))
            answer = _decode(came.body)
            if came.status >= 300:
                raise error_from(came.status, answer, doing, came.header(b"retry-after"))
            return answer if isinstance(answer, dict) else {}
        except NotConnected as error:
            raise Unavailable(f"{doing}: {explain(error)}", sent=False) from error
        except TimeoutError as error:
            self._connections.distrust(kept, sent_at)
            raise Unavailable(f"{doing}: {explain(error)}") from error
        except OSError as error:
            raise Unavailable(f"{doing}: {explain(error)}") from error
        except asyncio.CancelledError:
            # Whoever waited may have had less patience than we.
            if time.monotonic() > sent_at + _PATIENCE:
                self._connections.distrust(kept, sent_at)
            raise

    def _whole(self, request: Request, token: str, data: bytes) -> bytes:
        """The request as it is sent."""
        path = self._address.path + request.path
        if not _PLAIN.fullmatch(path):
            path = quote(path, safe=_SAFE)
        if request.query:
            path = f"{path}?{urlencode(request.query)}"
        headers = {"Host": self._address.host, **_headers(token), "Accept-Encoding": "gzip"}
        if data:
            headers["Content-Type"] = request.media
        if data or request.method != "GET":
            headers["Content-Length"] = str(len(data))
        lines = "".join([f"{name}: {value}\r\n" for name, value in headers.items()])
        return f"{request.method} {path} HTTP/1.1\r\n{lines}\r\n".encode("latin-1") + data

    async def _token(self, doing: str) -> str:
        try:
            return await self.config.token()
        except ConfigError as error:
            raise Unavailable(f"{doing}: {error}", sent=False) from error

    async def _renewed(self, refused: str, doing: str) -> bool:
        try:
            return await self.config.renew(refused)
        except ConfigError as error:
            raise Unavailable(f"{doing}: {error}", sent=False) from error


def explain(error: BaseException) -> str:
    """What went wrong with a connection, in words."""
    if isinstance(error, TimeoutError):
        return "no answer in time"
    return str(error) or type(error).__name__


def _headers(token: str) -> dict[str, str]:
    headers = {"Accept": "application/json"}
    if token:
        if not token.isprintable():
            raise Unavailable("the token for the cluster holds characters that no token has", sent=False)
        headers["Authorization"] = f"Bearer {token}"
    return headers


def _decode(raw: bytes) -> Any:
    try:
        return orjson.loads(raw)
    except orjson.JSONDecodeError:
        return raw[:500].decode("utf-8", "replace").strip()
