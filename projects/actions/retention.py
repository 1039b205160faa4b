"""For how long the audit is kept, and trimming what is older (ADR 80)."""

import uuid
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from projects.append_only import FLOOR_DAYS
from projects.audit import Subject, audit
from projects.errors import ProjectError
from projects.models import AuditEntry, AuditRetention, AuditTrim, Project
from projects.models.audit import INSTALLATION
from projects.permissions import Person, require
from projects.record.readers import require_all

DEFAULT_DAYS = 365
MAX_DAYS = 3_650
PIECE = 1_000
"""Entries deleted in one transaction: others write in between."""
MAX_PIECES = 50
"""Of one run; the next one goes on."""


def days_of(project: Project | None) -> int:
    """For how many days entries of the project are kept; of None: all that belongs to no project, or to one without a
    retention of its own."""
    known = dict(AuditRetention.objects.filter(project__in=_keys(project)).values_list("project", "days"))
    general = known.get(INSTALLATION, DEFAULT_DAYS)
    return min(known.get(project.pk, general), general) if project is not None else general


@transaction.atomic
def do_set_retention(person: Person, project: Project | None, days: int) -> None:
    """Sets it for one project, which an owner of it does and may only shorten, or for the installation, which its
    owner does. Raises ProjectError."""
    if project is None:
        require_all(person)
    else:
        require(person, "manage", project)
    most = MAX_DAYS if project is None else days_of(None)
    if not FLOOR_DAYS <= days <= most:
        raise ProjectError("bad_retention", f"The audit is kept for {FLOOR_DAYS} to {most} days.", field="/days")
    before = days_of(project)
    key = project.pk if project is not None else INSTALLATION
    AuditRetention.objects.update_or_create(project=key, defaults={"days": days})
    thing = project if project is not None else Subject("installation", name="installation")
    audit(person, "audit.retain", thing, before={"days": before}, after={"days": days})


def trim_audit() -> int:
    """Deletes entries that are older than they are kept, in pieces. Returns how many; for a chore, which runs again."""
    general, now, trimmed = days_of(None), timezone.now(), 0
    own = dict(AuditRetention.objects.exclude(project=INSTALLATION).values_list("project", "days"))
    bounds: list[tuple[uuid.UUID | None, int]] = [(key, days) for key, days in own.items() if days < general]
    for project, days in [*bounds, (None, general)]:
        before = now - timedelta(days=max(days, FLOOR_DAYS))
        while trimmed < MAX_PIECES * PIECE:
            count = _trim(project, before)
            trimmed += count
            if count < PIECE:
                break
    return trimmed


@transaction.atomic
def _trim(project: uuid.UUID | None, before: datetime) -> int:
    # By id, as they were made: that index leads to the oldest of one project, and one of times does not.
    oldest = AuditEntry.objects.all() if project is None else AuditEntry.objects.filter(project=project)
    ids = [pk for pk, at in oldest.order_by("pk").values_list("pk", "at")[:PIECE] if at < before]
    if ids:
        gate = AuditTrim.objects.create(before=before)
        AuditEntry.objects.filter(pk__in=ids)._raw_delete(using=gate._state.db)
        gate.delete()
    return len(ids)


def _keys(project: Project | None) -> list[uuid.UUID]:
    return [INSTALLATION] if project is None else [INSTALLATION, project.pk]
