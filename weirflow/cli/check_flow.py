"""What is wrong with a flow file, each with its line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from weirflow.cli.failures import Exit, Failure
from weirflow.cli.findings import Finding
from weirflow.cli.nearest import nearest, perhaps

if TYPE_CHECKING:
    from weirflow.flowfile import Fault, FlowFile
    from weirflow.spec import Module


def read_text(file: Path) -> str:
    """The text of the file. Raises ``Failure``."""
    try:
        return file.read_text("utf-8")
    except OSError as error:
        text = f"{file} cannot be read: {(error.strerror or 'an error').lower()}"
        raise Failure(text, code="no_file", exit=Exit.MISSING) from error
    except UnicodeDecodeError as error:
        raise Failure(f"{file} is not UTF-8 text", code="not_text", exit=Exit.USAGE) from error


def check_flow(file: Path, modules: Iterable[Module] = (), offered: Iterable[str] | None = None) -> Iterator[Finding]:
    """Whether it can be read; what of it does not fit the components of ``modules``, which are at hand; mappings that
    cannot be understood; components that are not among ``offered``, names as `module/component`, where those are known.
    """
    from weirflow.flowfile import FlowFileError, read_flow_file
    from weirflow.flowfile.values import lines_of

    text = read_text(file)
    try:
        document = read_flow_file(text)
    except FlowFileError as error:
        yield from (_finding(file, fault) for fault in error.faults)
        return
    faults = [*_of_modules(document, list(modules)), *_of_mappings(document)]
    if offered is not None:
        faults += _unknown(document, set(offered))
    lines = lines_of(text, {fault.path for fault in faults}) if faults else {}
    found = [replace(fault, line=lines.get(fault.path, 0)) for fault in faults]
    yield from (_finding(file, fault) for fault in sorted(found, key=lambda fault: fault.line))


def _of_modules(document: FlowFile, modules: list[Module]) -> Iterator[Fault]:
    """Of nodes whose component is at hand; nothing is known of the others."""
    from weirflow.flowfile import OfferedComponents

    here = {f"{module.name}/{name}" for module in modules for name in module.components}
    served = {module.name for module in modules}
    components = dict(_components(document))
    for fault in OfferedComponents(modules).faults(document) if modules else ():
        used = components.get(fault.path)
        if used is None or used in here:
            yield fault
        elif used.partition("/")[0] in served:
            hint = perhaps(nearest(used, sorted(here)))
            yield replace(fault, message=f"the module here has no component {used.partition('/')[2]}{hint}")


def _of_mappings(document: FlowFile) -> Iterator[Fault]:
    from weirflow.expressions import MappingError, compile_mapping
    from weirflow.flowfile import Fault, FileFlow

    flows = {"": document} if isinstance(document, FileFlow) else document.flows
    for key, flow in flows.items():
        for index, wire in enumerate(flow.wires):
            try:
                compile_mapping(wire.mapping)
            except MappingError as error:
                path = (*(("flows", key) if key else ()), "wires", index, "mapping")
                yield Fault(f"{error.path}: {error.reason}", path)


def _unknown(document: FlowFile, offered: set[str]) -> Iterator[Fault]:
    from weirflow.flowfile import Fault

    for path, used in _components(document):
        if used not in offered:
            close = nearest(used, sorted(offered))
            yield Fault(f"nobody offers {used} in the cluster{perhaps(close) or ': is its module running?'}", path)


def _components(document: FlowFile) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """The component of each node, by the place where it is named."""
    from weirflow.flowfile import FileFlow

    flows = {"": document} if isinstance(document, FileFlow) else document.flows
    for key, flow in flows.items():
        for name, node in flow.nodes.items():
            top = ("flows", key) if key else ()
            yield (*top, "nodes", name, "component"), f"{node.module}/{node.component}"


def _finding(file: Path, fault: Fault) -> Finding:
    from weirflow.flowfile.faults import shown

    return Finding("error", shown(fault.path), fault.message, str(file), fault.line)
