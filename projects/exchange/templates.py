"""Flows to start from: the modules' examples and how-tos, read from their folders as data. Modules are never imported
here."""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.urls import reverse

from projects.errors import ProjectError
from weirflow.flowfile import FlowFileError, canonical, flows_of, needs_of, print_flow_file, read_flow_file

HOWTO = "howto"
"""The folder of what is made of several modules; it comes first."""
MAX_TEMPLATES = 500
MAX_BYTES = 256 * 1024
MAX_DRAWN = 60
"""Nodes of a preview."""


@dataclass(frozen=True, slots=True)
class Template:
    """`id` is `<folder>/<name>`; `text` its file as an export would write it."""

    id: str
    name: str
    description: str
    modules: tuple[str, ...]
    components: tuple[str, ...]
    secrets: tuple[str, ...]
    nodes: tuple[tuple[int, int, str, str], ...]
    """Of a preview: places, titles and components."""
    wires: tuple[tuple[int, int], ...]
    """From which node to which, by their places in `nodes`."""
    text: str

    @property
    def page(self) -> str:
        """The address of its own page."""
        folder, _, name = self.id.partition("/")
        return reverse("template_page", args=[folder, name])

    def as_row(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "name": self.name,
            "description": self.description,
            "howto": self.id.startswith(f"{HOWTO}/"),
            "modules": self.modules,
            "components": self.components,
            "secrets": self.secrets,
            "nodes": [{"x": x, "y": y, "title": title, "component": of} for x, y, title, of in self.nodes],
            "wires": self.wires,
        }


def templates() -> list[Template]:
    """All that can be read, how-tos first, by name. A file that cannot be read is none: its module's tests say so."""
    folder = Path(settings.MODULES_DIR)
    files = sorted(folder.glob("*/examples/*.yaml"))[:MAX_TEMPLATES]
    found = [_read(file, file.stat().st_mtime_ns) for file in files]
    return sorted((one for one in found if one is not None), key=lambda one: (_rank(one), one.name.lower(), one.id))


def template(template_id: str) -> Template:
    """The one of that id. Raises ProjectError."""
    for one in templates():
        if one.id == template_id:
            return one
    raise ProjectError("unknown_template", "There is no such template: choose another one.", 404)


def _rank(one: Template) -> int:
    return 0 if one.id.startswith(f"{HOWTO}/") else 1


@lru_cache(maxsize=2 * MAX_TEMPLATES)
def _read(file: Path, _changed: int) -> Template | None:
    try:
        if file.stat().st_size > MAX_BYTES:
            return None
        document = canonical(read_flow_file(file.read_bytes()))
    except (FlowFileError, OSError):
        return None
    flow, needs = flows_of(document)[0], needs_of(document)
    names = list(flow.nodes)[:MAX_DRAWN]
    at = {name: place for place, name in enumerate(names)}
    nodes = tuple(
        (*flow.nodes[name].at, flow.nodes[name].title, f"{flow.nodes[name].module}/{flow.nodes[name].component}")
        for name in names
    )
    return Template(
        f"{file.parent.parent.name}/{file.stem}",
        document.name,
        document.description,
        needs.modules,
        tuple(sorted({one[3] for one in nodes})),
        needs.secrets,
        nodes,
        tuple((at[wire.source], at[wire.target]) for wire in flow.wires if wire.source in at and wire.target in at),
        print_flow_file(document),
    )
