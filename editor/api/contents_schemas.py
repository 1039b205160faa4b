"""Bodies and answers about what nodes and wires hold."""

import uuid
from typing import Any

from ninja import Field

from editor.api.described import Schema
from editor.api.schemas import NodeId


class ContentsIn(Schema):
    """Nodes and wires whose contents are wanted: 500 of both at most."""

    nodes: list[NodeId] = Field([], max_length=500)
    edges: list[uuid.UUID] = Field([], max_length=500)


class NodeContents(Schema):
    """What a node holds; ``schemas`` is what people say of open definitions."""

    settings: dict[str, Any]
    schemas: dict[str, dict[str, Any]]


class EdgeContents(Schema):
    """What a wire holds."""

    mapping: dict[str, Any]


class ContentsOut(Schema):
    """Contents by id, at least as new as the flow's revision ``rev``. What is not in the flow is left out; ``left`` had
    no room in this answer."""

    rev: int
    nodes: dict[str, NodeContents]
    edges: dict[str, EdgeContents]
    left: list[str]


class HitOut(Schema):
    """A field of a node's settings or a wire's mapping, as ``path: value``; of a long one what is around the hit."""

    id: str
    text: str


class FoundOut(Schema):
    """Hits in the order of the document, nodes first; ``cut``: there are more."""

    hits: list[HitOut]
    cut: bool
