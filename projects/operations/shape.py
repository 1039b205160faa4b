"""The operations of docs/protocols.md section 4, read from JSON."""

import json
import re
import uuid
from collections.abc import Sequence
from typing import Annotated, Any, Literal

import orjson
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from projects.errors import ProjectError
from projects.operations.limits import (
    MAX_BATCH_BYTES,
    MAX_COORDINATE,
    MAX_DEPTH,
    MAX_FRAME,
    MAX_GROUP_PORTS,
    MAX_MAPPING_BYTES,
    MAX_NOTE_TEXT,
    MAX_OPS,
    MAX_PATH_DEPTH,
    MAX_SCHEMAS_BYTES,
    MAX_SETTINGS_BYTES,
    MAX_WAIT_MS,
    MIN_FRAME,
)

NodeId = Annotated[str, Field(pattern=r"^[a-z][a-z0-9]{11}$")]
ResourcePart = Annotated[str, Field(pattern=r"^[a-z0-9]([a-z0-9._-]*[a-z0-9])?$", max_length=63)]
PortName = Annotated[str, Field(min_length=1, max_length=63)]
Coordinate = Annotated[int, Field(strict=True, ge=-MAX_COORDINATE, le=MAX_COORDINATE)]
Label = Annotated[str, Field(max_length=200)]
Comment = Annotated[str, Field(max_length=10_000)]
Colour = Literal["grey", "blue", "green", "amber", "red", "violet"]
Length = Annotated[int, Field(strict=True, ge=MIN_FRAME, le=MAX_FRAME)]
GroupPorts = Annotated[dict[Annotated[str, Field(max_length=90)], Label], Field(max_length=MAX_GROUP_PORTS)]
NoteText = Annotated[str, Field(max_length=MAX_NOTE_TEXT)]
Index = Annotated[int, Field(strict=True, ge=0, le=1_000_000)]
Key = Annotated[str, Field(min_length=1, max_length=256)]
Milliseconds = Annotated[int, Field(strict=True, ge=0, le=MAX_WAIT_MS)]


class _Op(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class AddNode(_Op):
    op: Literal["add_node"]
    id: NodeId
    module: ResourcePart
    component: ResourcePart
    x: Coordinate
    y: Coordinate
    label: Label = ""
    comment: Comment = ""
    group: uuid.UUID | None = None
    settings: dict[str, Any] = {}


class NodeFields(_Op):
    """`group` alone may be null: the node stands in none."""

    label: Label | None = None
    comment: Comment | None = None
    x: Coordinate | None = None
    y: Coordinate | None = None
    group: uuid.UUID | None = None


class SetNode(_Op):
    op: Literal["set_node"]
    id: NodeId
    fields: NodeFields


class SetSetting(_Op):
    """`value` absent (see `removes`) removes the field at `path`."""

    op: Literal["set_setting"]
    id: NodeId
    path: Annotated[list[Index | Key], Field(min_length=1, max_length=MAX_PATH_DEPTH)]
    value: Any = None

    @property
    def removes(self) -> bool:
        return "value" not in self.model_fields_set


class SetSchema(_Op):
    """Says what is in the definition `definition` (its identity) of the input or output `port`. `schema` absent: the
    component's own word counts again."""

    op: Literal["set_schema"]
    id: NodeId
    port: PortName
    definition: Annotated[str, Field(min_length=1, max_length=500)]
    said: Annotated[dict[str, Any] | None, Field(alias="schema")] = None


class DeleteNode(_Op):
    op: Literal["delete_node"]
    id: NodeId


class AddEdge(_Op):
    op: Literal["add_edge"]
    id: uuid.UUID
    source: NodeId
    source_port: PortName
    target: NodeId
    target_port: PortName
    mapping: dict[str, Any] = {}


class SetMapping(_Op):
    op: Literal["set_mapping"]
    id: uuid.UUID
    mapping: dict[str, Any]


class RetryPolicy(_Op):
    """How often a message is sent in all when its errors are retryable, and the pauses before that, under the names
    that TinyNodes have for it. Codes are those of errors after which there is no further attempt."""

    maxAttempts: Annotated[int, Field(strict=True, ge=1, le=10)] = 1
    initialDelayMs: Milliseconds = 1_000
    backoffCoefficient: Annotated[float, Field(ge=1, le=1_000, allow_inf_nan=False)] = 2.0
    maxDelayMs: Milliseconds = 30_000
    nonRetryableErrorCodes: Annotated[list[Key], Field(max_length=50)] = []


class SetDelivery(_Op):
    """How long an attempt to hand a message over may take, and how often it is made; null: as if nothing were said."""

    op: Literal["set_delivery"]
    id: uuid.UUID
    timeout_ms: Annotated[int, Field(strict=True, ge=1, le=MAX_WAIT_MS)] | None
    retry_policy: RetryPolicy | None


class DeleteEdge(_Op):
    op: Literal["delete_edge"]
    id: uuid.UUID


class AddGroup(_Op):
    op: Literal["add_group"]
    id: uuid.UUID
    name: Label = ""
    colour: Colour = "grey"
    collapsed: bool = False
    ports: GroupPorts = {}
    x: Coordinate
    y: Coordinate
    width: Length
    height: Length


class _FrameFields(_Op):
    colour: Colour | None = None
    x: Coordinate | None = None
    y: Coordinate | None = None
    width: Length | None = None
    height: Length | None = None


class GroupFields(_FrameFields):
    name: Label | None = None
    collapsed: bool | None = None
    ports: GroupPorts | None = None


class SetGroup(_Op):
    op: Literal["set_group"]
    id: uuid.UUID
    fields: GroupFields


class DeleteGroup(_Op):
    op: Literal["delete_group"]
    id: uuid.UUID


class AddNote(_Op):
    op: Literal["add_note"]
    id: uuid.UUID
    text: NoteText = ""
    colour: Colour = "amber"
    group: uuid.UUID | None = None
    x: Coordinate
    y: Coordinate
    width: Length
    height: Length


class NoteFields(_FrameFields):
    text: NoteText | None = None
    group: uuid.UUID | None = None


class SetNote(_Op):
    op: Literal["set_note"]
    id: uuid.UUID
    fields: NoteFields


class DeleteNote(_Op):
    op: Literal["delete_note"]
    id: uuid.UUID


class ShareNode(_Op):
    """Shows a node of this flow in another flow of the project; without a place, at the same as here."""

    op: Literal["share_node"]
    id: NodeId
    flow: uuid.UUID
    x: Coordinate | None = None
    y: Coordinate | None = None


class UnshareNode(_Op):
    """`wires`: also the wires that were drawn to it there."""

    op: Literal["unshare_node"]
    id: NodeId
    flow: uuid.UUID
    wires: bool = False


class MoveNode(_Op):
    """`keep`: it stays shown here. It does in any case where wires lead to what stays."""

    op: Literal["move_node"]
    id: NodeId
    flow: uuid.UUID
    keep: bool = False
    x: Coordinate | None = None
    y: Coordinate | None = None


class MoveGroup(_Op):
    """Nodes of the group that do not move in the same change stay, outside of it."""

    op: Literal["move_group"]
    id: uuid.UUID
    flow: uuid.UUID


Op = (
    AddNode
    | SetNode
    | SetSetting
    | SetSchema
    | DeleteNode
    | AddEdge
    | SetMapping
    | SetDelivery
    | DeleteEdge
    | AddGroup
    | SetGroup
    | DeleteGroup
    | AddNote
    | SetNote
    | DeleteNote
    | ShareNode
    | UnshareNode
    | MoveNode
    | MoveGroup
)
_NUL = re.compile(rb"(?<!\\)(?:\\\\)*\\u0000")
"""NUL as `json.dumps` writes it; after an even number of backslashes it is not the text of an escape."""
_reader: TypeAdapter[Op] = TypeAdapter(Annotated[Op, Field(discriminator="op")])


def read_ops(ops: Sequence[Any]) -> list[Op]:
    """Typed operations; ProjectError names the operation and the field of the first that cannot be understood."""
    if not ops:
        raise ProjectError("no_operations", "A change needs at least one operation.", 400)
    if len(ops) > MAX_OPS:
        raise ProjectError("too_many_operations", f"A change has at most {MAX_OPS} operations: send several.", 413)
    if sum(checked_size(op, "values of an operation", index) for index, op in enumerate(ops)) > MAX_BATCH_BYTES:
        message = f"A change has at most {MAX_BATCH_BYTES // 1024} KiB of operations: send several."
        raise ProjectError("change_too_large", message, 413)
    return [_read(index, raw) for index, raw in enumerate(ops)]


def _read(index: int, raw: Any) -> Op:
    try:
        op = _reader.validate_python(raw)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False, include_context=False)[0]
        # The discriminator's own tag is the first item of the location; it is no field of the operation.
        place = [str(item) for item in first["loc"][1:]]
        field = "/" + "/".join(item for item in place if item not in ("int", "str", "constrained-int"))
        raise ProjectError(
            "invalid_operation", f"Operation {index}: {first['msg']}.", 400, op=index, field=field
        ) from None
    if isinstance(op, SetNode | SetGroup | SetNote):
        given = op.fields.model_dump(exclude_unset=True)
        if not given or any(value is None for name, value in given.items() if name != "group"):
            message = f"Operation {index}: name at least one field, and give each a value."
            raise ProjectError("invalid_operation", message, 400, op=index, field="/fields")
    return op


def checked_size(value: Any, what: str, op: int | None = None) -> int:
    """Bytes of the value as JSON without blanks.

    Refuses what JSON, UTF-8 or PostgreSQL cannot hold (NaN, lone surrogates, NUL), and what could be stored but not be
    written out again: integers beyond 64 bits, and nesting near the depth at which encoders give up. One such value
    would make its flow unreadable and stop the push of its project.
    """
    try:
        text = orjson.dumps(value)
        if b"null" in text:
            # What is no number stands there as null.
            json.dumps(value, allow_nan=False)
    except (ValueError, TypeError, RecursionError) as error:
        raise ProjectError("not_json", f"The {what} cannot be stored as JSON: {error}.", 400, op=op) from None
    if b"\\u0000" in text and _NUL.search(text):
        raise ProjectError("not_json", f"The {what} hold a NUL character: remove it.", 400, op=op)
    if text.count(b"[") + text.count(b"{") > MAX_DEPTH and _deeper_than(value, MAX_DEPTH):
        message = f"The {what} are nested deeper than {MAX_DEPTH} levels: flatten them."
        raise ProjectError("not_json", message, 400, op=op)
    return len(text)


def _deeper_than(value: Any, levels: int) -> bool:
    layer = [value]
    for _ in range(levels + 1):
        inner = [item.values() if isinstance(item, dict) else item for item in layer if isinstance(item, dict | list)]
        if not inner:
            return False
        layer = [item for items in inner for item in items]
    return True


def check_settings_size(settings: Any, op: int | None) -> None:
    if checked_size(settings, "settings", op) > MAX_SETTINGS_BYTES:
        message = f"The settings of a node have at most {MAX_SETTINGS_BYTES // 1024} KiB: move large data elsewhere."
        raise ProjectError("settings_too_large", message, 413, op=op, field="/settings")


def check_schemas_size(schemas: Any, op: int | None) -> None:
    if checked_size(schemas, "schemas", op) > MAX_SCHEMAS_BYTES:
        message = f"The schemas people define on a node have at most {MAX_SCHEMAS_BYTES // 1024} KiB: say less of them."
        raise ProjectError("schema_too_large", message, 413, op=op, field="/schema")


def check_mapping_size(mapping: Any, op: int | None) -> None:
    if checked_size(mapping, "mapping", op) > MAX_MAPPING_BYTES:
        message = f"The mapping of a wire has at most {MAX_MAPPING_BYTES // 1024} KiB."
        raise ProjectError("mapping_too_large", message, 413, op=op, field="/mapping")
