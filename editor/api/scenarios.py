"""Scenarios of a flow: sample messages that mappings are previewed with and checked against."""

import uuid
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from ninja import Query

from editor.api.auth import person_of
from editor.api.described import Router
from editor.api.errors import ERRORS, ErrorOut, json_response, refuse
from editor.api.listing import after_of_page, limit_of_page, page_as_made
from editor.api.matching import if_match, require_match, tagged
from editor.api.scenario_schemas import DeletedOut, MadeUpOut, ScenarioChangeIn, ScenarioIn, ScenarioOut, ScenariosOut
from editor.database import in_database
from editor.process import live_side
from projects.actions import do_change_scenario, do_create_scenario, do_delete_scenario
from projects.actions.flows import locked_flow
from projects.catalogue import Catalogue
from projects.models import Flow, Scenario
from projects.permissions import require, visible_flow
from projects.shown import nodes_shown

router = Router(tags=["scenarios"])

FIRST_LIST_SECONDS = 2.0
"""How long the first write after a start waits for the catalogue."""


@router.get("/flows/{uuid:flow}/scenarios", response={200: ScenariosOut, **ERRORS}, summary="The scenarios of a flow")
async def read_scenarios(
    request: HttpRequest, flow: uuid.UUID, after: str | None = after_of_page(), limit: int = limit_of_page()
) -> HttpResponse:
    return json_response(await in_database(_rows, person_of(request), flow, after, limit))


@router.post("/flows/{uuid:flow}/scenarios", response={201: ScenarioOut, **ERRORS}, summary="Keep a new scenario")
async def create_scenario(request: HttpRequest, flow: uuid.UUID, body: ScenarioIn) -> HttpResponse:
    person = person_of(request)
    catalogue = await catalogue_for_edit(person, flow)
    return tagged(await in_database(_create, person, flow, body, catalogue), 201)


@router.put(
    "/flows/{uuid:flow}/scenarios/{uuid:scenario}",
    response={200: ScenarioOut, 412: ErrorOut, **ERRORS},
    summary="Rename a scenario or replace its messages",
)
async def change_scenario(
    request: HttpRequest, flow: uuid.UUID, scenario: uuid.UUID, body: ScenarioChangeIn
) -> HttpResponse:
    person = person_of(request)
    catalogue = await catalogue_for_edit(person, flow)
    return tagged(await in_database(_change, person, flow, scenario, body, catalogue, if_match(request)))


@router.delete(
    "/flows/{uuid:flow}/scenarios/{uuid:scenario}", response={200: DeletedOut, **ERRORS}, summary="Delete a scenario"
)
async def delete_scenario(request: HttpRequest, flow: uuid.UUID, scenario: uuid.UUID) -> HttpResponse:
    await in_database(_delete, person_of(request), flow, scenario)
    return json_response({"id": str(scenario)})


@router.get(
    "/flows/{uuid:flow}/nodes/{node}/sample",
    response={200: MadeUpOut, **ERRORS},
    summary="A message as it may stand at a port, made up",
)
async def make_up_message(
    request: HttpRequest, flow: uuid.UUID, node: str, port: str = Query(..., min_length=1, max_length=63)
) -> HttpResponse:
    person = person_of(request)
    await in_database(visible_flow, person, flow)
    hub = live_side().hub
    await hub.ready(FIRST_LIST_SECONDS)
    return json_response({"data": await hub.checks.sample(person, flow, node, port)})


async def catalogue_for_edit(person: User, flow: uuid.UUID) -> Catalogue:
    """The components, whose schemas say what in a message is secret: without them nothing is stored."""
    # Before anything is said of the cluster: a stranger learns no more than that there is no such flow.
    await in_database(_check_editor, person, flow)
    hub = live_side().hub
    catalogue = hub.catalogue() if await hub.ready(FIRST_LIST_SECONDS) else None
    if catalogue is None:
        reason = hub.cluster_state()["reason"] or "it has not answered yet"
        message = f"What is secret in a message is not known while the cluster cannot be reached: {reason}."
        raise refuse(503, "cluster_unavailable", f"{message} Try again in a moment.")
    return catalogue


def _check_editor(person: User, flow_id: uuid.UUID) -> None:
    require(person, "edit", visible_flow(person, flow_id))


def _rows(person: User, flow_id: uuid.UUID, after: str | None, limit: int) -> dict[str, Any]:
    flow = visible_flow(person, flow_id)
    shown = _shown(flow)
    rows = flow.scenarios.select_related("created_by")
    return page_as_made(rows, after, limit, "scenarios", lambda scenario: scenario.as_row(shown))


def _create(person: User, flow_id: uuid.UUID, body: ScenarioIn, catalogue: Catalogue) -> dict[str, Any]:
    flow = visible_flow(person, flow_id)
    samples = [sample.dict() for sample in body.ports]
    return _row(do_create_scenario(person, flow, body.id, body.name, samples, catalogue))


@transaction.atomic
def _change(
    person: User,
    flow_id: uuid.UUID,
    scenario: uuid.UUID,
    body: ScenarioChangeIn,
    catalogue: Catalogue,
    seen: str | None,
) -> dict[str, Any]:
    _, flow = locked_flow(person, visible_flow(person, flow_id))
    now = flow.scenarios.select_related("created_by").filter(pk=scenario).first()
    if now is not None:
        require_match(seen, _row(now))
    samples = None if body.ports is None else [sample.dict() for sample in body.ports]
    return _row(do_change_scenario(person, flow, scenario, body.rev, catalogue, name=body.name, ports=samples))


def _delete(person: User, flow_id: uuid.UUID, scenario: uuid.UUID) -> None:
    do_delete_scenario(person, visible_flow(person, flow_id), scenario)


def _row(scenario: Scenario) -> dict[str, Any]:
    return scenario.as_row(_shown(scenario.flow))


def _shown(flow: Flow) -> frozenset[str]:
    return frozenset(nodes_shown(flow).values_list("pk", flat=True))
