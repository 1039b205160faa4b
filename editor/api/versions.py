"""Versions of a flow: named, listed, opened, compared, and gone back to."""

import uuid
from typing import Any, Literal

import orjson
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from ninja import Query

from editor.api.auth import person_of
from editor.api.contents_schemas import ContentsIn, ContentsOut
from editor.api.described import Router
from editor.api.errors import ERRORS, json_response, refuse
from editor.api.packed import packed, takes_gzip, written
from editor.api.scenario_schemas import DeletedOut
from editor.api.version_schemas import DiffOut, PastOut, RestoredOut, RestoreIn, VersionIn, VersionOut, VersionsOut
from editor.database import in_database
from editor.past import in_past
from editor.process import live_side
from editor.states import stage_last_states
from projects.actions import do_create_version, do_delete_version, do_restore
from projects.contents import MAX_IDS
from projects.models import Flow, Version
from projects.permissions import can, require, visible_flow
from projects.versions.answer import as_answer
from projects.versions.differences import differences
from projects.versions.opened import contents, structure
from projects.versions.past import past_of
from projects.versions.points import points_of, versions_of
from projects.versions.text import as_text

router = Router(tags=["versions"])


@router.get(
    "/flows/{uuid:flow}/versions",
    response={200: VersionsOut, **ERRORS},
    by_alias=True,
    summary="What one can go back to",
)
async def read_versions(
    request: HttpRequest, flow: uuid.UUID, before: int | None = Query(None, ge=0, le=2**63 - 1)
) -> HttpResponse:
    return json_response(await in_past(_list, person_of(request), flow, before))


@router.post("/flows/{uuid:flow}/versions", response={201: VersionOut, **ERRORS}, summary="Give a state a name")
async def create_version(request: HttpRequest, flow: uuid.UUID, body: VersionIn) -> HttpResponse:
    return json_response(await in_database(_create, person_of(request), flow, body), 201)


@router.delete("/flows/{uuid:flow}/versions/{ref}", response={200: DeletedOut, **ERRORS}, summary="Delete a version")
async def delete_version(request: HttpRequest, flow: uuid.UUID, ref: str) -> HttpResponse:
    return json_response({"id": await in_database(_delete, person_of(request), flow, ref)})


@router.get("/flows/{uuid:flow}/versions/{ref}", response={200: PastOut, **ERRORS}, summary="A flow as it was")
async def read_past(request: HttpRequest, flow: uuid.UUID, ref: str) -> HttpResponse:
    zipped, cluster = takes_gzip(request), live_side().hub.cluster_state()
    return packed(await in_past(_open, person_of(request), flow, ref, cluster, zipped), zipped)


@router.post(
    "/flows/{uuid:flow}/versions/{ref}/contents",
    response={200: ContentsOut, **ERRORS},
    summary="The settings and mappings of some nodes and wires as they were",
)
async def past_contents(request: HttpRequest, flow: uuid.UUID, ref: str, body: ContentsIn) -> HttpResponse:
    zipped = takes_gzip(request)
    return packed(await in_past(_contents, person_of(request), flow, ref, body, zipped), zipped)


@router.get(
    "/flows/{uuid:flow}/versions/{a}/diff/{b}",
    response={200: DiffOut, **ERRORS},
    openapi_extra={"responses": {200: {"content": {"text/plain": {"schema": {"type": "string"}}}}}},
    summary="What is different between two states; as=text: to read",
)
async def read_diff(
    request: HttpRequest, flow: uuid.UUID, a: str, b: str, form: Literal["json", "text"] = Query("json", alias="as")
) -> HttpResponse:
    zipped = takes_gzip(request)
    answer = packed(await in_past(_diff, person_of(request), flow, a, b, form, zipped), zipped)
    if form == "text":
        answer["Content-Type"] = "text/plain; charset=utf-8"
    return answer


@router.post(
    "/flows/{uuid:flow}/versions/{ref}/restore",
    response={200: RestoredOut, **ERRORS},
    summary="Make the flow what it was, by a new change",
)
async def restore(request: HttpRequest, flow: uuid.UUID, ref: str, body: RestoreIn) -> HttpResponse:
    hub, person = live_side().hub, person_of(request)
    hub.start()
    deletions = await in_past(_deletions, person, flow, ref)
    with hub.edit_under_way(len(deletions)), await stage_last_states(hub, flow, deletions):
        return json_response(await in_database(_restore, person, flow, ref, body))


def _list(person: User, flow_id: uuid.UUID, before: int | None) -> dict[str, Any]:
    flow = visible_flow(person, flow_id)
    points, more = points_of(flow, before)
    edits, manages = can(person, "edit", flow), can(person, "manage", flow)
    rows = [{**row, "deletable": edits and (manages or row["by"]["id"] == person.pk)} for row in versions_of(flow)]
    return {"rev": flow.rev, "versions": rows, "points": points, "more": more}


def _create(person: User, flow_id: uuid.UUID, body: VersionIn) -> dict[str, Any]:
    version: Version = do_create_version(person, visible_flow(person, flow_id), body.id, body.name, body.note, body.rev)
    return {**version.as_row(), "deletable": True}


def _delete(person: User, flow_id: uuid.UUID, ref: str) -> str:
    return str(do_delete_version(person, visible_flow(person, flow_id), ref))


def _open(person: User, flow_id: uuid.UUID, ref: str, cluster: dict[str, Any], zipped: bool) -> bytes:
    flow = visible_flow(person, flow_id)
    past = past_of(flow, ref)
    project = {"id": str(flow.project_id), "name": flow.project.name}
    answer = {
        "flow": {"id": str(flow.pk), "name": flow.name, "rev": past.rev, "project": project},
        **structure(flow, past.document, past.rev),
        "can": {"edit": False, "control": False},
        "cluster": cluster,
        "past": past.as_head(),
    }
    return written(orjson.dumps(answer), zipped)


def _contents(person: User, flow_id: uuid.UUID, ref: str, body: ContentsIn, zipped: bool) -> bytes:
    flow = visible_flow(person, flow_id)
    if len(body.nodes) + len(body.edges) > MAX_IDS:
        message = f"At most {MAX_IDS} nodes and wires can be asked for at once: ask again for the rest."
        raise refuse(413, "too_many_ids", message)
    past = past_of(flow, ref)
    nodes, edges = list(dict.fromkeys(body.nodes)), list(dict.fromkeys(body.edges))
    return written(orjson.dumps(contents(past.document, past.rev, nodes, edges).as_answer()), zipped)


def _diff(person: User, flow_id: uuid.UUID, a: str, b: str, form: str, zipped: bool) -> bytes:
    flow = visible_flow(person, flow_id)
    one, other = past_of(flow, a), past_of(flow, b)
    found = differences(one.document, other.document)
    if form == "text":
        return written(as_text(one, other, found).encode(), zipped)
    return written(orjson.dumps({"a": one.as_head(), "b": other.as_head(), **as_answer(found)}), zipped)


def _deletions(person: User, flow_id: uuid.UUID, ref: str) -> list[dict[str, str]]:
    """What going back would delete, as operations: the states of these nodes are read before."""
    flow = visible_flow(person, flow_id)
    require(person, "edit", flow)
    gone = past_of(flow, "now").document.nodes.keys() - past_of(flow, ref).document.nodes.keys()
    return [{"op": "delete_node", "id": pk} for pk in sorted(gone)]


def _restore(person: User, flow_id: uuid.UUID, ref: str, body: RestoreIn) -> dict[str, Any]:
    flow = Flow(pk=flow_id)
    change, left = do_restore(person, flow, ref, body.client_op_id, rest=body.rest)
    return {"rev": change.rev, "prev_rev": change.prev_rev, "ops": [], "left": list(left)}
