"""The TinyNodes of a cluster as they are known right now: what the informer saw, overlaid by what we wrote since."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from editor.cluster.observed import ObservedNode, observe
from weirflow.kube.client import ClusterClient
from weirflow.kube.informer import Informer
from weirflow.kube.resources import LABEL_PROJECT, TINY_NODE, Object
from weirflow.kube.watching import Changed, Pace, Report

KEPT = "observed"
"""Key under which the informer's slim objects hold their ``ObservedNode``."""
OVERLAY_SECONDS = 15.0


@dataclass(frozen=True, slots=True)
class Written:
    """The answer to a write of ours, valid until the informer has caught up with it."""

    node: ObservedNode | None
    uid: str
    resource_version: str
    at: float


def keep(obj: Object) -> Object:
    """What the informer holds of a TinyNode."""
    metadata = obj["metadata"]
    return {
        "metadata": {
            "name": metadata["name"],
            "resourceVersion": metadata["resourceVersion"],
            "labels": {LABEL_PROJECT: (metadata.get("labels") or {}).get(LABEL_PROJECT, "")},
        },
        KEPT: observe(obj),
    }


class NodeInformer(Informer):
    """Also hands over the last whole object of what was deleted: its state is needed to make it again."""

    def __init__(self, cluster: ClusterClient, on_deleted: Callable[[Object], None], *, pace: Pace) -> None:
        super().__init__(cluster, TINY_NODE, keep=keep, index_label=LABEL_PROJECT, pace=pace)
        self._on_deleted = on_deleted

    def apply(self, report: Report) -> None:
        match report:
            case Changed("DELETED", obj):
                self._on_deleted(obj)
        super().apply(report)


class NodeView:
    """Answers ``find`` with the newest that is known of a node."""

    def __init__(self, informer: Informer) -> None:
        self._informer = informer
        self._written: dict[str, Written] = {}
        informer.on_change(self._seen)

    def find(self, name: str) -> ObservedNode | None:
        """The node, or None when it does not exist as far as is known."""
        written = self._written.get(name)
        return written.node if written is not None else self.observed(name)

    def observed(self, name: str) -> ObservedNode | None:
        """The node as the informer has it, whatever we wrote since."""
        obj = self._informer.objects.get(name)
        return obj[KEPT] if obj is not None else None

    def of_project(self, project: str) -> list[ObservedNode]:
        """All nodes that carry the project's label."""
        return [obj[KEPT] for obj in self._informer.labelled(project)]

    def wrote(self, obj: Object) -> ObservedNode:
        """Take in the answer to a write or to a live read."""
        node = observe(obj)
        version = str(obj["metadata"].get("resourceVersion", ""))
        have = self._informer.objects.get(node.name)
        if have is None or not _reached(have["metadata"]["resourceVersion"], version):
            self._written[node.name] = Written(node, node.uid, version, time.monotonic())
        else:
            self._written.pop(node.name, None)
        return node

    def gone(self, name: str, uid: str) -> None:
        """The node is known not to exist any more."""
        if name in self._informer.objects:
            self._written[name] = Written(None, uid, "", time.monotonic())
        else:
            self._written.pop(name, None)

    def prune(self) -> None:
        """Trust the informer again for writes it must have seen by now. Called regularly while the cluster answers."""
        old = time.monotonic() - OVERLAY_SECONDS
        for name in [name for name, written in self._written.items() if written.at < old]:
            del self._written[name]

    def _seen(self, name: str, new: Object | None, old: Object | None) -> None:
        written = self._written.get(name)
        if written is None:
            return
        if new is None:
            caught_up = written.node is None or _uid(old) == written.uid
        else:
            seen: ObservedNode = new[KEPT]
            other = written.uid != "" and seen.uid != written.uid
            caught_up = other or _reached(new["metadata"]["resourceVersion"], written.resource_version)
        if caught_up:
            del self._written[name]


def _reached(version: str, wanted: str) -> bool:
    """Whether ``version`` is at least ``wanted``. Since Kubernetes 1.35 resourceVersions of one kind compare as
    whole numbers; where they are none, only equality counts."""
    if version.isdecimal() and wanted.isdecimal():
        return int(version) >= int(wanted)
    return version == wanted


def _uid(obj: Any) -> str:
    return str(obj[KEPT].uid) if obj is not None else ""
