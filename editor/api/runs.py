"""Recorded runs of a flow."""

import uuid

from django.http import HttpRequest, HttpResponse
from ninja import Path, Query

from editor import runs
from editor.api.auth import person_of
from editor.api.described import Router
from editor.api.errors import ERRORS, json_response
from editor.api.run_schemas import RunOut, RunsOut
from editor.process import live_side

router = Router(tags=["runs"])


@router.get("/flows/{uuid:flow}/runs", response={200: RunsOut, **ERRORS}, summary="The newest recorded runs of a flow")
async def read_runs(
    request: HttpRequest, flow: uuid.UUID, errors: bool = False, limit: int = Query(50, ge=1, le=100)
) -> HttpResponse:
    hub = live_side().hub
    return json_response(await runs.recent(hub, person_of(request), flow, errors=errors, limit=limit))


@router.get("/flows/{uuid:flow}/runs/{trace}", response={200: RunOut, **ERRORS}, summary="One run with all its hops")
async def read_run(
    request: HttpRequest, flow: uuid.UUID, trace: str = Path(..., pattern="^[0-9a-f]{32}$")
) -> HttpResponse:
    return json_response(await runs.one(live_side().hub, person_of(request), flow, trace))
