"""A flow file's text. The same document has the same text, whatever order it was made in."""

from __future__ import annotations

from typing import Any

from weirflow.flowfile.document import (
    FileFlow,
    FileGroup,
    FileNode,
    FilePage,
    FileProject,
    FileWire,
    FlowFile,
)
from weirflow.flowfile.names import node_title, spoken
from weirflow.flowfile.needs import needs_of
from weirflow.flowfile.parse import VERSION
from weirflow.flowfile.scalars import text
from weirflow.flowfile.writer import Writer

#: A test reads from top to bottom; databases keep no order of keys.
_TEST_KEYS = {
    name: place for place, name in enumerate(("name", "at", "now", "within", "scenario", "state", "answers", "given"))
}


def print_flow_file(file: FlowFile) -> str:
    """The file's text, ending with a line break."""
    writer = Writer()
    writer.entry("weirflow", VERSION, 0)
    writer.entry("kind", "Flow" if isinstance(file, FileFlow) else "Project", 0)
    writer.entry("name", file.name, 0)
    if file.description:
        writer.entry("description", file.description, 0)
    needs = needs_of(file)
    needed = {"secrets": list(needs.secrets), "modules": list(needs.modules)}
    writer.entry("needs", {name: value for name, value in needed.items() if value}, 0)
    if isinstance(file, FileFlow):
        _flow(writer, file, 0)
    else:
        _project(writer, file)
    return "\n".join(writer.lines) + "\n"


def _project(writer: Writer, project: FileProject) -> None:
    if project.flows:
        writer.lines.append("flows:")
    for key, flow in sorted(project.flows.items()):
        start = len(writer.lines)
        writer.lines.append(f"  {text(key)}:")
        if flow.name != spoken(key):
            writer.entry("name", flow.name, 2)
        if flow.description:
            writer.entry("description", flow.description, 2)
        _flow(writer, flow, 2)
        if len(writer.lines) == start + 1:
            writer.lines[start] += " {}"
    if project.pages:
        writer.lines.append("dashboards:")
        writer.items([_page(page) for page in project.pages], 1, ordered=True)


def _flow(writer: Writer, flow: FileFlow, depth: int) -> None:
    pad, inner = "  " * depth, "  " * (depth + 1)
    if flow.nodes:
        writer.lines.append(f"{pad}nodes:")
    for key, node in sorted(flow.nodes.items()):
        writer.lines.append(f"{inner}{text(key)}:")
        _node(writer, key, node, depth + 2)
    if flow.shown:
        told = {key: _told(shown, ("flow", "node", "at", "group")) for key, shown in sorted(flow.shown.items())}
        writer.entry("shown", told, depth, ordered=True)
    if flow.wires:
        writer.lines.append(f"{pad}wires:")
    for wire in sorted(flow.wires, key=lambda wire: wire.ends):
        _wire(writer, wire, depth + 1)
    if flow.groups:
        groups = {key: _group(key, group) for key, group in sorted(flow.groups.items())}
        writer.entry("groups", groups, depth, ordered=True)
    if flow.notes:
        ordered = sorted(flow.notes, key=lambda note: (note.at, note.size, note.text, note.colour, note.group or ""))
        writer.lines.append(f"{pad}notes:")
        notes = [_told(note, ("text", "colour", "at", "size", "group"), colour="amber") for note in ordered]
        writer.items(notes, depth + 1, ordered=True)
    if flow.scenarios:
        writer.lines.append(f"{pad}scenarios:")
        writer.fields(flow.scenarios, depth + 1)
    if flow.tests:
        writer.lines.append(f"{pad}tests:")
        writer.first = _TEST_KEYS
        writer.items(flow.tests, depth + 1)
        writer.first = {}


def _node(writer: Writer, key: str, node: FileNode, depth: int) -> None:
    pad = "  " * depth
    writer.lines.append(f"{pad}component: {text(f'{node.module}/{node.component}')}")
    if node.title != node_title(key, node.component):
        writer.entry("title", node.title, depth)
    if node.comment:
        writer.entry("comment", node.comment, depth)
    writer.lines.append(f"{pad}at: [{node.at[0]}, {node.at[1]}]")
    if node.group is not None:
        writer.lines.append(f"{pad}group: {text(node.group)}")
    if node.settings:
        writer.entry("settings", node.settings, depth)
    if node.schemas:
        writer.entry("schemas", node.schemas, depth)


def _wire(writer: Writer, wire: FileWire, depth: int) -> None:
    pad = "  " * depth
    writer.lines.append(f"{pad}- from: {text(f'{wire.source}.{wire.source_port}')}")
    writer.lines.append(f"{pad}  to: {text(f'{wire.target}.{wire.target_port}')}")
    if wire.mapping:
        writer.entry("mapping", wire.mapping, depth + 1)
    if wire.timeout_ms is not None:
        writer.lines.append(f"{pad}  timeoutMs: {wire.timeout_ms}")
    if wire.retry_policy is not None:
        writer.entry("retryPolicy", wire.retry_policy, depth + 1)


def _group(key: str, group: FileGroup) -> dict[str, Any]:
    told = _told(group, ("title", "colour", "collapsed", "at", "size", "inputs", "outputs"), colour="grey")
    told.pop("title", None)
    for side in ("inputs", "outputs"):
        if side in told:
            told[side] = dict(sorted(told[side].items()))
    return told if group.title == spoken(key) else {"title": group.title, **told}


def _page(page: FilePage) -> dict[str, Any]:
    told = _told(page, ("name", "operators"), operators="editors")
    if page.widgets:
        told["widgets"] = [
            {
                "node": f"{widget.flow}/{widget.node}",
                **({"title": widget.title} if widget.title else {}),
                "at": list(widget.at),
                "size": list(widget.size),
                **({"schemaPatch": widget.schema_patch} if widget.schema_patch else {}),
            }
            for widget in sorted(page.widgets, key=lambda widget: (widget.at[::-1], widget.flow, widget.node))
        ]
    return told


def _told(thing: Any, names: tuple[str, ...], **silent: str) -> dict[str, Any]:
    """The fields in this order, without those that say nothing; `silent`: the values that others say nothing with."""
    fields = {}
    for name in names:
        value = getattr(thing, name)
        if isinstance(value, tuple):
            value = list(value)
        if value not in (None, "", {}, [], False) and value != silent.get(name):
            fields[name] = value
    return fields
