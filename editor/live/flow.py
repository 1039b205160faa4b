"""The live side of one open flow: the newest values of its nodes and edges, and one shared frame per tick."""

import asyncio
import uuid
from collections.abc import Container
from itertools import islice
from typing import Any, Protocol

from editor.live.change_frames import ChangeFrames
from editor.live.client import Client
from editor.live.edge import LiveEdge
from editor.live.entry import Entry
from editor.live.node import LiveNode
from editor.live.outgoing import Outgoing, encode
from editor.live.presence import Presence
from editor.live.visitors import Told
from editor.push.rows import RowFacts
from weirflow.cadence import Cadence

INTERVAL = 0.05
CROWD_INTERVAL = 0.1
CROWD = 100
"""Clients above which the interval doubles."""
BURST = 3
"""Frames that may follow each other at once after a pause."""
MERGED_AT_ONCE = 500
"""Nodes and edges in one frame of what hosts say: thousands would hold up everybody on this event loop."""

EDGE = "\0"
TAB = "\1"
"""They mark ids of edges and of tabs in a set that holds all kinds."""


class Merged(Protocol):
    """What the hosts say of a node or edge now, all together."""

    def node(self, node: RowFacts) -> Entry: ...

    def edge(self, edge_id: str, source: RowFacts | None) -> Entry: ...


class LiveFlow:
    """Collects changes and sends at most 20 frames a second; the first changes after a pause go out at once.

    A frame is encoded once for all clients that keep up; one that does not gets its own from the newest values.
    What hosts say (``touch_node``, ``touch_edge``) is read from ``merged`` when a frame goes out.
    """

    #: Of all its nodes the whole control values are read, not only of those that somebody has selected.
    whole_controls = False

    def __init__(self, flow_id: uuid.UUID, project: str, rev: int, merged: Merged | None = None) -> None:
        self.id, self.project, self.rev = flow_id, project, rev
        self.comments_rev = -1
        """Of its comments, as its browsers know; -1 while it is not known, and of what has none."""
        self.tests_rev = -1
        """The same of its tests."""
        self.clients: set[Client] = set()
        self.nodes: dict[str, LiveNode] = {}
        self.edges: dict[str, LiveEdge] = {}
        self.modules: dict[str, set[str]] = {}
        """Node ids by module."""
        self.cluster: dict[str, Any] = {"state": "live", "telemetry": "status", "reason": "", "modules": []}
        self.titles: dict[str, str] = {}
        """What it and its project are called, as its editors know it."""
        self._merged = merged
        #: Raised when there are new runs to be asked for.
        self.runs = 0
        self._new_runs = False
        #: In the order in which they were touched, so that none waits for ever.
        self._touched: dict[str, None] = {}
        self._node_changes: dict[str, Entry] = {}
        self._edge_changes: dict[str, Entry] = {}
        self._timer: asyncio.Handle | None = None
        self._cadence = Cadence(BURST)
        self.presence = Presence(self._schedule)
        self._changes = ChangeFrames(self.tell)

    # What is shown

    def add_node(self, facts: RowFacts) -> LiveNode:
        """The entry of a node, made if it is new."""
        node = self.nodes.get(facts.id)
        if node is None:
            node = self.nodes[facts.id] = LiveNode(facts)
            self.modules.setdefault(facts.module, set()).add(facts.id)
        return node

    def drop_node(self, node_id: str) -> LiveNode | None:
        """The node is no longer in the flow."""
        self._node_changes.pop(node_id, None)
        node = self.nodes.pop(node_id, None)
        if node is not None:
            of_module = self.modules[node.facts.module]
            of_module.discard(node_id)
            if not of_module:
                del self.modules[node.facts.module]
        return node

    def drop_edge(self, edge_id: str) -> None:
        """The edge is no longer in the flow."""
        self._edge_changes.pop(edge_id, None)
        self.edges.pop(edge_id, None)

    def node_changed(self, node_id: str, delta: Entry) -> None:
        """Some keys of a node's live entry have new values."""
        if not delta or node_id not in self.nodes:
            return
        pending = self._node_changes.get(node_id)
        if pending is None:
            self._node_changes[node_id] = dict(delta)
        else:
            pending.update(delta)
        self._schedule()

    def edge_failed(self, edge_id: str, error: Entry | None) -> None:
        """The status of the edge's source says this of it."""
        if (edge := self.edges.get(edge_id)) is not None:
            self._edge_changed(edge_id, edge.set_status(error))

    def touch_node(self, node_id: str) -> None:
        """A host says something else of the node."""
        self._touched[node_id] = None
        self._schedule()

    def touch_edge(self, edge_id: str) -> None:
        """A host says something else of the edge."""
        self._touched[EDGE + edge_id] = None
        self._schedule()

    def run_ended(self) -> None:
        """A host has a new run to tell of; browsers ask for the list if somebody looks at it."""
        self.runs += 1
        self._new_runs = True
        self._schedule()

    def tapped(self, row: dict[str, Any]) -> None:
        """A message of a port that somebody listens to, ``node`` being its id here."""
        for client in self.clients:
            client.tapped(row)

    def taps_lost(self, count: int) -> None:
        """A host could not tell so many messages of such ports."""
        for client in self.clients:
            client.rows_lost(count)

    def touch_module(self, module: str) -> None:
        """Another host leads this module."""
        ids = self.modules.get(module)
        if ids:
            self._touched |= dict.fromkeys(ids)
            self._touched |= {EDGE + edge_id: None for edge_id, edge in self.edges.items() if edge.source in ids}
            self._schedule()

    def snapshot(self, *, visitor: bool = False) -> Outgoing:
        """Everything as one frame with ``full``; for a visitor what these may know."""
        self._merge()
        nodes = {node_id: node.entry() for node_id, node in self.nodes.items()}
        edges = {edge_id: entry for edge_id, edge in self.edges.items() if (entry := edge.entry())}
        here = self.presence.snapshot()
        frame = {"t": "live", "full": True, "nodes": nodes, "edges": edges, "runs": self.runs, "here": here}
        return self.told(frame).frame(visitor=visitor)

    def encode(self, ids: set[str], *, visitor: bool = False) -> Outgoing:
        """A frame with the whole newest entries of some nodes, edges and tabs, for a client that missed frames."""
        self._merge()
        nodes = {i: self.nodes[i].entry() for i in ids if i in self.nodes}
        edges = {i[1:]: self.edges[i[1:]].entry() for i in ids if i.startswith(EDGE) and i[1:] in self.edges}
        here = self.presence.entries(i[1:] for i in ids if i.startswith(TAB))
        return self._frame(nodes, edges, here).frame(visitor=visitor)

    # To the clients

    def tell(self, message: dict[str, Any]) -> None:
        """Send a message that must not be lost to all clients that it is for."""
        told = self.told(message)
        for client in self.clients:
            text = told.text(visitor=client.visitor)
            if text is not None:
                client.document(text)

    def told(self, message: dict[str, Any]) -> Told:
        """The message, as it is for members and for visitors."""
        return Told(message)

    def publish_change(self, change: dict[str, Any]) -> None:
        """Send a Change to all clients, once and in order; an older one has been sent already."""
        if change["rev"] <= self.rev:
            return
        self.rev = change["rev"]
        self._changes.add(change)

    def publish_comments(self, rev: int) -> None:
        """Hint that the comments are at this revision, once."""
        if rev > self.comments_rev:
            self.comments_rev = rev
            self.tell({"t": "comments", "rev": rev})

    def publish_tests(self, rev: int, run: dict[str, Any] | None) -> None:
        """Hint that the tests are at this revision, and say how far the last run of them is, once."""
        if rev > self.tests_rev:
            self.tests_rev = rev
            self.tell({"t": "tests", "rev": rev, "run": run})

    def tell_mentions(self, people: Container[int]) -> None:
        """Hint those of these people who look at the flow that somebody named them, in whichever flow."""
        text = encode({"t": "mentions"})
        for client in self.clients:
            if client.user_id in people:
                client.document(text)

    def publish_titles(self, titles: dict[str, str]) -> None:
        """It or its project has another name, perhaps."""
        if titles != self.titles:
            self.titles = titles
            self.tell({"t": "titles", **titles})

    def set_cluster(self, state: dict[str, Any]) -> None:
        """Tell the connection state when it changed."""
        if state != self.cluster:
            self.cluster = state
            self.tell({"t": "cluster", **state})

    def close(self) -> None:
        """No frame will be sent any more."""
        self._changes.close()
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _merge(self, at_most: int | None = None) -> None:
        """Take in what the hosts said since the last frame: once for each node, however many of them said how much."""
        for one in list(islice(self._touched, at_most)):
            del self._touched[one]
            if self._merged is None:
                continue
            if one.startswith(EDGE):
                if (edge := self.edges.get(one[1:])) is not None:
                    source = self.nodes.get(edge.source)
                    facts = source.facts if source is not None else None
                    self._edge_changed(one[1:], edge.set_link(self._merged.edge(one[1:], facts)))
            elif (node := self.nodes.get(one)) is not None:
                self.node_changed(one, node.set_link(self._merged.node(node.facts)))

    def _edge_changed(self, edge_id: str, delta: Entry) -> None:
        if delta:
            self._edge_changes.setdefault(edge_id, {}).update(delta)
            self._schedule()

    def _schedule(self) -> None:
        if self._timer is not None or not self.clients:
            if not self.clients:
                self._node_changes.clear()
                self._edge_changes.clear()
                self.presence.changes()
            return
        loop = asyncio.get_running_loop()
        wait = self._cadence.wait(loop.time(), self._interval())
        # call_soon, not a direct call: what arrives in the same step of the loop shares the frame.
        self._timer = loop.call_later(wait, self._flush) if wait > 0 else loop.call_soon(self._flush)

    def _interval(self) -> float:
        return INTERVAL if len(self.clients) <= CROWD else CROWD_INTERVAL

    def _flush(self) -> None:
        # While the timer is set nothing schedules another.
        self._merge(MERGED_AT_ONCE)
        self._timer = None
        if self._node_changes or self._edge_changes or self._new_runs or self.presence.changed:
            self._send()
        if self._touched:
            self._schedule()

    def _send(self) -> None:
        nodes, edges = self._node_changes, self._edge_changes
        self._node_changes, self._edge_changes = {}, {}
        self._cadence.sent(asyncio.get_running_loop().time(), self._interval())
        self._new_runs = False
        here = self.presence.changes()
        frame = self._frame(nodes, edges, here)
        # That there are new runs must reach a browser too that could not take this frame.
        ids = frozenset([*nodes, *(EDGE + edge for edge in edges), *(TAB + tab for tab in here)]) or frozenset([EDGE])
        for client in self.clients:
            client.live(frame.frame(visitor=client.visitor), ids)

    def _frame(self, nodes: dict[str, Entry], edges: dict[str, Entry], here: dict[str, Entry | None]) -> Told:
        frame = {"t": "live", "full": False, "nodes": nodes, "edges": edges, "runs": self.runs}
        return self.told({**frame, "here": here} if here else frame)
