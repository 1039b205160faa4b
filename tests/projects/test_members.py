"""Members, teams and share links of a project: who is given what, and what is left when it is taken away."""

import contextlib
import re
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import TestCase
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from projects import actions, signals
from projects.actions.members import check_owned, give_role
from projects.errors import ProjectError
from projects.models import AuditEntry, Flow, Membership, Project, Role, ShareLink, Team, TeamAccess, TeamRole
from projects.permissions import RANKED, can, role_in
from projects.share_links import visitor_with, visitors_by


def _refused(attempt: Any, *args: Any) -> str:
    with pytest.raises(ProjectError) as refused:
        attempt(*args)
    return refused.value.code


@pytest.fixture
def newcomer(db: None) -> User:
    return User.objects.create_user("newcomer", email="newcomer@example.com")


@pytest.fixture
def team(owner: User) -> Team:
    return actions.do_create_team(owner, "Night shift")


def _told(attempt: Any, *args: Any) -> list[int]:
    """Ids of the people who may do more or less than they could, as the other rooms are told of them."""
    heard: list[int] = []

    def hear(*, user_id: int, **_: Any) -> None:
        heard.append(user_id)

    signals.access_changed.connect(hear)
    try:
        with TestCase.captureOnCommitCallbacks(execute=True):
            attempt(*args)
    finally:
        signals.access_changed.disconnect(hear)
    return sorted(heard)


def test_a_member_is_added_once_and_the_record_says_so(owner: User, project: Project, newcomer: User) -> None:
    actions.do_add_member(owner, project, newcomer, Role.OPERATOR)
    assert role_in(newcomer, project.pk) == Role.OPERATOR
    assert _refused(actions.do_add_member, owner, project, newcomer, Role.EDITOR) == "already_member"
    entry = AuditEntry.objects.get(action="member.add")
    assert (entry.person, entry.object_name, entry.after) == (owner.pk, "newcomer", {"role": "operator"})
    assert entry.project == project.pk


def test_a_role_that_is_given_by_an_invitation_never_lowers_one(owner: User, project: Project, colleague: User) -> None:
    assert give_role(project, colleague, Role.VIEWER).role == Role.EDITOR
    assert give_role(project, colleague, Role.OWNER).role == Role.OWNER


def test_the_last_owner_stays(owner: User, project: Project, colleague: User) -> None:
    assert _refused(actions.do_remove_member, owner, project, owner) == "last_owner"
    assert _refused(actions.do_set_role, owner, project, owner, Role.EDITOR) == "last_owner"
    assert role_in(owner, project.pk) == Role.OWNER
    actions.do_set_role(owner, project, colleague, Role.OWNER)
    actions.do_remove_member(owner, project, owner)
    assert not can(owner, "view", project)


def test_a_closed_account_owns_nothing(owner: User, project: Project, colleague: User) -> None:
    actions.do_set_role(owner, project, colleague, Role.OWNER)
    User.objects.filter(pk=colleague.pk).update(is_active=False)
    assert _refused(actions.do_remove_member, owner, project, owner) == "last_owner"


def test_a_team_may_own_a_project_alone(owner: User, project: Project, newcomer: User, team: Team) -> None:
    actions.do_add_to_team(owner, team, newcomer)
    actions.do_share_with_team(owner, project, team, Role.OWNER)
    actions.do_remove_member(owner, project, owner)
    assert role_in(newcomer, project.pk) == Role.OWNER
    assert _refused(actions.do_share_with_team, owner, project, team, Role.EDITOR) == "last_owner"
    assert _refused(actions.do_unshare_with_team, owner, project, team) == "last_owner"
    assert _refused(actions.do_delete_team, owner, team) == "last_owner"
    assert TeamAccess.objects.get(project=project).role == Role.OWNER


def test_everybody_may_go_by_themselves(
    owner: User, project: Project, viewer: User, newcomer: User, team: Team
) -> None:
    actions.do_remove_member(viewer, project, viewer)
    assert role_in(viewer, project.pk) is None
    actions.do_add_to_team(owner, team, newcomer)
    actions.do_remove_from_team(newcomer, team, newcomer)
    assert not can(newcomer, "view", team)


def test_who_owns_nothing_may_go_after_the_owners_account_was_closed(
    owner: User, project: Project, colleague: User, newcomer: User, team: Team
) -> None:
    actions.do_add_to_team(owner, team, newcomer)
    User.objects.filter(pk=owner.pk).update(is_active=False)
    actions.do_remove_member(colleague, project, colleague)
    assert role_in(colleague, project.pk) is None
    actions.do_remove_from_team(newcomer, team, newcomer)
    assert not can(newcomer, "view", team)


def test_the_last_of_a_team_that_owns_a_project_stays(
    owner: User, project: Project, newcomer: User, team: Team
) -> None:
    actions.do_add_to_team(owner, team, newcomer)
    actions.do_share_with_team(owner, project, team, Role.OWNER)
    User.objects.filter(pk=owner.pk).update(is_active=False)
    assert _refused(actions.do_remove_from_team, newcomer, team, newcomer) == "last_owner"
    assert role_in(newcomer, project.pk) == Role.OWNER


def test_a_project_is_shared_with_teams_that_one_is_in(owner: User, project: Project, newcomer: User) -> None:
    theirs = actions.do_create_team(newcomer, "Others")
    assert _refused(actions.do_share_with_team, owner, project, theirs, Role.EDITOR) == "not_found"


def test_the_last_manager_of_a_team_stays(owner: User, newcomer: User, team: Team) -> None:
    actions.do_add_to_team(owner, team, newcomer)
    assert _refused(actions.do_remove_from_team, owner, team, owner) == "last_manager"
    assert _refused(actions.do_set_team_role, owner, team, owner, TeamRole.MEMBER) == "last_manager"
    actions.do_set_team_role(owner, team, newcomer, TeamRole.MANAGER)
    actions.do_remove_from_team(owner, team, owner)


def test_who_leaves_a_team_has_what_is_their_own(owner: User, project: Project, viewer: User, team: Team) -> None:
    actions.do_add_to_team(owner, team, viewer)
    actions.do_share_with_team(owner, project, team, Role.EDITOR)
    assert role_in(viewer, project.pk) == Role.EDITOR
    actions.do_remove_from_team(owner, team, viewer)
    assert role_in(viewer, project.pk) == Role.VIEWER


def test_all_whom_it_concerns_are_told(owner: User, project: Project, viewer: User, newcomer: User, team: Team) -> None:
    assert _told(actions.do_add_to_team, owner, team, newcomer) == [newcomer.pk]
    assert _told(actions.do_share_with_team, owner, project, team, Role.VIEWER) == [owner.pk, newcomer.pk]
    assert _told(actions.do_set_role, owner, project, viewer, Role.OPERATOR) == [viewer.pk]
    assert _told(actions.do_set_role, owner, project, viewer, Role.OPERATOR) == []
    assert _told(actions.do_remove_member, owner, project, viewer) == [viewer.pk]
    assert _told(actions.do_delete_team, owner, team) == [owner.pk, newcomer.pk]


def test_a_share_link_shows_one_thing_until_it_ends(owner: User, project: Project, flow: Flow) -> None:
    link, token = actions.do_create_share_link(owner, flow, 7)
    visitor = visitor_with(token)
    assert visitor is not None
    assert can(visitor, "view", flow)
    assert not can(visitor, "view", project)
    assert visitors_by([link.pk]) == {link.pk: visitor}
    assert visitor_with(token + "x") is None
    assert token not in str(vars(ShareLink.objects.get()))
    ShareLink.objects.update(expires=timezone.now() - timedelta(seconds=1))
    assert visitor_with(token) is None
    assert visitors_by([link.pk]) == {}


def test_a_share_link_that_is_revoked_is_gone(owner: User, project: Project, flow: Flow) -> None:
    link, token = actions.do_create_share_link(owner, flow, 7)
    actions.do_revoke_share_link(owner, project, link.pk)
    assert visitor_with(token) is None
    assert _refused(actions.do_revoke_share_link, owner, project, link.pk) == "not_found"
    assert [entry.action for entry in AuditEntry.objects.filter(action__startswith="share_link").order_by("pk")] == [
        "share_link.create",
        "share_link.revoke",
    ]
    assert token not in re.sub(r"\s", "", str(list(AuditEntry.objects.values())))


def test_a_share_link_shows_nothing_while_who_made_it_could_not_make_one(
    owner: User, project: Project, flow: Flow, colleague: User, team: Team
) -> None:
    actions.do_set_role(owner, project, colleague, Role.OWNER)
    link, token = actions.do_create_share_link(colleague, flow, 7)

    def shows() -> bool:
        assert (visitor_with(token) is None) == (visitors_by([link.pk]) == {})
        return visitor_with(token) is not None

    actions.do_set_role(owner, project, colleague, Role.EDITOR)
    assert not shows()
    actions.do_add_to_team(owner, team, colleague)
    actions.do_share_with_team(owner, project, team, Role.OWNER)
    assert shows()
    actions.do_remove_from_team(owner, team, colleague)
    assert not shows()
    actions.do_set_role(owner, project, colleague, Role.OWNER)
    assert shows()
    User.objects.filter(pk=colleague.pk).update(is_active=False)
    assert not shows()
    actions.do_revoke_share_link(owner, project, link.pk)


@pytest.mark.parametrize("days", [0, 366, -1])
def test_a_share_link_has_an_end(owner: User, flow: Flow, days: int) -> None:
    assert _refused(actions.do_create_share_link, owner, flow, days) == "bad_expiry"


def test_a_deleted_project_leaves_no_rows_of_who_could_see_it(
    owner: User, project: Project, flow: Flow, team: Team
) -> None:
    actions.do_share_with_team(owner, project, team, Role.EDITOR)
    actions.do_create_share_link(owner, flow, 7)
    actions.do_delete_project(owner, project)
    assert not Membership.objects.exists()
    assert not TeamAccess.objects.exists()
    assert not ShareLink.objects.exists()
    assert Team.objects.exists()


moves = st.lists(
    st.tuples(
        st.sampled_from(["add", "set", "remove", "share", "unshare", "join", "leave", "delete team"]),
        st.integers(0, 2),
        st.integers(0, 2),
        st.sampled_from(RANKED),
    ),
    max_size=12,
)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(moves=moves)
def test_a_project_has_an_owner_whatever_its_owners_do(db: None, moves: list[tuple[str, int, int, Role]]) -> None:
    User.objects.all().delete()
    people = [User.objects.create_user(f"person {number}") for number in range(3)]
    project = actions.do_create_project(people[0], "Plant")
    teams = [actions.do_create_team(people[0], f"team {number}") for number in range(3)]
    for team in teams:
        actions.do_add_to_team(people[0], team, people[1])
        actions.do_set_team_role(people[0], team, people[1], TeamRole.MANAGER)
    for move, one, other, role in moves:
        owner = next(person for person in people if can(person, "manage", project))
        with contextlib.suppress(ProjectError):
            _make(move, owner, people[1], project, people[one], teams[other], role)
        check_owned(project)
        assert any(can(person, "manage", project) for person in people)


def _make(move: str, owner: User, manager: User, project: Project, user: User, team: Team, role: Role) -> None:
    match move:
        case "add":
            actions.do_add_member(owner, project, user, role)
        case "set":
            actions.do_set_role(owner, project, user, role)
        case "remove":
            actions.do_remove_member(owner, project, user)
        case "share":
            actions.do_share_with_team(owner, project, team, role)
        case "unshare":
            actions.do_unshare_with_team(owner, project, team)
        case "join":
            actions.do_add_to_team(manager, team, user)
        case "leave":
            actions.do_remove_from_team(manager, team, user)
        case "delete team":
            actions.do_delete_team(manager, team)
