"""What has to be there for a file's flows to run: secrets and modules."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from weirflow.flowfile.document import FlowFile, flows_of

REFERENCE = re.compile(r"\[\[secret:([^\[\]/]+)/([^\[\]/]+)\]\]")


@dataclass(frozen=True, slots=True)
class Needs:
    """`secrets` as `name/key`, `modules` by name; both sorted."""

    secrets: tuple[str, ...]
    modules: tuple[str, ...]


def needs_of(file: FlowFile) -> Needs:
    """Everything that the nodes and wires of the file refer to."""
    secrets: set[str] = set()
    modules: set[str] = set()
    for flow in flows_of(file):
        for node in flow.nodes.values():
            modules.add(node.module)
            secrets.update(references(node.settings))
        for wire in flow.wires:
            secrets.update(references(wire.mapping))
    return Needs(tuple(sorted(secrets)), tuple(sorted(modules)))


def references(value: Any) -> Iterator[str]:
    """The secrets, as `name/key`, that texts within the value refer to."""
    waiting = [value]
    while waiting:
        one = waiting.pop()
        if isinstance(one, str):
            if "[[secret:" in one:
                yield from (f"{name}/{key}" for name, key in REFERENCE.findall(one))
        elif isinstance(one, dict):
            waiting.extend(one.values())
        elif isinstance(one, list):
            waiting.extend(one)
