"""The recorded runs of a flow, asked of every host that serves it."""

import uuid
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import User

from editor.api.errors import refuse
from editor.database import in_database
from editor.hub import Hub
from editor.live.runs import merged_list, merged_run
from projects.permissions import visible_flow
from projects.shown import nodes_shown

READY_SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class Drawn:
    """What is drawn in a flow: its resource's name, node ids by TinyNode's name, and the modules they are of."""

    name: str
    nodes: dict[str, str]
    modules: frozenset[str]


async def recent(hub: Hub, person: User, flow_id: uuid.UUID, *, errors: bool, limit: int) -> dict[str, Any]:
    """The newest runs, and the hosts that did not answer."""
    drawn = await in_database(_drawn, person, flow_id)
    await hub.ready(READY_SECONDS)
    question = {"runs": {"flow": drawn.name, "errors": errors, "limit": limit}}
    answers = await hub.listening.ask(drawn.modules, question)
    parts = [(host, run) for host, answer in answers if answer is not None for run in answer.get("runs") or ()]
    runs = merged_list(parts, limit)
    for run in runs:
        _name(run, drawn)
    return {"runs": runs, "silent": [host for host, answer in answers if answer is None]}


async def one(hub: Hub, person: User, flow_id: uuid.UUID, trace: str) -> dict[str, Any]:
    """One run with all its hops. Raises 404 when no host remembers it, or it is of another flow."""
    drawn = await in_database(_drawn, person, flow_id)
    await hub.ready(READY_SECONDS)
    answers = await hub.listening.ask(drawn.modules, {"run": trace})
    parts = [(host, answer["run"]) for host, answer in answers if answer is not None and answer.get("run")]
    # A trace id may be given by a caller outside: what happened in flows of others under the same id is not for all.
    parts = [
        (host, {**run, "spans": mine})
        for host, run in parts
        if (mine := [span for span in run["spans"] if span["node"] in drawn.nodes])
    ]
    if not parts:
        raise refuse(404, "not_found", "No host remembers this run any more: hosts keep the newest only.")
    run = merged_run(parts)
    _name(run, drawn)
    for span in run["spans"]:
        _name(span, drawn)
        _name_sender(span, drawn)
    return {**run, "silent": [host for host, answer in answers if answer is None]}


def _name(told: dict[str, Any], drawn: Drawn) -> None:
    """Nodes have their ids here; ``name`` is the TinyNode's. Of another flow, which may not be for this person's eyes,
    nothing is told."""
    name = told["node"]
    told["node"], told["name"] = drawn.nodes.get(name), name if name in drawn.nodes else ""
    problem = told.get("error")
    if told["node"] is None:
        told["error"] = None
    elif problem is not None and "node" in problem:
        told["error"] = {**problem, "node": drawn.nodes.get(problem["node"], problem["node"])}


def _name_sender(span: dict[str, Any], drawn: Drawn) -> None:
    """What was sent, with its node's id; of a node that this flow does not show, not at all."""
    sent = span.pop("sent", None)
    if sent is not None and sent["node"] in drawn.nodes:
        span["sent"] = {**sent, "node": drawn.nodes[sent["node"]]}


def _drawn(person: User, flow_id: uuid.UUID) -> Drawn:
    flow = visible_flow(person, flow_id)
    rows = list(nodes_shown(flow).values_list("name", "pk", "module"))
    return Drawn(flow.resource_name, {name: pk for name, pk, _ in rows}, frozenset(module for _, _, module in rows))
