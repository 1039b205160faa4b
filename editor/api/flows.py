"""Reading a flow."""

import uuid
from typing import Any

import orjson
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse

from editor.api.auth import person_of, reader_of
from editor.api.described import Router
from editor.api.errors import ERRORS, json_response
from editor.api.packed import packed, takes_gzip, written
from editor.api.schemas import FlowOut, SiblingsOut
from editor.database import in_database
from editor.live.visitors import flow_for_visitors
from editor.process import live_side
from projects.models import Flow, Group, Note
from projects.permissions import Reader, can, visible_flow
from projects.shown import structure_of_edges, structure_of_nodes
from projects.visitor import Visitor

router = Router(tags=["flows"])

# A list to look a name up in; who has more finds them on the project's page.
MAX_SIBLINGS = 1_000


@router.get("/flows/{uuid:flow}", response={200: FlowOut, **ERRORS}, summary="A flow with its nodes and edges")
async def read_flow(request: HttpRequest, flow: uuid.UUID) -> HttpResponse:
    hub = live_side().hub
    hub.start()
    zipped = takes_gzip(request)
    return packed(await in_database(_read, reader_of(request), flow, hub.cluster_state(), zipped), zipped)


@router.get(
    "/flows/{uuid:flow}/siblings",
    response={200: SiblingsOut, **ERRORS},
    summary="The flows of the project that a flow is in, by name",
)
async def read_siblings(request: HttpRequest, flow: uuid.UUID) -> HttpResponse:
    return json_response(await in_database(_siblings, person_of(request), flow))


def _siblings(person: User, flow_id: uuid.UUID) -> dict[str, Any]:
    flow = visible_flow(person, flow_id)
    rows = Flow.objects.filter(project_id=flow.project_id).order_by("name", "pk").values("id", "name")
    return {"flows": [{"id": str(row["id"]), "name": row["name"]} for row in rows[:MAX_SIBLINGS]]}


def _read(person: Reader, flow_id: uuid.UUID, cluster: dict[str, Any], zipped: bool) -> bytes:
    """The answer as it goes out: writing and packing megabytes would hold up everybody on the event loop."""
    flow = visible_flow(person, flow_id)
    project = {"id": str(flow.project_id), "name": flow.project.name}
    answer = {
        "flow": {"id": str(flow.pk), "name": flow.name, "rev": flow.rev, "project": project},
        "nodes": structure_of_nodes(flow),
        "edges": structure_of_edges(flow),
        "groups": [group.as_row() for group in Group.objects.filter(flow=flow).order_by("pk")],
        "notes": [note.as_row() for note in Note.objects.filter(flow=flow).order_by("pk")],
        "can": {verb: can(person, verb, flow) for verb in ("edit", "control", "code")},
        "cluster": cluster,
    }
    if isinstance(person, Visitor):
        answer = flow_for_visitors(answer)
    return written(orjson.dumps(answer), zipped)
