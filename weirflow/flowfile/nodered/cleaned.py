"""Node-RED's objects in the form that it writes them in: a file may have been made or changed by anything."""

from __future__ import annotations

import re
from typing import Any, TypeAlias

from weirflow.flowfile.faults import Fault, FlowFileError
from weirflow.flowfile.limits import MAX_VALUES

Node: TypeAlias = dict[str, Any]
MAX_DEPTH = 90
"""Levels of lists and objects: what is kept of a node stands a few levels deeper in a flow."""
MAX_PORTS = 1_000
"""Outputs of a node."""
_FURTHEST = 100_000
_TEXTS = ("type", "z", "g")
_UNWRITABLE = re.compile("[\0\ud800-\udfff]")


def refuse_strange(values: Any) -> None:
    """Raises FlowFileError for values that no flow can hold."""
    left, level = MAX_VALUES, [values]
    for _ in range(MAX_DEPTH):
        below: list[Any] = []
        for one in level:
            if isinstance(one, str):
                _refuse_text(one)
            elif isinstance(one, dict):
                for key in one:
                    _refuse_text(key)
                below.extend(one.values())
            elif isinstance(one, list):
                below.extend(one)
            elif isinstance(one, int) and not -(2**63) <= one < 2**64:
                raise _refused("whole numbers have at most 64 bits")
        left -= len(below)
        if left < 0:
            raise _refused(f"the file has more than {MAX_VALUES:,} values: export fewer tabs at once")
        if not below:
            return
        level = below
    raise _refused(f"lists and objects are nested deeper than {MAX_DEPTH} levels")


def cleaned(one: Node) -> Node:
    """A copy whose places, texts, wires and links are such; what is none is left out."""
    node = {key: value for key, value in one.items() if key not in _TEXTS or isinstance(value, str)}
    for key in ("x", "y"):
        if key in node:
            node[key] = _coordinate(node[key])
    node["wires"] = [_texts(targets) for targets in _list(node.get("wires"))[:MAX_PORTS]]
    if "links" in node:
        node["links"] = _texts(node["links"])
    if isinstance(node.get("scope"), list):
        node["scope"] = _texts(node["scope"])
    if node.get("type") == "subflow":
        for key in ("in", "out"):
            node[key] = [{"wires": _ends(one)} for one in _list(node.get(key))[:MAX_PORTS]]
    return node


def _ends(one: Any) -> list[Node]:
    ends = _list(one.get("wires")) if isinstance(one, dict) else []
    return [
        {"id": end["id"], "port": end["port"] if _is_port(end.get("port")) else 0}
        for end in ends
        if isinstance(end, dict) and isinstance(end.get("id"), str)
    ]


def _is_port(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < MAX_PORTS


def _coordinate(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return 0.0
    return value if abs(value) < _FURTHEST else 0.0


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _texts(value: Any) -> list[str]:
    return [each for each in _list(value) if isinstance(each, str)]


def _refuse_text(text: str) -> None:
    if _UNWRITABLE.search(text):
        raise _refused("a text holds a NUL character, or half a character: remove it")


def _refused(message: str) -> FlowFileError:
    return FlowFileError([Fault(message)])
