"""The checked flows of a web process: the few that people work on, on a thread of their own.

Judging the mappings of thousands of wires is work of seconds: neither the event loop nor the database's thread may wait
for it. An open flow costs that once; each edit after it costs what it reaches.
"""

import asyncio
import time
import uuid
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, TypeVar

from django.contrib.auth.models import User

from editor.checks.rows import NodeRow, Rows, Samples, read_rows, read_samples
from editor.cluster.modules import Modules
from editor.cluster.observed import ObservedNode
from editor.database import in_database
from editor.previews import Previews

if TYPE_CHECKING:
    from editor.checks.flow import CheckedFlow, Ports
    from weirflow.mappings.flow import Ends

FLOWS_KEPT = 4
"""Flows that are kept checked at the same time, and how long after they were last asked for."""
IDLE_SECONDS = 600.0
PORTS_KEPT = 2_000
Key = tuple[uuid.UUID, uuid.UUID | None]
"""A flow, and the scenario that it is checked with: what one person has chosen must not be said to others."""
T = TypeVar("T")

_executor = ThreadPoolExecutor(max_workers=1, thread_name_prefix="editor-checks")


class _Kept:
    """A flow with what is known to have changed around it since it was last brought up to date."""

    def __init__(self, flow: "CheckedFlow") -> None:
        self.flow = flow
        self.lock = asyncio.Lock()
        self.names: dict[str, str] = {}
        self.stale: set[str] = set()
        self.all_stale = False
        self.used_at = time.monotonic()


class Checks:
    """Answers what is to be said about the mappings of flows. Lives on the event loop; ``find`` gives a node as the
    cluster has it."""

    def __init__(self, modules: Modules, find: Callable[[str], ObservedNode | None]) -> None:
        self._modules, self._find = modules, find
        self.previews = Previews(self.ends)
        self._kept: OrderedDict[Key, _Kept] = OrderedDict()
        self._ports: dict[tuple[int, int], tuple[Any, Any, Ports]] = {}

    # What becomes known

    def node_changed(self, name: str) -> None:
        """A node reports other ports now."""
        for kept in self._kept.values():
            node = kept.names.get(name)
            if node is not None:
                kept.stale.add(node)

    def catalogue_changed(self) -> None:
        """Components may have other ports now."""
        for kept in self._kept.values():
            kept.all_stale = True

    def forget_idle(self) -> None:
        """Let go of flows that nobody has asked about for a while. Called now and then."""
        old = time.monotonic() - IDLE_SECONDS
        for key in [key for key, kept in self._kept.items() if kept.used_at < old and not kept.lock.locked()]:
            del self._kept[key]

    # Answers

    async def answer(
        self, person: User, flow_id: uuid.UUID, since: str, scenario: uuid.UUID | None = None
    ) -> dict[str, Any]:
        """The verdicts of a flow's mappings, those that changed since the token ``since``, with the messages of a
        scenario in place of what would be made up. Raises ProjectError for a flow that the person may not see."""
        return await self._ask(person, flow_id, lambda flow: flow.answer(since), scenario)

    async def judge(
        self, person: User, flow_id: uuid.UUID, edge: str, mapping: Any, scenario: uuid.UUID | None = None
    ) -> dict[str, Any] | None:
        """What would be said of another mapping on an edge of the flow; None when there is no such edge."""
        return await self._ask(person, flow_id, lambda flow: flow.judge(edge, mapping), scenario)

    async def sample(self, person: User, flow_id: uuid.UUID, node: str, port: str) -> Any:
        """A message as it may come out of a port, made up from what is known of it; None where nothing is."""
        return await self._ask(person, flow_id, lambda flow: flow.sample(node, port))

    async def ends(self, person: User, flow_id: uuid.UUID, edge: str) -> "Ends | None":
        """What a wire of the flow leads from and to; None when there is no such wire."""
        return await self._ask(person, flow_id, lambda flow: flow.checks.ends(edge))

    def kept(self, flow_id: uuid.UUID, scenario: uuid.UUID | None = None) -> "CheckedFlow | None":
        """The checked flow, if it is kept."""
        kept = self._kept.get((flow_id, scenario))
        return kept.flow if kept is not None else None

    async def _ask(
        self,
        person: User,
        flow_id: uuid.UUID,
        question: Callable[["CheckedFlow"], T],
        scenario: uuid.UUID | None = None,
    ) -> T:
        key = flow_id, scenario
        kept = self._keep(key)
        async with kept.lock:
            try:
                rows = await in_database(read_rows, person, flow_id, kept.flow.rev)
                samples = kept.flow.samples
                if scenario is not None:
                    samples = await in_database(read_samples, flow_id, scenario, samples)
                ports = self._take_in(kept, rows)
                return await asyncio.get_running_loop().run_in_executor(
                    _executor, _updated, kept, rows, ports, samples, question
                )
            except BaseException:
                # What was taken in may not have arrived: a request can end before its work does.
                kept.all_stale = True
                if kept.flow.rev is None:
                    self._kept.pop(key, None)
                raise

    def _keep(self, key: Key) -> _Kept:
        kept = self._kept.get(key)
        if kept is None:
            from editor.checks.flow import CheckedFlow

            kept = self._kept[key] = _Kept(CheckedFlow())
        self._kept.move_to_end(key)
        kept.used_at = time.monotonic()
        while len(self._kept) > FLOWS_KEPT:
            self._kept.popitem(last=False)
        return kept

    def _take_in(self, kept: _Kept, rows: Rows) -> dict[str, "Ports"]:
        """The ports of those nodes of which they are not known to be what they were."""
        nodes = {} if rows.whole else dict(kept.flow.nodes)
        fresh = {row.id: row for row in rows.nodes}
        stale = nodes.keys() if kept.all_stale else kept.stale
        wanted = (stale | (fresh.keys() - nodes.keys())) - rows.gone
        nodes |= fresh
        if rows.whole:
            kept.names = {row.name: row.id for row in rows.nodes}
        else:
            kept.names.update((row.name, row.id) for row in rows.nodes)
            for gone in rows.gone & nodes.keys():
                kept.names.pop(nodes[gone].name, None)
        kept.stale, kept.all_stale = set(), False
        return {node: self._ports_of(nodes[node]) for node in wanted if node in nodes}

    def _ports_of(self, row: NodeRow) -> "Ports":
        """A component's ports, and those the running node reports besides; one object for all nodes with the same."""
        from editor.checks.flow import port_schemas

        component = self._modules.find(row.module, row.component)
        observed = self._find(row.name)
        reported = observed.status.ports if observed is not None else ()
        known = self._ports.get((id(component), id(reported)))
        if known is not None:
            return known[2]
        if len(self._ports) >= PORTS_KEPT:
            self._ports.clear()
        own = self._modules.own_ports(observed) if observed is not None else None
        entries = [*(component["ports"] if component is not None else ()), *(own or ())]
        ports = port_schemas({entry["name"]: entry for entry in entries})
        # Both are held, so that their ids stay their own.
        self._ports[id(component), id(reported)] = (component, reported, ports)
        return ports


def _updated(
    kept: _Kept, rows: Rows, ports: dict[str, "Ports"], samples: Samples, question: Callable[["CheckedFlow"], T]
) -> T:
    kept.flow.update(rows, ports, samples)
    return question(kept.flow)
