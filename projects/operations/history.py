"""What the change log says about who did what."""

from collections.abc import Collection
from typing import Any

from projects.errors import ProjectError
from projects.models import Change, Flow
from projects.operations.documents import Path

_WORDS = {"node": "node", "edge": "wire", "group": "group", "note": "note"}
_LOOKED_AT = 500


def missing(flow: Flow, kind: str, thing_id: str, index: int | None) -> ProjectError:
    """The error for a node, edge, group or note that is not there: 409 naming who deleted it, 404 when nobody on record
    did.

    Reads the log backwards, at most 500 changes: an error may cost more than an edit.
    """
    changes = Change.objects.filter(flow=flow).select_related("actor").order_by("-rev")[:_LOOKED_AT]
    for change in changes.iterator(chunk_size=50):
        if (was := _deleted_in(change, kind, thing_id)) is not None:
            by = actor_name(change)
            when = change.created.strftime("%Y-%m-%d %H:%M:%S UTC")
            what = _called(kind, was)
            message = f"{by} deleted {what} at {when}. Undo that deletion to go on with it."
            code = f"{kind}_deleted"
            return ProjectError(
                code, message, 409, op=index, field="/id", by=by, change=change.follows or change.rev, thing=thing_id
            )
    message = f"There is no {_WORDS[kind]} {thing_id} in this flow: reload it."
    return ProjectError(f"unknown_{kind}", message, 404, op=index, field="/id", thing=thing_id)


def _deleted_in(change: Change, kind: str, thing_id: str) -> dict[str, Any] | None:
    """What the thing was when this change deleted it; None when it did not."""
    deletion = {"op": f"delete_{kind}", "id": thing_id}
    if deletion not in change.ops:
        return None
    was: dict[str, Any] = change.before[change.ops.index(deletion)].get(kind, {})
    return was


def _called(kind: str, was: dict[str, Any]) -> str:
    """By what people know it."""
    match kind:
        case "node":
            name = was.get("label") or was.get("component")
        case "edge":
            name = f"from {was['source_port']} to {was['target_port']}" if "source_port" in was else ""
        case _:
            name = was.get("name")
    return f"the {_WORDS[kind]} {name}" if name else f"this {_WORDS[kind]}"


def last_states_on_record(flow: Flow, ids: Collection[str]) -> dict[str, dict[str, str]]:
    """The states, by resource name, that nodes of these ids had when they were last deleted from this flow.

    A node that was cut out and pasted again goes on where it was. Reads the log backwards, as `missing` does.
    """
    found: dict[str, dict[str, str]] = {}
    left = set(ids)
    for change in Change.objects.filter(flow=flow).order_by("-rev")[:_LOOKED_AT].iterator(chunk_size=50):
        for op, was in zip(change.ops, change.before, strict=True):
            if op["op"] == "delete_node" and op["id"] in left:
                left.discard(op["id"])
                if was["last_state"]:
                    found[was["node"]["name"]] = was["last_state"]
        if not left:
            break
    return found


def actor_name(change: Change | None) -> str:
    return change.actor.get_username() if change and change.actor else "a former member"


def author_of(flow: Flow, rev: int) -> Change | None:
    """The change with that revision, with its actor; None when it was trimmed."""
    return Change.objects.filter(project_id=flow.project_id, rev=rev).select_related("actor").first()


def check_list_unmoved(flow: Flow, base_rev: int, node_id: str, path: Path, index: int) -> None:
    """Refuses an edit of a list item when someone moved the items since the person last saw them.

    An index says which item only together with the list it was read from; fields of objects have no such trouble.
    """
    positions = [at for at, step in enumerate(path) if isinstance(step, int)]
    if not positions or base_rev >= flow.rev:
        return
    for change in Change.objects.filter(flow=flow, rev__gt=base_rev).select_related("actor").order_by("-rev"):
        for op in change.ops:
            if op["op"] == "set_setting" and op["id"] == node_id:
                changed = op["path"]
                if len(changed) <= positions[-1] and list(path[: len(changed)]) == changed:
                    by = actor_name(change)
                    message = f"{by} changed this list meanwhile: look at it and make your edit again."
                    raise ProjectError("list_changed", message, 409, op=index, field="/path", by=by, change=change.rev)
