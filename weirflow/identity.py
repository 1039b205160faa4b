"""Who a node is: told to its component before anything else."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Identity:
    """What never changes about a node. Its flow does: a node may be moved to another and keeps its state."""

    #: The resource's name, `<project>.<module>.<component>-<id>`.
    node: str
    #: The node's id in its flow.
    id: str
    project: str
    module: str
    component: str
