"""Looking for text in settings and mappings."""

import uuid
from collections.abc import Iterator, Sequence
from typing import TypeVar

from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from ninja import Query

from editor.api.auth import person_of
from editor.api.contents_schemas import FoundOut
from editor.api.described import Router
from editor.api.errors import ERRORS, json_response
from editor.database import in_database
from projects.find import CHUNK, MAX_HITS, Hit, find_in_edges, find_in_nodes, ids_to_search
from projects.models import Flow
from projects.permissions import visible_flow

router = Router(tags=["flows"])

T = TypeVar("T")

MAX_WORDS = 200


@router.get(
    "/flows/{uuid:flow}/find",
    response={200: FoundOut, **ERRORS},
    summary="Where settings and mappings of a flow have a text, in upper or lower case",
)
async def find(
    request: HttpRequest, flow: uuid.UUID, q: str = Query(..., min_length=1, max_length=MAX_WORDS)
) -> HttpResponse:
    words = q.strip().lower()
    shown, nodes, edges = await in_database(_begin, person_of(request), flow)
    if not words:
        return json_response({"hits": [], "cut": False})
    hits: list[Hit] = []
    # In turns: others edit on the same thread meanwhile.
    for some in _pieces(nodes):
        if len(hits) <= MAX_HITS:
            hits += await in_database(find_in_nodes, shown, words, some)
    for wires in _pieces(edges):
        if len(hits) <= MAX_HITS:
            hits += await in_database(find_in_edges, shown, words, wires)
    return json_response({"hits": hits[:MAX_HITS], "cut": len(hits) > MAX_HITS})


def _pieces(ids: Sequence[T]) -> Iterator[Sequence[T]]:
    return (ids[at : at + CHUNK] for at in range(0, len(ids), CHUNK))


def _begin(person: User, flow_id: uuid.UUID) -> tuple[Flow, list[str], list[uuid.UUID]]:
    flow = visible_flow(person, flow_id)
    return flow, *ids_to_search(flow)
