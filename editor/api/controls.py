"""Pressing controls of nodes."""

import uuid

from django.http import HttpRequest, HttpResponse
from ninja import Header, Path, Router

from editor import controls
from editor.api.auth import person_of
from editor.api.errors import ERRORS, json_response
from editor.api.schemas import ControlIn, PressOut, SignalOut
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
    signal = await controls.press(live_side().hub, person_of(request), flow, node, body.port, body.data, key)
    return json_response({"id": signal}, 202)


@router.get(
    "/flows/{uuid:flow}/signals/{signal}", response={200: SignalOut, **ERRORS}, summary="What became of a press"
)
async def read_signal(
    request: HttpRequest, flow: uuid.UUID, signal: str = Path(..., pattern="^[0-9a-f]{32}$")
) -> HttpResponse:
    return json_response(await controls.outcome(live_side().hub, person_of(request), flow, signal))
