"""The secrets of a project: names, where they are used, and values on their way to the cluster."""

import uuid
from typing import Any

from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse

from editor import project_secrets
from editor.api.auth import person_of
from editor.api.described import Router
from editor.api.errors import ERRORS, json_response
from editor.api.secret_schemas import SecretGoneOut, SecretIn, SecretsOut, SecretValueIn, StoredSecretOut
from editor.database import in_database
from editor.process import live_side
from projects.actions import do_delete_secret
from projects.permissions import require, visible_project
from projects.secret_uses import secret_rows

router = Router(tags=["secrets"])

_SECRETS = "/projects/{uuid:project}/secrets"
_SECRET = f"{_SECRETS}/{{uuid:secret}}"


@router.get(_SECRETS, response={200: SecretsOut, **ERRORS}, summary="The secrets of a project, by name")
async def read_secrets(request: HttpRequest, project: uuid.UUID) -> HttpResponse:
    return json_response(await in_database(_rows, person_of(request), project))


@router.post(_SECRETS, response={201: StoredSecretOut, **ERRORS}, summary="Add a secret")
async def add_secret(request: HttpRequest, project: uuid.UUID, body: SecretIn) -> HttpResponse:
    person = person_of(request)
    await in_database(_check_editor, person, project)
    value = body.value.get_secret_value()
    return json_response(await project_secrets.add(live_side().hub, person, project, body.name, body.key, value), 201)


@router.put(_SECRET, response={200: StoredSecretOut, **ERRORS}, summary="Give a secret another value")
async def replace_secret(
    request: HttpRequest, project: uuid.UUID, secret: uuid.UUID, body: SecretValueIn
) -> HttpResponse:
    person = person_of(request)
    await in_database(_check_editor, person, project)
    value = body.value.get_secret_value()
    return json_response(await project_secrets.replace(live_side().hub, person, project, secret, value))


@router.delete(_SECRET, response={200: SecretGoneOut, **ERRORS}, summary="Delete a secret")
async def delete_secret(request: HttpRequest, project: uuid.UUID, secret: uuid.UUID) -> HttpResponse:
    await in_database(_delete, person_of(request), project, secret)
    return json_response({"id": str(secret)})


def _rows(person: User, project_id: uuid.UUID) -> dict[str, Any]:
    return secret_rows(visible_project(person, project_id))


def _check_editor(person: User, project_id: uuid.UUID) -> None:
    """Before anything is said of the value or the cluster."""
    require(person, "edit", visible_project(person, project_id))


def _delete(person: User, project_id: uuid.UUID, secret: uuid.UUID) -> None:
    do_delete_secret(person, visible_project(person, project_id), secret)
