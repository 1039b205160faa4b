"""The component reference, made from the components themselves: what their classes say is what is shown."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from docs.site.tables import table
from weirflow.spec import ComponentSpec, Module, PortSpec

ROOT = Path(__file__).resolve().parents[2]
PRODUCT = "http://127.0.0.1:8000"
"""Where a reader's own Weirflow runs, as all pages have it."""
RUNS_ON = {
    "leader": "A source: it runs on the leading replica of its module.",
    "every": "A source: it runs on every replica of its module.",
}


@dataclass(frozen=True, slots=True)
class Shipped:
    """A component, its module, and the folder of `modules/` that it lives in."""

    folder: str
    module: Module
    spec: ComponentSpec

    @property
    def page(self) -> str:
        """Its page below docs/."""
        return f"components/{self.spec.name}.md"

    @property
    def example(self) -> Path:
        """Its example flow."""
        return ROOT / "modules" / self.folder / "examples" / f"{self.spec.name}.yaml"


def shipped() -> list[Shipped]:
    """Every component in `modules/`, by category and title."""
    found = []
    for package in pkgutil.iter_modules([str(ROOT / "modules")]):
        if not package.ispkg:
            continue
        module: Module = importlib.import_module(f"modules.{package.name}").module
        found += [Shipped(package.name, module, spec) for spec in module.components.values()]
    return sorted(found, key=lambda one: (one.spec.category, one.spec.title))


def page(one: Shipped) -> str:
    """What the reference says of a component, in Markdown."""
    spec = one.spec
    parts = [f"# {spec.title}\n", spec.info.strip() + "\n"]
    facts = [f"`{one.module.name}/{spec.name}`", spec.category, *spec.tags]
    parts.append(f"<p class='facts'>{' · '.join(facts)}</p>\n".replace("`", ""))
    if spec.is_source:
        parts.append(RUNS_ON[spec.runs_on] + "\n")
    parts += [f"## Settings\n\n{table(port.schema)}" for port in spec.ports if port.name == "_settings"]
    parts += _ports("Inputs", [port for port in spec.ports if not port.source and not port.system])
    parts += _ports("Outputs", [port for port in spec.ports if port.source and not port.system])
    if spec.control is not None:
        parts += [f"## Control panel\n\n{table(port.schema)}" for port in spec.ports if port.name == "_control"]
    if spec.state_keys:
        keys = ", ".join(f"`{key}`" for key in spec.state_keys)
        parts.append(f"## State\n\nKept through crashes and restarts, in `status.metadata` of its TinyNode: {keys}.\n")
    if one.example.exists():
        parts.append(_example(f"{one.folder}/{spec.name}", one.example.read_text()))
    return "\n".join(parts)


def index(components: list[Shipped]) -> str:
    """The table of all of them."""
    lines = ["# Components\n", "What stands in the palette of a fresh installation, by category.\n"]
    category = ""
    for one in components:
        if one.spec.category != category:
            category = one.spec.category
            lines += [f"\n## {category}\n", "| component | what it does |", "|---|---|"]
        lines.append(f"| [{one.spec.title}]({one.page.removeprefix('components/')}) | {one.spec.description} |")
    return "\n".join(lines) + "\n"


def navigation(components: list[Shipped]) -> list[dict[str, Any]]:
    """The reference in the site's menu: the table, then a section for each category."""
    sections: dict[str, list[dict[str, str]]] = {}
    for one in components:
        sections.setdefault(one.spec.category, []).append({one.spec.title: one.page})
    return [{"All components": "components/index.md"}, *({name: pages} for name, pages in sections.items())]


def _ports(title: str, ports: list[PortSpec]) -> Iterator[str]:
    if not ports:
        return
    yield f"## {title}\n"
    for port in ports:
        leader = " Handled by the leading replica." if port.leader else ""
        yield f"### `{port.name}` {{#{title.lower()}-{port.name}}}\n\n{port.label}.{leader}\n\n{table(port.schema)}"


def _example(template: str, text: str) -> str:
    return (
        f"## Example\n\nA flow to start from: a [template]({PRODUCT}/templates/{template}/) in the editor, "
        f"and a file for `weirflow apply`.\n\n```yaml\n{text.strip()}\n```\n"
    )
