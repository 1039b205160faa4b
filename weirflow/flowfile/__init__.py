"""The flow file: flows and projects as YAML, for git, for colleagues, and to start from (docs/export.md)."""

from weirflow.flowfile.canonical import canonical
from weirflow.flowfile.document import (
    FileFlow,
    FileGroup,
    FileNode,
    FileNote,
    FilePage,
    FileProject,
    FileShown,
    FileWidget,
    FileWire,
    FlowFile,
    flows_of,
)
from weirflow.flowfile.faults import Fault, FlowFileError
from weirflow.flowfile.needs import Needs, needs_of
from weirflow.flowfile.offered import OfferedComponents
from weirflow.flowfile.parse import document_of, read_flow_file
from weirflow.flowfile.printing import print_flow_file
from weirflow.flowfile.wiring import KnownComponents, unknown_in

__all__ = [
    "Fault",
    "FileFlow",
    "FileGroup",
    "FileNode",
    "FileNote",
    "FilePage",
    "FileProject",
    "FileShown",
    "FileWidget",
    "FileWire",
    "FlowFile",
    "FlowFileError",
    "KnownComponents",
    "Needs",
    "OfferedComponents",
    "canonical",
    "document_of",
    "flows_of",
    "needs_of",
    "print_flow_file",
    "read_flow_file",
    "unknown_in",
]
