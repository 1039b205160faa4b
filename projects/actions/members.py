"""Who has which role in a project, each by themselves; what teams have is in `team_access`."""

from django.contrib.auth.models import User
from django.db import transaction

from projects.actions.told import tell_access
from projects.actions.turns import wait_for_turn
from projects.audit import audit
from projects.errors import ProjectError
from projects.models import Membership, Project, Role, TeamAccess
from projects.permissions import Person, highest, require

MAX_MEMBERS_PER_PROJECT = 500


@transaction.atomic
def do_add_member(person: Person, project: Project, user: User, role: Role) -> Membership:
    """Gives `user` a role of their own in the project. Raises ProjectError: they have one already, or too many have."""
    locked = locked_to_manage(person, project)
    if locked.memberships.filter(user=user).exists():
        message = f"{user.get_username()} is a member of this project already: change the role instead."
        raise ProjectError("already_member", message, 409, field="/person")
    membership = give_role(locked, user, role)
    audit(person, "member.add", user, project=locked, after={"role": membership.role})
    return membership


@transaction.atomic
def do_set_role(person: Person, project: Project, user: User, role: Role) -> Membership:
    """Gives a member another role. Refused (409) where the project would be left without an owner."""
    wait_for_turn()
    locked = locked_to_manage(person, project)
    membership = _membership(locked, user)
    before, membership.role = membership.role, Role(role)
    if before == membership.role:
        return membership
    membership.save(update_fields=["role"])
    check_owned(locked)
    audit(person, "member.change", user, project=locked, before={"role": before}, after={"role": membership.role})
    tell_access(user.pk, locked.pk)
    return membership


@transaction.atomic
def do_remove_member(person: Person, project: Project, user: User) -> None:
    """Takes the member's own role away; what a team gives them stays. Everybody may go by themselves. Refused (409)
    where the project would be left without an owner."""
    wait_for_turn()
    locked = Project.objects.select_for_update().filter(pk=project.pk).first()
    require(person, "view" if person == user else "manage", locked)
    assert locked is not None
    membership = _membership(locked, user)
    membership.delete()
    if membership.role == Role.OWNER:
        # Who was none may go, too, where the owner's account has been closed.
        check_owned(locked)
    audit(person, "member.remove", user, project=locked, before={"role": membership.role})
    tell_access(user.pk, locked.pk)


def give_role(project: Project, user: User, role: Role) -> Membership:
    """For actions that have asked whether it may be, under the project's lock: at least this role, never a lower one
    than there was."""
    assert transaction.get_connection().in_atomic_block
    if not user.is_active:
        raise ProjectError("inactive", f"The account of {user.get_username()} is closed.", 409, field="/person")
    membership = project.memberships.filter(user=user).first()
    if membership is None:
        if project.memberships.count() >= MAX_MEMBERS_PER_PROJECT:
            message = f"A project has at most {MAX_MEMBERS_PER_PROJECT} members of its own: share it with a team."
            raise ProjectError("too_many_members", message)
        membership = Membership(project=project, user=user, role=Role(role))
    membership.role = highest([Role(membership.role), Role(role)]) or membership.role
    membership.save()
    tell_access(user.pk, project.pk)
    return membership


def locked_to_manage(person: Person, project: Project) -> Project:
    """The project under its lock, for somebody who may say who its members are."""
    locked = Project.objects.select_for_update().filter(pk=project.pk).first()
    require(person, "manage", locked)
    assert locked is not None
    return locked


def check_owned(project: Project) -> None:
    """Raises ProjectError unless somebody owns the project: a person, or somebody by their team."""
    people = project.memberships.filter(role=Role.OWNER, user__is_active=True)
    teams = TeamAccess.objects.filter(project=project, role=Role.OWNER, team__memberships__user__is_active=True)
    if not people.exists() and not teams.exists():
        message = f"Nobody would own {project.name} any more: make somebody else, or a team, owner first."
        raise ProjectError("last_owner", message, 409, field="/role")


def _membership(project: Project, user: User) -> Membership:
    membership = project.memberships.filter(user=user).first()
    if membership is None:
        message = f"{user.get_username()} has no role of their own in this project: it comes from a team, or is gone."
        raise ProjectError("not_a_member", message, 409, field="/person")
    return membership
