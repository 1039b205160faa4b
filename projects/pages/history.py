"""What the change log knows of pages and widgets that are gone, and of who did what."""

from projects.errors import ProjectError
from projects.models import PageChange, Project

_LOOKED_AT = 200
"""The newest changes in which a deletion is looked for."""


def missing(project: Project, kind: str, row_id: str, index: int) -> ProjectError:
    """Why a page or widget is not there; names who deleted it where the log still knows."""
    newest = PageChange.objects.filter(project=project).select_related("actor").order_by("-rev")[:_LOOKED_AT]
    for change in newest:
        for op, before in zip(change.ops, change.before, strict=True):
            if _deleted(op, before, kind, row_id):
                by = change.actor_name
                message = f"{by} deleted this {kind}: undo that, or add it anew."
                return ProjectError(f"{kind}_deleted", message, 409, op=index, by=by)
    message = f"There is no such {kind} on this dashboard."
    return ProjectError(f"unknown_{kind}", message, 404, op=index, field="/id")


def _deleted(op: dict[str, object], before: dict[str, list[dict[str, object]]], kind: str, row_id: str) -> bool:
    if op["op"] == f"delete_{kind}" and op["id"] == row_id:
        return True
    gone_along = op["op"] == "delete_page" and kind == "widget"
    return gone_along and any(widget["id"] == row_id for widget in before["widgets"])


def author_since(project: Project, rev: int) -> int | None:
    """The id of who made a change; None when nobody is known."""
    return PageChange.objects.filter(project=project, rev=rev).values_list("actor_id", flat=True).first()
