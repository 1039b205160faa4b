"""Where in a component's code a node's messages fail."""

import uuid

from django.http import HttpRequest, HttpResponse

from editor import stacks
from editor.api.auth import person_of
from editor.api.described import Router
from editor.api.errors import ERRORS, json_response
from editor.api.run_schemas import StackOut
from editor.process import live_side

router = Router(tags=["runs"])


@router.get(
    "/flows/{uuid:flow}/nodes/{node}/stack", response={200: StackOut, **ERRORS}, summary="Where a node's code failed"
)
async def read_stack(request: HttpRequest, flow: uuid.UUID, node: str) -> HttpResponse:
    return json_response(await stacks.newest(live_side().hub, person_of(request), flow, node))
