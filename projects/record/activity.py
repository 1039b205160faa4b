"""What happened in a project, newest first, as sentences: many changes of one person in one flow are one of them."""

import uuid
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from projects.models import AuditEntry, Change, Flow, Node, Project
from projects.record.phrases import Piece, phrase, summed

READ = 120
"""Entries that are read for one page, however many sentences they make."""
SENTENCES = 30
TOGETHER = timedelta(minutes=10)
"""Changes that are no further apart are told as one."""
_MERGED = ("flow.change", "flow.undo", "page.change", "control.press", "signal.send", "state.edit", "comment.add")
_KEPT_APART = ("token.", "session.", "audit.", "signin_link.", "invitation.", "factor.", "password.")
"""Not for everybody who sees the project."""
_TOLD = ("invitation.accept",)
"""But this is: somebody new is among them, as the page of members says too."""


@dataclass(slots=True)
class Sentence:
    """`who` did what `pieces` say. `count` entries are told together, `since` the first of them."""

    who: str
    person: int | None
    action: str
    at: datetime
    since: datetime
    flow: uuid.UUID | None
    count: int = 1
    taken_back: bool = False
    """All of it has been undone."""
    pieces: list[tuple[Piece, str]] = field(default_factory=list)
    """Each with the address where the thing is found; empty where it is gone."""

    @property
    def text(self) -> str:
        return f"{self.who} {''.join(piece.text for piece, _ in self.pieces)}"


def activity(
    project: Project, before: int | None = None, flow: uuid.UUID | None = None
) -> tuple[list[Sentence], int | None]:
    """At most `SENTENCES` of them below the entry `before`, and where to go on; None at the end. Of one `flow` where it
    is given. Four queries, however much there is."""
    entries = AuditEntry.objects.filter(project=project.pk)
    if before is not None:
        entries = entries.filter(pk__lt=before)
    read = list(entries.order_by("-pk")[: READ + 1])
    groups: list[list[AuditEntry]] = []
    last = None
    for entry in read[:READ]:
        joined = _tells(entry, flow) and _join(groups, entry)
        if not joined and _tells(entry, flow):
            if len(groups) == SENTENCES:
                break
            groups.append([entry])
        last = entry.pk
    older = last if last is not None and last != read[-1].pk else None
    return _Told(project, groups).sentences(), older


def _tells(entry: AuditEntry, flow: uuid.UUID | None) -> bool:
    apart = entry.action.startswith(_KEPT_APART) and entry.action not in _TOLD
    return not apart and (flow is None or entry.flow == flow)


def _join(groups: list[list[AuditEntry]], entry: AuditEntry) -> bool:
    """Adds the entry to the sentence it continues; somebody else's in between do not part them. A new name is worth a
    sentence of its own."""
    if entry.action not in _MERGED or entry.before:
        return False
    for group in reversed(groups[-4:]):
        first = group[-1]
        alike = (first.action, first.person, first.person_name, first.flow) == (
            entry.action,
            entry.person,
            entry.person_name,
            entry.flow,
        )
        if alike and not first.before and first.at - entry.at <= TOGETHER and _same_thing(first, entry):
            group.append(entry)
            return True
    return False


def _same_thing(one: AuditEntry, other: AuditEntry) -> bool:
    if one.action == "comment.add":
        return one.object_name == other.object_name
    return one.object_id == other.object_id and (
        one.action.startswith(("flow.", "page."))
        or (one.after or {}).get("fields") == (other.after or {}).get("fields")
    )


class _Told:
    """What the sentences need to know beside the entries, read once for all of them."""

    def __init__(self, project: Project, groups: list[list[AuditEntry]]) -> None:
        self._project, self._groups = project, groups
        entries = [entry for group in groups for entry in group]
        self._flows = dict(
            Flow.objects.filter(project=project)
            .filter(pk__in={entry.flow for entry in entries if entry.flow is not None})
            .values_list("pk", "name")
        )
        revs = {_rev(entry) for entry in entries if entry.action == "flow.change"} - {None}
        undone = Change.objects.filter(project=project, rev__in=revs, undone_by__isnull=False)
        self._undone = set(undone.values_list("rev", flat=True))
        nodes = {str(pk) for entry in entries for pk, _ in ((entry.after or {}).get("nodes") or ())}
        nodes |= {entry.object_id for entry in entries if entry.kind == "node"}
        self._nodes = dict(Node.objects.filter(project=project, pk__in=nodes).values_list("pk", "flow_id"))

    def sentences(self) -> list[Sentence]:
        return [self._sentence(group) for group in self._groups]

    def _sentence(self, group: list[AuditEntry]) -> Sentence:
        newest, oldest = group[0], group[-1]
        flow = (self._flows.get(newest.flow) if newest.flow else None) or _name_then(newest)
        after: Any = newest.after
        if newest.action in ("flow.change", "flow.undo", "page.change"):
            after = summed([entry.after or {} for entry in group])
        elif newest.kind == "node":
            after = {**(newest.after or {}), "node": newest.object_id}
        before = newest.before if len(group) == 1 else None
        said = phrase(newest.action, newest.object_name, before, after, flow)
        if len(group) > 1 and not newest.action.startswith(("flow.", "page.")):
            said.append(Piece(f" {len(group)} times"))
        return Sentence(
            who=newest.person_name or ("The system" if newest.way == "system" else "Somebody"),
            person=newest.person,
            action=newest.action,
            at=newest.at,
            since=oldest.at,
            flow=newest.flow if newest.flow in self._flows else None,
            count=len(group),
            taken_back=newest.action == "flow.change" and all(_rev(entry) in self._undone for entry in group),
            pieces=[(piece, self._place(piece.place, newest.flow)) for piece in said],
        )

    def _place(self, place: str, flow: uuid.UUID | None) -> str:
        if not place or flow not in self._flows:
            return ""
        address = f"/projects/{self._project.pk}/flows/{flow}/"
        if place == "flow":
            return address
        return f"{address}?node={place}" if place in self._nodes else ""


def _rev(entry: AuditEntry) -> Any:
    return (entry.after or {}).get("rev")


def _name_then(entry: AuditEntry) -> str:
    """Of a flow that is gone."""
    return entry.object_name if entry.kind == "flow" and entry.action != "flow.delete" else ""
