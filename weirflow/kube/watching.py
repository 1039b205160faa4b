"""List and watch: a collection's state, then its changes, for ever, across cut connections and expired history."""

import asyncio
import random
import time
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import aclosing
from dataclasses import dataclass

from weirflow.kube.backoff import Backoff
from weirflow.kube.client import ClusterClient, list_all
from weirflow.kube.errors import ApiError, Gone, TooManyRequests, Unavailable
from weirflow.kube.resources import Object, Resource


@dataclass(frozen=True, slots=True)
class Listed:
    """The whole collection as of now; what is missing here was deleted unseen."""

    objects: list[Object]


@dataclass(frozen=True, slots=True)
class Changed:
    """One change since the list; ``type`` is ADDED, MODIFIED or DELETED."""

    type: str
    object: Object


@dataclass(frozen=True, slots=True)
class Lost:
    """The cluster does not answer, or refuses; a ``Listed`` or ``Resumed`` follows when it does again."""

    reason: str


@dataclass(frozen=True, slots=True)
class Resumed:
    """The watch goes on after a ``Lost``; nothing has been missed."""


Report = Listed | Changed | Lost | Resumed


@dataclass(frozen=True, slots=True)
class Pace:
    """Times in seconds. The server ends a watch between ``shortest`` and ``longest``, so that many do not end together.

    A watch silent for ``longest + grace`` is taken for dead; for ``quiet``, once the server has shown that it sends
    bookmarks, which API servers do about every minute. A fresh list every ``relist`` covers what a watch missed.
    """

    shortest: int = 240
    longest: int = 300
    grace: float = 15.0
    quiet: float = 90.0
    relist: float = 1800.0
    first_pause: float = 0.1
    longest_pause: float = 32.0


#: A watch that lasted this long, in seconds, was a good one: the next attempt need not wait.
_GOOD_SECONDS = 1.0
#: The last bookmark of a watch, which comes with its end, says nothing about others.
_LAST_BOOKMARK_SECONDS = 10.0


class Reader:
    """Reads one collection. ``keep`` may slim an object of a list, or drop it by returning ``None``."""

    def __init__(
        self,
        cluster: ClusterClient,
        resource: Resource,
        *,
        namespace: str | None = None,
        label_selector: str = "",
        field_selector: str = "",
        pace: Pace | None = None,
        keep: Callable[[Object], Object | None] | None = None,
    ) -> None:
        self._cluster, self._resource, self._namespace = cluster, resource, namespace
        self._label_selector, self._field_selector = label_selector, field_selector
        self._pace, self._keep = pace or Pace(), keep
        self._backoff = Backoff(self._pace.first_pause, self._pace.longest_pause)
        self._version = ""
        self._relist_at = 0.0
        self._lost = False
        self._inactivity = self._pace.longest + self._pace.grace
        self._opened_at: float | None = None

    async def reports(self) -> AsyncIterator[Report]:
        """Reports about the collection without end; the first is a ``Listed`` or a ``Lost``."""
        while True:
            pause = 0.0
            try:
                if not self._version or time.monotonic() >= self._relist_at:
                    yield await self._list()
                async with aclosing(self._watch()) as reports:
                    async for report in reports:
                        yield report
            except Gone:
                self._version = ""
            except ApiError as error:
                if not _is_passing(error):
                    self._version = ""
                pause, self._lost = error.retry_after or 0.0, True
                yield Lost(error.message)
            if self._was_good():
                self._backoff.reset()
                if not self._lost and self._version:
                    continue
            await asyncio.sleep(max(pause, self._backoff.pause()))

    async def _list(self) -> Listed:
        self._version = ""
        objects, self._version = await list_all(
            self._cluster,
            self._resource,
            namespace=self._namespace,
            label_selector=self._label_selector,
            field_selector=self._field_selector,
            keep=self._keep,
        )
        self._relist_at = time.monotonic() + self._pace.relist * random.uniform(0.9, 1.1)  # noqa: S311 spreads load
        self._lost = False
        return Listed(objects)

    async def _watch(self) -> AsyncGenerator[Report, None]:
        """One watch, to its end."""
        seconds = random.randint(self._pace.shortest, self._pace.longest)  # noqa: S311 spreads load
        watch = self._cluster.watch(
            self._resource,
            resource_version=self._version,
            timeout_seconds=seconds,
            inactivity_seconds=self._inactivity,
            namespace=self._namespace,
            label_selector=self._label_selector,
            field_selector=self._field_selector,
        )
        async with aclosing(watch) as events:  # type: ignore[type-var]
            async for event in events:
                if self._opened_at is None:
                    self._opened_at = time.monotonic()
                elif event.type == "BOOKMARK" and time.monotonic() < self._opened_at + seconds - _LAST_BOOKMARK_SECONDS:
                    self._inactivity = min(self._inactivity, self._pace.quiet)
                self._version = event.object["metadata"]["resourceVersion"]
                if self._lost:
                    self._lost = False
                    yield Resumed()
                if event.type != "BOOKMARK":
                    yield Changed(event.type, event.object)

    def _was_good(self) -> bool:
        """Whether the watch that has just ended had lasted."""
        opened_at, self._opened_at = self._opened_at, None
        return opened_at is not None and time.monotonic() > opened_at + _GOOD_SECONDS


def _is_passing(error: ApiError) -> bool:
    """Whether the history is as good as before: nobody answered, or somebody who was too busy or is on the way."""
    return isinstance(error, Unavailable | TooManyRequests) and error.status in (0, 429, 502, 503, 504)
