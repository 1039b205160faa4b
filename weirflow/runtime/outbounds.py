"""What nodes of each project may call: read from the TinyProjects, and followed as owners change it."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import orjson

from weirflow.kube.client import ClusterClient
from weirflow.kube.informer import Informer
from weirflow.kube.resources import ANNOTATION_OUTBOUND, TINY_PROJECT, Object
from weirflow.outbound.caller import Caller
from weirflow.outbound.entries import BadEntry, read_entry
from weirflow.outbound.guard import Guard
from weirflow.outbound.lookup import Names
from weirflow.outbound.policy import Policy

log = logging.getLogger(__name__)


class Outbounds:
    """One `Outbound` per project. ``operator`` holds the rules of the installation."""

    def __init__(self, cluster: ClusterClient | None = None, operator: Policy | None = None) -> None:
        self._operator = operator or Policy()
        self._names = Names()
        self._callers: dict[str, Caller] = {}
        self._projects: Informer | None = None
        if cluster is not None:
            self._projects = Informer(cluster, TINY_PROJECT, keep=_slim)
            self._projects.on_change(lambda name, _new, _old: self._changed(name))

    def on_project(self, handler: Callable[[str, bool], None]) -> None:
        """Hear of each project that is there, or has gone; before ``start``."""
        assert self._projects is not None
        self._projects.on_change(lambda name, new, _old: handler(name, new is not None))

    def exists(self, project: str) -> bool:
        """Whether the cluster has the project."""
        return self._projects is not None and project in self._projects.objects

    def start(self) -> None:
        """Begin to read projects."""
        assert self._projects is not None
        self._projects.start()

    async def synced(self) -> None:
        """Wait until every project's rules are known: a project may allow less than the default."""
        assert self._projects is not None
        await self._projects.synced.wait()

    async def stop(self) -> None:
        """End reading, and every connection."""
        for caller in self._callers.values():
            caller.close()
        if self._projects is not None and self._projects.reading:
            await self._projects.stop()

    def of(self, project: str) -> Caller:
        """The way out for nodes of ``project``."""
        caller = self._callers.get(project)
        if caller is None:
            caller = self._callers[project] = Caller(Guard(self._policy(project), self._names.look_up))
        return caller

    def _changed(self, name: str) -> None:
        if self._projects is not None and name not in self._projects.objects:
            # Nodes that are left ask anew.
            if (gone := self._callers.pop(name, None)) is not None:
                gone.close()
        elif (caller := self._callers.get(name)) is not None:
            caller.govern(self._policy(name))

    def _policy(self, project: str) -> Policy:
        known = self._projects.objects.get(project) if self._projects is not None else None
        if known is None:
            return self._operator
        return policy_of(project, known["metadata"]["annotations"].get(ANNOTATION_OUTBOUND), self._operator)


def policy_of(project: str, text: str | None, operator: Policy) -> Policy:
    """The rules of ``project`` by its annotation. What cannot be read allows nothing more, and is said in the log."""
    if not text:
        return operator
    try:
        read: Any = orjson.loads(text)
        lines, only = read["allow"], read.get("only", False)
        if not (isinstance(lines, list) and all(isinstance(line, str) for line in lines) and isinstance(only, bool)):
            raise TypeError("it must be {allow: [texts], only: true or false}")
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        log.error("the annotation %s of the project %s cannot be read: %s", ANNOTATION_OUTBOUND, project, error)
        return replace(operator, only_listed=True)
    entries = []
    for line in lines:
        try:
            entries.append(read_entry(line))
        except BadEntry as error:
            log.error("an entry of the outbound list of the project %s is left out: %s", project, error)
    return replace(operator, allow=tuple(entries), only_listed=only)


def _slim(project: Object) -> Object:
    metadata = project["metadata"]
    annotations = metadata.get("annotations") or {}
    kept = {key: annotations[key] for key in (ANNOTATION_OUTBOUND,) if key in annotations}
    return {"metadata": {**{key: metadata[key] for key in ("name", "resourceVersion")}, "annotations": kept}}
