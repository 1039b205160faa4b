"""What happened in a project, as sentences."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from projects.actions import do_delete_flow, do_note_press, do_rename_flow, do_rename_project
from projects.actions.presses import Sent
from projects.audit import Subject, audit
from projects.models import AuditEntry, Flow, Node, Project
from projects.record.activity import SENTENCES, activity
from tests.projects.world import add, edit, undo, wire

A, B = "naaaaaaaaaaa", "nbbbbbbbbbbb"
EDGE = "00000000-0000-4000-8000-000000000001"


def texts(project: Project, **more: Any) -> list[str]:
    return [sentence.text for sentence in activity(project, **more)[0]]


def rename(person: User, flow: Flow, label: str) -> None:
    edit(person, flow, {"op": "set_node", "id": A, "fields": {"label": label}})


def test_each_change_reads_as_a_sentence(owner: User, colleague: User, project: Project, flow: Flow) -> None:
    edit(owner, flow, add(A, label="Counter"))
    rename(colleague, flow, "Visits")
    do_note_press(owner, Node.objects.get(pk=A), [], Sent("_control", ["reset"], "f00d"))
    do_rename_flow(colleague, flow, "Numbers")
    do_rename_project(owner, project, "Metrics")
    assert texts(project) == [
        "owner renamed the project Web metrics to Metrics",
        "colleague renamed the flow Visit counter to Numbers",
        "owner pressed reset of Visits in Numbers",
        "colleague renamed Counter to Visits in Numbers",
        "owner added Counter in Numbers",
        "owner created the flow Visit counter",
        "owner created the project Web metrics",
    ]


@pytest.mark.parametrize(
    ("ops", "text"),
    [
        ([{"op": "set_node", "id": A, "fields": {"x": 24}}], "owner moved Counter in Visit counter"),
        ([wire(EDGE, A, B)], "owner wired Counter to anything in Visit counter"),
        ([{"op": "delete_node", "id": A}], "owner deleted Counter in Visit counter"),
        (
            [{"op": "set_setting", "id": A, "path": ["limit"], "value": 1}],
            "owner set limit of Counter in Visit counter",
        ),
        (
            [{"op": "set_node", "id": node, "fields": {"x": 24}} for node in (A, B)] + [wire(EDGE, A, B)],
            "owner moved 2 things and drew a wire in Visit counter",
        ),
    ],
)
def test_operations(owner: User, colleague: User, project: Project, flow: Flow, ops: list[Any], text: str) -> None:
    edit(colleague, flow, add(A, label="Counter"), add(B))
    edit(owner, flow, *ops)
    assert texts(project)[0] == text


def test_many_changes_are_told_together_but_not_those_of_others(
    owner: User, colleague: User, project: Project, flow: Flow
) -> None:
    edit(owner, flow, add(A, label="Counter"))
    for number in range(5):
        edit(owner, flow, {"op": "set_node", "id": A, "fields": {"x": number}})
        if number == 2:
            edit(colleague, flow, add(B))
    told = {sentence.text: sentence.count for sentence in activity(project)[0]}
    assert told["owner moved 5 things and added a node in Visit counter"] == 6
    assert told["colleague added anything in Visit counter"] == 1


def test_a_new_name_is_told_by_itself(owner: User, project: Project, flow: Flow) -> None:
    edit(owner, flow, add(A, label="Counter"))
    edit(owner, flow, {"op": "set_node", "id": A, "fields": {"x": 24}})
    rename(owner, flow, "Visits")
    edit(owner, flow, {"op": "set_node", "id": A, "fields": {"x": 48}})
    assert texts(project)[:2] == [
        "owner moved 2 things and added a node in Visit counter",
        "owner renamed Counter to Visits in Visit counter",
    ]


def test_changes_far_apart_are_told_apart(owner: User, project: Project, flow: Flow) -> None:
    fields = {"person": owner.pk, "person_name": "owner", "action": "flow.change", "kind": "flow"}
    for minutes in (30, 0):
        AuditEntry.objects.create(
            at=timezone.now() - timedelta(minutes=minutes),
            object_id=str(flow.pk),
            project=project.pk,
            flow=flow.pk,
            after={"rev": 1, "ops": {"add_node": 1}},
            **fields,
        )
    assert texts(project)[:2] == ["owner added a node in Visit counter"] * 2


def test_a_thing_that_is_there_has_its_place(owner: User, project: Project, flow: Flow) -> None:
    edit(owner, flow, add(A, label="Counter"))
    places = {piece.text: place for piece, place in activity(project)[0][0].pieces}
    address = f"/projects/{project.pk}/flows/{flow.pk}/"
    assert places == {"added ": "", "Counter": f"{address}?node={A}", " in ": "", "Visit counter": address}
    edit(owner, flow, {"op": "delete_node", "id": A})
    do_delete_flow(owner, flow)
    assert {place for sentence in activity(project)[0] for _, place in sentence.pieces} == {""}


def test_what_was_taken_back_says_so(owner: User, project: Project, flow: Flow) -> None:
    change = edit(owner, flow, add(A, label="Counter"))
    undo(owner, flow, change)
    undone, done = activity(project)[0][:2]
    assert undone.text.startswith("owner took a change back: ")
    assert done.taken_back
    assert not undone.taken_back


def test_what_is_the_owners_alone_is_not_told(owner: User, project: Project) -> None:
    for action in ("token.create", "audit.retain", "invitation.send"):
        audit(owner, action, Subject("thing", name="Secret"), project=project)
    assert texts(project) == ["owner created the project Web metrics"]


@pytest.mark.parametrize(
    ("action", "subject", "after", "text"),
    [
        ("member.add", Subject("user", name="Bob"), {"role": "editor"}, "owner made Bob editor of the project"),
        ("member.invite", Subject("user", name="Bob"), {"role": "editor"}, "owner invited the member Bob as editor"),
        (
            "invitation.accept",
            Subject("project", name="P"),
            {"role": "editor", "by": "Ann"},
            "owner accepted the invitation of Ann to P as editor",
        ),
        ("version.restore", Subject("flow", name="F"), {"version": "v1"}, "owner took F back to v1"),
        ("version.restore", Subject("flow", name="F"), {"revision": 7}, "owner took F back to revision 7"),
        ("comment.resolve", Subject("thread"), None, "owner resolved the comment"),
        ("rocket.launch", Subject("rocket", name="V2"), None, "owner launch the rocket V2"),
    ],
)
def test_actions_of_any_kind(
    owner: User, project: Project, action: str, subject: Subject, after: Any, text: str
) -> None:
    audit(owner, action, subject, project=project, after=after)
    assert texts(project)[0] == text


def test_pages_and_a_constant_number_of_queries(owner: User, project: Project, flow: Flow) -> None:
    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as caught:
            activity(project)
        return len(caught)

    edit(owner, flow, add(A, label="Counter"))
    few = queries()
    for number in range(SENTENCES + 20):
        audit((owner, None)[number % 2], "flow.rename", flow, before={"name": "x"})
        edit(owner, flow, {"op": "set_node", "id": A, "fields": {"x": number}})
    assert queries() == few == 4
    seen, before = 0, None
    while True:
        sentences, before = activity(project, before)
        assert len(sentences) <= SENTENCES
        seen += sum(sentence.count for sentence in sentences)
        if before is None:
            break
    assert seen == AuditEntry.objects.count()


def test_comments_of_one_person_on_one_thing_are_told_together(owner: User, project: Project, flow: Flow) -> None:
    for thread, on in (("t1", "Counter"), ("t2", "Counter"), ("t3", "Ticker")):
        audit(owner, "comment.add", Subject("thread", thread, on), project=project)
    assert texts(project)[:2] == ["owner commented on Ticker", "owner commented on Counter 2 times"]
