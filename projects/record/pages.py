"""Pages of the audit, newest first, by keyset: the tenth costs as much as the first."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from projects.models import AuditEntry
from projects.record.filters import Filters

PAGE = 50
MAX_PAGE = 1_000
LOOKED_AT = 20_000
"""Entries that one page looks through for those that fit: a search in millions goes on where the last one ended."""
_SLACK = 1_000
"""Ids follow times but for entries that were made at the same moment."""


@dataclass(frozen=True, slots=True)
class Found:
    """`older` continues below the last entry that was looked at; None: there is nothing more. `back_to` says how far it
    was looked where the page is not full for that reason."""

    entries: list[AuditEntry]
    older: int | None
    back_to: datetime | None = None


def find(filters: Filters, before: int | None = None, size: int = PAGE) -> Found:
    """At most `size` entries with an id below `before`. A constant number of queries, each on an index."""
    scope = _in_time(filters, _scope(filters, before))
    floor = _floor(filters, scope) if filters.selective else None
    if floor is not None:
        scope = scope.filter(pk__gte=floor)
    entries = list(filters.narrow(scope).order_by("-pk")[: size + 1])
    if len(entries) > size:
        return Found(entries[:size], entries[size - 1].pk)
    if floor is None:
        return Found(entries, None)
    last = AuditEntry.objects.filter(pk__gte=floor).order_by("pk").first()
    return Found(entries, floor, last.at if last is not None else None)


def _scope(filters: Filters, before: int | None) -> QuerySet[AuditEntry]:
    scope = AuditEntry.objects.all()
    if filters.project is not None:
        scope = scope.filter(project=filters.project)
    return scope if before is None else scope.filter(pk__lt=before)


def _in_time(filters: Filters, scope: QuerySet[AuditEntry]) -> QuerySet[AuditEntry]:
    """Bounds on ids, found by the index of times: what is older is walked past in one step."""
    timed = AuditEntry.objects.values_list("pk", flat=True)
    if filters.until is not None:
        last = timed.filter(at__lt=filters.until).order_by("-at").first()
        scope = scope.filter(pk__lte=last + _SLACK) if last is not None else scope.none()
    if filters.since is not None:
        first = timed.filter(at__gte=filters.since).order_by("at").first()
        scope = scope.filter(pk__gte=first - _SLACK) if first is not None else scope.none()
    return scope


def _floor(filters: Filters, scope: QuerySet[AuditEntry]) -> int | None:
    """The id of the last entry to look at; None where there are no more than may be looked at."""
    ids = scope.order_by("-pk").values_list("pk", flat=True)
    if filters.project is not None:
        return next(iter(ids[LOOKED_AT : LOOKED_AT + 1]), None)
    # Of all projects together ids have hardly a gap, and counting them would cost as much as looking.
    newest = ids.first()
    oldest = AuditEntry.objects.order_by("pk").values_list("pk", flat=True).first()
    if newest is None or oldest is None or newest - oldest < LOOKED_AT:
        return None
    return newest - LOOKED_AT
