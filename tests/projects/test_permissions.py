"""Who may see and do what, on every address there is."""

import re
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser, User
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from projects import actions
from projects.errors import ProjectError
from projects.models import Change, Flow, Membership, Project, Role
from projects.permissions import can, projects_of, require
from tests.projects.world import CATALOGUE, add, client_op, edit

pytestmark = pytest.mark.both_databases

OPEN = {
    "healthz", "readyz", "home", "sign_in", "sign_in_link", "password_reset", "address_confirm",
    "openid_connect_callback", "join", "shared_page", "sign_out", "set_theme", "project_list", "project_new",
}  # fmt: skip
"""Names of addresses that are the same for everybody, or for everybody signed in."""


def _patterns(resolver: URLResolver, before: str = "") -> Iterator[tuple[str, str]]:
    for entry in resolver.url_patterns:
        path = before + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from _patterns(entry, path)
        elif isinstance(entry, URLPattern):
            yield path, entry.name or ""


def _addresses(project: Project, flow: Flow, page: uuid.UUID) -> list[str]:
    """Every address that leads to something in the project, with real ids."""
    known = {"project": project.id, "project_id": project.id, "flow": flow.id, "flow_id": flow.id, "rev": 1}
    known |= {
        "page": page,
        "page_id": page,
        "edge": uuid.uuid4(),
        "scenario": uuid.uuid4(),
        "token_id": uuid.uuid4(),
        "invitation_id": uuid.uuid4(),
        "person_id": 1,
        "person": 1,
        "token": uuid.uuid4(),
        "team_id": uuid.uuid4(),
    }
    known |= {"thread": uuid.uuid4(), "comment": uuid.uuid4(), "test": uuid.uuid4(), "secret": uuid.uuid4()}
    found = []
    for path, name in _patterns(get_resolver()):
        # `<path:...>` catches what is no address.
        if name in OPEN or "<" not in path or "<path:" in path:
            continue
        filled = re.sub(r"<(?:\w+:)?(\w+)>", lambda match: str(known.get(match.group(1), "aaaaaaaaaaaa")), path)
        found.append("/" + filled)
    return found


def _page(page: uuid.UUID) -> dict[str, Any]:
    return {"op": "add_page", "id": str(page), "name": "Floor"}


@pytest.mark.django_db(transaction=True)
def test_every_address_tells_a_stranger_no_more_than_one_that_leads_nowhere(stranger: User, flow: Flow) -> None:
    """Committed rows: the API reads on a thread, and so a connection, of its own."""
    edit(flow.project.memberships.get().user, flow, add("aaaaaaaaaaaa"))
    client = Client()
    client.force_login(stranger)
    page = uuid.uuid4()
    actions.do_change_pages(flow.project.memberships.get().user, flow.project, [_page(page)], client_op())
    addresses = _addresses(flow.project, flow, page)
    assert len(addresses) >= 12
    for address in addresses:
        nowhere = address
        for known in (flow.id, flow.project_id, page):
            nowhere = nowhere.replace(str(known), str(uuid.uuid4()))
        for method in (client.get, client.post):
            here, there = (method(path, data={}, content_type="application/json") for path in (address, nowhere))
            assert here.status_code == there.status_code
            # The API may look at the form of a request before it looks for the flow.
            assert here.status_code in ((400, 404, 405, 422) if address.startswith("/api/") else (404, 405)), address
        nobody = Client().get(address)
        assert nobody.status_code in (302, 401, 405), address
        assert nobody.status_code != 302 or nobody.headers["Location"].startswith("/sign-in/")
    assert Flow.objects.filter(pk=flow.pk).exists()


ROLES: list[tuple[str | None, set[str]]] = [
    (Role.OWNER, {"view", "edit", "code", "control", "manage"}),
    (Role.EDITOR, {"view", "edit", "code", "control"}),
    (Role.OPERATOR, {"view", "control"}),
    (Role.VIEWER, {"view"}),
    (None, set()),
]


@pytest.mark.parametrize(("role", "allowed"), ROLES)
def test_roles(project: Project, flow: Flow, role: str | None, allowed: set[str]) -> None:
    person = User.objects.create_user("somebody")
    if role:
        Membership.objects.create(user=person, project=project, role=role)
    for thing in (project, flow):
        assert {verb for verb in ("view", "edit", "code", "control", "manage") if can(person, verb, thing)} == allowed
    assert list(projects_of(person)) == ([project] if role else [])
    User.objects.filter(pk=person.pk).update(is_active=False)
    person.refresh_from_db()
    assert not can(person, "view", project)
    assert not can(person, "create_project", None)


def test_nobody_may_do_anything(project: Project) -> None:
    assert not can(AnonymousUser(), "view", project)
    assert not can(AnonymousUser(), "create_project", None)
    assert not projects_of(AnonymousUser()).exists()


def _attempts(person: User, project: Project, flow: Flow, change: Change) -> list[tuple[str, Any]]:
    return [
        ("manage", lambda: actions.do_rename_project(person, project, "Mine")),
        ("manage", lambda: actions.do_delete_project(person, project)),
        ("edit", lambda: actions.do_create_flow(person, project, "Mine")),
        ("edit", lambda: actions.do_rename_flow(person, flow, "Mine")),
        ("edit", lambda: actions.do_delete_flow(person, flow)),
        ("edit", lambda: actions.do_undo(person, flow, change.rev, client_op())),
        ("edit", lambda: actions.do_change_pages(person, project, [_page(uuid.uuid4())], client_op())),
        ("edit", lambda: actions.do_undo_pages(person, project, 1, client_op())),
        (
            "edit",
            lambda: actions.do_apply_changes(person, flow, flow.rev, [add("b" * 12)], client_op(), CATALOGUE),
        ),
    ]


@pytest.mark.parametrize("who", ["viewer", "stranger"])
def test_actions_ask_too(request: pytest.FixtureRequest, owner: User, flow: Flow, who: str) -> None:
    person = request.getfixturevalue(who)
    change = edit(owner, flow, add("aaaaaaaaaaaa"))
    for _, attempt in _attempts(person, flow.project, flow, change):
        with pytest.raises(ProjectError) as refused:
            attempt()
        assert refused.value.status == (403 if who == "viewer" else 404)


def test_an_editor_does_not_manage(owner: User, colleague: User, flow: Flow) -> None:
    change = edit(owner, flow, add("aaaaaaaaaaaa"))
    for verb, attempt in _attempts(colleague, flow.project, flow, change)[:2]:
        assert verb == "manage"
        with pytest.raises(ProjectError) as refused:
            attempt()
        assert refused.value.status == 403


def test_a_right_that_was_taken_away_counts_at_once(owner: User, colleague: User, flow: Flow) -> None:
    edit(colleague, flow, add("aaaaaaaaaaaa"))
    Membership.objects.filter(user=colleague).delete()
    with pytest.raises(ProjectError) as refused:
        edit(colleague, flow, add("bbbbbbbbbbbb"))
    assert refused.value.status == 404


def test_a_question_costs_one_query(owner: User, flow: Flow, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(1):
        require(owner, "edit", flow)
