"""What people say about a flow: who may, what is kept, within limits, and what becomes of it."""

import uuid
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser, User
from django.utils import timezone

from projects import signals
from projects.actions import (
    do_delete_comment,
    do_delete_flow,
    do_edit_comment,
    do_reply,
    do_resolve_thread,
    do_start_thread,
)
from projects.comments import limits
from projects.comments.rows import excerpt, threads_after, whole_thread
from projects.errors import ProjectError
from projects.models import Comment, CommentThread, Flow, Membership, Role
from projects.record.activity import activity
from tests.projects.world import add, edit, undo, wire

pytestmark = pytest.mark.both_databases

NODE, OTHER = "aaaaaaaaaaaa", "bbbbbbbbbbbb"


@pytest.fixture
def operator(flow: Flow) -> User:
    user = User.objects.create_user("operator")
    Membership.objects.create(user=user, project=flow.project, role=Role.OPERATOR)
    return user


def start(person: Any, flow: Flow, text: str = "Why?", **place: Any) -> CommentThread:
    return do_start_thread(person, flow, uuid.uuid4(), uuid.uuid4(), text, **place)


def reply(person: Any, thread: CommentThread, text: str = "Because.") -> Comment:
    return do_reply(person, thread, uuid.uuid4(), text)


def threads(person: User, flow: Flow, after: int = 0, limit: int = 100) -> dict[str, Any]:
    return threads_after(person, Flow.objects.get(pk=flow.pk), after, limit)


def refusal(work: Any) -> tuple[str, int]:
    with pytest.raises(ProjectError) as refused:
        work()
    return refused.value.code, refused.value.status


def test_a_thread_holds_what_people_say_in_turn(owner: User, operator: User, flow: Flow) -> None:
    edit(owner, flow, add(NODE, label="Visits"))
    thread = start(owner, flow, "  Why **two**?\n", node=NODE)
    reply(operator, thread, "One for each region.")
    said = whole_thread(owner, thread)
    assert (said["node"], said["edge"], said["label"], said["count"]) == (NODE, None, "Visits", 2)
    assert [(row["by"]["name"], row["text"]) for row in said["comments"]] == [
        ("owner", "Why **two**?"),
        ("operator", "One for each region."),
    ]
    assert said["resolved"] is None


def test_a_wire_and_the_flow_itself_are_spoken_of(owner: User, flow: Flow) -> None:
    wired = uuid.uuid4()
    edit(owner, flow, add(NODE, label="Source"), add(OTHER), wire(str(wired), NODE, OTHER))
    assert start(owner, flow, edge=wired).label == "Source · out → anything · in"
    assert start(owner, flow).label == ""
    assert refusal(lambda: start(owner, flow, node="c" * 12)) == ("not_found", 404)
    assert refusal(lambda: start(owner, flow, edge=uuid.uuid4())) == ("not_found", 404)


def test_operators_comment_viewers_read_and_strangers_find_nothing(
    owner: User, operator: User, viewer: User, stranger: User, flow: Flow
) -> None:
    thread = start(operator, flow)
    first = thread.comments.get()
    for person, refused in ((viewer, ("forbidden", 403)), (stranger, ("not_found", 404))):
        assert refusal(partial(start, person, flow)) == refused
        assert refusal(partial(reply, person, thread)) == refused
        assert refusal(partial(do_resolve_thread, person, thread, True)) == refused
        assert refusal(partial(do_edit_comment, person, first, "Mine")) == refused
        assert refusal(partial(do_delete_comment, person, first)) == refused
    assert refusal(lambda: start(AnonymousUser(), flow))[1] == 404
    assert threads(viewer, flow)["threads"][0]["excerpt"] == "Why?"


def test_each_changes_what_is_theirs_and_an_owner_takes_back_anything(
    owner: User, operator: User, colleague: User, flow: Flow
) -> None:
    thread = start(operator, flow, "I think so")
    mine = thread.comments.get()
    assert refusal(lambda: do_edit_comment(owner, mine, "I do not")) == ("forbidden", 403)
    assert refusal(lambda: do_delete_comment(colleague, mine)) == ("forbidden", 403)
    do_edit_comment(operator, mine, "I know so")
    row = whole_thread(owner, thread)["comments"][0]
    assert row["text"] == "I know so"
    assert row["edited"] is not None
    answer = reply(colleague, thread)
    do_delete_comment(owner, mine)
    rows = whole_thread(owner, thread)["comments"]
    assert [(row["text"], row["deleted"]) for row in rows] == [("", True), ("Because.", False)]
    assert threads(owner, flow)["threads"][0]["excerpt"] == "Because."
    assert refusal(lambda: do_edit_comment(operator, mine, "Again")) == ("not_found", 404)
    do_delete_comment(colleague, answer)
    assert not CommentThread.objects.exists(), "a thread goes with its last comment"
    assert refusal(lambda: reply(owner, thread)) == ("not_found", 404)


def test_what_happened_twice_by_accident_of_the_network_happens_once(owner: User, colleague: User, flow: Flow) -> None:
    ids = uuid.uuid4(), uuid.uuid4()
    thread = do_start_thread(owner, flow, *ids, "Once")
    assert do_start_thread(owner, flow, *ids, "Once").pk == thread.pk
    comment = do_reply(owner, thread, answer := uuid.uuid4(), "And once")
    assert do_reply(owner, thread, answer, "And once").pk == comment.pk
    assert Comment.objects.count() == 2
    assert refusal(lambda: do_start_thread(colleague, flow, *ids, "Mine")) == ("id_taken", 409)
    assert refusal(lambda: do_reply(colleague, thread, answer, "Mine")) == ("id_taken", 409)
    assert refusal(lambda: do_start_thread(owner, flow, uuid.uuid4(), answer, "Mine")) == ("id_taken", 409)


def test_resolving_is_taken_back_by_anybody_who_may_comment(owner: User, operator: User, flow: Flow) -> None:
    thread = start(owner, flow)
    do_resolve_thread(operator, thread, True)
    assert whole_thread(owner, thread)["resolved"]["by"] == "operator"
    rev = threads(owner, flow)["rev"]
    do_resolve_thread(owner, thread, True)
    assert whole_thread(owner, thread)["resolved"]["by"] == "operator", "it was so already"
    assert threads(owner, flow)["rev"] == rev
    reply(operator, thread)
    assert whole_thread(owner, thread)["resolved"] is not None, "an answer opens nothing"
    do_resolve_thread(owner, thread, False)
    assert whole_thread(owner, thread)["resolved"] is None


def test_every_change_raises_the_revision_that_is_told(
    owner: User, flow: Flow, django_capture_on_commit_callbacks: Any
) -> None:
    told: list[int] = []

    def heard(flow_id: uuid.UUID, **_: Any) -> None:
        told.append(Flow.objects.get(pk=flow_id).comments_rev)

    signals.comments_changed.connect(heard)
    try:
        with django_capture_on_commit_callbacks(execute=True):
            thread = start(owner, flow)
            answer = reply(owner, thread)
            do_edit_comment(owner, answer, "Better")
            do_resolve_thread(owner, thread, True)
            do_delete_comment(owner, answer)
            do_delete_comment(owner, thread.comments.get(deleted=False))
    finally:
        signals.comments_changed.disconnect(heard)
    assert len(told) == 6
    assert Flow.objects.get(pk=flow.pk).comments_rev == 6
    assert Flow.objects.get(pk=flow.pk).rev == flow.rev, "comments are no part of the document"


def test_who_missed_something_asks_for_what_is_newer(owner: User, flow: Flow) -> None:
    one, two = start(owner, flow, "One"), start(owner, flow, "Two")
    seen = threads(owner, flow)
    assert [row["id"] for row in seen["threads"]] == [str(one.pk), str(two.pk)]
    reply(owner, one)
    three = start(owner, flow, "Three")
    newer = threads(owner, flow, seen["rev"])
    assert [row["id"] for row in newer["threads"]] == [str(one.pk), str(three.pk)]
    assert newer["total"] == 3
    do_delete_comment(owner, two.comments.get())
    assert threads(owner, flow, newer["rev"]) == {"rev": newer["rev"] + 1, "total": 2, "threads": [], "next": None}


def test_threads_come_in_pages_in_the_order_in_which_they_changed(owner: User, flow: Flow) -> None:
    made = [start(owner, flow, f"{number}") for number in range(3)]
    first = threads(owner, flow, limit=2)
    assert [row["id"] for row in first["threads"]] == [str(made[0].pk), str(made[1].pk)]
    reply(owner, made[0])
    second = threads(owner, flow, first["next"], limit=2)
    # What changed meanwhile comes once more, as it is now.
    assert [(row["id"], row["count"]) for row in second["threads"]] == [(str(made[2].pk), 1), (str(made[0].pk), 2)]
    assert (second["next"], second["total"]) == (None, 3)


def test_a_thread_outlives_its_node_and_finds_it_again(owner: User, flow: Flow) -> None:
    edit(owner, flow, add(NODE, label="Visits"))
    thread = start(owner, flow, node=NODE)
    gone = edit(owner, flow, {"op": "delete_node", "id": NODE})
    reply(owner, thread, "It is gone")
    assert whole_thread(owner, thread)["label"] == "Visits"
    undo(owner, flow, gone)
    edit(owner, flow, {"op": "set_node", "id": NODE, "fields": {"label": "Calls"}})
    reply(owner, thread, "It is back")
    said = whole_thread(owner, thread)
    assert (said["label"], said["node"]) == ("Calls", NODE)


def test_the_comments_go_with_their_flow(owner: User, flow: Flow) -> None:
    reply(owner, start(owner, flow))
    do_delete_flow(owner, flow)
    assert not Comment.objects.exists()


def test_there_is_an_end_to_everything(owner: User, flow: Flow, monkeypatch: pytest.MonkeyPatch) -> None:
    assert refusal(lambda: start(owner, flow, " \n ")) == ("comment_empty", 422)
    assert refusal(lambda: start(owner, flow, "x" * (limits.MAX_TEXT + 1))) == ("comment_too_long", 422)
    assert refusal(lambda: start(owner, flow, "a\x00b")) == ("comment_invalid", 422)
    thread = start(owner, flow, "x" * limits.MAX_TEXT)
    assert not CommentThread.objects.exclude(pk=thread.pk).exists(), "what was refused left nothing behind"
    monkeypatch.setattr("projects.actions.comments.MAX_THREADS", 1)
    assert refusal(lambda: start(owner, flow)) == ("too_many_threads", 422)
    monkeypatch.setattr("projects.actions.comments.MAX_COMMENTS", 1)
    assert refusal(lambda: reply(owner, thread)) == ("too_many_comments", 422)


def test_nobody_floods_the_others(owner: User, colleague: User, flow: Flow, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("projects.actions.comments.AT_ONCE", 3)
    thread = start(owner, flow)
    reply(owner, thread)
    do_delete_comment(owner, reply(owner, thread))
    assert refusal(lambda: reply(owner, thread)) == ("slow_down", 429)
    reply(colleague, thread)
    Comment.objects.update(created=timezone.now() - timedelta(seconds=limits.AT_ONCE_SECONDS + 1))
    reply(owner, thread)


def test_an_excerpt_is_one_line(owner: User, flow: Flow) -> None:
    assert excerpt("# Title\n\n* one\n* two") == "# Title * one * two"
    assert len(excerpt("word " * 100)) <= limits.EXCERPT
    assert excerpt("word " * 100).endswith("word…")


def test_a_list_costs_the_same_however_many_threads_there_are(
    owner: User, flow: Flow, django_assert_num_queries: Any
) -> None:
    for _ in range(5):
        start(owner, flow)
    fresh = Flow.objects.get(pk=flow.pk)
    with django_assert_num_queries(2):
        threads_after(owner, fresh, 0, 100)


def test_the_activity_of_a_project_says_what_was_spoken_of_and_not_what_was_said(
    owner: User, operator: User, flow: Flow
) -> None:
    edit(owner, flow, add(NODE, label="Visits"))
    thread = start(operator, flow, "The secret of it", node=NODE)
    do_resolve_thread(owner, thread, True)
    start(owner, flow, "The secret of all")
    told = [sentence.text for sentence in activity(flow.project)[0]][:3]
    assert told == [
        "owner commented on Visit counter",
        "owner resolved what was said about Visits in Visit counter",
        "operator commented on Visits in Visit counter",
    ]
