"""Invite somebody to a project or a team, take it back, accept it."""

import math
import uuid
from datetime import timedelta

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from projects.accounts.invitations import hash_of, new_token, open_invitation, open_invitations, thing_of
from projects.actions.accounts import checked_address, do_create_account, free_address
from projects.actions.members import give_role
from projects.actions.teams import take_in
from projects.audit import audit
from projects.audit_sign_in import Refusals
from projects.errors import ProjectError
from projects.limits import knock
from projects.models import Invitation, Project, Role, Team, TeamRole
from projects.permissions import Person, can, require

MAX_OPEN = 100
MAX_DAYS = 30
TOO_OFTEN = "invitations_too_often"
SPENT = "This invitation was accepted or taken back, or its time is over: ask for another."

_refusals = Refusals()
"""Of one person's refusals a minute the first are recorded: who tries on and on must not fill the record."""


def do_invite(
    person: Person, thing: Project | Team, role: str, days: int = 7, email: str = ""
) -> tuple[Invitation, str]:
    """An invitation with that role, and the token of its link, which is known only now. Raises ProjectError 429 with
    `retry_after` where the person has sent too many, or too many were sent for the project or team: they may go to
    strangers by mail."""
    try:
        with transaction.atomic():
            return _invite(person, thing, role, days, email)
    except ProjectError as refused:
        if refused.code == TOO_OFTEN and _refusals.recorded(f"user {person.pk}"):
            audit(person, "invitation.refuse", thing)
        raise


def _invite(person: Person, thing: Project | Team, role: str, days: int, email: str) -> tuple[Invitation, str]:
    locked = _locked(thing)
    require(person, "manage", locked)
    assert isinstance(person, User)
    assert locked is not None
    roles = Role if isinstance(locked, Project) else TeamRole
    if role not in roles.values:
        raise ProjectError("unknown_role", f"There is no role {role[:20]!r}: {', '.join(roles.values)}.", field="/role")
    if not 1 <= days <= MAX_DAYS:
        raise ProjectError("bad_expiry", f"An invitation is good for 1 to {MAX_DAYS} days.", field="/days")
    where = {"project": locked} if isinstance(locked, Project) else {"team": locked}
    if open_invitations().filter(**where).count() >= MAX_OPEN:
        message = f"{MAX_OPEN} invitations are open, which is the limit: take some back first."
        raise ProjectError("too_many_invitations", message)
    address = checked_address(email)
    # Last, so that what is refused for something else does not count.
    _count(person, locked)
    token = new_token()
    invitation = Invitation.objects.create(
        role=role,
        email=address,
        token_hash=hash_of(token),
        invited_by=person,
        expires=timezone.now() + timedelta(days=days),
        **where,
    )
    audit(person, "invitation.send", locked, after={"role": role, "to": invitation.email, "days": days})
    return invitation, token


@transaction.atomic
def do_revoke_invitation(person: Person, invitation_id: uuid.UUID) -> Project | Team:
    """The link leads nowhere any more; who has accepted stays. Returns where it led."""
    invitation = Invitation.objects.select_related("project", "team").filter(pk=invitation_id).first()
    thing = thing_of(invitation) if invitation is not None else None
    require(person, "manage", thing)
    assert invitation is not None
    assert thing is not None
    if invitation.accepted is None:
        audit(person, "invitation.revoke", thing, before={"role": invitation.role, "to": invitation.email})
        invitation.delete()
    return thing


@transaction.atomic
def do_accept_invitation(person: User, token: str) -> Project | Team:
    """The person has the role from now on. Raises ProjectError 410 where the link is spent, or who sent it may not
    invite any more."""
    invitation = open_invitation(token)
    thing = _locked(thing_of(invitation)) if invitation is not None else None
    if invitation is None or thing is None or not can(invitation.invited_by, "manage", thing):
        raise ProjectError("invitation_spent", SPENT, 410)
    # One UPDATE decides, so that of two requests at the same moment one wins.
    mine = open_invitations().filter(pk=invitation.pk)
    if not mine.update(accepted=timezone.now(), accepted_by=person):
        raise ProjectError("invitation_spent", SPENT, 410)
    if isinstance(thing, Project):
        give_role(thing, person, Role(invitation.role))
    else:
        take_in(thing, person, TeamRole(invitation.role))
    audit(person, "invitation.accept", thing, after={"role": invitation.role, "by": invitation.invited_by.username})
    return thing


@transaction.atomic
def do_join_with_new_account(token: str, name: str, password: str) -> tuple[User, Project | Team]:
    """A new person who has accepted the invitation, and to what. Without a good one no account is made."""
    invitation = open_invitation(token)
    if invitation is None:
        raise ProjectError("invitation_spent", SPENT, 410)
    person = do_create_account(name, password, free_address(invitation.email))
    return person, do_accept_invitation(person, token)


def _count(person: User, thing: Project | Team) -> None:
    whose = f"{'project' if isinstance(thing, Project) else 'team'} {thing.pk}"
    for who, by in ((f"user {person.pk}", "You have"), (whose, f"{thing.name} has")):
        if (wait := knock("invitation", who)) > 0:
            again = timezone.localtime(timezone.now() + timedelta(seconds=wait))
            minutes = math.ceil(wait / 60)
            unit = "minutes" if minutes > 1 else "minute"
            message = f"{by} sent many invitations: the next one can be sent in {minutes} {unit}, at {again:%H:%M}."
            raise ProjectError(TOO_OFTEN, message, 429, retry_after=wait)


def _locked(thing: Project | Team) -> Project | Team | None:
    if isinstance(thing, Project):
        return Project.objects.select_for_update().filter(pk=thing.pk).first()
    return Team.objects.select_for_update().filter(pk=thing.pk).first()
