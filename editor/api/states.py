"""The states of nodes: looked at, and edited by those who may."""

import uuid

from django.http import HttpRequest, HttpResponse
from ninja import Header, Path

from editor import node_states
from editor.api.auth import person_of
from editor.api.control_schemas import PressOut
from editor.api.described import Router
from editor.api.errors import ERRORS, json_response
from editor.api.state_schemas import StateEditIn, StateFieldOut, StateOut
from editor.process import live_side

router = Router(tags=["states"])


@router.get("/flows/{uuid:flow}/nodes/{node}/state", response={200: StateOut, **ERRORS}, summary="The state of a node")
async def read_state(request: HttpRequest, flow: uuid.UUID, node: str) -> HttpResponse:
    return json_response(await node_states.read(live_side().hub, person_of(request), flow, node))


@router.get(
    "/flows/{uuid:flow}/nodes/{node}/state/{field}",
    response={200: StateFieldOut, **ERRORS},
    summary="One field of a node's state, whole",
)
async def read_state_field(
    request: HttpRequest, flow: uuid.UUID, node: str, field: str = Path(..., max_length=200)
) -> HttpResponse:
    return json_response(await node_states.read_field(live_side().hub, person_of(request), flow, node, field))


@router.post(
    "/flows/{uuid:flow}/nodes/{node}/state",
    response={202: PressOut, **ERRORS},
    summary="Edit a field of a node's state",
)
async def edit_state(
    request: HttpRequest,
    flow: uuid.UUID,
    node: str,
    body: StateEditIn,
    key: str = Header(..., alias="Idempotency-Key", min_length=1, max_length=255),
) -> HttpResponse:
    data = {"field": body.field, "value": body.value, "was": body.was}
    signal = await node_states.edit(live_side().hub, person_of(request), flow, node, data, key)
    return json_response({"id": signal}, 202)
