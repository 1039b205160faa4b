"""An entry as it is shown and exported."""

from collections.abc import Collection
from typing import Any

from projects.models import AuditEntry, Project

COLUMNS = (
    "id",
    "at",
    "person",
    "person_name",
    "way",
    "credential",
    "address",
    "request_id",
    "action",
    "kind",
    "object_id",
    "object_name",
    "project",
    "flow",
    "before",
    "after",
)


def as_row(entry: AuditEntry) -> dict[str, Any]:
    """All that is known, as JSON has it; times in UTC."""
    row = {name: getattr(entry, name) for name in COLUMNS}
    row["at"] = entry.at.isoformat().replace("+00:00", "Z")
    row["project"] = str(entry.project) if entry.project else None
    row["flow"] = str(entry.flow) if entry.flow else None
    return row


def project_names(entries: Collection[AuditEntry]) -> dict[Any, str]:
    """Names of the projects that the entries are of and that are still there."""
    ids = {entry.project for entry in entries if entry.project is not None}
    return dict(Project.objects.filter(pk__in=ids).values_list("pk", "name")) if ids else {}
