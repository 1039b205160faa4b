"""The components of modules at hand, as a file is checked against them: for tests and commands, without a cluster."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from pydantic import ValidationError

from weirflow.compile import port_specs
from weirflow.component import Component
from weirflow.error_port import with_error_port
from weirflow.flowfile.document import FileFlow, FileNode, FlowFile
from weirflow.flowfile.faults import Fault, Path
from weirflow.flowfile.needs import references
from weirflow.flowfile.wiring import unknown_in
from weirflow.spec import ComponentSpec, Module, PortSpec
from weirflow.validation import describe, validated


class OfferedComponents:
    """What `modules` offer."""

    def __init__(self, modules: Iterable[Module]) -> None:
        self._modules = {module.name: module for module in modules}

    def ports(self, node: FileNode) -> Mapping[str, bool] | None:
        """The ports that the node has with its settings, each with whether it is an output."""
        spec = self._spec(node)
        if spec is None:
            return None
        return {port.name: port.source for port in with_error_port(_ports(spec, node), node.settings)}

    def faults(self, file: FlowFile) -> Sequence[Fault]:
        """What of the file cannot run with these modules: unknown components and ports, settings that are refused."""
        found = list(unknown_in(file, self))
        flows = {"": file} if isinstance(file, FileFlow) else file.flows
        for key, flow in flows.items():
            top: Path = ("flows", key) if key else ()
            for name, node in flow.nodes.items():
                spec = self._spec(node)
                said = _refused(spec, node) if spec is not None else None
                if said is not None:
                    found.append(Fault(said, (*top, "nodes", name, "settings")))
        return found

    def _spec(self, node: FileNode) -> ComponentSpec | None:
        module = self._modules.get(node.module)
        return module.components.get(node.component) if module is not None else None


def _ports(spec: ComponentSpec, node: FileNode) -> tuple[PortSpec, ...]:
    """Those that depend on the settings are asked of the component itself."""
    if spec.component.ports is Component.ports:
        return spec.ports
    component = spec.component()
    try:
        component.settings = validated(spec.settings, node.settings)
    except ValidationError:
        return spec.ports
    return port_specs(spec.component, component.ports())


def _refused(spec: ComponentSpec, node: FileNode) -> str | None:
    if any(references(node.settings)):
        # What stands there instead of the references is known where the flow runs.
        return None
    try:
        validated(spec.settings, {name: value for name, value in node.settings.items() if name != "enableErrorPort"})
    except ValidationError as error:
        return describe(error)[1]
    return None
