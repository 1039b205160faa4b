"""List and watch: a collection's state, then its changes, for ever, across cut connections and expired history."""

import asyncio
import logging
import random
import time
from collections.abc import AsyncIterator
from contextlib import aclosing
from dataclasses import dataclass

from weirflow.kube.backoff import Backoff
from weirflow.kube.client import ClusterClient, list_all
from weirflow.kube.errors import ApiError, Gone
from weirflow.kube.resources import Object, Resource

log = logging.getLogger(__name__)


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
    """The cluster does not answer, or refuses; a ``Listed`` follows when it does again."""

    reason: str


Report = Listed | Changed | Lost


@dataclass(frozen=True, slots=True)
class Pace:
    """Times in seconds. The server ends a watch between ``shortest`` and ``longest``, so that many do not end together.

    A watch silent for ``longest + grace`` is taken for dead. A fresh list every ``relist`` covers what a watch missed.
    """

    shortest: int = 240
    longest: int = 300
    grace: float = 15.0
    relist: float = 1800.0
    first_pause: float = 0.1
    longest_pause: float = 32.0


async def list_and_watch(
    cluster: ClusterClient,
    resource: Resource,
    *,
    namespace: str | None = None,
    label_selector: str = "",
    pace: Pace | None = None,
) -> AsyncIterator[Report]:
    """Reports about one collection without end; the first is a ``Listed`` or a ``Lost``."""
    pace = pace or Pace()
    backoff = Backoff(pace.first_pause, pace.longest_pause)
    version, relist_at = "", 0.0
    while True:
        opened = time.monotonic()
        try:
            if not version or opened >= relist_at:
                objects, version = await list_all(cluster, resource, namespace=namespace, label_selector=label_selector)
                relist_at = time.monotonic() + pace.relist * random.uniform(0.9, 1.1)  # noqa: S311 spreads load
                yield Listed(objects)
            watch = cluster.watch(
                resource,
                resource_version=version,
                timeout_seconds=random.randint(pace.shortest, pace.longest),  # noqa: S311 spreads load
                inactivity_seconds=pace.longest + pace.grace,
                namespace=namespace,
                label_selector=label_selector,
            )
            async with aclosing(watch) as events:  # type: ignore[type-var]
                async for event in events:
                    version = event.object["metadata"]["resourceVersion"]
                    backoff.reset()
                    if event.type != "BOOKMARK":
                        yield Changed(event.type, event.object)
            if time.monotonic() - opened > 1.0:
                backoff.reset()
                continue
        except Gone:
            version = ""
        except ApiError as error:
            version = ""
            yield Lost(error.message)
        await asyncio.sleep(backoff.pause())
