"""The live side of a web process: watches the cluster, pushes edits, feeds the open editors; on one event loop."""

import asyncio
import logging
import time
import uuid
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from editor.checks.keeper import Checks
from editor.cluster.connection import Connection
from editor.cluster.left_modules import LeftModules
from editor.cluster.modules import ActionCatalogue, Modules
from editor.cluster.observed import ObservedNode
from editor.cluster.served import Served, ServedNews
from editor.cluster.signals import Press, Presses
from editor.cluster.view import KEPT
from editor.database import in_database
from editor.listening import Listening
from editor.live import rows as live_rows
from editor.live.board import Board
from editor.live.catch_up import CatchUp
from editor.live.client import Client
from editor.live.comments import LiveComments
from editor.live.flow import LiveFlow
from editor.live.page_rows import project_of
from editor.live.pages import LivePage, LivePages
from editor.live.tests import LiveTests
from editor.push.last_states import keep_final_state
from editor.push.pusher import Pusher
from editor.push.rows import READ_AT_ONCE, RowFacts, Work
from editor.push.state import drifted, redrawn
from projects.pages.document import pages_rev
from weirflow.kube.http import HttpCluster
from weirflow.kube.informer import Health
from weirflow.kube.peers import Peers
from weirflow.kube.resources import LABEL_PROJECT, Object

if TYPE_CHECKING:
    from editor.cluster.nats_controls import NatsControls

log = logging.getLogger(__name__)

IDLE_SECONDS = 600.0


class Hub:
    """Everything of one cluster. ``connect`` makes the client; it raises when the cluster is not configured yet."""

    def __init__(self, connect: Callable[[], HttpCluster]) -> None:
        self._connect = connect
        self.modules, self.peers = Modules(), Peers()
        self.served = Served(self.peers, self.modules.is_by_hand)
        self.board = Board(self.modules, lambda: self.listening.changed())
        self.listening = Listening(self.board, self.peers, self.cluster_state)
        self.pages = LivePages(self.board, self.find, self.own)
        self.comments = LiveComments(lambda: list(self.board.flows.values()))
        self.tests = LiveTests(lambda: list(self.board.flows.values()))
        self.presses = Presses(self._press_ended)
        self.checks = Checks(self.modules, self.find)
        self._left_modules = LeftModules(self.modules, self.served)
        self._nats_controls: NatsControls | None = None
        self.connection: Connection | None = None
        self.pusher: Pusher | None = None
        self.facts: dict[str, RowFacts] = {}
        #: Called before a browser is added to a flow.
        self.on_join: Callable[[], None] = lambda: None
        self.reason = "not connected yet"
        self.used_at = time.monotonic()
        self.large_edits_under_way = 0
        # The catalogue says which modules somebody serves: another answer is told like another component.
        self._serving_news = ServedNews(self.served, lambda: self.board.tell_all({"t": "catalogue"}))
        self._opening: dict[uuid.UUID, asyncio.Future[bool]] = {}
        self._catching_up = CatchUp(
            self.board, self.pages, (self.comments, self.tests), self._opening, self._facts_changed
        )
        self.catch_up, self.tell_titles = self._catching_up.run, self._catching_up.titles
        #: Called when rows were written that other processes show.
        self.on_pushed: Callable[[], None] = lambda: None
        self._tasks: set[asyncio.Task[Any]] = set()

    # Life

    def start(self) -> bool:
        """Begin to watch and push, if that has not begun. False when the cluster is not configured yet."""
        self.used_at = time.monotonic()
        if self.connection is not None:
            return True
        try:
            cluster = self._connect()
        except Exception as error:  # what a kubeconfig can do wrong is not ours to list
            if self.reason != str(error):
                self.reason = str(error)
                log.warning("the cluster cannot be reached yet: %s", self.reason)
            self.listening.tell()
            return False
        connection = Connection(cluster, self.modules, self.peers, self._node_deleted)
        connection.nodes.on_change(self._node_changed)
        connection.on_health = self._health_changed
        connection.signals.on_change(self.presses.seen)
        connection.on_modules = self._modules_changed
        connection.on_peers = self._peers_changed
        self.connection = connection
        self.pusher = Pusher(
            cluster,
            connection.view,
            on_facts=self._facts_changed,
            on_written=lambda: self.on_pushed(),
            more=lambda: self.large_edits_under_way > 0,
        )
        self.listening.start(cluster, connection)
        self.checks.catalogue_changed()
        connection.start()
        self.own(self._after_sync(connection), "editor hub: first check")
        return True

    async def stop(self) -> None:
        """End everything; it can be started again."""
        # A sweep that finds the hub idle may be one of its own tasks.
        others = self._tasks - {asyncio.current_task()}
        for task in others:
            task.cancel()
        if others:
            await asyncio.wait(others)
        self._serving_news.stop()
        pusher, connection = self.pusher, self.connection
        self.pusher = self.connection = None
        if pusher is not None:
            await pusher.stop()
        await self.listening.stop()
        if self._nats_controls is not None:
            await self._nats_controls.stop()
            self._nats_controls = None
        if connection is not None:
            await connection.stop()
            await connection.cluster.close()
        self.facts.clear()

    @property
    def idle(self) -> bool:
        """Whether nobody has needed it for ten minutes."""
        busy = self.pusher is not None and self.pusher.busy
        return not self.board.flows and not busy and time.monotonic() - self.used_at > IDLE_SECONDS

    def own(self, work: Coroutine[Any, Any, Any], name: str) -> None:
        """Run a coroutine as a task of the hub; its exception is logged, it ends with the hub."""
        task = asyncio.get_running_loop().create_task(work, name=name)
        self._tasks.add(task)
        task.add_done_callback(self._task_done)

    @property
    def nats_controls(self) -> "NatsControls":
        """The way of presses that go by NATS; loaded with the first of them."""
        if self._nats_controls is None:
            from editor.cluster.nats_controls import NatsControls

            self._nats_controls = NatsControls()
        return self._nats_controls

    def look_for_peers(self) -> None:
        """A Lease that runs out tells nobody: to be called now and then."""
        self.listening.look()
        self._serving_news.look()

    async def ready(self, seconds: float) -> bool:
        """Wait until the cluster has been listed, at most ``seconds``; False when it has not."""
        return self.start() and self.connection is not None and await self.connection.synced(seconds)

    # What callers ask

    def find(self, name: str) -> ObservedNode | None:
        """The node as the cluster has it, as far as is known."""
        return self.connection.view.observed(name) if self.connection is not None else None

    def catalogue(self) -> ActionCatalogue | None:
        """What edits are checked against; None while nothing is known."""
        return ActionCatalogue(self.modules, self.connection.view) if self.connection is not None else None

    def cluster_state(self) -> dict[str, Any]:
        """``{state, reason}`` of the cluster."""
        if self.connection is None:
            return {"state": "unreachable", "reason": self.reason}
        health = self.connection.health
        return {"state": "live" if health.reachable else "unreachable", "reason": health.reason}

    # Editors

    async def join_page(self, page_id: uuid.UUID, make: Callable[[LiveFlow], Client]) -> Client | None:
        """Add a browser to a page of a dashboard. None when there is no such page."""
        return await self.join(page_id, make, self._open_page)

    async def join(
        self,
        flow_id: uuid.UUID,
        make: Callable[[LiveFlow], Client],
        fill: Callable[[uuid.UUID], Coroutine[Any, Any, bool]] | None = None,
    ) -> Client | None:
        """Add a browser to a flow, opening the flow if it is the first. None when there is no such flow. ``fill`` makes
        it and says whether it is there."""
        self.start()
        while flow_id in self._opening or flow_id not in self.board.flows:
            opening = self._opening.get(flow_id)
            found = await (self._open(flow_id, fill or self._open_flow) if opening is None else asyncio.shield(opening))
            if not found:
                return None
        flow = self.board.flows[flow_id]
        client = make(flow)
        flow.clients.add(client)
        self.on_join()
        flow.presence.join(client)
        self.listening.changed()
        return client

    def leave(self, client: Client) -> None:
        """The browser is gone."""
        client.flow.clients.discard(client)
        client.flow.presence.leave(client.client_id)
        self.used_at = time.monotonic()
        if not client.flow.clients and self.board.flows.get(client.flow.id) is client.flow:
            self.board.close(client.flow.id)

    def inspect_changed(self) -> None:
        """A browser looks at another node, or is hidden or shown."""
        self.listening.changed()

    async def _open(self, flow_id: uuid.UUID, fill: Callable[[uuid.UUID], Coroutine[Any, Any, bool]]) -> bool:
        """Whether there is such a flow. Who waits for it too tries by itself when this one fails or goes away: a
        browser that is told that there is none never comes back."""
        done = self._opening[flow_id] = asyncio.get_running_loop().create_future()
        try:
            opened = await fill(flow_id)
        except BaseException:
            self.board.close(flow_id)
            del self._opening[flow_id]
            done.set_result(True)
            raise
        if not opened:
            self.board.close(flow_id)
        del self._opening[flow_id]
        done.set_result(opened)
        if opened:
            self.listening.tell()
        return opened

    async def _open_flow(self, flow_id: uuid.UUID) -> bool:
        # Registered before the rows are read: a Change committed meanwhile finds the flow and raises its revision.
        flow = self.board.flows[flow_id] = LiveFlow(flow_id, "", -1, self.listening.telemetry)
        opened = await in_database(live_rows.open_flow, flow_id)
        if opened is not None:
            self.board.open(flow, opened, self.find)
        return opened is not None

    async def _open_page(self, page_id: uuid.UUID) -> bool:
        project_id = await in_database(project_of, page_id)
        if project_id is None:
            return False
        # Registered before the widgets are read, like a flow.
        page = LivePage(page_id, project_id, self.listening.telemetry)
        self.board.flows[page_id] = page
        page.rev = max(page.rev, await in_database(pages_rev, project_id))
        await self.pages.refresh(page)
        return True

    # Edits

    def flows_changed(
        self, project: str, changes: list[tuple[uuid.UUID, dict[str, Any]]], work: Work | None, *, large: bool
    ) -> None:
        """Changes of flows were committed in this process: push and tell. ``work`` is what the project has to push now,
        where it was read; ``large``: one of them was too large for that."""
        if self.start() and self.pusher is not None:
            self.pusher.edited(project, work, large=large)
        for flow_id, change in changes:
            if self._catching_up.is_behind(flow_id, change):
                self.own(self.catch_up(), "editor catch-up of a gap")
                continue
            self.board.change(flow_id, change)
            self.pages.flow_changed(change)
            if self._catching_up.committed(flow_id, change):
                self.own(self.catch_up(), "editor catch-up of nodes")

    def pages_changed(self, project_id: uuid.UUID, project: str, change: dict[str, Any]) -> None:
        """A change of a dashboard was committed in this process: push and tell."""
        if self.start() and self.pusher is not None:
            self.pusher.wake(project)
        self.pages.changed(project_id, change)

    @contextmanager
    def edit_under_way(self, operations: int) -> Iterator[None]:
        """A context in which a change of so many operations is made."""
        large = operations > READ_AT_ONCE
        self.large_edits_under_way += large
        try:
            yield
        finally:
            self.large_edits_under_way -= large

    async def check_drift(self) -> None:
        """Compare every node's applied state with the cluster; wake the push of those that differ."""
        connection, pusher = self.connection, self.pusher
        if connection is None or pusher is None or not connection.nodes.synced.is_set() or not self.health_ok:
            return
        facts = await in_database(live_rows.all_facts)
        self.facts = {fact.name: fact for fact in facts}
        for fact in facts:
            if not fact.dirty and drifted(fact, connection.view.find(fact.name)):
                pusher.wake(_project_in(fact.name), also=[fact.name])

    @property
    def health_ok(self) -> bool:
        """Whether the cluster answers now."""
        return self.connection is not None and self.connection.health.reachable

    # What comes in

    async def _after_sync(self, connection: Connection) -> None:
        await connection.nodes.synced.wait()
        await connection.modules.synced.wait()
        await self.check_drift()
        if self.pusher is not None:
            await self.pusher.sweep()

    def _modules_changed(self) -> None:
        self.checks.catalogue_changed()
        self.board.tell_all({"t": "catalogue"})

    def _peers_changed(self) -> None:
        self.listening.changed()
        self._serving_news.look()

    def _health_changed(self, health: Health) -> None:
        if health.reachable:
            self.peers.sighted()
        else:
            self.peers.blinded()
        self.listening.tell()
        if health.reachable and self.pusher is not None:
            self.own(self.pusher.sweep(), "editor push after the cluster came back")

    def _facts_changed(self, facts: RowFacts) -> None:
        self.facts[facts.name] = facts
        self.board.facts(facts, self.find)
        self._look(facts)

    def _node_changed(self, name: str, new: Object | None, old: Object | None) -> None:
        observed = new[KEPT] if new is not None else None
        self.board.observed(name, observed)
        if observed is None or old is None or old[KEPT].status.ports is not observed.status.ports:
            self.checks.node_changed(name)
        if observed is not None and observed.status.cut:
            self.listening.node_changed(name)
        facts = self.facts.get(name)
        if facts is None:
            return
        self._look(facts)
        if self.pusher is not None and redrawn(old[KEPT] if old is not None else None, observed):
            self.pusher.wake(_project_in(name), also=[name])

    def _look(self, facts: RowFacts) -> None:
        """Somebody else changed or deleted the node: have it looked at. What is dirty is on its way already."""
        connection = self.connection
        if facts.dirty or connection is None or self.pusher is None or not connection.nodes.synced.is_set():
            return
        if drifted(facts, connection.view.find(facts.name)):
            self.pusher.wake(_project_in(facts.name), also=[facts.name])

    def _node_deleted(self, obj: Object) -> None:
        state = (obj.get("status") or {}).get("metadata") or {}
        name = obj["metadata"]["name"]
        if self.pusher is None or not state:
            return
        self.pusher.remember_state(name, state)
        project = (obj["metadata"].get("labels") or {}).get(LABEL_PROJECT, "")
        self.own(in_database(keep_final_state, name, project, state), f"keep the state of {name}")

    def _press_ended(self, signal: str, press: Press) -> None:
        for flow, node_id in self.board.places(press.node):
            ended = {"t": "control", "id": signal, "node": node_id, "state": press.state, "problem": press.problem}
            flow.tell(ended)

    async def look_for_presses(self) -> None:
        """Look up presses whose end the watch did not show."""
        if self.connection is not None and self.health_ok:
            await self.presses.look_up(self.connection.cluster, self.connection.signals.objects)

    async def look_for_left_modules(self) -> None:
        """Remove what hosts of people have left behind."""
        if self.connection is not None and self.health_ok and self.connection.nodes.synced.is_set():
            await self._left_modules.sweep(self.connection.cluster, self.connection.nodes.objects)

    def _task_done(self, task: asyncio.Task[Any]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("%s failed", task.get_name(), exc_info=error)


def _project_in(node_name: str) -> str:
    """The project's resource name: a TinyNode's name starts with it and it has no dot."""
    return node_name.partition(".")[0]
