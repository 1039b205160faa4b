"""What somebody wants to bring in, whatever it is: a file of ours or flows of Node-RED."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Literal

import orjson

from projects.errors import ProjectError
from projects.exchange.limits import IMPORT_BYTES
from weirflow.flowfile import FileFlow, FlowFile, FlowFileError, read_flow_file
from weirflow.flowfile.nodered import NodeRedNote, is_node_red, read_node_red
from weirflow.flowfile.values import lines_of

Origin = Literal["weirflow", "node-red"]


@dataclass(frozen=True, slots=True)
class Read:
    """`notes` say what of a foreign file could not be mapped, and what has become of it. `text` is what faults have
    their lines in."""

    file: FlowFile
    origin: Origin = "weirflow"
    text: str = ""
    notes: list[NodeRedNote] = field(default_factory=list)
    mapped: int = 0
    adapted: int = 0
    placeholders: int = 0


SPLIT = "take the flows of a project one after the other, and move a part of a larger flow into another"
"""What to do with more."""


def read_import(text: str) -> Read:
    """The document of the text. Raises FlowFileError with lines, ProjectError for what it can say something about."""
    if len(text.encode("utf-8", "replace")) > IMPORT_BYTES:
        message = f"A file that is imported has at most {IMPORT_BYTES // 1024 // 1024} MiB: {SPLIT}."
        raise ProjectError("file_too_large", message, 413, field="/text")
    if text.lstrip()[:1] in ("[", "{"):
        values = _json(text)
        if is_node_red(values):
            converted = read_node_red(values)
            counts = (converted.mapped, converted.adapted, converted.placeholders)
            return Read(converted.file, "node-red", "", converted.notes, *counts)
        if isinstance(values, dict) and isinstance(values.get("nodes"), list):
            message = "This is a copy of nodes, not a flow's file: paste it onto a canvas."
            raise ProjectError("nodes_copied", message, field="/text")
    return Read(read_flow_file(text), text=text)


def one_flow(read: Read) -> FileFlow:
    """The flow, for what takes only one."""
    if not isinstance(read.file, FileFlow):
        message = "The file has a whole project: bring it in on the page of a project, or as a new one."
        raise ProjectError("several_flows", message, field="/text")
    return read.file


@contextmanager
def located(read: Read) -> Iterator[None]:
    """Gives faults that are found later the lines of the text."""
    try:
        yield
    except FlowFileError as error:
        if not read.text:
            raise
        lines = lines_of(read.text, {fault.path for fault in error.faults})
        raise FlowFileError([replace(fault, line=lines[fault.path]) for fault in error.faults]) from None


def _json(text: str) -> object:
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        # YAML may begin like this, too.
        return None
