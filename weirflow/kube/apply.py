"""Bringing objects that a cluster needs before Weirflow can run to the form that this version wants."""

import asyncio
import time
from collections.abc import Sequence

from weirflow.kube.client import Applied, ClusterClient
from weirflow.kube.errors import AlreadyExists, ApiError, NotFound, Unavailable
from weirflow.kube.resources import MANAGED_BY, Object, Resource

DEFINITION = Resource(
    "apiextensions.k8s.io", "v1", "customresourcedefinitions", "CustomResourceDefinition", namespaced=False
)
_PAUSE_SECONDS = 0.05


class Foreign(ApiError):
    """An object that somebody else made stands where ours belongs."""


async def apply_object(
    cluster: ClusterClient, resource: Resource, wanted: Object, *, namespace: str | None = None
) -> Applied:
    """Create ``wanted``, or merge it into what is there. Fields that it does not name stay as they are."""
    name = wanted["metadata"]["name"]
    try:
        before = await cluster.get(resource, name, namespace=namespace)
    except NotFound:
        try:
            await cluster.create(resource, wanted, namespace=namespace)
        except AlreadyExists:  # somebody was faster: theirs is brought up to date
            before = await cluster.get(resource, name, namespace=namespace)
        else:
            return "created"
    after = await cluster.patch(resource, name, wanted, namespace=namespace)
    same = before["metadata"]["resourceVersion"] == after["metadata"]["resourceVersion"]
    return "unchanged" if same else "changed"


async def apply_definitions(
    cluster: ClusterClient, definitions: Sequence[Object], seconds: float
) -> dict[str, Applied]:
    """``ClusterClient.apply_crds``; waits at most ``seconds`` until all are served."""
    for one in definitions:
        await _refuse_foreign(cluster, one["metadata"]["name"])
    done = {one["metadata"]["name"]: await apply_object(cluster, DEFINITION, one) for one in definitions}
    until = time.monotonic() + seconds
    for name in done:
        while not _is_served(await cluster.get(DEFINITION, name)):
            if time.monotonic() >= until:
                raise Unavailable(f"apply {name}: the cluster does not serve it after {seconds:g} s; try again")
            await asyncio.sleep(_PAUSE_SECONDS)
    return done


async def _refuse_foreign(cluster: ClusterClient, name: str) -> None:
    try:
        known = await cluster.get(DEFINITION, name)
    except NotFound:
        return
    if MANAGED_BY.items() <= (known["metadata"].get("labels") or {}).items():
        return
    [(label, value)] = MANAGED_BY.items()
    raise Foreign(
        f"apply {name}: somebody else made this definition. If Weirflow may replace its schema (the objects stay as "
        f"they are), say so: kubectl label customresourcedefinition {name} {label}={value}"
    )


def _is_served(definition: Object) -> bool:
    conditions = (definition.get("status") or {}).get("conditions") or []
    return any(one["type"] == "Established" and one["status"] == "True" for one in conditions)
