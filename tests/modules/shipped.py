"""All components that ship, found in `modules/`: whoever adds one finds it in the table by itself."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from importlib import import_module
from inspect import getsource
from pathlib import Path
from pkgutil import iter_modules
from typing import Any

import yaml

import modules
from tests.modules.samples import SAMPLES, Sample
from weirflow import JSON, Component, Module
from weirflow.schema.document import Document
from weirflow.schema.simulate import simulate
from weirflow.services import ComponentSpec, PortSpec

FOLDER = Path(modules.__path__[0])


@dataclass(frozen=True)
class Shipped:
    """A component, and what stands in the tree for it."""

    module: str
    folder: str
    spec: ComponentSpec
    sample: Sample = field(repr=False)

    @property
    def name(self) -> str:
        """As a flow file names it: `common-v1/router`."""
        return f"{self.module}/{self.spec.name}"

    @property
    def example(self) -> Path:
        """Its example flow."""
        return FOLDER / self.folder / "examples" / f"{self.spec.name}.yaml"

    @cached_property
    def source(self) -> str:
        """The text of the file that it is in."""
        return getsource(import_module(self.spec.component.__module__))

    @cached_property
    def settings(self) -> dict[str, JSON]:
        """Settings to try it with: those of its example, without secrets, unless `SAMPLES` has others."""
        if self.sample.settings is not None:
            return self.sample.settings
        nodes = yaml.safe_load(self.example.read_text()).get("nodes", {}) if self.example.exists() else {}
        used = [node for node in nodes.values() if node.get("component") == self.name]
        return _without_secrets(used[0].get("settings", {}) if used else {})

    def message(self, port: PortSpec) -> JSON:
        """A message that fits the input."""
        if port.name in self.sample.messages:
            return self.sample.messages[port.name]
        made = simulate(Document(port.schema)) if port.schema else None
        return {"text": "hello"} if made is None else made


def folders() -> list[str]:
    """The packages below `modules/`."""
    return sorted(each.name for each in iter_modules(modules.__path__) if each.ispkg)


def shipped() -> list[Shipped]:
    """The components of all modules, by name."""
    found = []
    for folder in folders():
        module = import_module(f"modules.{folder}").module
        assert isinstance(module, Module), f"modules/{folder}/__init__.py has no `module = Module(...)`"
        found += [
            Shipped(module.name, folder, spec, SAMPLES.get(f"{module.name}/{spec.name}", Sample()))
            for spec in module.components.values()
        ]
    return sorted(found, key=lambda each: each.name)


def modules_of(components: list[Shipped]) -> list[Module]:
    """The modules that serve these, once each."""
    return [import_module(f"modules.{folder}").module for folder in sorted({each.folder for each in components})]


def unregistered() -> list[str]:
    """Component classes in `modules/` that no module serves and no served one derives from."""
    served = {base for each in shipped() for base in each.spec.component.__mro__}
    names = []
    for folder in folders():
        package = import_module(f"modules.{folder}")
        for file in iter_modules(package.__path__):
            inside = import_module(f"modules.{folder}.{file.name}")
            names += [
                f"{inside.__name__}.{name}"
                for name, thing in vars(inside).items()
                if isinstance(thing, type) and issubclass(thing, Component) and thing.__module__ == inside.__name__
                if thing not in served
            ]
    return names


def _without_secrets(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_secrets(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_without_secrets(each) for each in value]
    return "a-secret-text" if isinstance(value, str) and value.startswith("[[secret:") else value
