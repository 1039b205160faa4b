"""A flow file from its text: what stands in it, or everything that is wrong with it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from weirflow.flowfile.checks import Checks, TooManyFaults
from weirflow.flowfile.document import FlowFile
from weirflow.flowfile.faults import FlowFileError
from weirflow.flowfile.parse_flow import FLOW_KEYS, read_flow
from weirflow.flowfile.parse_project import PROJECT_KEYS, read_project
from weirflow.flowfile.values import lines_of, read_values

VERSION = 1
_HEAD = ("weirflow", "kind", "needs")


def read_flow_file(text: str | bytes) -> FlowFile:
    """The file's document. Raises FlowFileError with all faults, each with its line and path.

    `needs` is not read: it says for people what the rest of the file says by itself.
    """
    values = read_values(text)
    try:
        return document_of(values)
    except FlowFileError as error:
        lines = lines_of(text, {fault.path for fault in error.faults})
        raise FlowFileError([replace(fault, line=lines[fault.path]) for fault in error.faults]) from None


def document_of(values: Any) -> FlowFile:
    """The document of values that were read already. Raises FlowFileError without lines."""
    checks = Checks()
    try:
        file = _document(checks, values)
    except TooManyFaults:
        raise FlowFileError(checks.faults) from None
    if checks.faults or file is None:
        raise FlowFileError(checks.faults)
    return file


def _document(checks: Checks, values: Any) -> FlowFile | None:
    top = checks.mapping(values, ())
    if checks.faults:
        return None
    version = top.get("weirflow")
    if version != VERSION or isinstance(version, bool):
        said = "it does not say" if version is None else f"it says {version!r}"
        checks.note(("weirflow",), f"a flow file begins with `weirflow: {VERSION}`, its version; {said}")
        return None
    match top.get("kind"):
        case "Flow":
            checks.known(top, (), (*_HEAD, *FLOW_KEYS))
            return read_flow(checks, top, (), None)
        case "Project":
            checks.known(top, (), (*_HEAD, *PROJECT_KEYS))
            return read_project(checks, top)
        case _:
            checks.note(("kind",), "this is Flow or Project")
            return None
