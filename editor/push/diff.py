"""The JSON Patch that turns an observed TinyNode into the desired one, touching nothing but our slices.

Entries are addressed by their index, which is safe because every patch first tests ``metadata.generation``: the lists
stand as they were observed or the patch does nothing. So neither foreign entries nor unchanged documents travel.
"""

from collections.abc import Collection
from typing import Any

from editor.cluster.observed import ObservedNode, PortSlice, digest
from editor.push.desired import DesiredEdge, DesiredNode, DesiredPort
from weirflow.kube.resources import ANNOTATION_REV

Patch = list[dict[str, Any]]
MappingKey = tuple[str, str]
"""``(<source node>:<port>, target port)``: what a mapping is looked up by."""


def diff(
    desired: DesiredNode,
    observed: ObservedNode,
    own_flows: Collection[str],
    *,
    held_edges: Collection[str] = (),
    held_mappings: Collection[MappingKey] = (),
) -> Patch:
    """The operations still missing, empty when there are none.

    ``held_edges`` are ids not to be added yet (their targets are not ready), ``held_mappings`` entries not to be
    removed yet (their edges still stand on the source).
    """
    changes = [
        *_metadata(desired, observed),
        *_ports(desired, observed, own_flows, held_mappings),
        *_edges(desired, observed, own_flows, held_edges),
    ]
    return [*_guards(observed), *_stamp(desired, observed), *changes] if changes else []


def owned(flow: str, own_flows: Collection[str]) -> bool:
    """Whether a slice with this flowID is ours to change."""
    return flow in own_flows


def _guards(observed: ObservedNode) -> Patch:
    guards: Patch = [
        {"op": "test", "path": "/metadata/uid", "value": observed.uid},
        {"op": "test", "path": "/metadata/generation", "value": observed.generation},
    ]
    if observed.rev is not None:
        guards.append({"op": "test", "path": _annotation(ANNOTATION_REV), "value": observed.rev})
    return guards


def _stamp(desired: DesiredNode, observed: ObservedNode) -> Patch:
    rev = {"op": "add", "path": _annotation(ANNOTATION_REV), "value": str(desired.rev)}
    return [rev] if observed.annotations is not None else [_add("/metadata/annotations", {}), rev]


def _metadata(desired: DesiredNode, observed: ObservedNode) -> Patch:
    drawn = observed.annotations or {}
    patch = [
        _add(_annotation(key), value) for key, value in desired.annotations().items() if drawn.get(key, "") != value
    ]
    if not observed.labels:
        return [*patch, _add("/metadata/labels", desired.labels())]
    if (observed.project, observed.flow) != (desired.project, desired.flow):
        patch += [_add(f"/metadata/labels/{_escape(key)}", value) for key, value in desired.labels().items()]
    return patch


def _ports(
    desired: DesiredNode, observed: ObservedNode, own_flows: Collection[str], held: Collection[MappingKey]
) -> Patch:
    wanted: dict[MappingKey, DesiredPort] = {(port.source, port.port): port for port in desired.ports}
    replaced: Patch = []
    removed: Patch = []
    for index, have in enumerate(observed.ports or ()):
        if not owned(have.flow, own_flows):
            continue
        want = wanted.pop((have.source, have.port), None)
        if want is None:
            if (have.source, have.port) not in held:
                removed.append({"op": "remove", "path": f"/spec/ports/{index}"})
        elif not _same_port(want, have):
            replaced.append({"op": "replace", "path": f"/spec/ports/{index}", "value": want.entry()})
    added = [_add("/spec/ports/-", want.entry()) for want in wanted.values()]
    if added and observed.ports is None:
        added.insert(0, _add("/spec/ports", []))
    return [*replaced, *reversed(removed), *added]


def _edges(desired: DesiredNode, observed: ObservedNode, own_flows: Collection[str], held: Collection[str]) -> Patch:
    wanted: dict[str, DesiredEdge] = {edge.id: edge for edge in desired.edges}
    replaced: Patch = []
    removed: Patch = []
    for index, have in enumerate(observed.edges or ()):
        if not owned(have.flow, own_flows):
            continue
        want = wanted.pop(have.id, None)
        if want is None:
            removed.append({"op": "remove", "path": f"/spec/edges/{index}"})
        elif (want.port, want.to, want.flow, want.options) != (have.port, have.to, have.flow, have.options):
            replaced.append({"op": "replace", "path": f"/spec/edges/{index}", "value": want.entry()})
    added = [_add("/spec/edges/-", want.entry()) for want in wanted.values() if want.id not in held]
    if added and observed.edges is None:
        added.insert(0, _add("/spec/edges", []))
    return [*replaced, *reversed(removed), *added]


def _same_port(want: DesiredPort, have: PortSlice) -> bool:
    return want.flow == have.flow and digest(want.configuration, want.schema) == have.digest


def _add(path: str, value: Any) -> dict[str, Any]:
    return {"op": "add", "path": path, "value": value}


def _annotation(key: str) -> str:
    return f"/metadata/annotations/{_escape(key)}"


def _escape(key: str) -> str:
    return key.replace("~", "~0").replace("/", "~1")
