"""Which teams have which role in a project."""

from django.db import transaction

from projects.actions.members import check_owned, locked_to_manage
from projects.actions.told import tell_access_of_team
from projects.actions.turns import wait_for_turn
from projects.audit import audit
from projects.errors import ProjectError
from projects.models import Project, Role, Team, TeamAccess
from projects.permissions import Person, require

MAX_TEAMS_PER_PROJECT = 100


@transaction.atomic
def do_share_with_team(person: Person, project: Project, team: Team, role: Role) -> TeamAccess:
    """Gives a team that `person` is in a role in the project, or another one than it had. Refused (409) where the
    project would be left without an owner."""
    wait_for_turn()
    locked = locked_to_manage(person, project)
    access = TeamAccess.objects.filter(project=locked, team=team).first()
    before = access.role if access is not None else None
    if access is None:
        # Who is in no team of that name learns nothing of it; what has been shared with it may be changed by all.
        require(person, "view", team)
        if locked.team_access.count() >= MAX_TEAMS_PER_PROJECT:
            message = f"A project is shared with at most {MAX_TEAMS_PER_PROJECT} teams: take one away first."
            raise ProjectError("too_many_teams", message)
        access = TeamAccess(project=locked, team=team)
    access.role = Role(role)
    if before == access.role:
        return access
    access.save()
    check_owned(locked)
    action = "team_access.give" if before is None else "team_access.change"
    audit(person, action, team, project=locked, before=before and {"role": before}, after={"role": access.role})
    tell_access_of_team(team, locked.pk)
    return access


@transaction.atomic
def do_unshare_with_team(person: Person, project: Project, team: Team) -> None:
    """Takes the team's role in the project away; members with a role of their own keep that. Refused (409) where the
    project would be left without an owner."""
    wait_for_turn()
    locked = locked_to_manage(person, project)
    access = TeamAccess.objects.filter(project=locked, team=team).first()
    if access is None:
        raise ProjectError("not_shared", "The project is not shared with this team any more.", 409, field="/team")
    access.delete()
    check_owned(locked)
    audit(person, "team_access.withdraw", team, project=locked, before={"role": access.role})
    tell_access_of_team(team, locked.pk)
