"""One flow of a file, from its values."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from weirflow.flowfile.checks import Checks
from weirflow.flowfile.document import FileFlow, FileGroup, FileNode, FileNote, FileShown, FileWire
from weirflow.flowfile.faults import Path
from weirflow.flowfile.limits import MAX_DESCRIPTION, MAX_FRAMES, MAX_NODES, MAX_WAIT_MS, MAX_WIRES
from weirflow.flowfile.names import MAX_NAME, NAME, node_title, spoken
from weirflow.flowfile.parse_tests import read_tests

FLOW_KEYS = ("name", "description", "nodes", "shown", "wires", "groups", "notes", "scenarios", "tests")
MAX_TITLE = 100
COLOURS = ("grey", "blue", "green", "amber", "red", "violet")
_PART = re.compile(r"^[a-z0-9]([a-z0-9._-]*[a-z0-9])?$")
_NODE = ("component", "title", "comment", "at", "group", "settings", "schemas")
_SHOWN = ("flow", "node", "at", "group")
_WIRE = ("from", "to", "mapping", "timeoutMs", "retryPolicy")
_GROUP = ("title", "colour", "collapsed", "at", "size", "inputs", "outputs")
_NOTE = ("text", "colour", "at", "size", "group")
GROUP_SIZE, NOTE_SIZE = (480, 240), (240, 120)
"""Where the file says none."""


def read_flow(checks: Checks, values: Mapping[str, Any], path: Path, implied: str | None) -> FileFlow:
    """The flow. `implied`: its name where it says none; None: it has to."""
    name = implied if implied is not None else ""
    if values.get("name") is not None or implied is None:
        name = checks.needed(values.get("name"), (*path, "name"), MAX_TITLE)
    flow = FileFlow(name, checks.text(values.get("description"), (*path, "description"), MAX_DESCRIPTION))
    for key, group, at in _named(checks, values.get("groups"), (*path, "groups"), MAX_FRAMES, "groups"):
        flow.groups[key] = _group(checks, group, at, key)
    for key, node, at in _named(checks, values.get("nodes"), (*path, "nodes"), MAX_NODES, "nodes"):
        flow.nodes[key] = _node(checks, node, at, key, flow)
    for key, shown, at in _named(checks, values.get("shown"), (*path, "shown"), MAX_NODES, "shown nodes"):
        if key in flow.nodes:
            checks.note(at, f"{key} is a node of this flow already: give it another name")
        flow.shown[key] = _shown(checks, shown, at, flow)
    _wires(checks, values.get("wires"), (*path, "wires"), flow)
    for key, at in [(key, (*path, "groups", key)) for key in flow.groups]:
        for side in ("inputs", "outputs"):
            for port in getattr(flow.groups[key], side):
                end_of(checks, port, (*at, side, port), flow)
    notes = checks.items(values.get("notes"), (*path, "notes"))
    if len(notes) > MAX_FRAMES:
        checks.note((*path, "notes"), f"a flow has at most {MAX_FRAMES:,} notes")
    flow.notes = [_note(checks, note, (*path, "notes", index), flow) for index, note in enumerate(notes[:MAX_FRAMES])]
    flow.scenarios = _scenarios(checks, values.get("scenarios"), (*path, "scenarios"), flow)
    flow.tests = read_tests(checks, values.get("tests"), (*path, "tests"), flow)
    return flow


def end_of(checks: Checks, value: Any, path: Path, flow: FileFlow) -> tuple[str, str]:
    """Node and port of `node.port`, where the node is in the flow."""
    node, dot, port = value.partition(".") if isinstance(value, str) else ("", "", "")
    if not dot or not node or not 0 < len(port) <= 63:
        checks.note(path, "this has to be a node's name and its port: node.port")
    elif node not in flow.nodes and node not in flow.shown:
        checks.note(path, f"there is no node {node} in this flow")
    return node, port


def _named(checks: Checks, value: Any, path: Path, most: int, what: str) -> Iterator[tuple[str, dict[str, Any], Path]]:
    found = checks.mapping(value, path)
    if len(found) > most:
        checks.note(path, f"a flow has at most {most:,} {what}")
        return
    for key, item in found.items():
        at = (*path, key)
        if not NAME.match(key) or len(key) > MAX_NAME:
            checks.note(at, f"names have small letters, digits and single hyphens, at most {MAX_NAME}: as in send-mail")
        yield key, checks.mapping(item, at), at


def _node(checks: Checks, value: dict[str, Any], path: Path, key: str, flow: FileFlow) -> FileNode:
    checks.known(value, path, _NODE)
    module, slash, component = checks.needed(value.get("component"), (*path, "component"), 127).partition("/")
    if value.get("component") and not (slash and _is_part(module) and _is_part(component)):
        checks.note((*path, "component"), "this has to be a module and its component: common-v1/debug")
    return FileNode(
        module,
        component,
        checks.place(value.get("at"), (*path, "at")),
        checks.text(value.get("title"), (*path, "title"), 200, node_title(key, component)),
        checks.text(value.get("comment"), (*path, "comment"), 10_000),
        _in_group(checks, value.get("group"), (*path, "group"), flow),
        checks.mapping(value.get("settings"), (*path, "settings")),
        _schemas(checks, value.get("schemas"), (*path, "schemas")),
    )


def _is_part(text: str) -> bool:
    return len(text) <= 63 and _PART.match(text) is not None


def _schemas(checks: Checks, value: Any, path: Path) -> dict[str, Any]:
    schemas = checks.mapping(value, path)
    for port, said in schemas.items():
        for name, schema in checks.mapping(said, (*path, port)).items():
            if not isinstance(schema, dict):
                checks.note((*path, port, name), "this has to be a JSON Schema")
    return schemas


def _shown(checks: Checks, value: dict[str, Any], path: Path, flow: FileFlow) -> FileShown:
    checks.known(value, path, _SHOWN)
    return FileShown(
        checks.needed(value.get("flow"), (*path, "flow"), MAX_NAME),
        checks.needed(value.get("node"), (*path, "node"), MAX_NAME),
        checks.place(value.get("at"), (*path, "at")),
        _in_group(checks, value.get("group"), (*path, "group"), flow),
    )


def _in_group(checks: Checks, value: Any, path: Path, flow: FileFlow) -> str | None:
    if value is None:
        return None
    if not isinstance(value, str) or value not in flow.groups:
        checks.note(path, f"there is no group {value} in this flow")
        return None
    return value


def _wires(checks: Checks, value: Any, path: Path, flow: FileFlow) -> None:
    wires = checks.items(value, path)
    if len(wires) > MAX_WIRES:
        checks.note(path, f"a flow has at most {MAX_WIRES:,} wires")
        return
    seen: set[tuple[str, str, str, str]] = set()
    for index, item in enumerate(wires):
        at = (*path, index)
        wire = checks.mapping(item, at)
        checks.known(wire, at, _WIRE)
        source = end_of(checks, wire.get("from"), (*at, "from"), flow)
        target = end_of(checks, wire.get("to"), (*at, "to"), flow)
        made = FileWire(*source, *target, checks.mapping(wire.get("mapping"), (*at, "mapping")))
        if wire.get("timeoutMs") is not None:
            made.timeout_ms = checks.whole(wire["timeoutMs"], (*at, "timeoutMs"), 1, MAX_WAIT_MS)
        if wire.get("retryPolicy") is not None:
            made.retry_policy = checks.mapping(wire["retryPolicy"], (*at, "retryPolicy"))
        if made.ends in seen:
            checks.note(at, "there is a wire between these two ports already: one carries all messages")
        seen.add(made.ends)
        flow.wires.append(made)


def _group(checks: Checks, value: dict[str, Any], path: Path, key: str) -> FileGroup:
    checks.known(value, path, _GROUP)
    sides = []
    for side in ("inputs", "outputs"):
        names = checks.mapping(value.get(side), (*path, side))
        sides.append({port: checks.text(name, (*path, side, port), 200) for port, name in names.items()})
    return FileGroup(
        checks.place(value.get("at"), (*path, "at")),
        checks.size(value.get("size"), (*path, "size"), GROUP_SIZE),
        checks.text(value.get("title"), (*path, "title"), 200, spoken(key)),
        checks.one_of(value.get("colour"), (*path, "colour"), COLOURS, "grey"),
        checks.flag(value.get("collapsed"), (*path, "collapsed")),
        sides[0],
        sides[1],
    )


def _note(checks: Checks, value: Any, path: Path, flow: FileFlow) -> FileNote:
    note = checks.mapping(value, path)
    checks.known(note, path, _NOTE)
    return FileNote(
        checks.place(note.get("at"), (*path, "at")),
        checks.size(note.get("size"), (*path, "size"), NOTE_SIZE),
        checks.text(note.get("text"), (*path, "text"), 20_000),
        checks.one_of(note.get("colour"), (*path, "colour"), COLOURS, "amber"),
        _in_group(checks, note.get("group"), (*path, "group"), flow),
    )


def _scenarios(checks: Checks, value: Any, path: Path, flow: FileFlow) -> dict[str, dict[str, Any]]:
    scenarios = checks.mapping(value, path)
    for name, messages in scenarios.items():
        if not 0 < len(name.strip()) <= MAX_TITLE:
            checks.note((*path, name), f"a scenario's name has 1 to {MAX_TITLE} characters")
        for port in checks.mapping(messages, (*path, name)):
            end_of(checks, port, (*path, name, port), flow)
    return {name: messages or {} for name, messages in scenarios.items()}
