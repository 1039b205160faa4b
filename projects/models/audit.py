"""The record of what people did. Rows are added and, once they are old enough, trimmed; never changed."""

import uuid
from typing import Any, NoReturn

from django.db import models
from django.utils import timezone

INSTALLATION = uuid.UUID(int=0)
"""Stands for all that has no retention of its own."""


class AppendOnlyError(TypeError):
    """Somebody wrote code that would change the record."""

    def __init__(self) -> None:
        super().__init__("The audit is append-only: add an entry, and leave removal to projects.actions.retention.")


class AuditQuerySet(models.QuerySet["AuditEntry"]):
    """Reads and adds."""

    def update(self, **_fields: Any) -> NoReturn:
        raise AppendOnlyError

    def delete(self) -> NoReturn:
        raise AppendOnlyError


class AuditEntry(models.Model):
    """One thing that somebody did.

    No foreign keys: an entry outlives the person and the thing it speaks of, and their names are those of that moment.
    The database refuses changes too (projects/append_only.py).
    """

    at = models.DateTimeField(default=timezone.now)
    person = models.BigIntegerField(null=True, default=None)
    """Id of who did it; None for visitors of a share link, failed sign-ins and the system."""
    person_name = models.CharField(max_length=150, blank=True, default="")
    way = models.CharField(max_length=8, default="system")
    """`projects.asking.Way`."""
    credential = models.CharField(max_length=64, blank=True, default="")
    address = models.CharField(max_length=45, blank=True, default="")
    request_id = models.CharField(max_length=64, blank=True, default="")
    action = models.CharField(max_length=40)
    """`<object>.<verb>`, such as `flow.rename`."""
    kind = models.CharField(max_length=20, blank=True, default="")
    object_id = models.CharField(max_length=64, blank=True, default="")
    object_name = models.CharField(max_length=150, blank=True, default="")
    project = models.UUIDField(null=True, default=None)
    flow = models.UUIDField(null=True, default=None)
    before = models.JSONField(null=True, default=None)
    after = models.JSONField(null=True, default=None)

    objects = AuditQuerySet.as_manager()

    class Meta:
        base_manager_name = "objects"
        # Keyset pages walk each of these backwards, newest first.
        indexes = [
            models.Index(fields=["project", "id"], name="audit_of_project"),
            models.Index(fields=["person", "id"], name="audit_of_person"),
            models.Index(fields=["action", "id"], name="audit_of_action"),
            models.Index(fields=["object_id", "id"], name="audit_of_object"),
            models.Index(fields=["at"], name="audit_at"),
        ]

    def __str__(self) -> str:
        return f"{self.person_name or 'somebody'}: {self.action} {self.object_name}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise AppendOnlyError
        super().save(*args, **{**kwargs, "force_insert": True})

    def delete(self, *_args: Any, **_kwargs: Any) -> NoReturn:
        raise AppendOnlyError


class AuditRetention(models.Model):
    """For how many days entries are kept: of one project, or of all others (`INSTALLATION`)."""

    project = models.UUIDField(primary_key=True)
    days = models.PositiveIntegerField()

    def __str__(self) -> str:
        return f"{self.days} days"


class AuditTrim(models.Model):
    """While a row stands here, within one transaction, entries older than `before` may be deleted."""

    before = models.DateTimeField()

    def __str__(self) -> str:
        return f"trimming before {self.before}"
