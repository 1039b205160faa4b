"""What a project's flows may call, for programs."""

import uuid
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from ninja import Field

from editor.api.auth import person_of
from editor.api.described import Router, Schema
from editor.api.errors import ERRORS, ErrorOut
from editor.api.matching import if_match, require_match, tagged
from editor.database import in_database
from projects.actions import do_set_outbound
from projects.models import Project
from projects.outbound import MAX_ENTRIES, outbound_of
from projects.permissions import require, visible_project
from weirflow.outbound.entries import LONGEST

router = Router(tags=["projects"])
_OUTBOUND = "/projects/{uuid:project}/outbound"


class OutboundRules(Schema):
    """``allow``: hosts, host:port, *.domain, addresses, networks. ``only``: nothing else is reached, be it public."""

    allow: list[str] = Field(max_length=2 * MAX_ENTRIES, description=f"Each of at most {LONGEST} characters")
    only: bool = False


@router.get(_OUTBOUND, response={200: OutboundRules, **ERRORS}, summary="What the project's flows may call")
async def read_outbound(request: HttpRequest, project: uuid.UUID) -> HttpResponse:
    return tagged(await in_database(_read, person_of(request), project))


@router.put(
    _OUTBOUND, response={200: OutboundRules, 412: ErrorOut, **ERRORS}, summary="Say what the project's flows may call"
)
async def change_outbound(request: HttpRequest, project: uuid.UUID, body: OutboundRules) -> HttpResponse:
    return tagged(await in_database(_change, person_of(request), project, body.allow, body.only, if_match(request)))


def _read(person: User, project_id: uuid.UUID) -> dict[str, Any]:
    return outbound_of(visible_project(person, project_id))


@transaction.atomic
def _change(person: User, project_id: uuid.UUID, allow: list[str], only: bool, seen: str | None) -> dict[str, Any]:
    project = Project.objects.select_for_update().filter(pk=project_id).first()
    require(person, "manage", project)
    assert project is not None
    require_match(seen, outbound_of(project))
    return outbound_of(do_set_outbound(person, project, allow, only=only))
