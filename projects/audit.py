"""`audit`: what every action calls, inside its transaction, for the record of who did what."""

import uuid
from dataclasses import dataclass
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections
from django.utils import timezone

from projects.asking import asking
from projects.audit_values import bounded
from projects.models.audit import AuditEntry
from projects.models.flow import Flow
from projects.models.project import Project


@dataclass(frozen=True, slots=True)
class Subject:
    """Something an entry speaks of that has no row of its own."""

    kind: str
    id: str = ""
    name: str = ""
    project_id: uuid.UUID | None = None
    flow_id: uuid.UUID | None = None


def audit(
    person: Any, action: str, thing: Any, *, project: Project | None = None, before: Any = None, after: Any = None
) -> None:
    """Adds one entry to the record, in the caller's transaction: what is rolled back has not happened.

    `person` is a User, a Visitor, or None for the system and for somebody who could not prove who they are. `action`
    reads `<object>.<verb>`. `thing` is a row or a `Subject`; its project is found by itself where it has one. `before`
    and `after` are small JSON values: texts under telling names are left out and what is over 4 KiB is cut, but secrets
    must not come here at all. Who asks, by what way and from where, comes from `projects.asking`.
    """
    asks = asking()
    _add(
        {
            "at": timezone.now(),
            "person": getattr(person, "pk", None),
            "person_name": _name(person)[:150],
            "way": asks.way,
            "credential": asks.credential,
            "address": asks.address,
            "request_id": asks.request_id,
            "action": action,
            "before": bounded(before),
            "after": bounded(after),
            **_subject(thing, project),
        }
    )


_FIELDS = [field for field in AuditEntry._meta.local_concrete_fields if not field.primary_key]
_COLUMNS = ", ".join(f'"{field.column}"' for field in _FIELDS)
_PLACES = ", ".join("%s" for _ in _FIELDS)
_INSERT = f"INSERT INTO {AuditEntry._meta.db_table} ({_COLUMNS}) VALUES ({_PLACES})"  # noqa: S608


def _add(values: dict[str, Any]) -> None:
    """Every edit comes here, and a row saved by Django costs five times as much."""
    connection = connections[DEFAULT_DB_ALIAS]
    row = [field.get_db_prep_save(values[field.attname], connection=connection) for field in _FIELDS]
    with connection.cursor() as cursor:
        cursor.execute(_INSERT, row)


def _subject(thing: Any, project: Project | None) -> dict[str, Any]:
    if not isinstance(thing, Subject):
        thing = _as_subject(thing)
    return {
        "kind": thing.kind,
        "object_id": thing.id[:64],
        "object_name": thing.name[:150],
        "project": project.pk if project is not None else thing.project_id,
        "flow": thing.flow_id,
    }


def _as_subject(thing: Any) -> Subject:
    if thing is None:
        return Subject("")
    return Subject(
        kind=str(thing._meta.model_name)[:20],
        id=str(thing.pk),
        name=_name(thing),
        project_id=thing.pk if isinstance(thing, Project) else getattr(thing, "project_id", None),
        flow_id=thing.pk if isinstance(thing, Flow) else getattr(thing, "flow_id", None),
    )


def _name(thing: Any) -> str:
    """By what people know it. Never `str(thing)`: that may read other rows, or say more than a name."""
    if hasattr(thing, "get_username"):
        return str(thing.get_username())
    for field in ("title", "label", "component", "name"):
        if text := getattr(thing, field, ""):
            return str(text)
    return ""
