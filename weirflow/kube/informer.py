"""A local copy of one collection, kept by list and watch, that tells its listeners which names changed."""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from weirflow.kube.client import ClusterClient
from weirflow.kube.resources import Object, Resource
from weirflow.kube.watching import Changed, Listed, Lost, Pace, Reader, Report, Resumed

log = logging.getLogger(__name__)

_START_OVER_SECONDS = 1.0

Handler = Callable[[str, Object | None, Object | None], None]
"""Called with name, new object (``None``: deleted) and old object (``None``: new). It must not block: it runs in the
reader. It should only note the name, since several changes of one name may already have happened."""


@dataclass(frozen=True, slots=True)
class Health:
    """Whether the cluster answers, and if not, why."""

    reachable: bool
    reason: str = ""


class Informer:
    """``keep`` may slim an object before it is held, or drop it by returning ``None``.

    ``objects`` is the copy by name; ``synced`` is set by the first whole list and stays set.
    """

    def __init__(
        self,
        cluster: ClusterClient,
        resource: Resource,
        *,
        namespace: str | None = None,
        label_selector: str = "",
        field_selector: str = "",
        keep: Callable[[Object], Object | None] | None = None,
        index_label: str = "",
        pace: Pace | None = None,
    ) -> None:
        self._cluster, self._resource, self._namespace = cluster, resource, namespace
        self._label_selector, self._field_selector = label_selector, field_selector
        self._keep, self._pace = keep, pace
        self._index_label = index_label
        self._index: dict[str, set[str]] = {}
        self._handlers: list[Handler] = []
        self._health_handlers: list[Callable[[Health], None]] = []
        self._task: asyncio.Task[None] | None = None
        self.objects: dict[str, Object] = {}
        self.synced = asyncio.Event()
        self.health = Health(reachable=False, reason="not connected yet")

    def on_change(self, handler: Handler) -> None:
        """Add a listener; it hears of every object from the next list on."""
        self._handlers.append(handler)

    def on_health(self, handler: Callable[[Health], None]) -> None:
        """Add a listener for changes between reachable and unreachable."""
        self._health_handlers.append(handler)

    def labelled(self, value: str) -> list[Object]:
        """The objects whose ``index_label`` has this value."""
        return [self.objects[name] for name in sorted(self._index.get(value, ()))]

    @property
    def reading(self) -> bool:
        """Whether the reader's task runs."""
        return self._task is not None and not self._task.done()

    def start(self) -> None:
        """Begin reading in a task of its own."""
        self._task = asyncio.create_task(self._run(), name=f"informer {self._resource.plural}")

    async def stop(self) -> None:
        """End reading; the copy stays as it is."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait([self._task])
            self._task = None

    def apply(self, report: Report) -> None:
        """Take one report into the copy and tell the listeners. One step of the reader's endless loop."""
        match report:
            case Listed(objects):
                self._replace(objects)
                self._set_health(Health(reachable=True))
                self.synced.set()
            case Changed(type_, obj):
                name = obj["metadata"]["name"]
                self._put(name, None if type_ == "DELETED" else self._slim(obj))
            case Lost(reason):
                self._set_health(Health(reachable=False, reason=reason))
            case Resumed():
                self._set_health(Health(reachable=True))

    async def _run(self) -> None:
        # The reader of reports survives everything but its own cancellation.
        while True:
            reader = Reader(
                self._cluster,
                self._resource,
                namespace=self._namespace,
                label_selector=self._label_selector,
                field_selector=self._field_selector,
                pace=self._pace,
                keep=self._slim,
            )
            try:
                async for report in reader.reports():
                    self.apply(report)
            except Exception as error:
                log.exception("reading %s failed; starting over", self._resource.plural)
                self.apply(Lost(f"reading {self._resource.plural} failed: {error!r}"))
                await asyncio.sleep(_START_OVER_SECONDS)

    def _replace(self, objects: list[Object]) -> None:
        present = {obj["metadata"]["name"]: obj for obj in objects}
        for name in self.objects.keys() - present.keys():
            self._put(name, None)
        for name, obj in present.items():
            old = self.objects.get(name)
            if old is None or old["metadata"]["resourceVersion"] != obj["metadata"]["resourceVersion"]:
                self._put(name, obj)

    def _slim(self, obj: Object) -> Object | None:
        """What is kept of an object. One that cannot be read changes nothing: neither its copy nor the others'."""
        name = obj["metadata"]["name"]
        try:
            return obj if self._keep is None else self._keep(obj)
        except Exception:
            log.exception("%s %s cannot be taken in; what was known of it stays", self._resource.plural, name)
            return self.objects.get(name)

    def _put(self, name: str, new: Object | None) -> None:
        old = self.objects.pop(name, None) if new is None else self.objects.get(name)
        if new is not None:
            self.objects[name] = new
        elif old is None:
            return
        if self._index_label:
            self._reindex(name, old, new)
        for handler in self._handlers:
            try:
                handler(name, new, old)
            except Exception:
                log.exception("a listener for %s failed on %s", self._resource.plural, name)

    def _reindex(self, name: str, old: Object | None, new: Object | None) -> None:
        before, after = self._label(old), self._label(new)
        if before == after:
            return
        if before is not None and (names := self._index.get(before)):
            names.discard(name)
            if not names:
                del self._index[before]
        if after is not None:
            self._index.setdefault(after, set()).add(name)

    def _label(self, obj: Object | None) -> str | None:
        labels: dict[str, Any] = (obj or {}).get("metadata", {}).get("labels") or {}
        return labels.get(self._index_label)

    def _set_health(self, health: Health) -> None:
        if health == self.health:
            return
        self.health = health
        for handler in self._health_handlers:
            try:
                handler(health)
            except Exception:
                log.exception("a health listener for %s failed", self._resource.plural)
