"""The bodies and answers about scenarios, as they stand in the API's OpenAPI document."""

import uuid
from typing import Annotated, Any

from ninja import Field

from editor.api.described import Schema
from editor.api.schemas import NodeId, Rev


class SampleIO(Schema):
    """A message of one port, by the node's id and the port's name."""

    node: NodeId
    port: Annotated[str, Field(min_length=1, max_length=63)]
    data: Any


class ScenarioIn(Schema):
    """A new scenario. ``id`` is made by the client; the same once more by the same person keeps no second one."""

    id: uuid.UUID
    name: str
    ports: list[SampleIO] = []


class ScenarioChangeIn(Schema):
    """``rev`` is that of the row it was made on; what is left out stays."""

    rev: Rev
    name: str | None = None
    ports: list[SampleIO] | None = None


class ScenarioOut(Schema):
    """Sample messages under a name, without their secrets, of the nodes that the flow shows."""

    id: uuid.UUID
    name: str
    rev: int
    created_by: str
    ports: list[SampleIO]


class ScenariosOut(Schema):
    """A page, in the order in which they were made; ``next`` is the ``after`` of the following one."""

    scenarios: list[ScenarioOut]
    next: str | None


class MadeUpOut(Schema):
    """A message that fits what is known of a port; null where nothing is."""

    data: Any


class DeletedOut(Schema):
    """What is gone."""

    id: uuid.UUID
