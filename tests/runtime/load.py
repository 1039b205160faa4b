"""A client that counts, steadily, and knows what it was told."""

import asyncio
import time
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import aiohttp

from tests.runtime.world import World
from tests.waiting import eventually


@dataclass
class Load:
    """Requests until told to stop. With keys each is repeated until it is acknowledged."""

    one: World
    path: str
    keyed: bool
    clients: int = 8
    #: Seconds after which a client gives a request up.
    patience: float = 15.0
    #: Each request on a connection of its own, so that every replica keeps getting some.
    fresh: bool = False
    sent: int = 0
    acknowledged: int = 0
    failures: list[str] = field(default_factory=list)
    keys: set[str] = field(default_factory=set)
    running: bool = True
    #: Seconds between two acknowledgements at most, since it was last set to 0.
    longest_gap: float = 0.0
    _acknowledged_at: float = field(default_factory=time.monotonic)

    async def run(self) -> None:
        await asyncio.gather(*(self._client() for _ in range(self.clients)))

    async def more(self, count: int, seconds: float = 60.0) -> None:
        """Wait for so many further acknowledgements."""
        goal = self.acknowledged + count
        await eventually(lambda: self.acknowledged >= goal, seconds, f"{goal} acknowledgements")

    async def _client(self) -> None:
        while self.running:
            key = uuid.uuid4().hex if self.keyed else ""
            self.keys.add(key)
            until = time.monotonic() + 60
            while not await self._request(key) and self.keyed:
                assert time.monotonic() < until, f"no answer to a keyed request within a minute: {self.failures[-3:]}"
                await asyncio.sleep(0.05)

    async def _request(self, key: str) -> bool:
        self.sent += 1
        headers = {"Idempotency-Key": key} if key else {}
        if self.fresh:
            headers["Connection"] = "close"
        timeout = aiohttp.ClientTimeout(total=self.patience)
        try:
            status, body = await self.one.visit(self.path, headers=headers, timeout=timeout)
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            self.failures.append(repr(error))
            await asyncio.sleep(0.02)
            return False
        if status == 200:
            self.acknowledged += 1
            now = time.monotonic()
            self.longest_gap = max(self.longest_gap, now - self._acknowledged_at)
            self._acknowledged_at = now
        else:
            self.failures.append(f"{status} {body}")
        return status == 200


@asynccontextmanager
async def loaded(one: World, path: str = "/visits", *, keyed: bool = True, **options: Any) -> AsyncIterator[Load]:
    """A load while the block runs; at its end all that was sent has been answered."""
    load = Load(one, path, keyed, **options)
    running = asyncio.create_task(load.run())
    try:
        yield load
    finally:
        load.running = False
        await running


async def count(one: World, counter: str) -> int:
    """The value of the counter as it is stored."""
    return int((await one.state(counter)).get("counter-value", 0))


async def answers(one: World, path: str) -> bool:
    """Whether the flow behind ``path`` answers with success."""
    try:
        return (await one.visit(path))[0] == 200
    except (aiohttp.ClientError, OSError):
        return False
