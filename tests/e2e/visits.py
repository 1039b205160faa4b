"""The demo flow's HTTP side: `GET /visits` counts one and answers the count."""

import asyncio
import contextlib
import re
import time
import uuid
from dataclasses import dataclass, field

import aiohttp

from tests.e2e.product import Product
from tests.honest import honest_session
from tests.waiting import read_until

ANSWER_SECONDS = 30.0


@dataclass(frozen=True)
class Visit:
    """`status` 0: no answer came. `value`: the count in the answer, -1 where there is none."""

    status: int
    text: str

    @property
    def value(self) -> int:
        found = re.search(r"-?\d+", self.text) if self.status == 200 else None
        return int(found.group()) if found else -1


async def visit(session: aiohttp.ClientSession, product: Product, key: str | None = None) -> Visit:
    headers = {"Idempotency-Key": key} if key else {}
    timeout = aiohttp.ClientTimeout(total=ANSWER_SECONDS)
    try:
        async with session.get(f"{product.flows_url}/visits", headers=headers, timeout=timeout) as answer:
            return Visit(answer.status, await answer.text())
    except (aiohttp.ClientError, TimeoutError, OSError) as error:
        return Visit(0, repr(error))


async def visit_once(product: Product, key: str | None = None) -> Visit:
    async with aiohttp.ClientSession() as session:
        return await visit(session, product, key)


async def visit_until_answered(product: Product, key: str | None = None) -> Visit:
    async with aiohttp.ClientSession() as session:
        return await read_until(lambda: visit(session, product, key), lambda one: one.status == 200, 60.0)


async def applied(product: Product) -> int:
    """The count that the cluster holds, as kubectl shows it; -1 while it holds no counter."""
    nodes = await asyncio.to_thread(product.nodes)
    counters = [node for node in nodes if node["spec"]["component"] == "stateful_counter"]
    assert len(counters) <= 1, [node["metadata"]["name"] for node in nodes]
    status = counters[0].get("status", {}) if counters else {"metadata": {"counter-value": "-1"}}
    return int(status.get("metadata", {}).get("counter-value", "0"))


@dataclass
class Load:
    """Visits at a steady rate, in the background, until `finish()`.

    With `keyed`, every visit carries an Idempotency-Key of its own and is repeated until it is answered.
    """

    product: Product
    rate: float = 50.0
    keyed: bool = False
    sent: int = 0
    acknowledged: int = 0
    repeated: int = 0
    most_at_once: int = 2_000
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)
    _pump: asyncio.Task[None] | None = None

    async def __aenter__(self) -> "Load":
        self._session = honest_session(connector=aiohttp.TCPConnector(limit=0))
        self._pump = asyncio.create_task(self._run())
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._pump:
            self._pump.cancel()
        for task in self._tasks:
            task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._session.close()

    async def more(self, acknowledged: int) -> None:
        """Wait until so many more visits were answered."""
        goal = self.acknowledged + acknowledged
        await read_until(self._answered, lambda count: count >= goal, 60.0)

    async def finish(self) -> None:
        """Send no more, and wait until every visit has its end."""
        assert self._pump
        self._pump.cancel()
        async with asyncio.timeout(90):
            await asyncio.gather(*self._tasks)

    async def _answered(self) -> int:
        return self.acknowledged

    async def _run(self) -> None:
        began, number = time.monotonic(), 0
        while len(self._tasks) < self.most_at_once:
            number += 1
            task = asyncio.create_task(self._keyed() if self.keyed else self._plain())
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
            self.sent += 1
            await asyncio.sleep(max(0.0, began + number / self.rate - time.monotonic()))

    async def _plain(self) -> None:
        if (await visit(self._session, self.product)).status == 200:
            self.acknowledged += 1

    async def _keyed(self) -> None:
        key = str(uuid.uuid4())

        async def attempt() -> Visit:
            answer = await visit(self._session, self.product, key)
            self.repeated += answer.status != 200
            return answer

        await read_until(attempt, lambda one: one.status == 200, seconds=80.0)
        self.acknowledged += 1
