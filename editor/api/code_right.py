"""Who of a project may write code, for programs."""

import uuid
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.http import HttpRequest, HttpResponse

from editor.api.auth import person_of
from editor.api.described import Router, Schema
from editor.api.errors import ERRORS, ErrorOut
from editor.api.matching import if_match, require_match, tagged
from editor.database import in_database
from projects.actions import do_set_code_right
from projects.actions.members import locked_to_manage
from projects.models import Project
from projects.permissions import visible_project

router = Router(tags=["projects"])
_CODE = "/projects/{uuid:project}/code"


class CodeRight(Schema):
    """``owners_only``: code is written by owners alone, and not by editors too."""

    owners_only: bool


@router.get(_CODE, response={200: CodeRight, **ERRORS}, summary="Who may write code in the project")
async def read_code_right(request: HttpRequest, project: uuid.UUID) -> HttpResponse:
    return tagged(await in_database(_read, person_of(request), project))


@router.put(_CODE, response={200: CodeRight, 412: ErrorOut, **ERRORS}, summary="Say who may write code in the project")
async def change_code_right(request: HttpRequest, project: uuid.UUID, body: CodeRight) -> HttpResponse:
    return tagged(await in_database(_change, person_of(request), project, body.owners_only, if_match(request)))


def _read(person: User, project_id: uuid.UUID) -> dict[str, Any]:
    return _right(visible_project(person, project_id))


@transaction.atomic
def _change(person: User, project_id: uuid.UUID, owners_only: bool, seen: str | None) -> dict[str, Any]:
    project = locked_to_manage(person, Project(pk=project_id))
    require_match(seen, _right(project))
    return _right(do_set_code_right(person, project, owners_only=owners_only))


def _right(project: Project) -> dict[str, Any]:
    return {"owners_only": project.code_for_owners}
