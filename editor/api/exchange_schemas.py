"""What the API says of files: texts in and out, and what an import would do."""

import uuid
from typing import Literal

from ninja import Field

from editor.api.described import Schema
from editor.api.schemas import ClientOpId
from projects.exchange.limits import IMPORT_BYTES

FileText = Field(..., min_length=1, max_length=IMPORT_BYTES, description="A flow file, or flows of Node-RED")
FlowName = Field("", max_length=100, description="Instead of the name in the file")


class FileIn(Schema):
    """A file to bring in, as a new flow or project."""

    text: str = FileText
    name: str = FlowName


class PlanIn(Schema):
    """A file to look at; ``project``: where it would come in, whose secrets are known."""

    text: str = FileText
    project: uuid.UUID | None = None


class FileIntoFlowIn(Schema):
    """A file to bring into a flow: its upper left corner comes to ``x``, ``y``, or beside what is there."""

    text: str = FileText
    client_op_id: ClientOpId
    x: int | None = Field(None, ge=-1_000_000, le=1_000_000)
    y: int | None = Field(None, ge=-1_000_000, le=1_000_000)


class FlowFileIn(Schema):
    """A file that says what a flow shall be."""

    text: str = FileText
    client_op_id: ClientOpId


class AppliedFileOut(Schema):
    """``changed``: something on the canvas was different, and is one Change from ``prev_rev`` to ``rev`` now. ``left``
    says what could not be made as the file says."""

    rev: int
    prev_rev: int
    changed: bool
    left: list[str]


class PlannedFlowOut(Schema):
    """How much of everything a flow of the file has."""

    name: str
    nodes: int
    wires: int
    groups: int
    notes: int
    scenarios: int
    tests: int


class NeededSecretOut(Schema):
    """A secret that the flows name; ``known``: the project has one of that name."""

    name: str
    key: str
    known: bool


class UnknownOut(Schema):
    """A component that nobody offers now. Its nodes keep all they hold, and work once its module is there."""

    module: str
    component: str
    nodes: int


class PlanNoteOut(Schema):
    """What of a foreign file is not as it was."""

    where: str
    message: str
    kind: Literal["adapted", "placeholder", "left_out"]


class PlanOut(Schema):
    """What an import would do. ``mapped`` counts nodes of a foreign file that have a counterpart, ``adapted`` those of
    them that do not quite what they did, ``placeholders`` those without one."""

    kind: Literal["flow", "project"]
    origin: Literal["weirflow", "node-red"]
    name: str
    description: str
    flows: list[PlannedFlowOut]
    pages: int
    secrets: list[NeededSecretOut]
    modules: list[str]
    unknown: list[UnknownOut]
    mapped: int
    adapted: int
    placeholders: int
    notes: list[PlanNoteOut]
    notes_count: int


class ImportedFlowOut(Schema):
    id: uuid.UUID
    name: str


class ImportedOut(Schema):
    """What has come in."""

    project: uuid.UUID
    flows: list[ImportedFlowOut]


class IntoFlowOut(Schema):
    """The revisions of the changes that brought it in: nearly always one, to be undone like any other."""

    rev: int
    prev_rev: int
    changes: list[int]


class DrawnNodeOut(Schema):
    """A node of a preview."""

    x: int
    y: int
    title: str
    component: str


class TemplateOut(Schema):
    """A flow to start from; ``wires`` lead from one node to another, by their places in ``nodes``."""

    id: str
    name: str
    description: str
    howto: bool
    modules: list[str]
    components: list[str]
    secrets: list[str]
    nodes: list[DrawnNodeOut]
    wires: list[tuple[int, int]]


class TemplatesOut(Schema):
    templates: list[TemplateOut]


class TemplateTextOut(Schema):
    """The file of a template."""

    id: str
    text: str
