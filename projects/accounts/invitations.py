"""The links of invitations: a random secret, signed, so that made-up ones do not even reach the database."""

import secrets
from datetime import timedelta

from django.core.signing import BadSignature, Signer
from django.db.models import QuerySet
from django.utils import timezone

from projects.models import Invitation, Project, Team
from projects.permissions import can
from projects.secrets_at_rest import digest

KEPT = timedelta(days=30)
"""How long an invitation that is over stays in its table."""

_signer = Signer(salt="weirflow.invitation")


def new_token() -> str:
    """The token of a link."""
    return _signer.sign(secrets.token_urlsafe(24))


def hash_of(token: str) -> str:
    """What is stored of it."""
    return digest(token)


def open_invitation(token: str) -> Invitation | None:
    """The invitation that the link is good for now; None for a link that is made up, spent, revoked or out of date,
    and where who sent it may not invite any more."""
    try:
        _signer.unsign(token)
    except BadSignature:
        return None
    found = open_invitations().select_related("project", "team", "invited_by").filter(token_hash=hash_of(token))
    invitation = found.first()
    return invitation if invitation is not None and is_upheld(invitation) else None


def open_invitations() -> QuerySet[Invitation]:
    return Invitation.objects.filter(accepted=None, expires__gt=timezone.now())


def is_upheld(invitation: Invitation) -> bool:
    """Whether who sent it may still say who is in the project or team."""
    return can(invitation.invited_by, "manage", thing_of(invitation))


def thing_of(invitation: Invitation) -> Project | Team:
    """Where it leads."""
    thing = invitation.project or invitation.team
    assert thing is not None
    return thing


def forget_old() -> None:
    """Delete what has been over for long."""
    Invitation.objects.filter(expires__lt=timezone.now() - KEPT).delete()
