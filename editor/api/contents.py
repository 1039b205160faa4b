"""Settings and mappings of some nodes and wires: a flow opens without them (docs/adr/0060)."""

import uuid

import orjson
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse

from editor.api.auth import person_of
from editor.api.contents_schemas import ContentsIn, ContentsOut
from editor.api.described import Router
from editor.api.errors import ERRORS, refuse
from editor.api.packed import packed, takes_gzip, written
from editor.database import in_database
from projects.contents import MAX_IDS, read_contents
from projects.permissions import visible_flow

router = Router(tags=["flows"])


@router.post(
    "/flows/{uuid:flow}/contents",
    response={200: ContentsOut, **ERRORS},
    summary="The settings and mappings of some nodes and wires",
)
async def flow_contents(request: HttpRequest, flow: uuid.UUID, body: ContentsIn) -> HttpResponse:
    zipped = takes_gzip(request)
    return packed(await in_database(_read, person_of(request), flow, body, zipped), zipped)


def _read(person: User, flow_id: uuid.UUID, body: ContentsIn, zipped: bool) -> bytes:
    flow = visible_flow(person, flow_id)
    if len(body.nodes) + len(body.edges) > MAX_IDS:
        message = f"At most {MAX_IDS} nodes and wires can be asked for at once: ask again for the rest."
        raise refuse(413, "too_many_ids", message)
    found = read_contents(flow, list(dict.fromkeys(body.nodes)), list(dict.fromkeys(body.edges)))
    return written(orjson.dumps(found.as_answer()), zipped)
