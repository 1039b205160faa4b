"""Who of a project may write code."""

from django.db import transaction

from projects.actions.told import tell_project
from projects.audit import audit
from projects.models import Project
from projects.permissions import Person, require


@transaction.atomic
def do_set_code_right(person: Person, project: Project, *, owners_only: bool) -> Project:
    """Leaves writing code to owners, or lets editors too. Code that stands there stays and runs on."""
    locked = Project.objects.select_for_update().filter(pk=project.pk).first()
    require(person, "manage", locked)
    assert locked is not None
    if locked.code_for_owners == owners_only:
        return locked
    locked.code_for_owners = owners_only
    locked.save(update_fields=["code_for_owners"])
    audit(person, "project.code", locked, before={"owners": not owners_only}, after={"owners": owners_only})
    tell_project(locked.id)
    return locked
