"""Create, rename and delete teams, and who is in them."""

from django.contrib.auth.models import User
from django.db import transaction

from projects.actions.members import check_owned
from projects.actions.told import tell_access, tell_access_of_team
from projects.actions.turns import wait_for_turn
from projects.audit import audit
from projects.errors import ProjectError
from projects.models import Project, Role, Team, TeamMembership, TeamRole
from projects.permissions import Person, require, teams_of
from projects.titles import checked_title

MAX_TEAMS_PER_PERSON = 100
MAX_MEMBERS_PER_TEAM = 500


@transaction.atomic
def do_create_team(person: Person, name: str) -> Team:
    """A new team, with `person` as its manager."""
    require(person, "create_team", None)
    assert isinstance(person, User)
    if teams_of(person).count() >= MAX_TEAMS_PER_PERSON:
        message = f"You are in {MAX_TEAMS_PER_PERSON} teams, which is the limit: leave one first."
        raise ProjectError("too_many_teams", message)
    team = Team.objects.create(name=checked_title(name))
    TeamMembership.objects.create(team=team, user=person, role=TeamRole.MANAGER)
    audit(person, "team.create", team)
    return team


@transaction.atomic
def do_rename_team(person: Person, team: Team, name: str) -> Team:
    locked = _locked(person, team)
    before, locked.name = locked.name, checked_title(name)
    locked.save(update_fields=["name"])
    audit(person, "team.rename", locked, before={"name": before}, after={"name": locked.name})
    return locked


@transaction.atomic
def do_delete_team(person: Person, team: Team) -> None:
    """Deletes the team; its members lose what they had by it. Refused (409) where a project would be left without an
    owner."""
    wait_for_turn()
    locked = _locked(person, team)
    projects = list(Project.objects.select_for_update().filter(team_access__team=locked).order_by("pk"))
    tell_access_of_team(locked, None)
    locked.access.all().delete()
    for project in projects:
        check_owned(project)
    audit(person, "team.delete", locked, before={"projects": [project.name for project in projects[:20]]})
    locked.delete()


@transaction.atomic
def do_add_to_team(person: Person, team: Team, user: User, role: TeamRole = TeamRole.MEMBER) -> TeamMembership:
    """Takes `user` in. Raises ProjectError: they are in already, or too many are."""
    locked = _locked(person, team)
    if locked.memberships.filter(user=user).exists():
        message = f"{user.get_username()} is in this team already."
        raise ProjectError("already_member", message, 409, field="/person")
    membership = take_in(locked, user, role)
    audit(person, "team_member.add", user, after={"team": locked.name, "role": membership.role})
    return membership


@transaction.atomic
def do_set_team_role(person: Person, team: Team, user: User, role: TeamRole) -> TeamMembership:
    """Makes a member a manager, or a manager a member. Refused (409) where nobody would manage the team."""
    wait_for_turn()
    locked = _locked(person, team)
    membership = _membership(locked, user)
    before, membership.role = membership.role, TeamRole(role)
    if before == membership.role:
        return membership
    membership.save(update_fields=["role"])
    _check_managed(locked)
    after = {"team": locked.name, "role": membership.role}
    audit(person, "team_member.change", user, before={"team": locked.name, "role": before}, after=after)
    return membership


@transaction.atomic
def do_remove_from_team(person: Person, team: Team, user: User) -> None:
    """Takes somebody out of the team, and with that what they had by it. Everybody may go by themselves. Refused (409)
    where nobody would manage the team, or own a project of it."""
    wait_for_turn()
    locked = Team.objects.select_for_update().filter(pk=team.pk).first()
    require(person, "view" if person == user else "manage", locked)
    assert locked is not None
    membership = _membership(locked, user)
    membership.delete()
    if membership.role == TeamRole.MANAGER:
        # Who was none may go, too, where the manager's account has been closed.
        _check_managed(locked)
    for access in locked.access.filter(role=Role.OWNER).select_related("project"):
        check_owned(access.project)
    audit(person, "team_member.remove", user, before={"team": locked.name})
    tell_access(user.pk, None)


def take_in(team: Team, user: User, role: TeamRole) -> TeamMembership:
    """For actions that have asked whether it may be, under the team's lock. Who is in already stays as they are."""
    assert transaction.get_connection().in_atomic_block
    if not user.is_active:
        raise ProjectError("inactive", f"The account of {user.get_username()} is closed.", 409, field="/person")
    found = team.memberships.filter(user=user).first()
    if found is not None:
        return found
    if team.memberships.count() >= MAX_MEMBERS_PER_TEAM:
        raise ProjectError("too_many_members", f"A team has at most {MAX_MEMBERS_PER_TEAM} members: make another one.")
    membership = TeamMembership.objects.create(team=team, user=user, role=TeamRole(role))
    tell_access(user.pk, None)
    return membership


def _locked(person: Person, team: Team) -> Team:
    locked = Team.objects.select_for_update().filter(pk=team.pk).first()
    require(person, "manage", locked)
    assert locked is not None
    return locked


def _check_managed(team: Team) -> None:
    if not team.memberships.filter(role=TeamRole.MANAGER, user__is_active=True).exists():
        message = f"Nobody would manage {team.name} any more: make somebody else manager, or delete the team."
        raise ProjectError("last_manager", message, 409, field="/role")


def _membership(team: Team, user: User) -> TeamMembership:
    membership = team.memberships.filter(user=user).first()
    if membership is None:
        raise ProjectError("not_a_member", f"{user.get_username()} is not in this team any more.", 409, field="/person")
    return membership
