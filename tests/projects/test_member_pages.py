"""The pages of members, teams and share links, as people use them."""

import re
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from projects import actions
from projects.actions.members import give_role
from projects.models import Flow, Project, Role, Team, TeamRole
from projects.permissions import role_in
from projects.views import members


@pytest.fixture
def at(owner: User) -> Client:
    """The owner's browser."""
    client = Client()
    client.force_login(owner)
    return client


@pytest.fixture
def newcomer(db: None) -> User:
    return User.objects.create_user("newcomer", email="newcomer@example.com")


def _members(project: Project) -> str:
    return f"/projects/{project.pk}/members/"


@pytest.mark.parametrize("called", ["newcomer", " Newcomer@Example.com "])
def test_somebody_is_added_by_name_or_address(at: Client, project: Project, newcomer: User, called: str) -> None:
    answer = at.post(_members(project), {"do": "add", "person": called, "role": "operator"})
    assert (answer.status_code, role_in(newcomer, project.pk)) == (302, Role.OPERATOR)
    page = at.get(_members(project)).content.decode()
    assert "newcomer@example.com" in page


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"do": "add", "person": "nobody", "role": "viewer"}, "Nobody here has exactly"),
        ({"do": "add", "person": "newcomer", "role": "king"}, "A role is one of"),
        ({"do": "remove", "user": "owner"}, "not a member any more"),
        ({"do": "link", "thing": "flow:nonsense", "days": "7"}, "Choose a flow or a page"),
        ({"do": "share", "team": "nonsense", "role": "viewer"}, "Choose a team"),
    ],
)
def test_what_cannot_be_is_said_on_the_page(
    at: Client, project: Project, newcomer: User, form: dict[str, str], said: str
) -> None:
    answer = at.post(_members(project), form)
    assert answer.status_code in (409, 422)
    assert said in answer.content.decode()


def test_the_last_owner_is_told_why_they_stay(at: Client, owner: User, project: Project) -> None:
    answer = at.post(_members(project), {"do": "remove", "user": str(owner.pk)})
    assert answer.status_code == 409
    assert "Nobody would own" in answer.content.decode()
    answer = at.post(f"/projects/{project.pk}/leave/", {"sure": "yes"})
    assert answer.status_code == 409


def test_a_viewer_sees_who_is_here_and_no_addresses_nor_links(
    owner: User, viewer: User, project: Project, flow: Flow, newcomer: User
) -> None:
    actions.do_add_member(owner, project, newcomer, Role.EDITOR)
    actions.do_create_share_link(owner, flow, 7)
    client = Client()
    client.force_login(viewer)
    page = client.get(_members(project)).content.decode()
    assert "newcomer" in page
    assert "newcomer@example.com" not in page
    assert "Share links" not in page
    assert client.post(f"/projects/{project.pk}/leave/", {"sure": "yes"}).status_code == 302
    assert client.get(_members(project)).status_code == 404


def test_a_share_link_is_shown_once_opens_and_ends(at: Client, project: Project, flow: Flow) -> None:
    made = at.post(_members(project), {"do": "link", "thing": f"flow:{flow.pk}", "days": "7"}).content.decode()
    found = re.search(r'value="(http://testserver(/share/[^"]+/))"', made)
    assert found is not None
    address = found.group(2)
    assert address not in at.get(_members(project)).content.decode()
    shown = Client().get(address)
    assert shown.status_code == 200
    assert shown.headers["Referrer-Policy"] == "no-referrer"
    assert "no-store" in shown.headers["Cache-Control"]
    assert shown.cookies == {}
    assert 'data-can-edit="false"' in shown.content.decode()
    link = project.share_links.get()
    at.post(_members(project), {"do": "revoke", "link": str(link.pk)})
    assert Client().get(address).status_code == 410


def test_owners_are_shown_which_links_have_ended_with_their_maker(
    at: Client, owner: User, project: Project, flow: Flow, newcomer: User
) -> None:
    actions.do_add_member(owner, project, newcomer, Role.OWNER)
    actions.do_create_share_link(newcomer, flow, 7)
    actions.do_invite(newcomer, project, Role.VIEWER)
    pages = (_members(project), f"/projects/{project.pk}/invitations/")
    assert not any("ended" in at.get(page).text for page in pages)
    actions.do_remove_member(owner, project, newcomer)
    assert all("ended" in at.get(page).text and "by newcomer" in at.get(page).text for page in pages)


def test_a_team_is_made_shared_with_left_and_deleted(at: Client, owner: User, project: Project, newcomer: User) -> None:
    at.post("/teams/", {"name": "Night shift"})
    team = Team.objects.get()
    at.post(f"/teams/{team.pk}/", {"do": "add", "person": "newcomer", "role": TeamRole.MANAGER})
    at.post(_members(project), {"do": "share", "team": str(team.pk), "role": "editor"})
    assert role_in(newcomer, project.pk) == Role.EDITOR
    assert "Night shift" in at.get(_members(project)).content.decode()
    other = Client()
    other.force_login(newcomer)
    assert project.name in other.get(f"/teams/{team.pk}/").content.decode()
    assert at.post(f"/teams/{team.pk}/leave/", {"sure": "yes"}).status_code == 302
    assert at.get(f"/teams/{team.pk}/").status_code == 404
    assert other.post(f"/teams/{team.pk}/", {"do": "delete", "name": "Day shift"}).status_code == 422
    other.post(f"/teams/{team.pk}/", {"do": "delete", "name": "Night shift"})
    assert not Team.objects.exists()
    assert role_in(newcomer, project.pk) is None


def test_names_are_text_on_every_page(at: Client, owner: User, project: Project) -> None:
    evil = '<script>alert("1")</script>'
    person = User.objects.create_user(evil)
    team = actions.do_create_team(owner, evil)
    actions.do_add_to_team(owner, team, person)
    actions.do_add_member(owner, project, person, Role.VIEWER)
    actions.do_share_with_team(owner, project, team, Role.VIEWER)
    flow = actions.do_create_flow(owner, project, evil)
    actions.do_create_share_link(owner, flow, 7)
    for address in (_members(project), "/teams/", f"/teams/{team.pk}/", f"/teams/{team.pk}/leave/"):
        assert "<script>alert" not in at.get(address).content.decode()


def test_lists_cost_the_same_however_long(
    at: Client, owner: User, project: Project, flow: Flow, django_assert_max_num_queries: Any
) -> None:
    for number in range(12):
        person = User.objects.create_user(f"person {number}")
        actions.do_add_member(owner, project, person, Role.VIEWER)
        actions.do_share_with_team(owner, project, actions.do_create_team(owner, f"team {number}"), Role.VIEWER)
        actions.do_create_share_link(owner, flow, 7)
    with django_assert_max_num_queries(20):
        at.get(_members(project))
    with django_assert_max_num_queries(10):
        at.get("/teams/")


def test_many_members_are_on_pages_and_are_found(at: Client, project: Project, newcomer: User) -> None:
    for number in range(members.PEOPLE):
        give_role(project, User.objects.create_user(f"Person-{number:02d}"), Role.VIEWER)
    give_role(project, newcomer, Role.VIEWER)
    first = at.get(_members(project)).content.decode()
    assert 'class="rows__name">newcomer<' in first
    assert f"1–{members.PEOPLE} of {members.PEOPLE + 2}" in first
    assert f'class="rows__name">Person-{members.PEOPLE - 1:02d}<' not in first
    found = at.get(f"{_members(project)}?q=example.com").content.decode()
    assert re.findall('class="rows__name">([^<]+)<', found) == ["newcomer"]
    assert "No member has “nobody”" in at.get(f"{_members(project)}?q=nobody").content.decode()
    where = f"{_members(project)}?q=newcomer"
    assert at.post(where, {"do": "role", "user": newcomer.pk, "role": "editor"}).headers["Location"] == where


def test_mail_addresses_are_searched_by_who_is_shown_them(project: Project, colleague: User, newcomer: User) -> None:
    give_role(project, newcomer, Role.VIEWER)
    client = Client()
    client.force_login(colleague)
    assert 'class="rows__name">' not in client.get(f"{_members(project)}?q=example.com").content.decode()


def test_the_field_that_was_refused_has_the_focus(at: Client, project: Project) -> None:
    page = at.post(_members(project), {"do": "add", "person": "nobody", "role": "viewer"}).content.decode()
    field = re.search('<input[^>]+id="person"[^>]*>', page)
    assert field is not None
    assert "autofocus" in field[0]
