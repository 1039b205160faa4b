"""Brings the open editors what other web processes committed and pushed: at each of their hints, and at every sweep."""

import asyncio
import uuid
from collections.abc import Awaitable, Callable, Collection, Iterable
from typing import Any

from config.database import shared
from editor.database import in_database
from editor.live import rows as live_rows
from editor.live.board import Board
from editor.live.comments import LiveComments
from editor.live.flow import LiveFlow
from editor.live.pages import LivePage, LivePages
from editor.live.tests import LiveTests
from editor.push.rows import RowFacts


class CatchUp:
    """``also`` are hints of what is no part of a flow's document; ``opening`` are ids of flows that are being read
    whole; ``take`` is given the push state of nodes."""

    def __init__(
        self,
        board: Board,
        pages: LivePages,
        also: Iterable[LiveComments | LiveTests],
        opening: Collection[uuid.UUID],
        take: Callable[[RowFacts], None],
    ) -> None:
        self._board, self._opening, self._take = board, opening, take
        self._pages = pages
        self._others: list[Callable[[], Awaitable[None]]] = [pages.catch_up, *(one.catch_up for one in also)]
        self._since: dict[uuid.UUID, int] = {}
        """Open flows, and the revision after which the push state of their nodes is to be read."""
        self._one = asyncio.Lock()
        self._waits = False

    def is_behind(self, flow_id: uuid.UUID, change: dict[str, Any]) -> bool:
        """Whether another process committed one before this change, of which its hint has not come yet: then both are
        to be read."""
        flow = self._board.flows.get(flow_id)
        return flow is not None and flow_id not in self._opening and flow.rev < change["prev_rev"]

    def committed(self, flow_id: uuid.UUID, change: dict[str, Any]) -> bool:
        """A change of an open flow was committed here. Whether there is something to read: a process that does not push
        the project itself hears of the nodes in no other way."""
        if not shared() or flow_id not in self._board.flows:
            return False
        self._since[flow_id] = min(change["prev_rev"], self._since.get(flow_id, change["prev_rev"]))
        return True

    async def run(self) -> None:
        """Read and tell. One at a time: of the calls that come meanwhile, one waits and reads for all."""
        if self._waits:
            return
        self._waits = True
        async with self._one:
            self._waits = False
            for catch_up in self._others:
                await catch_up()
            await self._flows()
            await self.titles()

    async def titles(self) -> None:
        """Tell what the open flows and their projects are called, where that is not what the editors know."""
        flows = self._board.flows
        for flow_id, titles in (await in_database(live_rows.titles, list(flows)) if flows else {}).items():
            if (flow := flows.get(flow_id)) is not None:
                flow.publish_titles(titles)

    async def _flows(self) -> None:
        revs = {flow.id: flow.rev for flow in self._open_flows()}
        if not revs:
            return
        for flow_id, changes in (await in_database(live_rows.missed_changes, revs)).items():
            for change in changes:
                self._board.change(flow_id, change)
                self._pages.flow_changed(change)
            self._since[flow_id] = min(revs[flow_id], self._since.get(flow_id, revs[flow_id]))
        for flow_id in list(self._since):
            await self._read_nodes(flow_id, self._since.pop(flow_id))
        if shared() and (unsettled := self._unsettled()):
            for facts in await in_database(live_rows.settled, unsettled):
                self._take(facts)

    async def _read_nodes(self, flow_id: uuid.UUID, rev: int) -> None:
        """Nodes that came after the revision, and what is to be pushed of those that were there."""
        try:
            found = await in_database(live_rows.facts_since, flow_id, rev)
        except Exception:
            self._since[flow_id] = min(rev, self._since.get(flow_id, rev))
            raise
        for facts in found:
            self._take(facts)

    def _open_flows(self) -> list[LiveFlow]:
        flows = self._board.flows.values()
        return [flow for flow in flows if flow.id not in self._opening and not isinstance(flow, LivePage)]

    def _unsettled(self) -> list[str]:
        """Nodes that are shown as not pushed yet: the process that does may be another."""
        nodes = (node for flow in self._board.flows.values() for node in flow.nodes.values())
        return [node.facts.id for node in nodes if node.facts.dirty]
