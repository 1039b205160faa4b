"""Connections that are used again, and the requests that wait for an answer on them."""

import asyncio
import time
from collections import deque

from weirflow.kube.address import Address
from weirflow.kube.exchange import Answer, Exchange

_CONNECTIONS = 100
_KEPT_SECONDS = 60.0


class Kept:
    """At most a hundred; each is kept for a minute after its last use."""

    def __init__(self, address: Address) -> None:
        self._address = address
        self._room = asyncio.Semaphore(_CONNECTIONS)
        #: With the time of their last use, the latest at the end.
        self._idle: deque[tuple[Exchange, float]] = deque()
        self._busy: set[Exchange] = set()
        self._retired = False
        #: When each was sent, on the monotonic clock, by what ends its waiting.
        self._waiting: dict[asyncio.Timeout, float] = {}

    async def ask(self, request: bytes, seconds: float, silence: float | None) -> Answer:
        """The answer to a whole request within ``seconds``; ``silence`` ends the wait when nothing comes for so long.

        Raises ``NotConnected`` when nothing was sent, other ``OSError`` where that is not known, and ``TimeoutError``,
        also once the connections are not to be trusted.
        """
        async with asyncio.timeout(seconds) as patience:
            self._waiting[patience] = time.monotonic()
            try:
                async with self._room:
                    exchange = self._take() or await self._address.connect(Exchange)
                    self._busy.add(exchange)
                    try:
                        return await exchange.ask(request, silence)
                    finally:
                        self._busy.discard(exchange)
                        self._give_back(exchange)
            finally:
                del self._waiting[patience]

    def hurry(self, seconds: float) -> None:
        """Nobody is to wait longer than ``seconds``, all in all."""
        now, loop_now = time.monotonic(), asyncio.get_running_loop().time()
        for patience, sent_at in self._waiting.items():
            if not patience.expired():
                patience.reschedule(loop_now + max(0.0, sent_at + seconds - now))

    def retire(self) -> None:
        """Drop what is idle, and the rest as soon as it has answered."""
        self._retired = True
        while self._idle:
            self._idle.pop()[0].abort()

    async def close(self) -> None:
        """Drop all connections; those who wait get ``OSError``."""
        self.retire()
        for exchange in self._busy:
            exchange.abort()
        await asyncio.sleep(0)  # the loop takes leave of them in its next turn

    def _take(self) -> Exchange | None:
        while self._idle:
            exchange, used_at = self._idle.pop()
            if exchange.usable and time.monotonic() < used_at + _KEPT_SECONDS:
                return exchange
            exchange.abort()
        return None

    def _give_back(self, exchange: Exchange) -> None:
        now = time.monotonic()
        if exchange.usable and not self._retired:
            self._idle.append((exchange, now))
        else:
            exchange.abort()
        while self._idle and self._idle[0][1] < now - _KEPT_SECONDS:
            self._idle.popleft()[0].abort()
