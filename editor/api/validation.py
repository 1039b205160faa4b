"""Checking settings and mappings before they are sent as an edit, and all mappings of a flow as they are."""

import uuid

from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from ninja import Query

from editor.api.auth import person_of
from editor.api.described import Router
from editor.api.errors import ERRORS, json_response, refuse
from editor.api.mapping_schemas import JudgeIn, ValidationOut, VerdictOut
from editor.api.schemas import FaultsOut, ValidateIn
from editor.checks.keeper import Checks
from editor.database import in_database
from editor.hub import Hub
from editor.process import live_side
from projects.catalogue import Catalogue
from projects.models import Node
from projects.operations.schemas import BrokenSchema, faults, literal_secrets
from projects.operations.shape import check_mapping_size, check_settings_size
from projects.permissions import visible_flow

router = Router(tags=["changes"])

FIRST_LIST_SECONDS = 2.0


@router.post("/flows/{uuid:flow}/validate", response={200: FaultsOut, **ERRORS}, summary="Check a node's settings")
async def validate(request: HttpRequest, flow: uuid.UUID, body: ValidateIn) -> HttpResponse:
    hub = live_side().hub
    await hub.ready(FIRST_LIST_SECONDS)
    errors = await in_database(_validate, person_of(request), flow, body, hub.catalogue())
    return json_response({"errors": errors})


@router.get(
    "/flows/{uuid:flow}/validation",
    response={200: ValidationOut, **ERRORS},
    summary="What is to be said about the mappings of all wires",
)
async def read_validation(
    request: HttpRequest, flow: uuid.UUID, since: str = Query("", max_length=64), scenario: uuid.UUID | None = None
) -> HttpResponse:
    checks = await _checks(person_of(request), flow)
    return json_response(await checks.answer(person_of(request), flow, since, scenario))


@router.post(
    "/flows/{uuid:flow}/validation",
    response={200: VerdictOut, **ERRORS},
    summary="What would be said about another mapping of a wire",
)
async def judge_mapping(request: HttpRequest, flow: uuid.UUID, body: JudgeIn) -> HttpResponse:
    check_mapping_size(body.mapping, None)
    checks = await _checks(person_of(request), flow)
    verdict = await checks.judge(person_of(request), flow, str(body.edge), body.mapping, body.scenario)
    if verdict is None:
        raise refuse(404, "not_found", "This wire is not in the flow any more.", field="/edge")
    return json_response(verdict)


async def _checks(person: User, flow: uuid.UUID) -> Checks:
    # Before anything is said of the cluster: a stranger learns no more than that there is no such flow.
    await in_database(visible_flow, person, flow)
    hub = live_side().hub
    await require_components(hub)
    return hub.checks


async def require_components(hub: Hub) -> None:
    """Wait for the first list of components. Raises 503 while nobody knows them."""
    await hub.ready(FIRST_LIST_SECONDS)
    if hub.catalogue() is None:
        reason = hub.cluster_state()["reason"] or "it has not answered yet"
        message = f"The components are not known while the cluster cannot be reached: {reason}. Try again in a moment."
        raise refuse(503, "cluster_unavailable", message)


def _validate(person: User, flow_id: uuid.UUID, body: ValidateIn, catalogue: Catalogue | None) -> list[dict[str, str]]:
    flow = visible_flow(person, flow_id)
    node = Node.objects.filter(flow=flow, pk=body.node).first()
    if node is None:
        raise refuse(404, "not_found", "This node is not in the flow any more.", field="/node")
    check_settings_size(body.settings, None)
    component = catalogue.component(node.module, node.component) if catalogue is not None else None
    if component is None:
        message = (
            f"No module offers {node.module}/{node.component} now: check that the module {node.module} is running."
        )
        raise refuse(422, "unknown_component", message)
    port = component.ports.get("_settings")
    if port is None or not port.schema:
        return []
    secret = "This field is a secret: write a reference like [[secret:name/key]], never the value itself."  # noqa: S105
    try:
        errors = [{"field": f, "message": secret} for f in sorted(literal_secrets(port.schema, body.settings))]
        return errors + [
            {"field": fault.field, "message": fault.message} for fault in faults(port.schema, body.settings)
        ]
    except BrokenSchema as error:
        message = f"The settings schema of {node.module}/{node.component} is broken: {error}. Update the module."
        raise refuse(422, "schema_broken", message) from None
