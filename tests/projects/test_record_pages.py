"""The pages of the record: who sees what, and that they cost the same however much there is."""

import csv
import io
import json
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import AsyncClient, Client
from django.test.utils import CaptureQueriesContext

from projects.actions import do_create_project, do_rename_flow
from projects.audit import audit
from projects.models import AuditEntry, Flow, Membership, Project, Role
from projects.record import export
from tests.projects.world import add, edit

A = "naaaaaaaaaaa"


def client_of(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


@pytest.fixture
def boss(db: None) -> User:
    return User.objects.create_user("boss", is_superuser=True)


def test_owners_see_their_projects_audit_and_the_installations_owner_all(
    owner: User, stranger: User, boss: User, project: Project
) -> None:
    page = client_of(owner).get(f"/projects/{project.pk}/audit/").content.decode()
    assert "created the project" in page
    assert "Elsewhere" not in page
    everything = client_of(boss).get("/audit/").content.decode()
    assert "Web metrics" in everything
    assert "Elsewhere" in everything
    assert client_of(owner).get("/audit/").status_code == 404
    assert "/audit/" in client_of(boss).get("/projects/").content.decode()


def test_filters_of_the_page(owner: User, colleague: User, project: Project, flow: Flow) -> None:
    do_rename_flow(colleague, flow, "Numbers")
    client, address = client_of(owner), f"/projects/{project.pk}/audit/"
    page = client.get(address, {"person": "colleague"}).content.decode()
    assert "flow.rename" in page
    assert "project.create" not in page
    wrong = client.get(address, {"address": "here"})
    assert wrong.status_code == 400
    assert b"An address reads" in wrong.content
    assert client.get(address, {"before": "x"}).status_code == 404
    assert client.get(address, {"text": "nothing like it"}).content.decode().count("Nothing") >= 1


def test_names_that_are_markup_stay_text(owner: User, project: Project) -> None:
    evil = "<script>alert(1)</script>"
    do_create_project(owner, evil)
    audit(owner, "flow.rename", project, before={"name": evil}, after={"name": evil})
    client = client_of(owner)
    for page in ("", "activity/", "audit/"):
        assert evil not in client.get(f"/projects/{project.pk}/{page}").content.decode()


def test_activity_stands_on_the_projects_page_and_a_page_of_its_own(viewer: User, owner: User, flow: Flow) -> None:
    edit(owner, flow, add(A, label="Counter"))
    client = client_of(viewer)
    for page in ("", "activity/"):
        text = client.get(f"/projects/{flow.project_id}/{page}").content.decode()
        assert f'href="/projects/{flow.project_id}/flows/{flow.pk}/?node={A}">Counter</a>' in text
    assert client.get(f"/projects/{flow.project_id}/audit/").status_code == 403


def _fill(owner: User, projects: int, entries: int) -> None:
    rows = [Project(name=f"Project {number}", resource_name=f"project-{number}-x") for number in range(projects)]
    Project.objects.bulk_create(rows)
    Membership.objects.bulk_create([Membership(project=row, user=owner, role=Role.OWNER) for row in rows])
    Flow.objects.bulk_create(
        [Flow(project=row, name="Flow", resource_name=f"flow-{row.resource_name}", node_count=2) for row in rows]
    )
    project = Project.objects.order_by("created").first()
    assert project is not None
    people = User.objects.bulk_create([User(username=f"member-{entries}-{number}") for number in range(entries // 20)])
    Membership.objects.bulk_create([Membership(project=project, user=one, role=Role.EDITOR) for one in people])
    flow = Flow.objects.filter(project=project).first()
    made = [
        AuditEntry(
            action=("flow.rename", "flow.change")[number % 2],
            person=owner.pk,
            person_name=f"person {number % 7}",
            project=project.pk,
            flow=flow.pk if flow is not None else None,
            kind="flow",
            object_id=str(flow.pk) if flow is not None else "",
            object_name="Flow",
            after={"rev": number, "ops": {"set_node": 1}, "nodes": [[A, "Counter"]], "node_count": 1},
        )
        for number in range(entries)
    ]
    AuditEntry.objects.bulk_create(made)


def test_pages_ask_the_database_as_often_with_much_as_with_little(owner: User, flow: Flow, boss: User) -> None:
    pages = {
        "/projects/": owner,
        "/projects/?q=project": owner,
        f"/projects/{flow.project_id}/": owner,
        f"/projects/{flow.project_id}/members/": owner,
        f"/projects/{flow.project_id}/activity/": owner,
        f"/projects/{flow.project_id}/audit/": owner,
        f"/projects/{flow.project_id}/audit/?text=counter": owner,
        "/audit/": boss,
        "/audit/?person=person+1": boss,
    }
    clients = {person.username: client_of(person) for person in (owner, boss)}

    def counts() -> dict[str, int]:
        asked = {}
        for page, person in pages.items():
            with CaptureQueriesContext(connection) as caught:
                assert clients[person.username].get(page).status_code == 200
            asked[page] = len(caught)
        return asked

    edit(owner, flow, add(A, label="Counter"))
    _fill(owner, 2, 10)
    little = counts()
    Membership.objects.exclude(project=flow.project_id, user=owner).delete()
    Project.objects.exclude(pk=flow.project_id).delete()
    _fill(owner, 60, 600)
    much = counts()
    assert {page: much[page] - count for page, count in little.items() if much[page] > count} == {}


def test_a_thousand_projects_have_pages_and_a_search(owner: User, flow: Flow) -> None:
    _fill(owner, 60, 0)
    client = client_of(owner)
    first = client.get("/projects/").content.decode()
    assert first.count('class="card project"') == 24
    assert "1–24 of 61" in first
    assert "49–61 of 61" in client.get("/projects/?page=3").content.decode()
    found = client.get("/projects/?q=ct+59").content.decode()
    assert found.count('class="card project"') == 1
    assert "No project is called so" in client.get("/projects/?q=nothing").content.decode()


def test_retention_is_set_on_the_page(owner: User, project: Project) -> None:
    client, address = client_of(owner), f"/projects/{project.pk}/audit/"
    assert client.post(f"{address}retention/", {"days": "90"}).status_code == 302
    assert 'value="90"' in client.get(address).content.decode()
    refused = client.post(f"{address}retention/", {"days": "5"})
    assert refused.status_code == 422
    assert b"30 to 365 days" in refused.content


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("form", ["csv", "jsonl"])
async def test_an_export_comes_in_pieces_and_is_itself_recorded(
    owner: User, flow: Flow, async_client: AsyncClient, monkeypatch: pytest.MonkeyPatch, form: str
) -> None:
    monkeypatch.setattr("projects.views.record_export.PIECE", 3)
    await AuditEntry.objects.abulk_create(
        [AuditEntry(action="flow.rename", object_name="=1+1", project=flow.project_id) for _ in range(10)]
    )
    await async_client.aforce_login(owner)
    answer: Any = await async_client.get(f"/projects/{flow.project_id}/audit/export/?format={form}")
    assert answer.status_code == 200
    assert answer["Content-Disposition"].endswith(f'.{form}"')
    pieces = [piece async for piece in answer.streaming_content]
    assert len(pieces) > 4
    text = b"".join(pieces).decode()
    as_rows = csv.DictReader(io.StringIO(text)) if form == "csv" else map(json.loads, text.splitlines())
    rows = [(row["action"], row["object_name"]) for row in as_rows]
    assert rows[0][0] == "audit.export"
    assert [name for action, name in rows if action == "flow.rename"] == ["'=1+1" if form == "csv" else "=1+1"] * 10


@pytest.mark.django_db(transaction=True)
async def test_an_export_has_an_end(
    owner: User, flow: Flow, async_client: AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("projects.views.record_export.MAX_ENTRIES", 4)
    monkeypatch.setattr("projects.views.record_export.PIECE", 3)
    await AuditEntry.objects.abulk_create(
        [AuditEntry(action="flow.rename", project=flow.project_id) for _ in range(10)]
    )
    await async_client.aforce_login(owner)
    answer: Any = await async_client.get(f"/projects/{flow.project_id}/audit/export/?format=jsonl")
    assert b"".join([piece async for piece in answer.streaming_content]).count(b"\n") == 4
    assert export.MAX_ENTRIES >= 4
