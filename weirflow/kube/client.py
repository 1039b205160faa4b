"""The ten verbs that the rest of Weirflow speaks to a cluster with, on plain dicts."""

from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from weirflow.kube.errors import Gone
from weirflow.kube.resources import Object, Resource

PAGE_SIZE = 500
MAX_SNAPSHOTS = 3
PatchKind = Literal["json", "merge"]
Applied = Literal["created", "changed", "unchanged"]


@dataclass(frozen=True, slots=True)
class WatchEvent:
    """``type`` is ADDED, MODIFIED, DELETED or BOOKMARK; errors are raised, never handed over as events.

    ``object`` has a ``metadata.resourceVersion`` and, but for a BOOKMARK, a ``metadata.name``.
    """

    type: str
    object: Object


class ClusterClient(Protocol):
    """What a cluster can be asked. ``namespace`` is the client's own unless given.

    Every verb raises ``weirflow.kube.errors.ApiError`` or one of its kinds, and ends within the client's timeouts.
    """

    async def get(self, resource: Resource, name: str, *, namespace: str | None = None) -> Object: ...

    async def list(
        self,
        resource: Resource,
        *,
        namespace: str | None = None,
        label_selector: str = "",
        field_selector: str = "",
        limit: int = PAGE_SIZE,
        continue_token: str = "",
    ) -> Object:
        """One page: ``items`` and ``metadata{resourceVersion, continue?}``."""
        ...

    def watch(
        self,
        resource: Resource,
        *,
        resource_version: str,
        timeout_seconds: int,
        inactivity_seconds: float,
        namespace: str | None = None,
        label_selector: str = "",
        field_selector: str = "",
    ) -> AsyncIterator[WatchEvent]:
        """Changes after ``resource_version``; ends when the server ends it; ``Gone`` asks for a new list.

        The first event is a BOOKMARK at ``resource_version``: the server has taken the watch.
        """
        ...

    async def create(self, resource: Resource, obj: Object, *, namespace: str | None = None) -> Object: ...

    async def replace(self, resource: Resource, name: str, obj: Object, *, namespace: str | None = None) -> Object:
        """The whole object anew, whatever version is there: nothing of the one before is read or stays."""
        ...

    async def patch(
        self,
        resource: Resource,
        name: str,
        patch: Object | Sequence[Object],
        *,
        kind: PatchKind = "merge",
        namespace: str | None = None,
    ) -> Object: ...

    async def patch_status(
        self,
        resource: Resource,
        name: str,
        patch: Object | Sequence[Object],
        *,
        kind: PatchKind = "merge",
        namespace: str | None = None,
    ) -> Object: ...

    async def delete(
        self, resource: Resource, name: str, *, uid: str | None = None, namespace: str | None = None
    ) -> Object:
        """Delete by name; with ``uid`` only that incarnation, else ``Conflict``."""
        ...

    async def apply_crds(self, definitions: Sequence[Object]) -> dict[str, Applied]:
        """Create the definitions or bring them up to date, and wait until they are served: what was done, by name.

        Raises ``Foreign`` before it changes anything when one of them was made by somebody else.
        """
        ...

    async def access_review(
        self, verb: str, resource: Resource, *, subresource: str = "", name: str = "", namespace: str | None = None
    ) -> bool:
        """True when this client's identity may do ``verb`` to the resource (all objects of it, or the one named)."""
        ...


async def list_all(
    cluster: ClusterClient,
    resource: Resource,
    *,
    namespace: str | None = None,
    label_selector: str = "",
    field_selector: str = "",
    keep: Callable[[Object], Object | None] | None = None,
) -> tuple[list[Object], str]:
    """Every object of a collection and the resourceVersion to watch from, read in pages of one snapshot.

    ``keep`` may slim an object, or drop it by returning ``None``: the pages themselves are then not held. A snapshot
    that expires before its last page is left for a new one, a few times; then it is ``Gone``.
    """
    items: list[Object] = []
    token, snapshots = "", 1
    while True:
        try:
            page = await cluster.list(
                resource,
                namespace=namespace,
                label_selector=label_selector,
                field_selector=field_selector,
                continue_token=token,
            )
        except Gone:
            if not token or snapshots == MAX_SNAPSHOTS:
                raise
            items, token, snapshots = [], "", snapshots + 1
            continue
        for obj in page.get("items") or []:
            kept = obj if keep is None else keep(obj)
            if kept is not None:
                items.append(kept)
        metadata: dict[str, Any] = page.get("metadata") or {}
        token = metadata.get("continue") or ""
        if not token:
            return items, str(metadata.get("resourceVersion", ""))
