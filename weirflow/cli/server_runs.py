"""Recorded runs as a server tells them: it has other ways to the hosts, and shows what its person may see."""

from __future__ import annotations

from collections.abc import Container
from typing import Any
from urllib.parse import quote

from weirflow.cli.failures import Exit, Failure
from weirflow.cli.nodes import FoundNode, pick_node
from weirflow.cli.runs import Run
from weirflow.cli.server import Server

MAX_FLOWS = 500
"""Flows that are looked through for a node."""


class ServerRuns:
    """As ``Runs``, of one server. A node's ``flow`` is the id that the server has for its flow."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._nodes: dict[str, FoundNode] = {}
        self.silent: dict[str, str] = {}

    async def close(self) -> None:
        """Nothing is open."""

    async def titles(self) -> dict[str, str]:
        """What nodes are called on their cards, by name, of the flows that were looked at."""
        return {name: node.title or node.component for name, node in self._nodes.items()}

    async def find(self, text: str) -> FoundNode:
        """The node that is meant, of all flows that the person sees. Raises ``Failure``."""
        for flow in self._flows():
            self._look_into(flow)
        return pick_node(list(self._nodes.values()), text)

    async def one(self, trace: str) -> Run:
        """A run, of whatever flow. Raises ``Failure`` where no host remembers it."""
        for flow in self._flows():
            try:
                run = self._run(flow, trace)
            except Failure as failure:
                if failure.more.get("status") != 404:
                    raise
                continue
            self._look_into(flow)
            return run
        text = f"no host remembers a run {trace}; hosts keep the newest ones, and forget all when they stop"
        raise Failure(text, code="no_run", exit=Exit.MISSING)

    async def through(
        self, node: FoundNode, *, errors: bool, limit: int, since: int = 0, but: Container[str] = frozenset()
    ) -> list[Run]:
        """The newest runs of the flow that came by the node, newest first, whole; none from before ``since`` (unix ms),
        and none of ``but``."""
        answer = self._server.get(f"/flows/{quote(node.flow)}/runs", errors="true" if errors else "false", limit=100)
        self._heard(answer)
        found: list[Run] = []
        for summary in answer["runs"]:
            if summary["trace"] in but or summary["at"] < since:
                continue
            run = self._run(node.flow, summary["trace"])
            if any(span["node"] == node.name for span in run["spans"]):
                found.append(run)
            if len(found) == limit:
                break
        return found

    def _run(self, flow: str, trace: str) -> Run:
        run = self._server.get(f"/flows/{quote(flow)}/runs/{trace}")
        self._heard(run)
        return {**_by_name(run), "spans": [_by_name(span) for span in run["spans"]]}

    def _heard(self, answer: dict[str, Any]) -> None:
        self.silent = {host: f"{host} does not answer the server either" for host in answer.get("silent") or ()}

    def _flows(self) -> list[str]:
        projects = self._server.rows("/projects", "projects")
        rows = (
            flow["id"] for one in projects for flow in self._server.rows(f"/projects/{quote(one['id'])}/flows", "flows")
        )
        return [flow for flow, _ in zip(rows, range(MAX_FLOWS), strict=False)]

    def _look_into(self, flow: str) -> None:
        for node in self._server.get(f"/flows/{quote(flow)}")["nodes"]:
            name = str(node["name"])
            self._nodes[name] = FoundNode(name, str(node.get("label") or ""), str(node["component"]), flow)


def _by_name(told: dict[str, Any]) -> dict[str, Any]:
    """The server says ids, the cluster the names of TinyNodes."""
    return {**told, "node": told.get("name") or told["node"]}
