"""What programs find in the API: lists in pages, repeats that do nothing, changes that say what they saw."""

import uuid
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from projects import answers
from projects.actions import do_create_flow
from projects.actions.tokens import do_create_token
from projects.models import Answered, Flow, Membership, Project, Role

pytestmark = pytest.mark.both_databases


def program(person: User, *scopes: str, project: Project | None = None) -> Client:
    _, text = do_create_token(person, "a program", scopes or ("view", "edit", "manage"), 1, project)
    return Client(headers={"Authorization": f"Bearer {text}"})


@pytest.fixture
def client(transactional_db: None, owner: User) -> Client:
    return program(owner)


def _walk(client: Client, address: str, name: str) -> list[Any]:
    rows: list[Any] = []
    after = ""
    for _ in range(20):
        answer = client.get(f"{address}?limit=2{after}").json()
        assert len(answer[name]) <= 2
        rows += answer[name]
        if answer["next"] is None:
            return rows
        after = f"&after={answer['next']}"
    raise AssertionError("the list has no end")


def test_lists_come_in_pages_without_gap_or_double(client: Client, owner: User, project: Project) -> None:
    flows = {str(do_create_flow(owner, project, f"Flow {number}").pk) for number in range(5)}
    rows = _walk(client, f"/api/projects/{project.pk}/flows", "flows")
    assert [row["id"] for row in rows] == sorted(flows)
    people = [User.objects.create_user(f"person {number}") for number in range(3)]
    Membership.objects.bulk_create(Membership(project=project, user=user, role=Role.VIEWER) for user in people)
    members = _walk(client, f"/api/projects/{project.pk}/members", "members")
    assert [row["id"] for row in members] == sorted([owner.pk, *(user.pk for user in people)])
    assert members[0] == {"id": owner.pk, "name": "owner", "role": "owner"}


def test_a_row_that_is_deleted_between_two_pages_hides_no_other(client: Client, owner: User, project: Project) -> None:
    flows = sorted(str(do_create_flow(owner, project, f"Flow {number}").pk) for number in range(4))
    first = client.get(f"/api/projects/{project.pk}/flows?limit=2").json()
    Flow.objects.filter(pk=flows[1]).delete()
    rest = client.get(f"/api/projects/{project.pk}/flows?limit=2&after={first['next']}").json()
    assert ([row["id"] for row in rest["flows"]], rest["next"]) == (flows[2:], None)


def test_projects_are_those_that_the_token_reaches(client: Client, owner: User, project: Project) -> None:
    made = client.post("/api/projects", {"name": "Second"}, "application/json")
    assert made.status_code == 201
    both = sorted([str(project.pk), made.json()["id"]])
    assert [row["id"] for row in _walk(client, "/api/projects", "projects")] == both
    narrow = program(owner, "view", project=project)
    assert [row["id"] for row in _walk(narrow, "/api/projects", "projects")] == [str(project.pk)]
    assert narrow.post("/api/projects", {"name": "Third"}, "application/json").status_code == 404


def test_a_narrow_token_sees_and_revokes_itself_alone(client: Client, owner: User) -> None:
    narrow = program(owner, "view")
    everything = client.get("/api/tokens").json()["tokens"]
    assert len(everything) == 2
    assert "wf_" not in {row["prefix"] for row in everything}
    (own,) = narrow.get("/api/tokens").json()["tokens"]
    other = next(row for row in everything if row["id"] != own["id"])
    assert narrow.delete(f"/api/tokens/{other['id']}").status_code == 404
    assert narrow.delete(f"/api/tokens/{own['id']}").json() == {"id": own["id"]}
    assert narrow.get("/api/tokens").status_code == 401


def _make(client: Client, project: Project, name: str, key: str) -> Any:
    return client.post(
        f"/api/projects/{project.pk}/flows", {"name": name}, "application/json", headers={"Idempotency-Key": key}
    )


def test_a_request_that_comes_again_is_answered_the_same_and_does_nothing(client: Client, project: Project) -> None:
    first, again = _make(client, project, "Line", "k1"), _make(client, project, "Line", "k1")
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.content == again.content
    assert first.headers["ETag"] == again.headers["ETag"]
    assert project.flows.count() == 1
    assert _make(client, project, "Line", "k2").json()["id"] != first.json()["id"]


def test_a_key_is_for_one_request_of_one_program(client: Client, owner: User, project: Project) -> None:
    _make(client, project, "Line", "k")
    refused = _make(client, project, "Another", "k")
    assert (refused.status_code, refused.json()["error"]["code"]) == (422, "idempotency_key_reused")
    assert _make(program(owner), project, "Another", "k").status_code == 201
    assert project.flows.count() == 2


def test_what_was_refused_may_be_sent_again(client: Client, project: Project) -> None:
    assert _make(client, project, "", "k").status_code == 422
    assert _make(client, project, "Line", "k").status_code == 201


def test_one_that_is_under_way_is_said_to_be(client: Client, project: Project) -> None:
    _make(client, project, "Line", "k")
    Answered.objects.update(status=None)
    assert _make(client, project, "Line", "k").json()["error"]["code"] == "under_way"
    # Its process died: after a while the request is made again.
    Answered.objects.update(created=timezone.now() - answers.UNDER_WAY * 2)
    assert _make(client, project, "Line", "k").status_code == 201
    assert project.flows.count() == 2


def test_kept_answers_end_and_are_not_without_number(
    client: Client, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(answers, "MOST_OF_A_PERSON", 3)
    for number in range(5):
        _make(client, project, f"Line {number}", f"k{number}")
    assert Answered.objects.count() == 3
    Answered.objects.update(created=timezone.now() - answers.KEPT * 2)
    answers.forget_old()
    assert not Answered.objects.exists()


@pytest.fixture
def member(project: Project) -> User:
    user = User.objects.create_user("member")
    Membership.objects.create(project=project, user=user, role=Role.VIEWER)
    return user


def test_who_changes_what_another_has_changed_is_told_how_it_is_now(
    client: Client, owner: User, project: Project, flow: Flow, member: User
) -> None:
    project_at = f"/api/projects/{project.pk}"
    for address, first, second in (
        (project_at, {"name": "One"}, {"name": "Two"}),
        (f"{project_at}/flows/{flow.pk}", {"name": "One"}, {"name": "Two"}),
        (f"{project_at}/members/{member.pk}", {"role": "editor"}, {"role": "operator"}),
        (f"{project_at}/code", {"owners_only": True}, {"owners_only": False}),
        (f"{project_at}/outbound", {"allow": ["db.corp"], "only": True}, {"allow": [], "only": False}),
    ):
        seen = client.get(address).headers["ETag"]
        changed = client.put(address, first, "application/json", headers={"If-Match": seen})
        assert changed.status_code == 200, changed.content
        late = client.put(address, second, "application/json", headers={"If-Match": seen})
        assert late.status_code == 412
        assert late.json()["error"]["current"] == changed.json() == client.get(address).json()
        again = client.put(address, second, "application/json", headers={"If-Match": changed.headers["ETag"]})
        assert again.status_code == 200
        # Who says nothing of what they saw has the last word, and so has who says that anything will do.
        assert client.put(address, first, "application/json", headers={"If-Match": "*"}).status_code == 200
        assert client.put(address, second, "application/json").status_code == 200


def test_a_place_that_no_flow_can_call_is_named_where_it_stands(client: Client, project: Project) -> None:
    body = {"allow": ["db.corp:5432", "http://db.corp"], "only": False}
    answer = client.put(f"/api/projects/{project.pk}/outbound", body, "application/json")
    assert answer.status_code == 422
    error = answer.json()["error"]
    assert (error["code"], error["field"]) == ("invalid_entry", "/allow/1")


def test_a_stranger_learns_nothing_of_the_current_state(
    transactional_db: None, project: Project, stranger: User
) -> None:
    elsewhere = program(stranger)
    for address in (f"/api/projects/{project.pk}", f"/api/projects/{uuid.uuid4()}"):
        answer = elsewhere.put(address, {"name": "Mine"}, "application/json", headers={"If-Match": '"x"'})
        assert answer.status_code == 404
