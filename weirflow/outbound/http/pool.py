"""The kept connections of one project: each leads to an address that was judged when it was opened."""

from __future__ import annotations

import asyncio
import ssl
import time
from collections import deque
from contextlib import suppress
from dataclasses import dataclass, field

from weirflow.errors import Fail
from weirflow.outbound.dial import dial, peer_of
from weirflow.outbound.guard import Guard, Place
from weirflow.outbound.http.exchange import Answer, Broken, Exchange, Room
from weirflow.outbound.http.target import Origin
from weirflow.outbound.http.tls import Verify, context_of, tls_failure

#: Connections to one origin at once; requests past it wait for their turn, until their time is up.
CONNECTIONS = 100
#: Requests under way or waiting at once, and bytes of their answers.
REQUESTS = 2_000
ROOM = 256 << 20
_IDLE_SECONDS = 30.0
#: A name may lead elsewhere after this, or be denied: it is looked up and judged again.
_LIFE_SECONDS = 300.0
_IDLE_LIMIT = 200

Lane = tuple[Origin, Verify]


@dataclass(slots=True)
class _Lane:
    room: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(CONNECTIONS))
    #: The latest used at the end.
    idle: deque[Exchange] = field(default_factory=deque)
    users: int = 0


class Pool:
    """``retire`` after each change of the guard's rules: what was opened under those before is not used again,
    and what leads where it may not any more is cut."""

    def __init__(self, guard: Guard) -> None:
        self._guard = guard
        self._lanes: dict[Lane, _Lane] = {}
        self._generation = 0
        self._requests = 0
        self._idle = 0
        self._room = Room(ROOM)
        self._busy: set[Exchange] = set()
        self._sweep: asyncio.TimerHandle | None = None

    async def ask(
        self, origin: Origin, verify: Verify, head: bytes, body: bytes, max_body: int, connect: float, *, again: bool
    ) -> Answer:
        """Send a request and wait for its answer. ``again``: it may be sent twice, where a kept connection turns out to
        have ended. Raises ``Fail``, ``Broken``, ``TooLarge`` and ``Full``."""
        if self._requests >= REQUESTS:
            raise Fail(
                f"{REQUESTS:,} requests of this project are under way already; send fewer at once, or later",
                code="outbound_busy",
                retryable=True,
            )
        key = (origin, verify)
        lane = self._lanes.get(key)
        if lane is None:
            lane = self._lanes[key] = _Lane()
        lane.users += 1
        self._requests += 1
        bodiless = head.startswith(b"HEAD ")
        try:
            async with lane.room:
                while (kept := self._take(lane)) is not None:
                    try:
                        return await self._use(lane, kept, head, body, max_body, bodiless=bodiless)
                    except Broken as error:
                        if not (again and error.early):
                            raise
                fresh = await self._open(origin, verify, connect)
                return await self._use(lane, fresh, head, body, max_body, bodiless=bodiless)
        finally:
            self._requests -= 1
            lane.users -= 1
            if not lane.users and not lane.idle:
                self._lanes.pop(key, None)

    def retire(self) -> None:
        """Drop what is idle, cut what leads where it may not, and drop the rest as soon as it has answered."""
        self._generation += 1
        for exchange in list(self._busy):
            if exchange.place is not None and (why := self._guard.revoked(exchange.place)) is not None:
                exchange.cut(why)
        for key, lane in list(self._lanes.items()):
            while lane.idle:
                lane.idle.pop().abort()
            if not lane.users:
                del self._lanes[key]
        self._idle = 0

    def close(self) -> None:
        """Drop all; those who wait get ``Broken``."""
        self.retire()
        if self._sweep is not None:
            self._sweep.cancel()
            self._sweep = None
        for exchange in list(self._busy):
            exchange.abort()

    async def _use(
        self, lane: _Lane, exchange: Exchange, head: bytes, body: bytes, max_body: int, *, bodiless: bool
    ) -> Answer:
        self._busy.add(exchange)
        try:
            return await exchange.ask(head, body, max_body, bodiless=bodiless)
        finally:
            self._busy.discard(exchange)
            self._give_back(lane, exchange)

    async def _open(self, origin: Origin, verify: Verify, seconds: float) -> Exchange:
        loop = asyncio.get_running_loop()
        # Before the judgement: rules that change meanwhile make it one of those before.
        generation, until = self._generation, time.monotonic() + seconds
        try:
            async with asyncio.timeout(seconds):
                addresses = await self._guard.resolve(origin.host, origin.port)
                sock = await dial(addresses, origin.host, until - time.monotonic())
                ip = peer_of(sock, origin.host)
                try:
                    tls = context_of(verify) if origin.scheme == "https" else None
                    _, exchange = await loop.create_connection(
                        lambda: Exchange(self._lost, self._room),
                        sock=sock,
                        ssl=tls,
                        server_hostname=origin.host.partition("%")[0] if tls is not None else None,
                    )
                except BaseException:
                    sock.close()
                    raise
        except ssl.SSLError as error:
            raise tls_failure(origin, error) from None
        except TimeoutError:
            raise Fail(
                f"no connection to {origin} within {seconds:g} s; is it running, and does it speak "
                f"{origin.scheme} there?",
                code="outbound_timeout",
                retryable=True,
            ) from None
        except OSError as error:
            raise Fail(
                f"the connection to {origin} ended before it was ready ({error.strerror or 'no reason given'})",
                code="outbound_broken",
                retryable=True,
            ) from None
        exchange.generation, exchange.place = generation, Place(origin.host, origin.port, ip)
        if generation != self._generation and (why := self._guard.revoked(exchange.place)) is not None:
            exchange.abort()
            raise why
        return exchange

    def _take(self, lane: _Lane) -> Exchange | None:
        now = time.monotonic()
        while lane.idle:
            exchange = lane.idle.pop()
            self._idle -= 1
            if exchange.usable and now < exchange.used_at + _IDLE_SECONDS and now < exchange.born_at + _LIFE_SECONDS:
                return exchange
            exchange.abort()
        return None

    def _give_back(self, lane: _Lane, exchange: Exchange) -> None:
        if exchange.usable and exchange.generation == self._generation and self._idle < _IDLE_LIMIT:
            lane.idle.append(exchange)
            self._idle += 1
            if self._sweep is None:
                self._sweep = asyncio.get_running_loop().call_later(_IDLE_SECONDS, self._drop_old)
        else:
            exchange.abort()

    def _lost(self, exchange: Exchange) -> None:
        """A server ends connections that it finds idle."""
        for lane in self._lanes.values():
            with suppress(ValueError):
                lane.idle.remove(exchange)
                self._idle -= 1

    def _drop_old(self) -> None:
        self._sweep = None
        now = time.monotonic()
        for key, lane in list(self._lanes.items()):
            while lane.idle and now >= lane.idle[0].used_at + _IDLE_SECONDS:
                lane.idle.popleft().abort()
                self._idle -= 1
            if not lane.users and not lane.idle:
                del self._lanes[key]
        if self._idle:
            self._sweep = asyncio.get_running_loop().call_later(_IDLE_SECONDS, self._drop_old)
