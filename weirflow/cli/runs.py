"""Recorded runs, asked of every host that has a part of them."""

from __future__ import annotations

from collections.abc import Container
from typing import TYPE_CHECKING, Any

from weirflow.cli.failures import Exit, Failure
from weirflow.cli.hosts import Hosts, peers_of
from weirflow.cli.nodes import FoundNode, all_nodes, pick_node

if TYPE_CHECKING:
    from weirflow.kube.http import HttpCluster

Run = dict[str, Any]
"""A Summary with ``spans`` as in docs/protocols.md section 3, and ``hosts``."""


class Runs:
    """Of one cluster, for one command: nodes are looked up once. ``silent`` says of hosts that did not answer why not.
    Close it."""

    def __init__(self, cluster: HttpCluster) -> None:
        self._cluster, self._hosts = cluster, Hosts(cluster)
        self._nodes: dict[str, FoundNode] = {}

    @property
    def silent(self) -> dict[str, str]:
        """Why hosts did not answer, by identity."""
        return self._hosts.silent

    async def close(self) -> None:
        """Let go of the hosts."""
        await self._hosts.close()

    async def titles(self) -> dict[str, str]:
        """What nodes are called on their cards, by name."""
        return {name: node.title or node.component for name, node in (await self._known()).items()}

    async def find(self, text: str) -> FoundNode:
        """The node that is meant. Raises ``Failure``."""
        return pick_node(list((await self._known()).values()), text)

    async def one(self, trace: str) -> Run:
        """A run with the spans of all hosts. Raises ``Failure`` where no host remembers it."""
        answers = await self._ask({"run": trace})
        parts = {host: answer for host, answer in answers.items() if answer is not None}
        if not parts:
            text = f"no host remembers a run {trace}; hosts keep the newest ones, and forget all when they stop"
            raise Failure(text, code="no_run", exit=Exit.MISSING)
        return _joined(parts)

    async def through(
        self, node: FoundNode, *, errors: bool, limit: int, since: int = 0, but: Container[str] = frozenset()
    ) -> list[Run]:
        """The newest runs of the flow that came by the node, newest first, whole; none from before ``since`` (unix ms),
        and none of ``but``."""
        answers = await self._ask({"runs": {"flow": node.flow, "errors": errors, "limit": 100}})
        newest: dict[str, int] = {}
        for answer in answers.values():
            for run in answer or ():
                newest[run["trace"]] = max(run["at"], newest.get(run["trace"], 0))
        found: list[Run] = []
        for trace in sorted(newest, key=lambda one: newest[one], reverse=True):
            if trace in but or newest[trace] < since:
                continue
            parts = {host: part for host, part in (await self._ask({"run": trace})).items() if part is not None}
            if parts and any(span["node"] == node.name for part in parts.values() for span in part["spans"]):
                found.append(_joined(parts))
            if len(found) == limit:
                break
        return found

    async def _known(self) -> dict[str, FoundNode]:
        if not self._nodes:
            self._nodes = {node.name: node for node in await all_nodes(self._cluster)}
        return self._nodes

    async def _ask(self, question: dict[str, Any]) -> dict[str, Any]:
        hosts = [peer for peer in (await peers_of(self._cluster)).hosts() if peer.address or peer.pod]
        answers = await self._hosts.ask(hosts, question)
        if hosts and not answers:
            reasons = "; ".join(self.silent.values())
            text = f"no module host can be asked from here: {reasons}; weirflow login URL lets this ask the server"
            raise Failure(text, code="no_host", exit=Exit.UNREACHABLE, hosts=sorted(self.silent))
        return answers


def _joined(parts: dict[str, Run]) -> Run:
    """One run of what each host has of it; the host where it entered says how it went."""
    entered = next((part for part in parts.values() if part["entered"]), next(iter(parts.values())))
    spans = [{**span, "host": host} for host, part in parts.items() for span in part["spans"]]
    unique = {span["id"]: span for span in spans}
    ordered = sorted(unique.values(), key=lambda span: span["start_ms"])
    return {**entered, "spans": ordered, "hosts": sorted(parts)}
