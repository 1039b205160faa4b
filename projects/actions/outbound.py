"""What the flows of a project may call."""

from collections.abc import Sequence

from django.db import transaction

from projects.actions.told import tell_project
from projects.audit import audit
from projects.models import Project
from projects.outbound import checked_entries, outbound_of
from projects.permissions import Person, require


@transaction.atomic
def do_set_outbound(person: Person, project: Project, allow: Sequence[str], *, only: bool) -> Project:
    """Put another list into force; with `only` nothing else is reached, be it on the internet. Module hosts follow as
    soon as it is on the cluster."""
    locked = Project.objects.select_for_update().filter(pk=project.pk).first()
    require(person, "manage", locked)
    assert locked is not None
    before, after = outbound_of(locked), {"allow": checked_entries(list(allow)), "only": only}
    if after == before:
        return locked
    locked.outbound = after
    locked.rev += 1
    locked.desired_rev, locked.dirty = locked.rev, True
    locked.save(update_fields=["outbound", "rev", "desired_rev", "dirty"])
    audit(person, "project.outbound", locked, before=before, after=after)
    tell_project(locked.id)
    return locked
