"""Editing a flow, taking edits back, and catching up with those of others."""

import uuid
from collections.abc import Mapping
from typing import Any

from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from ninja import Query

from editor.api.auth import person_of, reader_of
from editor.api.described import Router
from editor.api.errors import ERRORS, ErrorOut, json_response, refuse
from editor.api.schemas import AppliedOut, ChangesIn, ChangesOut, UndoIn
from editor.batch import in_batch
from editor.database import in_database
from editor.live.visitors import change_for_visitors
from editor.process import live_side
from editor.states import stage_last_states
from projects.actions import do_apply_changes, do_undo
from projects.catalogue import Catalogue, Component, Port
from projects.models import Change, Flow
from projects.permissions import Reader, visible_flow
from projects.visitor import Visitor

router = Router(tags=["changes"])

FIRST_LIST_SECONDS = 2.0
"""How long the first edit after a start waits for the catalogue."""
MAX_CHANGES = 1000
NEED_NO_CATALOGUE = frozenset(
    {"set_node", "delete_node", "delete_edge", "share_node", "unshare_node", "move_node", "move_group"}
    | {f"{verb}_{what}" for verb in ("add", "set", "delete") for what in ("group", "note")}
)


class NoCatalogue:
    """Stands in while the cluster has not been reached since the start: enough to move, rename and delete."""

    def component(self, module: str, component: str) -> Component | None:
        return None

    def node_ports(self, resource_name: str) -> Mapping[str, Port]:
        return {}


@router.post("/flows/{uuid:flow}/changes", response={200: AppliedOut, **ERRORS}, summary="Apply a batch of operations")
async def apply_changes(request: HttpRequest, flow: uuid.UUID, body: ChangesIn) -> HttpResponse:
    hub = live_side().hub
    known = await hub.ready(FIRST_LIST_SECONDS)
    catalogue: Catalogue | None = hub.catalogue()
    if not known and all(isinstance(op, dict) and op.get("op") in NEED_NO_CATALOGUE for op in body.ops):
        catalogue = NoCatalogue()
    elif not known or catalogue is None:
        reason = hub.cluster_state()["reason"] or "it has not answered yet"
        message = f"The components are not known while the cluster cannot be reached: {reason}. Try again in a moment."
        raise refuse(503, "cluster_unavailable", message)
    with hub.edit_under_way(len(body.ops)), await stage_last_states(hub, flow, body.ops):
        return json_response(await in_batch(flow, _apply, person_of(request), flow, body, catalogue))


@router.post("/flows/{uuid:flow}/undo", response={200: AppliedOut, **ERRORS}, summary="Take a change back")
async def undo(request: HttpRequest, flow: uuid.UUID, body: UndoIn) -> HttpResponse:
    live_side().hub.start()
    return json_response(await in_database(_undo, person_of(request), flow, body))


@router.get(
    "/flows/{uuid:flow}/changes",
    response={200: ChangesOut, 410: ErrorOut, **ERRORS},
    summary="Changes after a revision",
)
async def read_changes(
    request: HttpRequest, flow: uuid.UUID, after: int = Query(..., ge=0, le=2**63 - 1)
) -> HttpResponse:
    return json_response({"changes": await in_database(_changes, reader_of(request), flow, after)})


def _apply(person: User, flow_id: uuid.UUID, body: ChangesIn, catalogue: Catalogue) -> dict[str, Any]:
    # Neither read nor asked about here: the action does both, under its lock.
    flow = Flow(pk=flow_id)
    return _answer(
        do_apply_changes(person, flow, body.base_rev, body.ops, body.client_op_id, catalogue, pasted=body.pasted)
    )


def _undo(person: User, flow_id: uuid.UUID, body: UndoIn) -> dict[str, Any]:
    flow = visible_flow(person, flow_id)
    return _answer(do_undo(person, flow, body.change, body.client_op_id, force=body.force, rest=body.rest))


def _answer(change: Change) -> dict[str, Any]:
    return {"rev": change.rev, "prev_rev": change.prev_rev, "ops": change.own_ops}


def _changes(person: Reader, flow_id: uuid.UUID, after: int) -> list[dict[str, Any]]:
    flow = visible_flow(person, flow_id)
    if after >= flow.rev:
        return []
    newer = Change.objects.filter(flow=flow, rev__gt=after).select_related("actor").order_by("rev")[:MAX_CHANGES]
    changes = [change.as_message() for change in newer]
    if not changes or changes[0]["prev_rev"] > after:
        raise refuse(410, "changes_trimmed", f"The changes after revision {after} are no longer kept: reload the flow.")
    return [change_for_visitors(change) for change in changes] if isinstance(person, Visitor) else changes
