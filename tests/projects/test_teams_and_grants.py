"""A person's role is the highest of their own and their teams'; a token and a share link never give more."""

import uuid
from typing import Any, cast

import pytest
from django.contrib.auth.models import User
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from projects.grants import Grant
from projects.models import (
    Flow,
    Membership,
    Node,
    Operators,
    Project,
    Role,
    Team,
    TeamAccess,
    TeamMembership,
    TeamRole,
    WidgetPage,
)
from projects.permissions import (
    RANKED,
    VERBS,
    Verb,
    can,
    may_operate,
    people_of,
    projects_of,
    require,
    role_in,
    roles_in,
    teams_of,
)
from projects.visitor import Visitor
from tests.projects.world import add, edit

pytestmark = pytest.mark.both_databases

VERBS_OF_PROJECTS: list[Verb] = ["view", "control", "edit", "code", "manage"]
roles = st.sampled_from([None, *RANKED])
in_teams = st.lists(st.tuples(st.booleans(), roles), max_size=4)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(own=roles, teams=in_teams)
def test_the_role_is_the_highest_of_all(
    project: Project, owner: User, own: Role | None, teams: list[tuple[bool, Role | None]]
) -> None:
    person = User.objects.create_user(f"somebody-{uuid.uuid4()}")
    if own:
        Membership.objects.create(user=person, project=project, role=own)
    for is_in, role in teams:
        team = Team.objects.create(name="Team")
        if is_in:
            TeamMembership.objects.create(team=team, user=person)
        if role:
            TeamAccess.objects.create(team=team, project=project, role=role)
    given = [role for role in [own, *(role for is_in, role in teams if is_in)] if role is not None]
    expected = max(given, key=RANKED.index) if given else None
    assert role_in(person, project.pk) == expected
    assert roles_in([person.pk, owner.pk], [project.pk]).get((person.pk, project.pk)) == expected
    allowed = VERBS[expected] if expected else frozenset()
    assert {verb for verb in VERBS_OF_PROJECTS if can(person, verb, project)} == allowed
    assert list(projects_of(person)) == ([project] if given else [])
    assert (person in people_of(project)) == bool(given)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    role=roles,
    scopes=st.frozensets(st.sampled_from(VERBS_OF_PROJECTS)),
    reach=st.sampled_from(["all", "this", "another"]),
)
def test_a_token_never_gives_more_than_its_person_has(
    project: Project, role: Role | None, scopes: frozenset[str], reach: str
) -> None:
    person = User.objects.create_user(f"somebody-{uuid.uuid4()}")
    if role:
        Membership.objects.create(user=person, project=project, role=role)
    within = {"all": None, "this": frozenset({project.pk}), "another": frozenset({uuid.uuid4()})}[reach]
    cast("Any", person).grant = Grant(scopes, within)
    reaches = scopes | ({"view"} if scopes else set()) if reach != "another" else set()
    allowed = (VERBS[role] if role else frozenset()) & reaches
    assert {verb for verb in VERBS_OF_PROJECTS if can(person, verb, project)} == allowed
    assert can(person, "create_project", None) == (reach == "all" and "manage" in scopes)
    assert projects_of(person).exists() == (role is not None and reach != "another")


def test_an_operator_operates_pages_that_are_for_who_may_control(project: Project) -> None:
    person = User.objects.create_user("operator")
    Membership.objects.create(user=person, project=project, role=Role.OPERATOR)
    page = WidgetPage(project=project, operators=Operators.EDITORS)
    assert may_operate(person, page)
    page.operators = Operators.NOBODY
    assert not may_operate(person, page)


def test_a_token_that_only_looks_presses_nothing_on_a_page_for_everyone(owner: User, project: Project) -> None:
    page = WidgetPage(project=project, operators=Operators.EVERYONE)
    assert may_operate(owner, page)
    cast("Any", owner).grant = Grant(frozenset({"view"}))
    assert not may_operate(owner, page)


def test_a_visitor_sees_what_the_link_shows_and_nothing_beside(
    owner: User, project: Project, flow: Flow, other_flow: Flow
) -> None:
    edit(owner, flow, add("aaaaaaaaaaaa"))
    edit(owner, other_flow, add("bbbbbbbbbbbb"))
    page = WidgetPage.objects.create(project=project, name="Floor", operators=Operators.EVERYONE)
    of_flow = Visitor(uuid.uuid4(), project.pk, flow=flow.pk)
    of_page = Visitor(uuid.uuid4(), project.pk, page=page.pk)
    inside, outside = Node.objects.get(pk="aaaaaaaaaaaa"), Node.objects.get(pk="bbbbbbbbbbbb")
    assert [can(of_flow, "view", thing) for thing in (flow, inside, other_flow, outside, page, project)] == [
        True, True, False, False, False, False,
    ]  # fmt: skip
    assert [can(of_page, "view", thing) for thing in (page, flow, inside, project)] == [True, False, False, False]
    for verb in ("control", "edit", "manage"):
        assert not any(can(of_flow, cast("Verb", verb), thing) for thing in (flow, inside, project))
    assert not may_operate(of_page, page)
    assert not projects_of(of_flow).exists()
    assert not teams_of(of_flow).exists()


@pytest.mark.parametrize(
    ("place", "allowed"), [(TeamRole.MANAGER, {"view", "manage"}), (TeamRole.MEMBER, {"view"}), (None, set())]
)
def test_a_team_is_known_to_its_members(db: None, place: TeamRole | None, allowed: set[str]) -> None:
    person, team = User.objects.create_user("somebody"), Team.objects.create(name="Line 4")
    if place:
        TeamMembership.objects.create(team=team, user=person, role=place)
    assert {verb for verb in VERBS_OF_PROJECTS if can(person, verb, team)} == allowed
    assert teams_of(person).exists() == bool(place)


def test_a_question_costs_one_query_with_teams_too(project: Project, django_assert_num_queries: Any) -> None:
    person, team = User.objects.create_user("somebody"), Team.objects.create(name="Line 4")
    TeamMembership.objects.create(team=team, user=person)
    TeamAccess.objects.create(team=team, project=project, role=Role.EDITOR)
    with django_assert_num_queries(1):
        require(person, "edit", project)
