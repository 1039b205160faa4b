"""The schemas of the shipped components, as files. `python -m tests.schema.golden` writes them anew."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from modules.common import module as common
from modules.data import module as data
from modules.http import module as http
from modules.notify import module as notify
from weirflow.spec import ComponentSpec

FOLDER = Path(__file__).parent / "golden"


def shipped() -> Iterator[tuple[Path, ComponentSpec]]:
    """Every component that we ship, and where its schemas are kept."""
    for module in (common, data, http, notify):
        for spec in module.components.values():
            yield FOLDER / f"{module.name}.{spec.name}.json", spec


def schemas(spec: ComponentSpec) -> dict[str, Any]:
    """The schema of each of a component's ports."""
    return {port.name: port.schema for port in spec.ports}


if __name__ == "__main__":
    for path, spec in shipped():
        path.write_text(json.dumps(schemas(spec), indent=2, ensure_ascii=False) + "\n")
