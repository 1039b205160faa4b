"""The bodies and answers of the API of dashboards, as they stand in its OpenAPI document."""

import uuid
from typing import Annotated, Any, Literal

from pydantic import WithJsonSchema

from editor.api.control_schemas import LastPressOut
from editor.api.described import Schema
from editor.api.schemas import ClientOpId, ComponentOut, FlowName, PersonOut, ProjectOut, Rev

PAGE_OPERATIONS = ["add_page", "set_page", "delete_page", "add_widget", "set_widget", "delete_widget"]
PageOperations = Annotated[
    list[Any],
    WithJsonSchema(
        {
            "type": "array",
            "minItems": 1,
            "maxItems": 200,
            "items": {"type": "object", "required": ["op", "id"], "properties": {"op": {"enum": PAGE_OPERATIONS}}},
        }
    ),
]


class PageOut(Schema):
    """A page; ``operators`` may press what stands on it."""

    id: uuid.UUID
    name: str
    operators: Literal["nobody", "editors", "everyone"]
    position: int


class WidgetOut(Schema):
    """The control panel of a node on a page, in cells of a grid of six columns; ``schema_patch`` is a JSON Patch on the
    schema of its ``_control`` port."""

    id: uuid.UUID
    page: uuid.UUID
    node: str
    title: str
    x: int
    y: int
    w: int
    h: int
    schema_patch: list[dict[str, Any]]


class NodeChoiceOut(Schema):
    """A node with a control panel."""

    id: str
    label: str
    module: str
    component: str
    flow: FlowName


class WidgetNodeOut(NodeChoiceOut):
    """A node that a widget shows; ``pressed`` says who pressed each of its buttons last."""

    pressed: dict[str, LastPressOut]


class PagesCanOut(Schema):
    """What the person may do: change pages, control nodes, and let viewers operate pages."""

    edit: bool
    control: bool
    manage: bool


class PagesOut(Schema):
    """The dashboard of a project. ``components`` are those of its nodes, as far as modules announce them; ``available``
    the modules that somebody runs now."""

    rev: int
    project: ProjectOut
    pages: list[PageOut]
    widgets: list[WidgetOut]
    nodes: list[WidgetNodeOut]
    components: list[ComponentOut]
    available: list[str]
    can: PagesCanOut


class ChoicesOut(Schema):
    """Nodes to be put on a page; ``more`` there are that only a search finds."""

    nodes: list[NodeChoiceOut]
    components: list[ComponentOut]
    more: bool


class PageChangesIn(Schema):
    """A batch of edits: all or nothing."""

    client_op_id: ClientOpId
    ops: PageOperations


class PageUndoIn(Schema):
    """Take back the change with revision ``change``; ``force`` also takes along what others did since."""

    change: Rev
    client_op_id: ClientOpId
    force: bool = False


class PageChangeOut(Schema):
    """One entry of the change log of a dashboard."""

    rev: int
    prev_rev: int
    client_op_id: str
    by: PersonOut
    at: str
    ops: list[dict[str, Any]]
    undoable: bool


class PageChangesOut(Schema):
    """Changes, oldest first."""

    changes: list[PageChangeOut]
