"""Who has a role of their own in a project, and one's API tokens, for programs."""

import uuid
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from ninja import Path, Query

from editor.api.auth import person_of
from editor.api.described import Router
from editor.api.errors import ERRORS, ErrorOut, json_response
from editor.api.listing import limit_of_page, page
from editor.api.matching import if_match, require_match, tagged
from editor.api.project_schemas import GoneOut, MemberRow, MembersOut, RoleIn, TokensOut
from editor.database import in_database
from projects.actions import do_set_role
from projects.actions.members import locked_to_manage
from projects.actions.tokens import do_revoke_token
from projects.asking import asking
from projects.errors import ProjectError
from projects.grants import grant_of
from projects.models import ApiToken, Membership, Project, Role
from projects.permissions import visible_project

router = Router(tags=["members and tokens"])

MAX_ID = 2**63 - 1
_MEMBER = "/projects/{uuid:project}/members/{int:person}"


@router.get("/projects/{uuid:project}/members", response={200: MembersOut, **ERRORS}, summary="Members of a project")
async def read_members(
    request: HttpRequest,
    project: uuid.UUID,
    after: int | None = Query(None, ge=0, le=MAX_ID),
    limit: int = limit_of_page(),
) -> HttpResponse:
    return json_response(await in_database(_members, person_of(request), project, after, limit))


@router.get(_MEMBER, response={200: MemberRow, **ERRORS}, summary="A member of a project")
async def read_member(request: HttpRequest, project: uuid.UUID, person: int = Path(..., le=MAX_ID)) -> HttpResponse:
    return tagged(await in_database(_member, person_of(request), project, person))


@router.put(_MEMBER, response={200: MemberRow, 412: ErrorOut, **ERRORS}, summary="Give a member another role")
async def change_member(
    request: HttpRequest, project: uuid.UUID, body: RoleIn, person: int = Path(..., le=MAX_ID)
) -> HttpResponse:
    changed = await in_database(_set_role, person_of(request), project, person, Role(body.role), if_match(request))
    return tagged(changed)


@router.get("/tokens", response={200: TokensOut, **ERRORS}, summary="One's API tokens; of a narrow one, itself")
async def read_tokens(
    request: HttpRequest, after: uuid.UUID | None = None, limit: int = limit_of_page()
) -> HttpResponse:
    return json_response(await in_database(_tokens, person_of(request), after, limit))


@router.delete("/tokens/{uuid:token}", response={200: GoneOut, **ERRORS}, summary="Revoke an API token")
async def revoke_token(request: HttpRequest, token: uuid.UUID) -> HttpResponse:
    await in_database(_revoke, person_of(request), token)
    return json_response({"id": str(token)})


def _members(person: User, project_id: uuid.UUID, after: int | None, limit: int) -> dict[str, Any]:
    rows = visible_project(person, project_id).memberships.select_related("user")
    return page(rows, after, limit, "members", _row, by="user_id")


def _member(person: User, project_id: uuid.UUID, user_id: int) -> dict[str, Any]:
    return _row(_membership(visible_project(person, project_id), user_id))


@transaction.atomic
def _set_role(person: User, project_id: uuid.UUID, user_id: int, role: Role, seen: str | None) -> dict[str, Any]:
    project = locked_to_manage(person, Project(pk=project_id))
    membership = _membership(project, user_id)
    require_match(seen, _row(membership))
    return _row(do_set_role(person, project, membership.user, role))


def _membership(project: Project, user_id: int) -> Membership:
    found = project.memberships.select_related("user").filter(user_id=user_id).first()
    if found is None:
        raise Http404("no such member")
    return found


def _row(membership: Membership) -> dict[str, Any]:
    return {"id": membership.user_id, "name": membership.user.get_username(), "role": membership.role}


def _tokens(person: User, after: uuid.UUID | None, limit: int) -> dict[str, Any]:
    rows = ApiToken.objects.filter(owner=person)
    if not _sees_all(person):
        rows = rows.filter(prefix=asking().credential)
    return page(rows, after, limit, "tokens", _token_row)


def _revoke(person: User, token_id: uuid.UUID) -> None:
    own = ApiToken.objects.filter(owner=person, pk=token_id, prefix=asking().credential)
    if not _sees_all(person) and not own.exists():
        raise ProjectError("not_found", "There is no such token of yours that this one may revoke.", 404)
    do_revoke_token(person, token_id)


def _sees_all(person: User) -> bool:
    """Whether it is about all tokens of the person: not for a program that was given less than everything."""
    grant = grant_of(person)
    return grant is None or grant.allows("manage", None)


def _token_row(token: ApiToken) -> dict[str, Any]:
    return {
        "id": str(token.pk),
        "name": token.name,
        "prefix": token.prefix,
        "scopes": token.verbs,
        "project": str(token.project_id) if token.project_id is not None else None,
        "created": token.created.isoformat(),
        "expires": token.expires.isoformat(),
        "last_used": token.last_used.isoformat() if token.last_used is not None else None,
    }
