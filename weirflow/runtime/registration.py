"""Making a module known: its TinyModule says which components there are and what their ports take."""

from __future__ import annotations

import logging

from weirflow.kube.client import ClusterClient
from weirflow.kube.errors import AlreadyExists, NotFound
from weirflow.kube.resources import ANNOTATION_BY_HAND, TINY_MODULE, Object
from weirflow.runtime.status import SDK_VERSION, component_status
from weirflow.services import Module

log = logging.getLogger(__name__)


async def register(cluster: ClusterClient, module: Module, address: str, *, by_hand: bool = False) -> None:
    """Create the TinyModule or bring its status up to date; ``address`` is for modules of others, which call there. One
    made ``by_hand`` is marked so, until a host that is not serves it. Raises what the cluster raises."""
    try:
        known: Object = await cluster.get(TINY_MODULE, module.name)
    except NotFound:
        image = {"image": f"{module.name}:{module.version}"}
        try:
            mark = {"annotations": {ANNOTATION_BY_HAND: "true"}} if by_hand else {}
            known = await cluster.create(TINY_MODULE, TINY_MODULE.new(module.name, metadata=mark, spec=image))
        except AlreadyExists:
            known = await cluster.get(TINY_MODULE, module.name)
    if not by_hand and ANNOTATION_BY_HAND in (known["metadata"].get("annotations") or {}):
        await cluster.patch(TINY_MODULE, module.name, {"metadata": {"annotations": {ANNOTATION_BY_HAND: None}}})
    status = {
        "addr": address,
        "name": module.name,
        "version": module.version,
        "sdkVersion": SDK_VERSION,
        # Its hosts say by Leases where they are, and take TinySignals.
        "signals": True,
        "components": [component_status(spec) for spec in module.components.values()],
    }
    before = known.get("status") or {}
    if any(before.get(key) != value for key, value in status.items()):
        await cluster.patch_status(TINY_MODULE, module.name, {"status": status})
        log.info("module %s %s registered: %s", module.name, module.version, ", ".join(sorted(module.components)))
