"""What one can go back to: named versions, and between them the points that the change log still reaches."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from projects.models import Change, Flow, Snapshot, Version

MAX_POINTS = 100
"""In one answer; `before` asks for older ones."""
LOOKED_AT = 500
"""Changes at a time."""
TOGETHER = timedelta(minutes=10)
"""Changes of one person that follow each other closer than this are one point."""

_FIELDS = ("rev", "actor_id", "actor__username", "created")


def versions_of(flow: Flow) -> list[dict[str, Any]]:
    """The rows of the named versions, newest state first."""
    versions = Version.objects.filter(flow=flow).select_related("snapshot", "author").defer("snapshot__document")
    return [version.as_row() for version in versions.order_by("-snapshot__rev", "-created")]


def points_of(flow: Flow, before: int | None = None) -> tuple[list[dict[str, Any]], bool]:
    """Points of the log, newest first, and whether there are older ones. `{ref, rev, by, at, since, changes}`: as the
    flow was after the last of some changes that one person made in a row. A named version ends a row."""
    reach = _reach(flow)
    if reach is None:
        return [], False
    changes = Change.objects.filter(flow=flow, rev__gte=reach).order_by("-rev")
    if before is not None:
        changes = changes.filter(rev__lt=before)
    seen = list(changes.values_list(*_FIELDS)[: LOOKED_AT + 1])
    named = set(Version.objects.filter(flow=flow).values_list("snapshot__rev", flat=True))
    points = list(_rows(seen[:LOOKED_AT], named))
    more = len(seen) > LOOKED_AT or len(points) > MAX_POINTS
    if len(seen) > LOOKED_AT and len(points) > 1:
        # The last one may go on further back: it comes whole with the older ones.
        points.pop()
    return [_as_point(rows) for rows in points[:MAX_POINTS]], more


Seen = tuple[int, int | None, str | None, datetime]


def _rows(seen: list[Seen], named: set[int]) -> Iterator[list[Seen]]:
    rows: list[Seen] = []
    for one in seen:
        if rows and (one[1] != rows[-1][1] or rows[-1][3] - one[3] > TOGETHER or one[0] in named):
            yield rows
            rows = []
        rows.append(one)
    if rows:
        yield rows


def _as_point(rows: list[Seen]) -> dict[str, Any]:
    rev, person, name, at = rows[0]
    return {
        "ref": f"r{rev}",
        "rev": rev,
        "from": rows[-1][0],
        "by": {"id": person, "name": name or "a former member"},
        "at": at.isoformat(),
        "since": rows[-1][3].isoformat(),
        "changes": len(rows),
    }


def _reach(flow: Flow) -> int | None:
    """The oldest revision from which the log can be replayed; None where it cannot."""
    first = Change.objects.filter(flow=flow).order_by("rev").values_list("prev_rev", flat=True).first()
    snapshots = Snapshot.objects.filter(flow=flow, rev__gte=first or 0).order_by("rev")
    return snapshots.values_list("rev", flat=True).first() if first is not None else None
