"""What the hub hears from module hosts: links for what somebody sees, and reads where only the status tells."""

import asyncio
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from editor.cluster.connection import Connection
from editor.cluster.telling import Reach
from editor.cluster.view import KEPT
from editor.cluster.whole_controls import WholeControls
from editor.live.board import Board
from editor.live.telemetry import Telemetry
from weirflow.kube.http import HttpCluster
from weirflow.kube.peers import Peers

if TYPE_CHECKING:
    from editor.cluster.links import Links

MAX_ASKED = 64
"""Hosts that one question goes to."""
GATHER = 0.01
"""Seconds in which changes of what is watched are gathered."""


class Listening:
    """Started with a connection to the cluster; tells the flows on the board how their values come even without one.
    ``cluster_state`` is what it tells of the cluster itself."""

    def __init__(self, board: Board, peers: Peers, cluster_state: Callable[[], dict[str, Any]]) -> None:
        self._board, self._cluster_state = board, cluster_state
        self.telemetry = Telemetry(board, peers)
        self._connection: Connection | None = None
        self._links: Links | None = None
        self._controls: WholeControls | None = None
        self._reading: asyncio.Task[None] | None = None
        self._gather: asyncio.TimerHandle | None = None

    def start(self, cluster: HttpCluster, connection: Connection) -> None:
        """Begin to listen to the hosts that the connection shows."""
        # Imported here: until somebody opens a flow, a web process does without a client for websockets.
        from editor.cluster.links import Links
        from weirflow.kube.pod_proxy import PodProxy

        self._connection = connection
        self._links = Links(connection.link_key.read, PodProxy(cluster.config), self.telemetry.frame, self._reached)
        self._controls = WholeControls(cluster, self._cut_controls, self._board.whole_control)
        self._reading = asyncio.get_running_loop().create_task(self._controls.run(), name="editor reads of controls")

    async def stop(self) -> None:
        """Listen to nobody any more."""
        if self._gather is not None:
            self._gather.cancel()
            self._gather = None
        links, reading = self._links, self._reading
        self._connection = self._links = self._controls = self._reading = None
        if reading is not None:
            reading.cancel()
            await asyncio.wait([reading])
        if links is not None:
            await links.stop()

    async def ask(self, modules: Iterable[str], question: dict[str, Any]) -> list[tuple[str, dict[str, Any] | None]]:
        """What each host that serves one of the modules answers to a question, by identity; None where none came."""
        links = self._links
        if links is None:
            return []
        peers = sorted(self.telemetry.serving(modules), key=lambda peer: peer.identity)[:MAX_ASKED]
        answers = await asyncio.gather(*(links.ask(peer, question) for peer in peers))
        return [(peer.identity, answer) for peer, answer in zip(peers, answers, strict=True)]

    def changed(self) -> None:
        """What somebody sees is another, or who serves it: look soon."""
        if self._links is not None and self._gather is None:
            self._gather = asyncio.get_running_loop().call_later(GATHER, self._want)

    def look(self) -> None:
        """A Lease that runs out tells nobody: to be called now and then."""
        if self.telemetry.look():
            self.changed()

    def node_changed(self, name: str) -> None:
        """The cluster shows something else of a node."""
        if self._controls is not None and self._board.place(name) is not None:
            self._controls.look()

    def tell(self) -> None:
        """Tell the flows how the cluster is and how their values come."""
        links = self._links
        self.telemetry.tell(self._cluster_state(), links.reach if links is not None else lambda _host: Reach("status"))

    def _want(self) -> None:
        self._gather = None
        self.telemetry.look()
        if self._links is not None:
            self._links.want(self.telemetry.wanted())
        if self._controls is not None:
            self._controls.look()
        self.tell()

    def _reached(self, host: str) -> None:
        if self._links is not None and not self._links.reach(host).live:
            self.telemetry.silence(host)
            if self._controls is not None:
                self._controls.look()
        self.tell()

    def _cut_controls(self) -> dict[str, str]:
        """Selected nodes of which neither a host nor the view tells all control values."""
        objects = self._connection.nodes.objects if self._connection is not None else {}
        return {
            name: str(objects[name]["metadata"]["resourceVersion"])
            for name, node in self._board.selected()
            if name in objects and objects[name][KEPT].status.cut and not node.is_heard
        }
