"""What a share link shows, and to whom: whoever has its address (ADR 75), while who made it may still make one
(ADR 123)."""

import hashlib
import uuid
from collections.abc import Iterable

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from projects.asking import came_by
from projects.models import Membership, Role, ShareLink, TeamAccess
from projects.prepared import Prepared
from projects.visitor import Visitor

SHARE_HEADER = "X-Weirflow-Share"
"""Carries the token of the link that a page was opened by."""

_by_hash = Prepared(lambda token_hash: upheld_links().filter(token_hash=token_hash))


def upheld_links() -> QuerySet[ShareLink]:
    """Those whose maker owns the project now, by themselves or by a team. Whose maker does not any more shows nothing:
    its address is known to somebody who was to lose sight of the project."""
    return ShareLink.objects.filter(is_upheld())


def is_upheld() -> Q:
    """The same, of a link in a query."""
    own = Membership.objects.filter(project=OuterRef("project"), user=OuterRef("created_by"), role=Role.OWNER)
    by_team = TeamAccess.objects.filter(
        project=OuterRef("project"), team__memberships__user=OuterRef("created_by"), role=Role.OWNER
    )
    return Q(created_by__is_active=True) & (Q(Exists(own)) | Q(Exists(by_team)))


def hash_of(token: str) -> str:
    """A plain hash will do: the token has 256 random bits."""
    return hashlib.sha256(token.encode()).hexdigest()


def visitor_with(token: str) -> Visitor | None:
    """Who comes with this token; None where it is none, is revoked, is upheld by nobody, or its time is over."""
    link = _by_hash.first(hash_of(token))
    if link is None or link.expires <= timezone.now():
        return None
    came_by("link", None, str(link.pk))
    return _visitor(link)


def visitors_by(links: Iterable[uuid.UUID]) -> dict[uuid.UUID, Visitor]:
    """Who still comes by these links, by the link's id."""
    living = upheld_links().filter(pk__in=list(links), expires__gt=timezone.now())
    return {link.pk: _visitor(link) for link in living}


def _visitor(link: ShareLink) -> Visitor:
    return Visitor(link.pk, link.project_id, flow=link.flow_id, page=link.page_id)
