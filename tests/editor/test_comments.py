"""Comments by the HTTP API, and how open editors hear of them."""

import logging
import uuid
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import AsyncClient

from editor.database import in_database
from editor.process import LiveSide
from projects.actions import do_create_share_link, do_rename_flow, do_start_thread
from projects.models import AuditEntry, Flow
from projects.share_links import SHARE_HEADER
from tests.editor.edits import Editor
from tests.editor.test_api import Api, signed_in
from tests.editor.test_rights import shared
from tests.editor.test_socket import opened
from tests.waiting import eventually

pytestmark = pytest.mark.server

SCRIPT = "<script>alert(1)</script> [x](javascript:alert(2)) <img src=x onerror=alert(3)>"


def new(text: str = "Why?", **place: Any) -> dict[str, Any]:
    return {"id": str(uuid.uuid4()), "comment": str(uuid.uuid4()), "text": text, **place}


async def test_a_thread_from_its_beginning_to_its_end(live: LiveSide, owner: User, colleague: User, flow: Flow) -> None:
    node = await Editor(live, owner, flow).add(label="Visits")
    api, other = await signed_in(owner, flow), await signed_in(colleague, flow)
    wanted = new("Why, @colleague?", node=node)
    status, thread = await api.post("/comments", wanted)
    assert status == 201
    assert (thread["id"], thread["node"], thread["label"]) == (wanted["id"], node, "Visits")
    assert thread["comments"][0]["mentions"] == ["colleague"]
    assert await api.post("/comments", wanted) == (201, thread), "the same once more writes no second one"

    at = f"/comments/{thread['id']}"
    _, heads = await other.get("/comments")
    assert (heads["rev"], heads["total"]) == (1, 1)
    assert (heads["threads"][0]["mine"], heads["threads"][0]["unread"]) == (True, True)
    assert await other.post(f"{at}/seen", {}) == (200, {"unread": 0})
    answer = str(uuid.uuid4())
    status, thread = await other.post(f"{at}/replies", {"id": answer, "text": "Becaus"})
    assert status == 201
    status, thread = await other.put(f"{at}/replies/{answer}", {"text": "Because."})
    assert [row["text"] for row in thread["comments"]] == ["Why, @colleague?", "Because."]
    assert (await api.put(f"{at}/replies/{answer}", {"text": "Mine"}))[1]["error"]["code"] == "forbidden"
    _, thread = await api.put(f"{at}/resolved", {"resolved": True})
    assert thread["resolved"]["by"] == "owner"
    assert (await api.get(f"{at}"))[1] == thread
    _, newer = await api.get("/comments?after=1")
    assert [row["id"] for row in newer["threads"]] == [thread["id"]]

    assert (await other.delete(f"{at}/replies/{answer}"))[0] == 200
    assert (await api.delete(f"{at}/replies/{wanted['comment']}"))[1]["total"] == 0
    assert (await api.get(at))[0] == 404
    actions = await in_database(lambda: list(AuditEntry.objects.order_by("pk").values_list("action", flat=True)))
    assert [action for action in actions if action.startswith("comment.")] == [
        "comment.add", "comment.add", "comment.edit", "comment.resolve", "comment.delete", "comment.delete",
    ]  # fmt: skip


async def test_what_is_said_is_kept_as_it_was_typed_and_stands_in_no_log_and_no_record(
    live: LiveSide, owner: User, flow: Flow, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    api = await signed_in(owner, flow)
    _, thread = await api.post("/comments", new(SCRIPT))
    assert thread["comments"][0]["text"] == SCRIPT
    answer = await api.client.get(f"{api.root}/comments/{thread['id']}")
    assert answer.headers["Content-Type"] == "application/json"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    await api.put(f"/comments/{thread['id']}/replies/{thread['comments'][0]['id']}", {"text": f"{SCRIPT} more"})
    assert "alert(" not in caplog.text
    entries = await in_database(lambda: [f"{one.before} {one.after}" for one in AuditEntry.objects.all()])
    assert entries
    assert not [entry for entry in entries if "alert(" in entry]


async def test_a_viewer_reads_and_a_stranger_finds_nothing(
    live: LiveSide, owner: User, viewer: User, stranger: User, flow: Flow
) -> None:
    wanted = new()
    _, thread = await (await signed_in(owner, flow)).post("/comments", wanted)
    at = f"/comments/{thread['id']}"

    async def reads(api: Api) -> list[int]:
        return [(await api.get(path))[0] for path in ("/comments", at, "/people")]

    async def writes(api: Api) -> list[int]:
        reply = f"{at}/replies/{wanted['comment']}"
        answers = [
            await api.post("/comments", new()),
            await api.post(f"{at}/replies", {"id": str(uuid.uuid4()), "text": "No"}),
            await api.put(f"{at}/resolved", {"resolved": True}),
            await api.put(reply, {"text": "No"}),
            await api.delete(reply),
        ]
        return [status for status, _ in answers]

    api = await signed_in(viewer, flow)
    assert await reads(api) == [200] * 3
    assert await writes(api) == [403] * 5
    api = await signed_in(stranger, flow)
    assert await reads(api) == [404] * 3
    assert await writes(api) == [404] * 5


async def test_a_thread_is_found_in_its_own_flow_alone(
    live: LiveSide, owner: User, flow: Flow, other_flow: Flow
) -> None:
    _, thread = await (await signed_in(owner, flow)).post("/comments", new())
    assert (await (await signed_in(owner, other_flow)).get(f"/comments/{thread['id']}"))[0] == 404


async def test_malformed_requests_are_refused(live: LiveSide, owner: User, flow: Flow) -> None:
    api = await signed_in(owner, flow)
    both = new(node="a" * 12, edge=str(uuid.uuid4()))
    for body in (both, new(node="../x"), {"id": "x"}, new("x" * 20_000), new(edge="x")):
        assert (await api.post("/comments", body))[0] == 400
    assert (await api.post("/comments", new("  ")))[1]["error"]["code"] == "comment_empty"
    assert (await api.get("/comments?after=-1"))[0] == 400


async def test_names_to_mention_are_those_of_the_project(
    live: LiveSide, owner: User, colleague: User, stranger: User, flow: Flow
) -> None:
    api = await signed_in(owner, flow)
    assert await api.get("/people") == (200, {"names": ["colleague", "owner"], "more": False})
    assert (await api.get("/people?q=Co"))[1]["names"] == ["colleague"]


async def test_two_open_editors_hear_of_each_others_comments(
    live: LiveSide, owner: User, colleague: User, flow: Flow, other_flow: Flow
) -> None:
    api = await signed_in(owner, flow)
    await live.hub.comments.catch_up()
    async with opened(owner, flow) as one, opened(colleague, flow) as two, opened(colleague, other_flow) as elsewhere:
        for socket in (one, two, elsewhere):
            assert (await socket.receive("hello"))["comments"] == 0
        await live.hub.comments.catch_up()
        _, thread = await api.post("/comments", new("@colleague, look"))
        for socket in (one, two):
            assert await socket.receive("comments") == {"t": "comments", "rev": 1}
        for socket in (two, elsewhere):
            assert await socket.receive("mentions") == {"t": "mentions"}
        await api.put(f"/comments/{thread['id']}/resolved", {"resolved": True})
        assert await one.receive("comments") == {"t": "comments", "rev": 2}
        assert not [message for message in one.received if message["t"] == "mentions"]
    async with opened(owner, flow) as socket:
        assert (await socket.receive("hello"))["comments"] == 2, "who comes later, or again, knows what to ask for"


async def test_who_comes_by_a_share_link_hears_and_reads_nothing_of_it(live: LiveSide, owner: User, flow: Flow) -> None:
    api = await signed_in(owner, flow)
    _, thread = await api.post("/comments", new("Between us"))
    _, token = await in_database(do_create_share_link, owner, flow, 7)
    async with shared(token) as visitor:
        assert (await visitor.receive("hello"))["comments"] == 0
        await api.post("/comments", new("And this"))
        await in_database(do_rename_flow, owner, flow, "Calls")
        await visitor.receive("titles")
        assert not [message for message in visitor.received if message["t"] in ("comments", "mentions")]
    theirs = AsyncClient(headers={SHARE_HEADER: token})
    for path in ("comments", f"comments/{thread['id']}", "people"):
        answer = await theirs.get(f"{api.root}/{path}")
        assert answer.status_code in (401, 403)
        assert b"Between us" not in answer.content


async def test_what_another_process_committed_is_found_without_a_hint(
    live: LiveSide, owner: User, colleague: User, flow: Flow, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its signals are not sent here: that is what a lost message looks like from this process."""
    async with opened(colleague, flow) as socket:
        await socket.receive("hello")
        await live.hub.comments.catch_up()
        monkeypatch.setattr("projects.actions.comments.tell_comments", lambda flow_id: None)
        await in_database(do_start_thread, owner, flow, uuid.uuid4(), uuid.uuid4(), "@colleague")
        assert await socket.receive("comments") == {"t": "comments", "rev": 1}
        assert await socket.receive("mentions") == {"t": "mentions"}


async def test_the_hint_goes_to_other_processes(live: LiveSide, owner: User, flow: Flow) -> None:
    told: list[bool] = []

    class Told:
        def tell(self) -> None:
            told.append(True)

    live.broadcast = Told()  # type: ignore[assignment]
    try:
        await in_database(do_start_thread, owner, flow, uuid.uuid4(), uuid.uuid4(), "Why?")
        await eventually(lambda: told)
    finally:
        live.broadcast = None
