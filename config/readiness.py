"""`/readyz`: whether this process can serve people now. Each part is asked within a bound, and said in one word.

The database and Redis decide. The cluster is named but does not: while it is away people go on editing, and a proxy
that took all web processes out would take that from them. `/readyz?all` is 503 then too, for those who watch.
"""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, JsonResponse

log = logging.getLogger(__name__)

SECONDS = 2.0
KEPT_SECONDS = 1.0
"""So long one answer is given to all who ask: nobody can make the services work by asking."""
DECIDE = ("database", "redis")

Ask = Callable[[], Awaitable[str]]


class Readiness:
    """Asks all parts at the same time, and each once at a time: one that hangs holds up one task and one thread."""

    def __init__(self, parts: dict[str, Ask]) -> None:
        self._parts = parts
        self._tasks: dict[str, asyncio.Task[str]] = {}
        self._answer: tuple[float, dict[str, str]] = (float("-inf"), {})

    async def ask(self) -> dict[str, str]:
        """`ok`, `unset`, `slow` or `failed` for each part."""
        at, known = self._answer
        if time.monotonic() - at < KEPT_SECONDS:
            return known
        for name, part in self._parts.items():
            task = self._tasks.get(name)
            if task is None or task.done():
                self._tasks[name] = asyncio.create_task(_safely(name, part), name=f"readiness of {name}")
        tasks = dict(self._tasks)
        await asyncio.wait(tasks.values(), timeout=SECONDS)
        answer = {name: task.result() if task.done() else "slow" for name, task in tasks.items()}
        self._answer = (time.monotonic(), answer)
        return answer


async def _safely(name: str, part: Ask) -> str:
    try:
        return await part()
    except Exception as error:
        # Its text may name addresses and users: it is for the log.
        log.warning("%s does not answer: %r", name, error)
        return "failed"


async def _database() -> str:
    from editor.database import in_database

    await in_database(_select)
    return "ok"


def _select() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


async def _redis() -> str:
    if not settings.REDIS_URL:
        return "unset"
    from redis.asyncio import Redis

    async with Redis.from_url(settings.REDIS_URL, socket_connect_timeout=SECONDS, socket_timeout=SECONDS) as client:
        await client.ping()
    return "ok"


async def _cluster() -> str:
    from editor.process import connect, running_hub
    from weirflow.kube.resources import TINY_PROJECT

    hub = running_hub()
    if hub is not None and hub.connection is not None:
        return "ok" if hub.health_ok else "failed"
    async with connect() as cluster:
        cluster.timeout = SECONDS
        await cluster.list(TINY_PROJECT, limit=1)
    return "ok"


_readiness: tuple[asyncio.AbstractEventLoop, Readiness] | None = None


def _of_this_loop() -> Readiness:
    global _readiness
    loop = asyncio.get_running_loop()
    if _readiness is None or _readiness[0] is not loop:
        _readiness = (loop, Readiness({"database": _database, "redis": _redis, "cluster": _cluster}))
    return _readiness[1]


async def readyz(request: HttpRequest) -> JsonResponse:
    """200 or 503 with `{ready, parts: {name: word}}`."""
    parts = await _of_this_loop().ask()
    deciding = parts if "all" in request.GET else {name: parts[name] for name in DECIDE}
    ready = all(word in ("ok", "unset") for word in deciding.values())
    answer = JsonResponse({"ready": ready, "parts": parts}, status=200 if ready else 503)
    answer["Cache-Control"] = "no-store"
    return answer
