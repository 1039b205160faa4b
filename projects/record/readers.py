"""Who may read what of the audit: owners of a project all of theirs, the owner of the installation everything."""

from django.contrib.auth.models import User

from projects.errors import ProjectError
from projects.grants import grant_of
from projects.permissions import Person


def may_read_all(person: Person) -> bool:
    """Whether it is the owner of this installation, and not a token of theirs that is for less."""
    if not isinstance(person, User) or not person.is_active or not person.is_superuser:
        return False
    grant = grant_of(person)
    return grant is None or grant.allows("manage", None)


def require_all(person: Person) -> None:
    """Raises 404 for everybody else: that there is such a page is nobody's business."""
    if not may_read_all(person):
        raise ProjectError("not_found", "There is nothing here, or it is not shared with you.", 404)
