"""Every action leaves one entry, with what is needed to understand it and no secret."""

import uuid
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection, transaction
from django.test import Client

from projects import audit_sign_in
from projects.actions import (
    do_change_pages,
    do_change_scenario,
    do_create_flow,
    do_create_scenario,
    do_delete_flow,
    do_delete_project,
    do_delete_scenario,
    do_note_press,
    do_rename_flow,
    do_rename_project,
)
from projects.actions.presses import Sent
from projects.actions.signin import do_create_signin_link
from projects.errors import ProjectError
from projects.models import AuditEntry, Flow, Node, Project
from tests.projects.world import CATALOGUE, add, client_op, edit, undo, wire

pytestmark = pytest.mark.both_databases

A, B = "naaaaaaaaaaa", "nbbbbbbbbbbb"
EDGE = "00000000-0000-4000-8000-000000000001"
SECRET = "hunter2-planted"


def entries(*actions: str) -> list[AuditEntry]:
    found = AuditEntry.objects.order_by("pk")
    return list(found.filter(action__in=actions) if actions else found)


def last() -> AuditEntry:
    return AuditEntry.objects.order_by("-pk")[0]


def test_projects_and_flows(owner: User, project: Project, flow: Flow) -> None:
    do_rename_project(owner, project, "Visits")
    do_rename_flow(owner, flow, "Counter")
    do_delete_flow(owner, flow)
    do_create_flow(owner, project, "Another")
    do_delete_project(owner, project)
    told = [(entry.action, entry.object_name, entry.before, entry.after) for entry in entries()]
    assert told == [
        ("project.create", "Web metrics", None, None),
        ("flow.create", "Visit counter", None, None),
        ("project.rename", "Visits", {"name": "Web metrics"}, {"name": "Visits"}),
        ("flow.rename", "Counter", {"name": "Visit counter"}, {"name": "Counter"}),
        ("flow.delete", "Counter", {"nodes": 0, "wires": 0}, None),
        ("flow.create", "Another", None, None),
        ("project.delete", "Visits", {"flows": 1, "members": 1}, None),
    ]
    assert {entry.project for entry in entries()} == {project.pk}


def test_a_batch_of_operations_is_one_entry_that_refers_to_its_change(owner: User, flow: Flow) -> None:
    change = edit(owner, flow, add(A, label="Counter"), add(B), wire(EDGE, A, B))
    assert (last().action, last().object_id) == ("flow.change", str(flow.pk))
    assert last().after == {
        "rev": change.rev,
        "ops": {"add_node": 2, "add_edge": 1},
        "nodes": [[A, "Counter"], [B, "anything"]],
        "node_count": 2,
    }


def test_a_new_name_says_both(owner: User, flow: Flow) -> None:
    edit(owner, flow, add(A, label="Counter"))
    edit(owner, flow, {"op": "set_node", "id": A, "fields": {"label": "Visits"}})
    assert (last().before, last().after["label"]) == ({"label": "Counter"}, "Visits")
    edit(owner, flow, {"op": "delete_node", "id": A})
    assert last().after["nodes"] == [[A, "Visits"]]


def test_an_undo_names_what_it_took_back(owner: User, flow: Flow) -> None:
    change = edit(owner, flow, add(A, label="Counter"))
    undo(owner, flow, change)
    assert (last().action, last().after["undoes"]) == ("flow.undo", change.rev)


def test_values_of_settings_and_mappings_never_enter(owner: User, flow: Flow) -> None:
    edit(owner, flow, add(A, settings={"password": SECRET}), add(B), wire(EDGE, A, B))
    edit(owner, flow, {"op": "set_setting", "id": A, "path": ["nested", "key"], "value": SECRET})
    edit(owner, flow, {"op": "set_mapping", "id": EDGE, "mapping": {"password": SECRET, "to": SECRET}})
    edit(owner, flow, {"op": "delete_node", "id": A})
    assert entries("flow.change")[1].after["path"] == ["nested"]
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM projects_auditentry")
        assert SECRET not in str(cursor.fetchall())


def test_what_was_refused_or_repeated_leaves_nothing(owner: User, flow: Flow) -> None:
    edit(owner, flow, add(A))
    before = AuditEntry.objects.count()
    with pytest.raises(ProjectError), transaction.atomic():
        edit(owner, flow, add(B), add(A))
    assert AuditEntry.objects.count() == before


def test_pages(owner: User, project: Project) -> None:
    page = str(uuid.uuid4())
    do_change_pages(owner, project, [{"op": "add_page", "id": page, "name": "Floor"}], client_op())
    assert (last().action, last().after["pages"]) == ("page.change", ["Floor"])
    do_change_pages(owner, project, [{"op": "set_page", "id": page, "fields": {"name": "Hall"}}], client_op())
    assert (last().before, last().after["name"]) == ({"name": "Floor"}, "Hall")


def test_scenarios(owner: User, flow: Flow) -> None:
    edit(owner, flow, add(A))
    sample: Any = {"node": A, "port": "in", "data": {"password": SECRET}}
    made = do_create_scenario(owner, flow, uuid.uuid4(), "Rain", [sample], CATALOGUE)
    do_change_scenario(owner, flow, made.pk, made.rev, CATALOGUE, name="Snow")
    do_delete_scenario(owner, flow, made.pk)
    told = [(entry.action, entry.object_name) for entry in entries()[-3:]]
    assert told == [("scenario.create", "Rain"), ("scenario.change", "Snow"), ("scenario.delete", "Snow")]
    assert SECRET not in str([entry.after for entry in entries()])


@pytest.mark.parametrize(
    ("port", "action"), [("_control", "control.press"), ("_state", "state.edit"), ("other", "signal.send")]
)
def test_presses_edits_of_states_and_signals(owner: User, flow: Flow, port: str, action: str) -> None:
    edit(owner, flow, add(A, label="Counter"))
    do_note_press(owner, Node.objects.get(pk=A), [], Sent(port, ["reset"], "f00d"))
    assert (last().action, last().object_name, last().flow) == (action, "Counter", flow.pk)
    assert last().after == {"port": port, "fields": ["reset"], "press": "f00d"}


def test_signing_in_out_and_in_vain(owner: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audit_sign_in, "_refusals", audit_sign_in.Refusals())
    path, client = do_create_signin_link(owner), Client()
    client.post(path, headers={"X-Request-ID": "request-0001"})
    client.post("/sign-out/")
    client.post(path)
    made, start, end, refused = entries()[-4:]
    assert (made.action, made.way, made.object_name) == ("signin_link.create", "system", "owner")
    assert (start.action, start.person_name, start.address) == ("session.start", "owner", "127.0.0.1")
    assert start.request_id == "request-0001"
    assert (end.action, end.person_name) == ("session.end", "owner")
    assert (refused.action, refused.person, refused.after) == ("session.refuse", None, {"why": "link"})
    assert path.split("/")[2] not in str([[entry.after, entry.object_id, entry.object_name] for entry in entries()])


def test_thousands_of_wrong_tries_leave_a_few_entries(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audit_sign_in, "_refusals", audit_sign_in.Refusals())
    monkeypatch.setattr(audit_sign_in.time, "monotonic", lambda: 1.0)
    for _ in range(100):
        audit_sign_in.refused(None, {"username": SECRET, "password": SECRET})
    assert [entry.object_name for entry in entries()] == [""] * audit_sign_in.REFUSALS_PER_MINUTE
