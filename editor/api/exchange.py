"""Files: flows and projects out and in, and templates to start from (docs/export.md)."""

import uuid
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Max, Min
from django.http import HttpRequest, HttpResponse

from editor.api.auth import person_of
from editor.api.changes import FIRST_LIST_SECONDS, NoCatalogue
from editor.api.described import Router
from editor.api.errors import ERRORS, json_response
from editor.api.exchange_schemas import (
    AppliedFileOut,
    FileIn,
    FileIntoFlowIn,
    FlowFileIn,
    ImportedOut,
    IntoFlowOut,
    PlanIn,
    PlanOut,
    TemplatesOut,
    TemplateTextOut,
)
from editor.database import in_database
from editor.past import in_past
from editor.process import live_side
from projects.actions import do_apply_file, do_import_flow, do_import_flows, do_import_into_flow, do_import_project
from projects.catalogue import Catalogue
from projects.exchange.checking import check_file
from projects.exchange.flow_export import flow_file, schemas_of
from projects.exchange.plan import plan_of
from projects.exchange.project_export import project_file
from projects.exchange.reading import Read, located, one_flow, read_import
from projects.exchange.templates import template, templates
from projects.models import Flow, Node, Project
from projects.permissions import require, visible_flow, visible_project
from weirflow.flowfile import FileFlow, FileProject, print_flow_file
from weirflow.flowfile.names import slug

router = Router(tags=["files"])
YAML = {"responses": {200: {"content": {"application/yaml": {"schema": {"type": "object"}}}}}}
BESIDE = 96
"""Canvas pixels between what is there and what comes in."""
CARD = 240


@router.get(
    "/flows/{uuid:flow}/export",
    response={200: dict[str, Any], **ERRORS},
    openapi_extra=YAML,
    summary="A flow as a file",
)
async def export_flow(request: HttpRequest, flow: uuid.UUID) -> HttpResponse:
    return _file(*await in_past(_export_flow, person_of(request), flow, await _catalogue()))


@router.get(
    "/projects/{uuid:project}/export",
    response={200: dict[str, Any], **ERRORS},
    openapi_extra=YAML,
    summary="A project as a file",
)
async def export_project(request: HttpRequest, project: uuid.UUID) -> HttpResponse:
    return _file(*await in_past(_export_project, person_of(request), project, await _catalogue()))


@router.post("/import/plan", response={200: PlanOut, **ERRORS}, summary="What importing a file would do")
async def plan_import(request: HttpRequest, body: PlanIn) -> HttpResponse:
    return json_response(await in_past(_plan, person_of(request), body, await _catalogue()))


@router.post("/import", response={201: ImportedOut, **ERRORS}, summary="Import a file as a new project")
async def import_project(request: HttpRequest, body: FileIn) -> HttpResponse:
    person = person_of(request)
    read = await in_past(read_import, body.text)
    return json_response(await in_database(_new_project, person, read, body, await _catalogue()), 201)


@router.post(
    "/projects/{uuid:project}/import", response={201: ImportedOut, **ERRORS}, summary="Import a file into a project"
)
async def import_into_project(request: HttpRequest, project: uuid.UUID, body: FileIn) -> HttpResponse:
    person = person_of(request)
    await in_database(_may_edit_project, person, project)
    read = await in_past(read_import, body.text)
    return json_response(await in_database(_into_project, person, project, read, body, await _catalogue()), 201)


@router.post("/flows/{uuid:flow}/import", response={200: IntoFlowOut, **ERRORS}, summary="Import a file into a flow")
async def import_into_flow(request: HttpRequest, flow: uuid.UUID, body: FileIntoFlowIn) -> HttpResponse:
    person = person_of(request)
    await in_database(_may_edit_flow, person, flow)
    read = await in_past(read_import, body.text)
    with live_side().hub.edit_under_way(len(one_flow(read).nodes)):
        return json_response(await in_database(_into_flow, person, flow, read, body, await _catalogue()))


@router.put("/flows/{uuid:flow}/file", response={200: AppliedFileOut, **ERRORS}, summary="Make a flow what a file says")
async def apply_file(request: HttpRequest, flow: uuid.UUID, body: FlowFileIn) -> HttpResponse:
    person = person_of(request)
    await in_database(_may_edit_flow, person, flow)
    read = await in_past(read_import, body.text)
    with live_side().hub.edit_under_way(len(one_flow(read).nodes)):
        return json_response(await in_database(_apply, person, flow, read, body, await _catalogue()))


@router.get("/templates", response={200: TemplatesOut, **ERRORS}, summary="Flows to start from")
async def read_templates(request: HttpRequest) -> HttpResponse:
    person_of(request)
    return json_response({"templates": [one.as_row() for one in await in_past(templates)]})


@router.get(
    "/templates/{folder}/{name}", response={200: TemplateTextOut, **ERRORS}, summary="The file of a flow to start from"
)
async def read_template(request: HttpRequest, folder: str, name: str) -> HttpResponse:
    person_of(request)
    found = await in_past(template, f"{folder}/{name}")
    return json_response({"id": found.id, "text": found.text})


async def _catalogue() -> Catalogue:
    """What is known of the components; nothing, where the cluster has not been reached: then nobody can say which
    fields are secrets, and names alone tell."""
    hub = live_side().hub
    known = await hub.ready(FIRST_LIST_SECONDS)
    return (hub.catalogue() if known else None) or NoCatalogue()


def _export_flow(person: User, flow_id: uuid.UUID, catalogue: Catalogue) -> tuple[str, str]:
    # One transaction: nobody writes between the tables.
    with transaction.atomic():
        flow = visible_flow(person, flow_id)
        return flow.name, print_flow_file(flow_file(flow, schemas_of(catalogue)))


def _export_project(person: User, project_id: uuid.UUID, catalogue: Catalogue) -> tuple[str, str]:
    with transaction.atomic():
        project = visible_project(person, project_id)
        return project.name, print_flow_file(project_file(project, schemas_of(catalogue)))


def _file(name: str, text: str) -> HttpResponse:
    response = HttpResponse(text, content_type="application/yaml; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{slug(name) or "flow"}.yaml"'
    response["Cache-Control"] = "no-store"
    return response


def _plan(person: User, body: PlanIn, catalogue: Catalogue) -> dict[str, Any]:
    project = visible_project(person, body.project) if body.project is not None else None
    known = None if isinstance(catalogue, NoCatalogue) else catalogue
    read = read_import(body.text)
    with located(read):
        check_file(read.file, schemas_of(catalogue))
    return plan_of(read, known, project)


def _may_edit_project(person: User, project_id: uuid.UUID) -> None:
    require(person, "edit", visible_project(person, project_id))


def _may_edit_flow(person: User, flow_id: uuid.UUID) -> None:
    require(person, "edit", visible_flow(person, flow_id))


def _new_project(person: User, read: Read, body: FileIn, catalogue: Catalogue) -> dict[str, Any]:
    """A flow's file makes a project with that flow."""
    file = read.file
    if isinstance(file, FileFlow):
        file = FileProject(file.name, "", {slug(file.name) or "flow": file})
    with located(read):
        project = do_import_project(person, file, catalogue, body.name)
    return _imported(project, list(project.flows.order_by("created", "pk")))


def _into_project(
    person: User, project_id: uuid.UUID, read: Read, body: FileIn, catalogue: Catalogue
) -> dict[str, Any]:
    project = visible_project(person, project_id)
    with located(read):
        if isinstance(read.file, FileFlow):
            return _imported(project, [do_import_flow(person, project, read.file, catalogue, body.name)])
        return _imported(project, do_import_flows(person, project, read.file, catalogue))


def _into_flow(
    person: User, flow_id: uuid.UUID, read: Read, body: FileIntoFlowIn, catalogue: Catalogue
) -> dict[str, Any]:
    flow, file = visible_flow(person, flow_id), one_flow(read)
    places = [node.at for node in file.nodes.values()] + [note.at for note in file.notes]
    left, top = (min((place[axis] for place in places), default=0) for axis in (0, 1))
    beside = _beside(flow) if body.x is None or body.y is None else (body.x, body.y)
    offset = (0, 0) if beside is None else (beside[0] - left, beside[1] - top)
    with located(read):
        changes = do_import_into_flow(person, flow, file, body.client_op_id, catalogue, offset)
    return {"rev": changes[-1].rev, "prev_rev": changes[0].prev_rev, "changes": [change.rev for change in changes]}


def _apply(person: User, flow_id: uuid.UUID, read: Read, body: FlowFileIn, catalogue: Catalogue) -> dict[str, Any]:
    flow, file = visible_flow(person, flow_id), one_flow(read)
    with located(read):
        change, left = do_apply_file(person, flow, file, body.client_op_id, catalogue)
    if change is None:
        return {"rev": flow.rev, "prev_rev": flow.rev, "changed": False, "left": left}
    return {"rev": change.rev, "prev_rev": change.prev_rev, "changed": True, "left": left}


def _beside(flow: Flow) -> tuple[int, int] | None:
    """To the right of what is there, at its upper edge; None in an empty flow."""
    found = Node.objects.filter(flow=flow).aggregate(right=Max("x"), top=Min("y"))
    return None if found["right"] is None else (found["right"] + CARD + BESIDE, found["top"])


def _imported(project: Project, flows: list[Flow]) -> dict[str, Any]:
    return {"project": str(project.pk), "flows": [{"id": str(flow.pk), "name": flow.name} for flow in flows]}
