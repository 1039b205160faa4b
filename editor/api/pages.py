"""The dashboard of a project: its pages, their edits, and presses from them."""

import uuid
from typing import Any

from django.contrib.auth.models import User
from django.http import Http404, HttpRequest, HttpResponse
from ninja import Header, Path, Query

from editor import controls
from editor.api.auth import person_of, reader_of
from editor.api.control_schemas import ControlIn, PressOut, SignalOut
from editor.api.described import Router
from editor.api.errors import ERRORS, ErrorOut, json_response, refuse
from editor.api.page_schemas import (
    ChoicesOut,
    PageChangeOut,
    PageChangesIn,
    PageChangesOut,
    PagesOut,
    PageUndoIn,
)
from editor.database import in_database
from editor.hub import Hub
from editor.live.visitors import page_for_visitors
from editor.process import live_side
from projects.actions import do_change_pages, do_undo_pages
from projects.models import PageChange, Project, WidgetPage
from projects.pages.document import MAX_CHOICES, choices, pages_document, pages_rev
from projects.permissions import Reader, can, require, visible_project
from projects.visitor import Visitor

router = Router(tags=["dashboards"])

FIRST_LIST_SECONDS = 5.0
MAX_CHANGES = 500
MAX_SEARCH = 100


@router.get("/projects/{uuid:project}/pages", response={200: PagesOut, **ERRORS}, summary="The dashboard of a project")
async def read_pages(request: HttpRequest, project: uuid.UUID) -> HttpResponse:
    document = await in_database(_document, reader_of(request), project)
    hub = await _known_modules()
    shown = {(node["module"], node["component"]) for node in document["nodes"]}
    components = [found for key in sorted(shown) if (found := hub.modules.find(*key)) is not None]
    return json_response({**document, "components": components, "available": sorted(hub.served.names())})


@router.get(
    "/projects/{uuid:project}/pages/choices",
    response={200: ChoicesOut, **ERRORS},
    summary="Nodes that can be put on a page",
)
async def read_choices(
    request: HttpRequest, project: uuid.UUID, search: str = Query("", max_length=MAX_SEARCH)
) -> HttpResponse:
    await in_database(_visible, person_of(request), project)
    hub = await _known_modules()
    components = hub.modules.with_port("_control")
    keys = [(component["module"], component["name"]) for component in components]
    nodes = await in_database(_choices, person_of(request), project, search, keys)
    shown = {(node["module"], node["component"]) for node in nodes}
    found = [component for component in components if (component["module"], component["name"]) in shown]
    return json_response({"nodes": nodes, "components": found, "more": len(nodes) >= MAX_CHOICES})


@router.post(
    "/projects/{uuid:project}/pages/changes",
    response={200: PageChangeOut, **ERRORS},
    summary="Apply a batch of operations to pages",
)
async def change_pages(request: HttpRequest, project: uuid.UUID, body: PageChangesIn) -> HttpResponse:
    live_side().hub.start()
    return json_response(await in_database(_apply, person_of(request), project, body))


@router.post(
    "/projects/{uuid:project}/pages/undo",
    response={200: PageChangeOut, **ERRORS},
    summary="Take a change of pages back",
)
async def undo_pages(request: HttpRequest, project: uuid.UUID, body: PageUndoIn) -> HttpResponse:
    live_side().hub.start()
    return json_response(await in_database(_undo, person_of(request), project, body))


@router.get(
    "/projects/{uuid:project}/pages/changes",
    response={200: PageChangesOut, 410: ErrorOut, **ERRORS},
    summary="Changes of pages after a revision",
)
async def read_page_changes(
    request: HttpRequest, project: uuid.UUID, after: int = Query(..., ge=0, le=2**63 - 1)
) -> HttpResponse:
    return json_response({"changes": await in_database(_changes, reader_of(request), project, after)})


@router.post(
    "/pages/{uuid:page}/nodes/{node}/control",
    response={202: PressOut, **ERRORS},
    summary="Press a control of a node that stands on a page",
)
async def press(
    request: HttpRequest,
    page: uuid.UUID,
    node: str,
    body: ControlIn,
    key: str = Header(..., alias="Idempotency-Key", min_length=1, max_length=255),
) -> HttpResponse:
    find = controls.on_page(page)
    signal = await controls.press(live_side().hub, person_of(request), find, node, body.port, body.data, key)
    return json_response({"id": signal}, 202)


@router.get(
    "/pages/{uuid:page}/signals/{signal}", response={200: SignalOut, **ERRORS}, summary="What became of a press"
)
async def read_signal(
    request: HttpRequest, page: uuid.UUID, signal: str = Path(..., pattern="^[0-9a-f]{32}$")
) -> HttpResponse:
    names = controls.names_on_page(page)
    return json_response(await controls.outcome(live_side().hub, person_of(request), names, signal))


async def _known_modules() -> Hub:
    """The hub once it knows the modules, or has waited for them."""
    hub = live_side().hub
    if await hub.ready(FIRST_LIST_SECONDS) and hub.connection is not None:
        await hub.connection.knows_leaders(FIRST_LIST_SECONDS)
    return hub


def _visible(person: User, project_id: uuid.UUID) -> None:
    visible_project(person, project_id)


def _document(person: Reader, project_id: uuid.UUID) -> dict[str, Any]:
    if isinstance(person, Visitor):
        return _page(person, project_id)
    project = visible_project(person, project_id)
    return {
        **pages_document(project),
        "project": {"id": str(project.pk), "name": project.name},
        "can": {verb: can(person, verb, project) for verb in ("edit", "control", "manage")},
    }


def _page(visitor: Visitor, project_id: uuid.UUID) -> dict[str, Any]:
    """The dashboard as if it had this page alone."""
    page = WidgetPage.objects.select_related("project").filter(pk=visitor.page or uuid.UUID(int=0)).first()
    if page is None or page.project_id != project_id:
        raise Http404("no such page")
    return page_for_visitors(
        {
            **pages_document(page.project, page),
            "project": {"id": str(page.project_id), "name": page.project.name},
            "can": dict.fromkeys(("edit", "control", "manage"), False),
        }
    )


def _choices(
    person: User, project_id: uuid.UUID, search: str, components: list[tuple[str, str]]
) -> list[dict[str, Any]]:
    project = visible_project(person, project_id)
    require(person, "edit", project)
    return choices(project, search.strip(), components)


def _apply(person: User, project_id: uuid.UUID, body: PageChangesIn) -> dict[str, Any]:
    return do_change_pages(person, Project(pk=project_id), body.ops, body.client_op_id).as_message()


def _undo(person: User, project_id: uuid.UUID, body: PageUndoIn) -> dict[str, Any]:
    project = visible_project(person, project_id)
    return do_undo_pages(person, project, body.change, body.client_op_id, force=body.force).as_message()


def _changes(person: Reader, project_id: uuid.UUID, after: int) -> list[dict[str, Any]]:
    if isinstance(person, Visitor):
        # Of other pages too, they are not for visitors: these read their page anew.
        raise refuse(410, "changes_trimmed", "Changes of a dashboard are for members: reload the page.")
    project = visible_project(person, project_id)
    if after >= pages_rev(project.pk):
        return []
    newer = PageChange.objects.filter(project=project, rev__gt=after).select_related("actor").order_by("rev")
    changes = [change.as_message() for change in newer[:MAX_CHANGES]]
    if not changes or changes[0]["prev_rev"] > after:
        message = f"The changes after revision {after} are no longer kept: reload the dashboard."
        raise refuse(410, "changes_trimmed", message)
    return changes
