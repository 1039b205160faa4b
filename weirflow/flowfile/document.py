"""What stands in a flow file. Nodes, groups and flows are known by their names in it: no ids.

Positions and sizes are canvas pixels, `(x, y)` and `(width, height)`; JSON values are as settings and messages hold
them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, TypeAlias

Place: TypeAlias = tuple[int, int]


@dataclass(slots=True)
class FileNode:
    """A component placed on a canvas. `title` empty: that of the component."""

    module: str
    component: str
    at: Place = (0, 0)
    title: str = ""
    comment: str = ""
    group: str | None = None
    settings: dict[str, Any] = field(default_factory=dict)
    schemas: dict[str, Any] = field(default_factory=dict)
    """What people say is in open definitions: by port, then by the definition's identity."""


@dataclass(slots=True)
class FileShown:
    """A node of another flow of the project, shown in this one with a place of its own."""

    flow: str
    node: str
    at: Place = (0, 0)
    group: str | None = None


@dataclass(slots=True)
class FileWire:
    """From an output to an input, with the mapping of the message it carries and how it is handed over."""

    source: str
    source_port: str
    target: str
    target_port: str
    mapping: dict[str, Any] = field(default_factory=dict)
    timeout_ms: int | None = None
    retry_policy: dict[str, Any] | None = None

    @property
    def ends(self) -> tuple[str, str, str, str]:
        return self.source, self.source_port, self.target, self.target_port


@dataclass(slots=True)
class FileGroup:
    """A frame behind nodes. `inputs` and `outputs` name ports of its collapsed card, by `node.port`."""

    at: Place
    size: Place
    title: str = ""
    colour: str = "grey"
    collapsed: bool = False
    inputs: dict[str, str] = field(default_factory=dict)
    outputs: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class FileNote:
    """A text in Markdown on the canvas."""

    at: Place
    size: Place
    text: str = ""
    colour: str = "amber"
    group: str | None = None


@dataclass(slots=True)
class FileFlow:
    """A flow. `scenarios` are sample messages: by the scenario's name, then by `node.port`. `tests` are as written."""

    name: str
    description: str = ""
    nodes: dict[str, FileNode] = field(default_factory=dict)
    shown: dict[str, FileShown] = field(default_factory=dict)
    wires: list[FileWire] = field(default_factory=list)
    groups: dict[str, FileGroup] = field(default_factory=dict)
    notes: list[FileNote] = field(default_factory=list)
    scenarios: dict[str, dict[str, Any]] = field(default_factory=dict)
    tests: list[dict[str, Any]] = field(default_factory=list)


@dataclass(slots=True)
class FileWidget:
    """The control panel of a node on a page, in grid cells."""

    flow: str
    node: str
    at: Place
    size: Place
    title: str = ""
    schema_patch: list[dict[str, Any]] = field(default_factory=list)


@dataclass(slots=True)
class FilePage:
    """A page of the project's dashboard. `operators`: who may press what stands on it."""

    name: str
    operators: str = "editors"
    widgets: list[FileWidget] = field(default_factory=list)


@dataclass(slots=True)
class FileProject:
    """A project: its flows in the order of their names, by their names in the file, and its dashboard."""

    name: str
    description: str = ""
    flows: dict[str, FileFlow] = field(default_factory=dict)
    pages: list[FilePage] = field(default_factory=list)


FlowFile: TypeAlias = FileFlow | FileProject


def flows_of(file: FlowFile) -> list[FileFlow]:
    """All flows of the file."""
    return [file] if isinstance(file, FileFlow) else list(file.flows.values())
