"""The operations on pages (docs/protocols.md section 4), read from JSON."""

import uuid
from collections.abc import Sequence
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError, model_validator

from projects.errors import ProjectError
from projects.operations.shape import NodeId, checked_size
from projects.pages.limits import (
    COLUMNS,
    MAX_BATCH_BYTES,
    MAX_HEIGHT,
    MAX_OPS,
    MAX_PATCH_BYTES,
    MAX_PATCHES,
    MAX_ROW,
)

Column = Annotated[int, Field(strict=True, ge=0, lt=COLUMNS)]
Row = Annotated[int, Field(strict=True, ge=0, le=MAX_ROW)]
Width = Annotated[int, Field(strict=True, ge=1, le=COLUMNS)]
Height = Annotated[int, Field(strict=True, ge=1, le=MAX_HEIGHT)]
Position = Annotated[int, Field(strict=True, ge=-1_000_000, le=1_000_000)]
Title = Annotated[str, Field(max_length=100)]
WhoOperates = Literal["nobody", "editors", "everyone"]


class _Op(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Patch(_Op):
    """One operation of a JSON Patch. `test`, `move` and `copy` have no use here."""

    op: Literal["add", "replace", "remove"]
    path: Annotated[str, Field(max_length=512, pattern="^(/[^\x00]*)$")]
    value: Any = None


SchemaPatch = Annotated[list[Patch], Field(max_length=MAX_PATCHES)]


class AddPage(_Op):
    op: Literal["add_page"]
    id: uuid.UUID
    name: str
    operators: WhoOperates = "editors"
    position: Position | None = None
    """Absent: behind all others."""


class PageFields(_Op):
    name: str | None = None
    operators: WhoOperates | None = None
    position: Position | None = None


class SetPage(_Op):
    op: Literal["set_page"]
    id: uuid.UUID
    fields: PageFields


class DeletePage(_Op):
    op: Literal["delete_page"]
    id: uuid.UUID


class AddWidget(_Op):
    op: Literal["add_widget"]
    id: uuid.UUID
    page: uuid.UUID
    node: NodeId
    title: Title = ""
    x: Column
    y: Row
    w: Width
    h: Height
    schema_patch: SchemaPatch = []

    @model_validator(mode="after")
    def _fits(self) -> "AddWidget":
        if self.x + self.w > COLUMNS:
            raise ValueError(f"a page has {COLUMNS} columns: x and w together are more")
        return self


class WidgetFields(_Op):
    title: Title | None = None
    x: Column | None = None
    y: Row | None = None
    w: Width | None = None
    h: Height | None = None
    schema_patch: SchemaPatch | None = None


class SetWidget(_Op):
    op: Literal["set_widget"]
    id: uuid.UUID
    fields: WidgetFields


class DeleteWidget(_Op):
    op: Literal["delete_widget"]
    id: uuid.UUID


PageOp = AddPage | SetPage | DeletePage | AddWidget | SetWidget | DeleteWidget
_OP: TypeAdapter[PageOp] = TypeAdapter(Annotated[PageOp, Field(discriminator="op")])


def read_page_ops(ops: Sequence[Any]) -> list[PageOp]:
    """The operations of one batch. Raises ProjectError naming the first that cannot be read."""
    if not 0 < len(ops) <= MAX_OPS:
        raise ProjectError("invalid_request", f"A change has 1 to {MAX_OPS} operations.", 400, field="/ops")
    if checked_size(list(ops), "operations") > MAX_BATCH_BYTES:
        message = f"A change of pages has at most {MAX_BATCH_BYTES // 1024} KiB: send less at once."
        raise ProjectError("body_too_large", message, 413)
    return [_read(op, index) for index, op in enumerate(ops)]


def patch_of(patch: Sequence[Patch], index: int) -> list[dict[str, Any]]:
    """The JSON Patch as it is stored. Raises ProjectError when it is too large."""
    stored = [one.model_dump(exclude_unset=True) for one in patch]
    if checked_size(stored, "schema patch", index) > MAX_PATCH_BYTES:
        message = f"What a widget changes of a schema has at most {MAX_PATCH_BYTES // 1024} KiB."
        raise ProjectError("patch_too_large", message, 413, op=index, field="/schema_patch")
    return stored


def _read(raw: Any, index: int) -> PageOp:
    try:
        op = _OP.validate_python(raw)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False, include_context=False)[0]
        # The discriminator's own tag is the first item of the location; it is no field of the operation.
        field = "/" + "/".join(str(item) for item in first["loc"][1:])
        message = f"Operation {index}: {first['msg']}."
        raise ProjectError("invalid_operation", message, 400, op=index, field=field) from None
    if isinstance(op, SetPage | SetWidget):
        given = op.fields.model_dump(exclude_unset=True)
        if not given or any(value is None for value in given.values()):
            message = f"Operation {index}: name at least one field, and give each a value."
            raise ProjectError("invalid_operation", message, 400, op=index, field="/fields")
    return op
