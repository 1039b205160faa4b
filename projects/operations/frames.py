"""Groups and notes: rectangles that the two kinds of operations treat alike."""

import uuid
from typing import TYPE_CHECKING, Any, Literal

from projects.errors import ProjectError
from projects.models import Frame, Group, Note
from projects.operations.rows import Rows
from projects.operations.table import Table

if TYPE_CHECKING:
    from projects.operations.apply import Applier

Kind = Literal["group", "note"]
_MODELS: dict[Kind, type[Frame]] = {"group": Group, "note": Note}


def table(rows: Rows, kind: Kind) -> Table[Any]:
    """The rows of this kind that the change touches."""
    return rows.groups if kind == "group" else rows.notes


def frame(applier: "Applier", kind: Kind, frame_id: uuid.UUID, index: int | None) -> Frame:
    """The group or note; raises what `missing` makes when it is not there, or has left this flow with its change."""
    found: Frame | None = table(applier.rows, kind).rows.get(frame_id)
    if found is None or (index is not None and found.flow_id != applier.rows.flow.pk):
        raise applier.missing(kind, str(frame_id), index)
    return found


def group_with(applier: "Applier", group_id: uuid.UUID | None, index: int | None) -> Group | None:
    """The group that something is said to stand in, if any; raises when it is not there."""
    if group_id is None:
        return None
    found = frame(applier, "group", group_id, index)
    assert isinstance(found, Group)
    return found


def value(found: Frame, name: str) -> Any:
    """A field as operations have it."""
    if name != "group":
        return getattr(found, name)
    assert isinstance(found, Note)
    return str(found.group_id) if found.group_id else None


def add_frame(applier: "Applier", kind: Kind, row: dict[str, Any], index: int | None) -> None:
    """`row` is the operation's fields."""
    rows = applier.rows
    if row["id"] in table(rows, kind).rows:
        message = f"The id {row['id']} is taken: make a new one and send again."
        raise ProjectError("id_taken", message, 409, op=index, field="/id")
    inside = {"group": group_with(applier, row.get("group"), index)} if kind == "note" else {}
    made = _MODELS[kind](**{**row, **inside}, project=rows.project, flow=rows.flow, rev=rows.rev)
    table(rows, kind).add(made)
    told = {"group": value(made, "group")} if kind == "note" else {}
    applier.note({"op": f"add_{kind}", **row, "id": str(row["id"]), **told}, {})


def set_frame(applier: "Applier", kind: Kind, frame_id: uuid.UUID, fields: dict[str, Any], index: int | None) -> None:
    """Gives fields new values."""
    found = frame(applier, kind, frame_id, index)
    before = {name: value(found, name) for name in fields}
    for name, given in fields.items():
        setattr(found, name, group_with(applier, given, index) if name == "group" else given)
    found.rev = applier.rows.rev
    table(applier.rows, kind).touch(found, {*fields, "rev"})
    now = {name: value(found, name) for name in fields}
    applier.note({"op": f"set_{kind}", "id": str(frame_id), "fields": now}, {"fields": before})


def delete_frame(applier: "Applier", kind: Kind, frame_id: uuid.UUID, index: int | None) -> None:
    """The nodes and notes of a group stay, outside of it; that stands before the deletion, as operations of its own."""
    found = frame(applier, kind, frame_id, index)
    if kind == "group":
        for node in applier.rows.members(frame_id):
            applier.set_node(node.pk, {"group": None}, index)
        for note in applier.rows.notes_in(frame_id):
            set_frame(applier, "note", note.pk, {"group": None}, index)
    row = found.as_row()
    del row["rev"]
    table(applier.rows, kind).remove(found)
    applier.note({"op": f"delete_{kind}", "id": str(frame_id)}, {kind: row})
