"""A wire's mapping while it is written: what it leads from and to, what it gives, what could be written next."""

import uuid

from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse

from editor.api.auth import person_of
from editor.api.described import Router
from editor.api.errors import ERRORS, json_response, refuse
from editor.api.mapping_schemas import CompleteIn, CompletionsOut, EndsOut, PreviewIn, PreviewOut
from editor.api.validation import require_components
from editor.database import in_database
from editor.previews import Previews
from editor.process import live_side
from projects.operations.shape import check_mapping_size, checked_size
from projects.permissions import visible_flow
from weirflow.schema.bounds import too_large

router = Router(tags=["mappings"])

MAX_MESSAGE_BYTES = 256 * 1024


@router.get(
    "/flows/{uuid:flow}/edges/{uuid:edge}/ends",
    response={200: EndsOut, **ERRORS},
    summary="What a wire leads from and to",
)
async def read_ends(request: HttpRequest, flow: uuid.UUID, edge: uuid.UUID) -> HttpResponse:
    previews = await _previews(person_of(request), flow)
    return json_response(await previews.ends(person_of(request), flow, str(edge)))


@router.post(
    "/flows/{uuid:flow}/edges/{uuid:edge}/preview",
    response={200: PreviewOut, **ERRORS},
    summary="What a mapping would give on a wire",
)
async def read_preview(request: HttpRequest, flow: uuid.UUID, edge: uuid.UUID, body: PreviewIn) -> HttpResponse:
    check_mapping_size(body.mapping, None)
    given = "message" in body.model_fields_set
    if given:
        _check_message(body.message)
    previews = await _previews(person_of(request), flow)
    name = body.name if given else None
    found = await previews.preview(person_of(request), flow, str(edge), body.mapping, body.message, name)
    return json_response(found)


@router.post(
    "/flows/{uuid:flow}/edges/{uuid:edge}/completion",
    response={200: CompletionsOut, **ERRORS},
    summary="What could be written next in an expression on a wire",
)
async def read_completions(request: HttpRequest, flow: uuid.UUID, edge: uuid.UUID, body: CompleteIn) -> HttpResponse:
    previews = await _previews(person_of(request), flow)
    found = await previews.complete(person_of(request), flow, str(edge), body.text, body.cursor)
    return json_response({"completions": found})


async def _previews(person: User, flow: uuid.UUID) -> Previews:
    # Before anything is said of the cluster: a stranger learns no more than that there is no such flow.
    await in_database(visible_flow, person, flow)
    hub = live_side().hub
    await require_components(hub)
    return hub.checks.previews


def _check_message(message: object) -> None:
    size = checked_size(message, "fields of a message")
    reason = f"has more than {MAX_MESSAGE_BYTES // 1024} KiB" if size > MAX_MESSAGE_BYTES else too_large(message)
    if reason:
        text = f"The message {reason}: try the mapping on a smaller one."
        raise refuse(413, "message_too_large", text, field="/message")
