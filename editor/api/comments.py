"""Comments on a flow, its nodes and wires, and the mentions in them."""

import uuid
from typing import Any

from django.contrib.auth.models import User
from django.db.models.functions import Lower
from django.http import HttpRequest, HttpResponse
from ninja import Query

from editor.api.auth import person_of
from editor.api.comment_schemas import (
    CommentEditIn,
    PeopleOut,
    ReplyIn,
    ResolvedIn,
    ThreadIn,
    ThreadOut,
    ThreadsOut,
    UnreadOut,
)
from editor.api.described import Router
from editor.api.errors import ERRORS, json_response, refuse
from editor.api.listing import PAGE, limit_of_page
from editor.database import in_database
from projects.actions import do_delete_comment, do_edit_comment, do_reply, do_resolve_thread, do_start_thread
from projects.actions.comments import COMMENT
from projects.actions.mentions import do_read_thread
from projects.comments.inbox import unread_count
from projects.comments.rows import threads_after, whole_thread
from projects.models import Comment, CommentThread
from projects.origin import origin_of
from projects.permissions import people_of, require, visible_flow

router = Router(tags=["comments"])

MAX_NAMES = 200
_THREAD = "/flows/{uuid:flow}/comments/{uuid:thread}"
_COMMENT = f"{_THREAD}/replies/{{uuid:comment}}"


@router.get("/flows/{uuid:flow}/comments", response={200: ThreadsOut, **ERRORS}, summary="The threads of a flow")
async def read_threads(
    request: HttpRequest,
    flow: uuid.UUID,
    after: int = Query(0, ge=0, le=2**63 - 1),
    limit: int = limit_of_page(),
) -> HttpResponse:
    return json_response(await in_database(_threads, person_of(request), flow, after, limit))


@router.post("/flows/{uuid:flow}/comments", response={201: ThreadOut, **ERRORS}, summary="Start a thread")
async def start_thread(request: HttpRequest, flow: uuid.UUID, body: ThreadIn) -> HttpResponse:
    if body.node is not None and body.edge is not None:
        raise refuse(400, "invalid_request", "A thread is about a node or about a wire, not both.", field="/edge")
    return json_response(await in_database(_start, person_of(request), flow, body, origin_of(request)), 201)


@router.get("/flows/{uuid:flow}/people", response={200: PeopleOut, **ERRORS}, summary="Names that may be mentioned")
async def read_people(request: HttpRequest, flow: uuid.UUID, q: str = Query("", max_length=150)) -> HttpResponse:
    return json_response(await in_database(_people, person_of(request), flow, q))


@router.get(_THREAD, response={200: ThreadOut, **ERRORS}, summary="A thread with its comments")
async def read_thread(request: HttpRequest, flow: uuid.UUID, thread: uuid.UUID) -> HttpResponse:
    return json_response(await in_database(_thread, person_of(request), flow, thread))


@router.put(f"{_THREAD}/resolved", response={200: ThreadOut, **ERRORS}, summary="Resolve a thread or open it again")
async def resolve_thread(request: HttpRequest, flow: uuid.UUID, thread: uuid.UUID, body: ResolvedIn) -> HttpResponse:
    return json_response(await in_database(_resolve, person_of(request), flow, thread, body.resolved))


@router.post(f"{_THREAD}/seen", response={200: UnreadOut, **ERRORS}, summary="Mark one's mentions in a thread as read")
async def thread_seen(request: HttpRequest, flow: uuid.UUID, thread: uuid.UUID) -> HttpResponse:
    return json_response(await in_database(_seen, person_of(request), flow, thread))


@router.post(f"{_THREAD}/replies", response={201: ThreadOut, **ERRORS}, summary="Answer in a thread")
async def reply(request: HttpRequest, flow: uuid.UUID, thread: uuid.UUID, body: ReplyIn) -> HttpResponse:
    return json_response(await in_database(_reply, person_of(request), flow, thread, body, origin_of(request)), 201)


@router.put(_COMMENT, response={200: ThreadOut, **ERRORS}, summary="Change the text of an own comment")
async def edit_comment(
    request: HttpRequest, flow: uuid.UUID, thread: uuid.UUID, comment: uuid.UUID, body: CommentEditIn
) -> HttpResponse:
    return json_response(
        await in_database(_edit, person_of(request), flow, thread, comment, body.text, origin_of(request))
    )


@router.delete(_COMMENT, response={200: ThreadsOut, **ERRORS}, summary="Take a comment back")
async def delete_comment(
    request: HttpRequest, flow: uuid.UUID, thread: uuid.UUID, comment: uuid.UUID, after: int = Query(0, ge=0)
) -> HttpResponse:
    return json_response(await in_database(_delete, person_of(request), flow, thread, comment, after))


@router.get("/mentions/unread", response={200: UnreadOut, **ERRORS}, summary="How many mentions are not read")
async def read_unread(request: HttpRequest) -> HttpResponse:
    return json_response({"unread": await in_database(unread_count, person_of(request))})


def _threads(person: User, flow_id: uuid.UUID, after: int, limit: int) -> dict[str, Any]:
    return threads_after(person, visible_flow(person, flow_id), after, limit)


def _start(person: User, flow_id: uuid.UUID, body: ThreadIn, origin: str) -> dict[str, Any]:
    flow = visible_flow(person, flow_id)
    thread = do_start_thread(
        person, flow, body.id, body.comment, body.text, node=body.node or "", edge=body.edge, origin=origin
    )
    return whole_thread(person, thread)


def _people(person: User, flow_id: uuid.UUID, beginning: str) -> dict[str, Any]:
    flow = visible_flow(person, flow_id)
    people = people_of(flow.project).filter(is_active=True, username__istartswith=beginning).order_by(Lower("username"))
    names = list(people.values_list("username", flat=True)[: MAX_NAMES + 1])
    return {"names": names[:MAX_NAMES], "more": len(names) > MAX_NAMES}


def _thread(person: User, flow_id: uuid.UUID, thread_id: uuid.UUID) -> dict[str, Any]:
    return whole_thread(person, _found(person, flow_id, thread_id))


def _resolve(person: User, flow_id: uuid.UUID, thread_id: uuid.UUID, resolved: bool) -> dict[str, Any]:
    thread = _writable(person, flow_id, thread_id)
    return whole_thread(person, do_resolve_thread(person, thread, resolved))


def _seen(person: User, flow_id: uuid.UUID, thread_id: uuid.UUID) -> dict[str, Any]:
    do_read_thread(person, _found(person, flow_id, thread_id).pk)
    return {"unread": unread_count(person)}


def _reply(person: User, flow_id: uuid.UUID, thread_id: uuid.UUID, body: ReplyIn, origin: str) -> dict[str, Any]:
    thread = _writable(person, flow_id, thread_id)
    do_reply(person, thread, body.id, body.text, origin=origin)
    return whole_thread(person, thread)


def _edit(
    person: User, flow_id: uuid.UUID, thread_id: uuid.UUID, comment_id: uuid.UUID, text: str, origin: str
) -> dict[str, Any]:
    thread = _writable(person, flow_id, thread_id)
    do_edit_comment(person, _comment(thread, comment_id), text, origin=origin)
    return whole_thread(person, thread)


def _delete(
    person: User, flow_id: uuid.UUID, thread_id: uuid.UUID, comment_id: uuid.UUID, after: int
) -> dict[str, Any]:
    thread = _writable(person, flow_id, thread_id)
    do_delete_comment(person, _comment(thread, comment_id))
    return threads_after(person, visible_flow(person, flow_id), after, PAGE)


def _found(person: User, flow_id: uuid.UUID, thread_id: uuid.UUID) -> CommentThread:
    flow = visible_flow(person, flow_id)
    thread = CommentThread.objects.filter(flow=flow, pk=thread_id).first()
    if thread is None:
        raise refuse(404, "not_found", "This thread is not there any more.")
    thread.flow = flow
    return thread


def _writable(person: User, flow_id: uuid.UUID, thread_id: uuid.UUID) -> CommentThread:
    """Asked before anything is looked up: who may not comment learns no more than that."""
    require(person, COMMENT, visible_flow(person, flow_id))
    return _found(person, flow_id, thread_id)


def _comment(thread: CommentThread, comment_id: uuid.UUID) -> Comment:
    comment = Comment.objects.filter(thread=thread, pk=comment_id).first()
    if comment is None:
        raise refuse(404, "not_found", "This comment is not there any more.")
    comment.thread = thread
    return comment
