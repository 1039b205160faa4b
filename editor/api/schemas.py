"""The bodies and answers of the API, as they stand in its OpenAPI document."""

import uuid
from typing import Annotated, Any, Literal

from ninja import Field
from pydantic import WithJsonSchema

from editor.api.described import Schema

OPERATIONS = [
    "add_node",
    "set_node",
    "set_setting",
    "set_schema",
    "delete_node",
    "add_edge",
    "set_mapping",
    "set_delivery",
    "delete_edge",
    "add_group",
    "set_group",
    "delete_group",
    "add_note",
    "set_note",
    "delete_note",
    "share_node",
    "unshare_node",
    "move_node",
    "move_group",
]
Operations = Annotated[
    list[Any],
    WithJsonSchema(
        {
            "type": "array",
            "minItems": 1,
            "maxItems": 500,
            "items": {"type": "object", "required": ["op", "id"], "properties": {"op": {"enum": OPERATIONS}}},
        }
    ),
]
Rev = Annotated[int, Field(strict=True, ge=0, le=2**63 - 1)]
ClientOpId = Annotated[str, Field(min_length=1, max_length=64, pattern="^[!-~]+$")]
"""Printable ASCII: not every database holds NUL."""
NodeId = Annotated[str, Field(pattern="^[a-z][a-z0-9]{11}$")]


class ProjectOut(Schema):
    """The project a flow belongs to."""

    id: uuid.UUID
    name: str


class FlowHead(Schema):
    """A flow without what is in it."""

    id: uuid.UUID
    name: str
    rev: int
    project: ProjectOut


class FlowRef(Schema):
    """Another flow of the same project."""

    id: uuid.UUID
    name: str


class NodeOut(Schema):
    """A node's row; ``name`` is its TinyNode, ``foreign`` the flow it belongs to where that is another, ``shared`` the
    flows it is shared into. ``settings`` and ``schemas`` are there where both are empty; else ask for the contents."""

    id: str
    name: str
    module: str
    component: str
    label: str
    comment: str
    x: int
    y: int
    group: uuid.UUID | None
    foreign: FlowRef | None
    shared: list[uuid.UUID]
    settings: dict[str, Any] | None = None
    schemas: dict[str, dict[str, Any]] | None = None
    rev: int


class EdgeOut(Schema):
    """A wire's row. ``mapping`` is there where it is empty; else ask for the contents. Without ``timeout_ms`` and
    ``retry_policy`` where neither is set."""

    id: uuid.UUID
    source: str
    source_port: str
    target: str
    target_port: str
    mapping: dict[str, Any] | None = None
    timeout_ms: int | None = None
    retry_policy: dict[str, Any] | None = None
    rev: int


class GroupOut(Schema):
    """A frame behind nodes, or one card for them all; ``ports`` are names that people gave to the card's ports."""

    id: uuid.UUID
    name: str
    colour: str
    collapsed: bool
    ports: dict[str, str]
    x: int
    y: int
    width: int
    height: int
    rev: int


class NoteOut(Schema):
    """A text in Markdown on the canvas."""

    id: uuid.UUID
    text: str
    colour: str
    group: uuid.UUID | None
    x: int
    y: int
    width: int
    height: int
    rev: int


class CanOut(Schema):
    """What the person may do with the flow."""

    edit: bool
    control: bool
    code: bool = False
    """Add and change nodes that run code."""


class ClusterOut(Schema):
    """Whether the cluster answers."""

    state: Literal["live", "unreachable"]
    reason: str


class FlowOut(Schema):
    """A whole flow."""

    flow: FlowHead
    nodes: list[NodeOut]
    edges: list[EdgeOut]
    groups: list[GroupOut]
    notes: list[NoteOut]
    can: CanOut
    cluster: ClusterOut


class FlowName(Schema):
    """A flow, by its name."""

    id: uuid.UUID
    name: str


class SiblingsOut(Schema):
    """The flows of a project."""

    flows: list[FlowName]


class ChangesIn(Schema):
    """A batch of edits: all or nothing. ``pasted``: it brings in what stood elsewhere, so components and ports that
    are not known here are let in, and node and wire say it."""

    base_rev: Rev
    client_op_id: ClientOpId
    ops: Operations
    pasted: bool = False


class UndoIn(Schema):
    """Take back the Change with revision ``change``; ``force`` also takes along what others did since, ``rest`` leaves
    what others have changed since and takes back the rest."""

    change: Rev
    client_op_id: ClientOpId
    force: bool = False
    rest: bool = False


class AppliedOut(Schema):
    """What became of an edit: the flow's revisions before and after, and the operations as applied."""

    rev: int
    prev_rev: int
    ops: list[dict[str, Any]]


class PersonOut(Schema):
    """Who made a change; no id when the account is gone."""

    id: int | None
    name: str


class ChangeOut(AppliedOut):
    """One entry of the change log."""

    client_op_id: str
    by: PersonOut
    at: str
    undoes: int | None
    undoable: bool


class ChangesOut(Schema):
    """Changes, oldest first."""

    changes: list[ChangeOut]


class ModuleOut(Schema):
    """A module; ``available`` while a host serves it. One that people run ``byHand`` is offered only then."""

    name: str
    version: str
    available: bool
    by_hand: bool = Field(alias="byHand")


class PortOut(Schema):
    """A port; ``source`` is true for an output, ``position`` 0 top, 1 right, 2 bottom, 3 left."""

    name: str
    label: str
    source: bool
    position: int
    schema_: dict[str, Any] | None = Field(None, alias="schema")
    configuration: Any = None


class ComponentOut(Schema):
    """A component that can be placed on the canvas."""

    module: str
    name: str
    title: str
    description: str
    category: str
    icon: str
    tags: list[str]
    runs_on: Literal["", "leader", "every"] = Field("", alias="runsOn")
    runs_code: bool = Field(False, alias="runsCode")
    ports: list[PortOut]


class CatalogueOut(Schema):
    """All that modules offer."""

    modules: list[ModuleOut]
    components: list[ComponentOut]


class ValidateIn(Schema):
    """Settings of a node before they are sent as an edit."""

    node: NodeId
    settings: dict[str, Any]


class FaultOut(Schema):
    """One thing that is wrong; ``field`` is a JSON pointer."""

    field: str
    message: str


class FaultsOut(Schema):
    """Everything that is wrong; empty when the settings fit."""

    errors: list[FaultOut]
