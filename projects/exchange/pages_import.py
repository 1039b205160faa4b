"""The dashboard of a project's file as operations on pages."""

import uuid
from collections.abc import Mapping
from typing import Any

from weirflow.flowfile import FileProject


def page_ops(file: FileProject, nodes: Mapping[tuple[str, str], str]) -> list[dict[str, Any]]:
    """Each page behind those that there are, and its widgets. `nodes`: ids by flow and name in the file."""
    ops: list[dict[str, Any]] = []
    for page in file.pages:
        page_id = str(uuid.uuid4())
        ops.append({"op": "add_page", "id": page_id, "name": page.name, "operators": page.operators})
        for widget in page.widgets:
            ops.append(
                {
                    "op": "add_widget", "id": str(uuid.uuid4()), "page": page_id,
                    "node": nodes[widget.flow, widget.node], "title": widget.title,
                    "x": widget.at[0], "y": widget.at[1], "w": widget.size[0], "h": widget.size[1],
                    "schema_patch": widget.schema_patch,
                }
            )  # fmt: skip
    return ops
