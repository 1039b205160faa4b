"""Projects and the names of their flows, for programs: listed, made, renamed."""

import uuid
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse

from editor.api.auth import person_of
from editor.api.described import Router
from editor.api.errors import ERRORS, ErrorOut, json_response
from editor.api.listing import limit_of_page, page
from editor.api.matching import if_match, require_match, tagged
from editor.api.project_schemas import FlowRow, FlowsOut, NameIn, ProjectRow, ProjectsOut
from editor.database import in_database
from projects.actions import do_create_flow, do_create_project, do_rename_flow, do_rename_project
from projects.models import Flow, Project
from projects.permissions import projects_of, require, roles_in, visible_project
from projects.titles import checked_title

router = Router(tags=["projects"])
CHANGED: dict[int, type[ErrorOut]] = {412: ErrorOut}

_PROJECT = "/projects/{uuid:project}"
_FLOW = f"{_PROJECT}/flows/{{uuid:flow}}"


@router.get("/projects", response={200: ProjectsOut, **ERRORS}, summary="The projects one sees")
async def read_projects(
    request: HttpRequest, after: uuid.UUID | None = None, limit: int = limit_of_page()
) -> HttpResponse:
    return json_response(await in_database(_projects, person_of(request), after, limit))


@router.post("/projects", response={201: ProjectRow, **ERRORS}, summary="Make a project")
async def create_project(request: HttpRequest, body: NameIn) -> HttpResponse:
    return tagged(await in_database(_create_project, person_of(request), body.name), 201)


@router.get(_PROJECT, response={200: ProjectRow, **ERRORS}, summary="A project")
async def read_project(request: HttpRequest, project: uuid.UUID) -> HttpResponse:
    return tagged(await in_database(_project, person_of(request), project))


@router.put(_PROJECT, response={200: ProjectRow, **CHANGED, **ERRORS}, summary="Rename a project")
async def change_project(request: HttpRequest, project: uuid.UUID, body: NameIn) -> HttpResponse:
    return tagged(await in_database(_rename_project, person_of(request), project, body.name, if_match(request)))


@router.get(f"{_PROJECT}/flows", response={200: FlowsOut, **ERRORS}, summary="The flows of a project")
async def read_flows(
    request: HttpRequest, project: uuid.UUID, after: uuid.UUID | None = None, limit: int = limit_of_page()
) -> HttpResponse:
    return json_response(await in_database(_flows, person_of(request), project, after, limit))


@router.post(f"{_PROJECT}/flows", response={201: FlowRow, **ERRORS}, summary="Make a flow")
async def create_flow(request: HttpRequest, project: uuid.UUID, body: NameIn) -> HttpResponse:
    return tagged(await in_database(_create_flow, person_of(request), project, body.name), 201)


@router.get(_FLOW, response={200: FlowRow, **ERRORS}, summary="A flow's name; what is in it: /flows/{flow}")
async def read_flow_head(request: HttpRequest, project: uuid.UUID, flow: uuid.UUID) -> HttpResponse:
    return tagged(await in_database(_flow, person_of(request), project, flow))


@router.put(_FLOW, response={200: FlowRow, **CHANGED, **ERRORS}, summary="Rename a flow")
async def change_flow(request: HttpRequest, project: uuid.UUID, flow: uuid.UUID, body: NameIn) -> HttpResponse:
    return tagged(await in_database(_rename_flow, person_of(request), project, flow, body.name, if_match(request)))


def _projects(person: User, after: uuid.UUID | None, limit: int) -> dict[str, Any]:
    answer = page(projects_of(person), after, limit, "projects", _row)
    roles = roles_in([person.pk], [uuid.UUID(row["id"]) for row in answer["projects"]])
    for row in answer["projects"]:
        # None: the role was taken away between the two questions; then it is not listed.
        row["role"] = roles.get((person.pk, uuid.UUID(row["id"])))
    answer["projects"] = [row for row in answer["projects"] if row["role"] is not None]
    return answer


def _create_project(person: User, name: str) -> dict[str, Any]:
    return _project_row(person, do_create_project(person, checked_title(name)))


def _project(person: User, project_id: uuid.UUID) -> dict[str, Any]:
    return _project_row(person, visible_project(person, project_id))


@transaction.atomic
def _rename_project(person: User, project_id: uuid.UUID, name: str, seen: str | None) -> dict[str, Any]:
    project = _locked(person, project_id, "manage")
    require_match(seen, _project_row(person, project))
    return _project_row(person, do_rename_project(person, project, name))


def _flows(person: User, project_id: uuid.UUID, after: uuid.UUID | None, limit: int) -> dict[str, Any]:
    return page(visible_project(person, project_id).flows.all(), after, limit, "flows", _row)


def _create_flow(person: User, project_id: uuid.UUID, name: str) -> dict[str, Any]:
    return _row(do_create_flow(person, visible_project(person, project_id), name))


def _flow(person: User, project_id: uuid.UUID, flow_id: uuid.UUID) -> dict[str, Any]:
    return _row(_flow_of(visible_project(person, project_id), flow_id))


@transaction.atomic
def _rename_flow(
    person: User, project_id: uuid.UUID, flow_id: uuid.UUID, name: str, seen: str | None
) -> dict[str, Any]:
    flow = _flow_of(_locked(person, project_id, "edit"), flow_id)
    require_match(seen, _row(flow))
    return _row(do_rename_flow(person, flow, name))


def _locked(person: User, project_id: uuid.UUID, verb: Any) -> Project:
    """Under its lock, for somebody who may: the state that is compared is the one that is changed."""
    project = Project.objects.select_for_update().filter(pk=project_id).first()
    require(person, verb, project)
    assert project is not None
    return project


def _flow_of(project: Project, flow_id: uuid.UUID) -> Flow:
    flow = project.flows.filter(pk=flow_id).first()
    if flow is None:
        raise Http404("no such flow")
    return flow


def _row(thing: Project | Flow) -> dict[str, Any]:
    return {"id": str(thing.pk), "name": thing.name}


def _project_row(person: User, project: Project) -> dict[str, Any]:
    return {**_row(project), "role": roles_in([person.pk], [project.pk])[person.pk, project.pk]}
