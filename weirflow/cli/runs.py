"""Recorded runs, asked of every host that has a part of them, and drawn as trees."""

from __future__ import annotations

import json
from collections.abc import Container
from datetime import datetime
from typing import TYPE_CHECKING, Any

from weirflow.cli.failures import Exit, Failure
from weirflow.cli.hosts import ask_hosts, peers_of
from weirflow.cli.nodes import FoundNode, all_nodes, pick_node
from weirflow.cli.out import styled

if TYPE_CHECKING:
    from weirflow.kube.client import ClusterClient

Run = dict[str, Any]
"""A Summary with ``spans`` as in docs/protocols.md section 3, and ``hosts``."""

MAX_MESSAGE = 60


class Runs:
    """Of one cluster, for one command: nodes and hosts are looked up once."""

    def __init__(self, cluster: ClusterClient) -> None:
        self._cluster = cluster
        self._nodes: dict[str, FoundNode] = {}

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

    async def tree(self, run: Run) -> str:
        """The run as lines."""
        nodes = await self._known()
        at = datetime.fromtimestamp(run["at"] / 1000).astimezone().strftime("%Y-%m-%d %H:%M:%S")
        head = f"{styled(run['trace'], 'bold')}  {_state(run)}  {_time(run['duration_ms'])}  {at}"
        lines = [head + ("  more hops than are kept" if run.get("cut") else "")]
        spans = {span["id"]: span for span in run["spans"]}
        below: dict[str | None, list[Run]] = {}
        for span in run["spans"]:
            parent = span["parent"] if span["parent"] in spans else None
            below.setdefault(parent, []).append(span)

        def draw(parent: str | None, indent: str) -> None:
            children = below.get(parent, [])
            for number, span in enumerate(children, 1):
                last = number == len(children)
                branch, further = ("", "") if parent is None else ("└─ ", "   ") if last else ("├─ ", "│  ")
                lines.append(indent + branch + _hop(span, nodes))
                if span["error"]:
                    lines.append(indent + further + styled(f"   {span['error']['message']}", "red"))
                draw(span["id"], indent + further)

        draw(None, "")
        return "\n".join(lines)

    async def _known(self) -> dict[str, FoundNode]:
        if not self._nodes:
            self._nodes = {node.name: node for node in await all_nodes(self._cluster)}
        return self._nodes

    async def _ask(self, question: dict[str, Any]) -> dict[str, Any]:
        hosts = [peer for peer in (await peers_of(self._cluster)).hosts() if peer.address]
        return await ask_hosts(self._cluster, hosts, question)


def _joined(parts: dict[str, Run]) -> Run:
    """One run of what each host has of it; the host where it entered says how it went."""
    entered = next((part for part in parts.values() if part["entered"]), next(iter(parts.values())))
    spans = [{**span, "host": host} for host, part in parts.items() for span in part["spans"]]
    unique = {span["id"]: span for span in spans}
    ordered = sorted(unique.values(), key=lambda span: span["start_ms"])
    return {**entered, "spans": ordered, "hosts": sorted(parts)}


def _hop(span: Run, nodes: dict[str, FoundNode]) -> str:
    node = nodes.get(span["node"])
    title = (node.title or node.component) if node is not None else span["node"]
    text = f"{title}  {styled(span['port'], 'dim')}  {_time(span['duration_ms'])}"
    if "message" in span:
        message = json.dumps(span["message"], ensure_ascii=False, separators=(",", ":"))
        text += "  " + styled(message if len(message) <= MAX_MESSAGE else message[:MAX_MESSAGE] + "...", "dim")
    return text


def _state(run: Run) -> str:
    state = str(run["state"])
    return styled(state, "red" if state == "error" else "yellow" if state == "running" else "green")


def _time(milliseconds: float | None) -> str:
    if milliseconds is None:
        return "under way"
    return f"{milliseconds / 1000:.2f} s" if milliseconds >= 1000 else f"{milliseconds:.3g} ms"
