"""Giving what would be nobody's to somebody. For the owner of the installation, who sees no project by that alone."""

from django.contrib.auth.models import User
from django.db import transaction

from projects.actions.members import give_role
from projects.actions.teams import take_in
from projects.audit import audit
from projects.errors import ProjectError
from projects.models import Project, Role, Team, TeamRole
from projects.ownership import managed_by_none_but, owned_by_none_but, ownerless
from projects.permissions import Person
from projects.record.readers import require_all

NAMED = 5
"""So many names stand in a message."""


@transaction.atomic
def do_give_owner(person: Person, project: Project, heir: User) -> None:
    """Makes `heir` owner of a project that has none. Refused (409) where it has one: then that one decides."""
    require_all(person)
    locked = Project.objects.select_for_update().filter(pk=project.pk).first()
    if locked is None:
        raise ProjectError("not_found", "There is no such project any more.", 404)
    if not ownerless().filter(pk=locked.pk).exists():
        raise ProjectError("has_owner", f"{locked.name} has an owner, who says who else is one.", 409)
    _make_owner(person, locked, heir)


def hand_over(person: Person, user: User, heir: User | None) -> None:
    """What stands with `user` alone goes to `heir`, before an account is closed. Raises ProjectError (409) where there
    is such a thing and nobody to have it. For actions that have asked, in their turn."""
    # By key, as others lock several of them.
    projects = list(owned_by_none_but(user).select_for_update().order_by("pk"))
    teams = list(managed_by_none_but(user).select_for_update().order_by("pk"))
    if not projects and not teams:
        return
    if heir is None:
        names = _listed([project.name for project in projects] + [f"the team {team.name}" for team in teams])
        message = (
            f"{names} would be nobody's without {user.get_username()}: say who is to have it, or let them make "
            "somebody else owner, or delete it, first."
        )
        raise ProjectError("last_owner", message, 409, field="/heir")
    if heir == user:
        raise ProjectError("last_owner", "Somebody else has to have it: this account is closed.", 409, field="/heir")
    for project in projects:
        _make_owner(person, project, heir)
    for team in teams:
        _make_manager(person, team, heir)


def _make_owner(person: Person, project: Project, heir: User) -> None:
    give_role(project, heir, Role.OWNER)
    audit(person, "member.add", heir, project=project, after={"role": Role.OWNER})


def _make_manager(person: Person, team: Team, heir: User) -> None:
    membership = take_in(team, heir, TeamRole.MANAGER)
    if membership.role != TeamRole.MANAGER:
        membership.role = TeamRole.MANAGER
        membership.save(update_fields=["role"])
    audit(person, "team_member.add", heir, after={"team": team.name, "role": TeamRole.MANAGER})


def _listed(names: list[str]) -> str:
    if len(names) > NAMED:
        return f"{', '.join(names[:NAMED])} and {len(names) - NAMED} more"
    return " and ".join(filter(None, [", ".join(names[:-1]), names[-1]]))
