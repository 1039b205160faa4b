"""The record of a project: the audit for its owners, the activity for all who see it.

Read on a thread of the views: a search through many entries must not hold up edits.
"""

import uuid
from typing import Any

from asgiref.sync import sync_to_async
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from ninja import Query

from editor.api.auth import person_of
from editor.api.described import Router
from editor.api.errors import ERRORS, json_response
from editor.api.record_schemas import ActivityOut, EntriesOut
from projects.permissions import require, visible_project
from projects.record.activity import Sentence, activity
from projects.record.filters import MAX_TEXT, read_filters
from projects.record.pages import MAX_PAGE, PAGE, find
from projects.record.rows import as_row

router = Router(tags=["record"])


@router.get(
    "/projects/{uuid:project}/audit", response={200: EntriesOut, **ERRORS}, summary="What was done in a project"
)
async def read_audit(
    request: HttpRequest,
    project: uuid.UUID,
    person: str = Query("", max_length=150),
    action: str = Query("", max_length=41),
    object: str = Query("", max_length=64),
    since: str = Query("", max_length=40),
    until: str = Query("", max_length=40),
    address: str = Query("", max_length=45),
    text: str = Query("", max_length=MAX_TEXT),
    before: int | None = Query(None, ge=0, le=2**63 - 1),
    limit: int = Query(PAGE, ge=1, le=MAX_PAGE),
) -> HttpResponse:
    asked = {
        "person": person,
        "action": action,
        "object": object,
        "since": since,
        "until": until,
        "address": address,
        "text": text,
    }
    return json_response(await sync_to_async(_audit)(person_of(request), project, asked, before, limit))


@router.get(
    "/projects/{uuid:project}/activity",
    response={200: ActivityOut, **ERRORS},
    summary="What happened in a project, as sentences",
)
async def read_activity(
    request: HttpRequest,
    project: uuid.UUID,
    flow: uuid.UUID | None = Query(None),
    before: int | None = Query(None, ge=0, le=2**63 - 1),
) -> HttpResponse:
    return json_response(await sync_to_async(_activity)(person_of(request), project, before, flow))


def _audit(
    person: User, project_id: uuid.UUID, asked: dict[str, str], before: int | None, limit: int
) -> dict[str, Any]:
    project = visible_project(person, project_id)
    require(person, "manage", project)
    found = find(read_filters(asked, project.pk), before, limit)
    back_to = found.back_to.isoformat() if found.back_to is not None else None
    return {"entries": [as_row(entry) for entry in found.entries], "older": found.older, "back_to": back_to}


def _activity(person: User, project_id: uuid.UUID, before: int | None, flow: uuid.UUID | None) -> dict[str, Any]:
    sentences, older = activity(visible_project(person, project_id), before, flow)
    return {"sentences": [_sentence(sentence) for sentence in sentences], "older": older}


def _sentence(said: Sentence) -> dict[str, Any]:
    return {
        "who": said.who,
        "person": said.person,
        "action": said.action,
        "at": said.at.isoformat(),
        "since": said.since.isoformat(),
        "count": said.count,
        "taken_back": said.taken_back,
        "flow": str(said.flow) if said.flow is not None else None,
        "text": said.text,
        "pieces": [{"text": piece.text, "strong": piece.strong, "url": place} for piece, place in said.pieces],
    }
