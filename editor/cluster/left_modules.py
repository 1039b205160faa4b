"""TinyModules that hosts of people made and left behind: removed after a while, where no node needs them any more."""

import logging
import time
from collections.abc import Callable, Collection

from editor.cluster.modules import Modules
from editor.cluster.served import Served
from editor.database import in_database
from projects.models import Node
from weirflow.kube.client import ClusterClient
from weirflow.kube.errors import ApiError, NotFound
from weirflow.kube.resources import TINY_MODULE, module_of

log = logging.getLogger(__name__)

LEFT_SECONDS = 600.0
"""How long nobody has served it. Who stops for lunch finds the component where it was, and nobody looks for it then."""


class LeftModules:
    """Of one cluster, as one process sees it."""

    def __init__(self, modules: Modules, served: Served, clock: Callable[[], float] = time.monotonic) -> None:
        self._modules, self._served, self._clock = modules, served, clock
        self._left: dict[str, float] = {}
        """Since when nobody has served it, as far as this process knows."""

    async def sweep(self, cluster: ClusterClient, nodes: Collection[str]) -> None:
        """Remove those whose time is over. ``nodes`` are the names of all TinyNodes, as a cluster shows them that
        answers."""
        now, served = self._clock(), self._served.names()
        left = [name for name in self._modules.by_hand() if name not in served]
        self._left = {name: self._left.get(name, now) for name in left}
        over = [name for name, since in self._left.items() if now - since > LEFT_SECONDS]
        used = {module_of(node) for node in nodes} if over else set()
        for name in over:
            if name in used or await in_database(_has_rows, name):
                continue
            try:
                await cluster.delete(TINY_MODULE, name)
                log.info("module %s was run by hand and nothing uses it: its TinyModule is removed", name)
            except NotFound:
                pass
            except ApiError as error:
                log.warning("the TinyModule %s is not removed: %s", name, error)


def _has_rows(module: str) -> bool:
    return Node.objects.filter(module=module).exists()
