"""What can be placed on the canvas."""

import uuid

from django.http import HttpRequest, HttpResponse

from editor.api.auth import reader_of
from editor.api.described import Router
from editor.api.errors import ERRORS, json_response
from editor.api.schemas import CatalogueOut
from editor.database import in_database
from editor.process import live_side
from projects.permissions import Reader, visible_flow

router = Router(tags=["catalogue"])

FIRST_LIST_SECONDS = 5.0


@router.get(
    "/flows/{uuid:flow}/catalogue",
    response={200: CatalogueOut, **ERRORS},
    by_alias=True,
    summary="The components of all modules",
)
async def read_catalogue(request: HttpRequest, flow: uuid.UUID) -> HttpResponse:
    await in_database(_check, reader_of(request), flow)
    hub = live_side().hub
    # Else the first one to look after a start would find every module absent.
    if await hub.ready(FIRST_LIST_SECONDS) and hub.connection is not None:
        await hub.connection.knows_leaders(FIRST_LIST_SECONDS)
    return json_response(hub.modules.answer(hub.served.names()))


def _check(person: Reader, flow_id: uuid.UUID) -> None:
    visible_flow(person, flow_id)
