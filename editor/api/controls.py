"""Pressing controls of nodes."""

import uuid

from django.http import HttpRequest, HttpResponse
from ninja import Header, Path

from editor import controls
from editor.api.auth import person_of
from editor.api.control_schemas import ControlIn, PressesOut, PressOut, SignalOut
from editor.api.described import Router
from editor.api.errors import ERRORS, json_response
from editor.database import in_database
from editor.process import live_side

router = Router(tags=["controls"])


@router.post(
    "/flows/{uuid:flow}/nodes/{node}/control", response={202: PressOut, **ERRORS}, summary="Press a control of a node"
)
async def press(
    request: HttpRequest,
    flow: uuid.UUID,
    node: str,
    body: ControlIn,
    key: str = Header(..., alias="Idempotency-Key", min_length=1, max_length=255),
) -> HttpResponse:
    find = controls.in_flow(flow)
    signal = await controls.press(live_side().hub, person_of(request), find, node, body.port, body.data, key)
    return json_response({"id": signal}, 202)


@router.get(
    "/flows/{uuid:flow}/signals/{signal}", response={200: SignalOut, **ERRORS}, summary="What became of a press"
)
async def read_signal(
    request: HttpRequest, flow: uuid.UUID, signal: str = Path(..., pattern="^[0-9a-f]{32}$")
) -> HttpResponse:
    names = controls.names_in_flow(flow)
    return json_response(await controls.outcome(live_side().hub, person_of(request), names, signal))


@router.get(
    "/flows/{uuid:flow}/nodes/{node}/presses",
    response={200: PressesOut, **ERRORS},
    summary="Who pressed each control of a node last",
)
async def read_presses(request: HttpRequest, flow: uuid.UUID, node: str) -> HttpResponse:
    pressed = await in_database(controls.last_presses, person_of(request), flow, node)
    return json_response({"pressed": pressed})
