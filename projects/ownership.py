"""What would be nobody's: projects without an owner, and what stands or falls with one person."""

from django.contrib.auth.models import User
from django.db.models import Exists, OuterRef, Q, QuerySet

from projects.models import Membership, Project, Role, Team, TeamAccess, TeamMembership, TeamRole


def ownerless() -> QuerySet[Project]:
    """Projects that nobody owns whose account is open, neither by themselves nor by a team."""
    return Project.objects.filter(~Exists(_owners()), ~Exists(_owners_by_team()))


def owned_by_none_but(user: User) -> QuerySet[Project]:
    """Projects that would be ownerless without this person."""
    own = Membership.objects.filter(user=user, role=Role.OWNER).values("project_id")
    by_team = TeamAccess.objects.filter(team__memberships__user=user, role=Role.OWNER).values("project_id")
    return Project.objects.filter(
        Q(pk__in=own) | Q(pk__in=by_team),
        ~Exists(_owners().exclude(user=user)),
        ~Exists(_owners_by_team().exclude(user=user)),
    )


def managed_by_none_but(user: User) -> QuerySet[Team]:
    """Teams with others in them that nobody would manage without this person."""
    others = TeamMembership.objects.filter(team=OuterRef("pk"), user__is_active=True).exclude(user=user)
    managed = TeamMembership.objects.filter(user=user, role=TeamRole.MANAGER).values("team_id")
    return Team.objects.filter(Exists(others), ~Exists(others.filter(role=TeamRole.MANAGER)), pk__in=managed)


def _owners() -> QuerySet[Membership]:
    return Membership.objects.filter(project=OuterRef("pk"), role=Role.OWNER, user__is_active=True)


def _owners_by_team() -> QuerySet[TeamMembership]:
    return TeamMembership.objects.filter(
        team__access__project=OuterRef("pk"), team__access__role=Role.OWNER, user__is_active=True
    )
