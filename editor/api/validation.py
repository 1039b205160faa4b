"""Checking settings before they are sent as an edit."""

import uuid

from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from ninja import Router

from editor.api.auth import person_of
from editor.api.errors import ERRORS, json_response, refuse
from editor.api.schemas import FaultsOut, ValidateIn
from editor.database import in_database
from editor.process import live_side
from projects.catalogue import Catalogue
from projects.models import Node
from projects.operations.schemas import BrokenSchema, faults, literal_secrets
from projects.operations.shape import check_settings_size
from projects.permissions import visible_flow

router = Router(tags=["changes"])

FIRST_LIST_SECONDS = 2.0


@router.post("/flows/{uuid:flow}/validate", response={200: FaultsOut, **ERRORS}, summary="Check a node's settings")
async def validate(request: HttpRequest, flow: uuid.UUID, body: ValidateIn) -> HttpResponse:
    hub = live_side().hub
    await hub.ready(FIRST_LIST_SECONDS)
    errors = await in_database(_validate, person_of(request), flow, body, hub.catalogue())
    return json_response({"errors": errors})


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
    errors = [{"field": f, "message": secret} for f in sorted(literal_secrets(port.schema, body.settings))]
    try:
        return errors + [
            {"field": fault.field, "message": fault.message} for fault in faults(port.schema, body.settings)
        ]
    except BrokenSchema as error:
        message = f"The settings schema of {node.module}/{node.component} is broken: {error}. Update the module."
        raise refuse(422, "schema_broken", message) from None
