"""Entries of the audit as its pages show them."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from projects.models import AuditEntry, Flow
from projects.record.phrases import Piece, phrase
from projects.record.rows import project_names

WAYS = {"session": "signed in", "token": "by API token", "link": "by share link", "system": "on the machine itself"}


@dataclass(frozen=True, slots=True)
class Shown:
    """One entry: what was done as pieces of a sentence, and the details below it."""

    entry: AuditEntry
    who: str
    pieces: list[Piece]
    project: str
    way: str
    before: str
    after: str


def shown(entries: Sequence[AuditEntry]) -> list[Shown]:
    """Two queries, however many entries."""
    flows = _flow_names({entry.flow for entry in entries if entry.flow is not None})
    projects = project_names(entries)
    return [
        Shown(
            entry=entry,
            who=_who(entry),
            pieces=phrase(entry.action, entry.object_name, entry.before, entry.after, _flow(entry, flows)),
            project=projects.get(entry.project, ""),
            way=WAYS.get(entry.way, entry.way),
            before=_written(entry.before),
            after=_written(entry.after),
        )
        for entry in entries
    ]


def _who(entry: AuditEntry) -> str:
    return entry.person_name or ("The system" if entry.way == "system" else "Somebody")


def _flow(entry: AuditEntry, flows: dict[uuid.UUID, str]) -> str:
    known = flows.get(entry.flow, "") if entry.flow is not None else ""
    return known or (entry.object_name if entry.kind == "flow" and entry.action in ("flow.change", "flow.undo") else "")


def _flow_names(ids: set[uuid.UUID]) -> dict[uuid.UUID, str]:
    return dict(Flow.objects.filter(pk__in=ids).values_list("pk", "name")) if ids else {}


def _written(value: Any) -> str:
    """A line for each field."""
    if value is None:
        return ""
    if not isinstance(value, dict):
        return _compact(value)
    return "\n".join(f"{name}: {item if isinstance(item, str) else _compact(item)}" for name, item in value.items())


def _compact(value: Any) -> str:
    return orjson.dumps(value).decode()
