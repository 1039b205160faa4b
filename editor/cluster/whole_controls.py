"""The whole control values of selected nodes whose status alone has them: the view keeps only a part of large ones.

Of thousands of nodes the canvas draws one line each; a panel shows the lists and texts of one.
"""

import asyncio
import logging
from collections.abc import Callable

from editor.cluster.observed import whole_control
from weirflow.kube.client import ClusterClient
from weirflow.kube.errors import ApiError
from weirflow.kube.resources import TINY_NODE, Object

log = logging.getLogger(__name__)

PAUSE_SECONDS = 0.1
"""Between reads; what a link no longer says has gone from the node by then."""

Needed = Callable[[], dict[str, str]]
"""Names of the nodes, each with the resourceVersion that the view has."""
Take = Callable[[str, Object], None]


class WholeControls:
    """Reads what ``needed`` names, again when its resourceVersion is another. ``look`` says that this may be so."""

    def __init__(self, cluster: ClusterClient, needed: Needed, take: Take) -> None:
        self._cluster, self._needed, self._take = cluster, needed, take
        self._read: dict[str, str] = {}
        self._wake = asyncio.Event()

    def look(self) -> None:
        """Another node is selected, or a node has changed."""
        self._wake.set()

    async def run(self) -> None:
        """Read for ever."""
        while True:
            await self._wake.wait()
            await asyncio.sleep(PAUSE_SECONDS)
            self._wake.clear()
            await self.step()

    async def step(self) -> None:
        """Read once what is needed and not known yet."""
        needed = self._needed()
        self._read = {name: version for name, version in self._read.items() if name in needed}
        for name, version in needed.items():
            if self._read.get(name) == version:
                continue
            try:
                node = await self._cluster.get(TINY_NODE, name)
            except ApiError as error:
                log.info("the controls of %s are shown in part: %s", name, error)
                continue
            self._read[name] = version
            if (control := whole_control(node)) is not None:
                self._take(name, control)
