"""The nodes of one test, ready to take messages: made by the host's own reconciler, with everything around them in
memory. Sources do not start."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, cast

from pydantic import ValidationError

from weirflow.errors import JSON, Problem
from weirflow.flowtest.answers import Answering, Recalling
from weirflow.flowtest.cases import FlowTest
from weirflow.flowtest.cluster import MemoryCluster
from weirflow.flowtest.flow import PortAddress, TestedFlow
from weirflow.flowtest.record import Port, Record, TestTraces
from weirflow.flowtest.resources import resource_names, resources_of
from weirflow.flowtest.stand_ins import (
    Here,
    Leading,
    Locks,
    Nobody,
    NoOutbounds,
    NoRoutes,
    TestClock,
    elsewhere,
)
from weirflow.instance import ComponentInstance
from weirflow.kube.state_keys import StateKeys
from weirflow.runtime.node import Node
from weirflow.runtime.reconcile import Reconciler
from weirflow.runtime.sealing import Sealer
from weirflow.runtime.shared import Shared
from weirflow.services import Module
from weirflow.spec import ComponentSpec
from weirflow.state_codec import EPOCH_KEY, SCHEMA_KEY, VERSION_KEY, ListTexts, codec_of

_KEY = "test"


class NotStaged(Exception):
    """The test cannot be run: it speaks of what the flow has not."""

    def __init__(self, code: str, text: str) -> None:
        super().__init__(text)
        self.problem = Problem(code, text)


class Stage:
    """``names`` are the resource names of the flow's nodes, ``nodes`` those that run, by resource name."""

    def __init__(self, flow: TestedFlow, test: FlowTest, modules: Iterable[Module], record: Record, root: Path) -> None:
        self._flow, self._test, self.record = flow, test, record
        self._modules = {module.name: module for module in modules}
        self.names = resource_names(flow)
        record.ends = {wire.id: (self._port(wire.source), self._port(wire.target)) for wire in flow.wires}
        self.cluster = MemoryCluster()
        self._sealer = Sealer(b"\0" * 32, StateKeys({_KEY: b"\1" * 32}, _KEY))
        clock = TestClock(test.now)
        self._locks = Locks(clock)
        self.shared = Shared(
            self.cluster,
            NoRoutes(),
            self._sealer,
            cast("Any", Here()),
            lambda _node: None,
            cast("Any", Nobody()),
            locks=cast("Any", self._locks),
            outbound=cast("Any", NoOutbounds()),
            traces=TestTraces(record),
            data=root,
            clock=clock,
            tap=record.tap,
        )
        self._reconciler = Reconciler(
            cast("Any", self.cluster),
            self._modules,
            {name: cast("Any", Leading(name)) for name in self._modules},
            self.shared,
            lambda _name: None,
            lambda _node: None,
            elsewhere,
        )

    @property
    def nodes(self) -> dict[str, Node]:
        """By resource name."""
        return self._reconciler.nodes

    async def set_up(self) -> None:
        """Make the nodes. Raises ``NotStaged``."""
        here = {name for name, node in self._flow.nodes.items() if node.module in self._modules}
        for name, resource in resources_of(self._flow, self.names).items():
            if name in here:
                resource["status"]["metadata"] = self._state(name)
                self.cluster.add(resource)
        # Twice: an edge is resolved once its target is there.
        for _ in range(2):
            for name in here:
                if (node := self.nodes.get(self.names[name])) is not None:
                    node.edges_stale = True
                await self._reconciler.reconcile(self.names[name])
        self._answer()

    def node(self, name: str) -> Node:
        """The node of this name in the flow. Raises ``NotStaged``."""
        node = self.nodes.get(self.names[name])
        if node is None:
            raise NotStaged("module_elsewhere", f"{name}: {elsewhere(self._flow.nodes[name].module).message}")
        return node

    def check(self, at: PortAddress) -> None:
        """Whether there is such a port. Raises ``NotStaged``."""
        node = self.node(at.node)
        if node.spec is None:
            raise NotStaged("node_failed", f"{at.node} cannot run: {node.problem_text()}")
        if not (node.has_input(at.port) or node.has_output(at.port)):
            known = ", ".join(name for name, port in node.ports.items() if not port.system)
            raise NotStaged("unknown_port", f"{at.node} has no port {at.port!r}; it has {known or 'none'}")

    async def clear(self) -> None:
        """End all nodes."""
        for node in [*self.nodes.values()]:
            await node.close()
            node.writer.close()
        self._locks.close()
        self.shared.wheel.close()

    def _port(self, at: PortAddress) -> Port:
        return self.names[at.node], at.port

    def _answer(self) -> None:
        """Put the test's answers, and the samples of its scenario, in the place of nodes."""
        samples: dict[str, dict[str, JSON]] = {}
        if self._test.scenario is not None:
            for text, message in self.samples().items():
                at = PortAddress.read(text)
                samples.setdefault(at.node, {})[at.port] = message
        answers: dict[str, dict[str, JSON]] = {}
        for at, message in self._test.answers.items():
            self.check(at)
            if not self.node(at.node).has_output(at.port):
                raise NotStaged("unknown_port", f"answers/{at}: an answer stands at an output, this is an input")
            answers.setdefault(at.node, {})[at.port] = message
        for name in answers.keys() | samples.keys():
            node = self.nodes.get(self.names.get(name, ""))  # a sample may be of a node that is gone, or not reached
            if node is None or node.instance is None:
                continue
            kind: type[Answering] = Answering if name in answers else Recalling
            node.instance = cast("ComponentInstance", kind(node.instance, answers.get(name) or samples[name]))
            node.open_ways()

    def samples(self) -> Mapping[str, JSON]:
        """Those of the test's scenario. Raises ``NotStaged``."""
        found = self._flow.scenarios.get(self._test.scenario or "")
        if found is None:
            known = ", ".join(self._flow.scenarios) or "none"
            raise NotStaged("unknown_scenario", f"there is no scenario {self._test.scenario!r}; the flow has {known}")
        return found

    def _state(self, name: str) -> dict[str, str]:
        """What the test gives the node to begin with, as it stands in a status. Raises ``NotStaged``."""
        values = self._test.state.get(name)
        if values is None:
            return {}
        tested = self._flow.nodes[name]
        spec: ComponentSpec | None = self._modules[tested.module].components.get(tested.component)
        if spec is None or spec.state is None:
            raise NotStaged("no_state", f"the test gives state to {name}, whose component keeps none")
        try:
            model = spec.state.model_validate(values)
        except ValidationError as error:
            first = error.errors()[0]
            where = ".".join(map(str, first["loc"]))
            raise NotStaged("state_invalid", f"state/{name}/{where}: {first['msg']}") from None
        codec = codec_of(spec.state)
        resource = self.names[name]
        texts = codec.encode(model, ListTexts(), lambda plain, field: self._sealer.seal(plain, resource, field))
        return {**texts, VERSION_KEY: "1", EPOCH_KEY: "1", SCHEMA_KEY: str(codec.schema_version)}
