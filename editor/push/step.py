"""The next thing to do for one node, decided from what is desired and what is observed; nothing else is remembered.

The order of a change over several nodes comes out of conditions rather than of a script: an edge is added only when its
target has the mapping, a mapping is removed only when its edge is gone, a node is deleted only when no edge of ours
leads to it. Any state that a crash, a colleague or kubectl leaves behind is therefore just another starting point.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass

from editor.cluster.observed import ObservedNode
from editor.push.desired import DesiredEdge, DesiredNode
from editor.push.diff import MappingKey, Patch, diff, owned
from weirflow.kube.resources import split_port

Find = Callable[[str], ObservedNode | None]


@dataclass(frozen=True, slots=True)
class Create:
    """The node does not exist. ``edges`` are those whose targets are ready."""

    edges: tuple[DesiredEdge, ...]


@dataclass(frozen=True, slots=True)
class Restore:
    """The node was created with a state to start from that its status may not have yet."""


@dataclass(frozen=True, slots=True)
class Amend:
    """The node, as it was ``seen``, differs from its rows."""

    patch: Patch
    seen: ObservedNode


@dataclass(frozen=True, slots=True)
class Delete:
    """The node has no row any more; only this incarnation of it may be deleted."""

    uid: str


@dataclass(frozen=True, slots=True)
class Wait:
    """Something else must happen first; ``neighbours`` are the nodes that may have to move."""

    reason: str
    neighbours: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Done:
    """The cluster has what the rows say."""


Step = Create | Restore | Amend | Delete | Wait | Done


def next_step(name: str, desired: DesiredNode | None, find: Find, own_flows: Collection[str]) -> Step:
    """What to do for the node called ``name``; ``desired`` is None when it has no row."""
    observed = find(name)
    if desired is None:
        return _removal(name, observed, find, own_flows)
    held = [edge for edge in desired.edges if not _target_ready(name, edge, find)]
    if observed is None:
        return Create(tuple(edge for edge in desired.edges if edge not in held) if held else desired.edges)
    if observed.deleting:
        return Wait("the node is still being deleted")
    if observed.restoring:
        return Restore()
    keys = {(port.source, port.port) for port in desired.ports}
    unwanted = any((have.source, have.port) not in keys for have in observed.ports or ())
    fed = _still_fed(name, observed, find, own_flows) if unwanted else set()
    patch = diff(desired, observed, own_flows, held_edges={edge.id for edge in held}, held_mappings=fed)
    if patch:
        return Amend(patch, observed)
    missing = [edge for edge in held if edge.id not in {have.id for have in observed.edges or ()}]
    if missing:
        return Wait("the target of a wire is not ready yet", tuple(split_port(edge.to)[0] for edge in missing))
    late = [key for key in fed if key not in keys]
    if late:
        return Wait("a wire that was removed is still on its source", tuple(split_port(key[0])[0] for key in late))
    return Done()


def neighbours(observed: ObservedNode | None, own_flows: Collection[str]) -> set[str]:
    """The nodes our slices connect this one with; they have to change when it goes."""
    if observed is None:
        return set()
    targets = {split_port(e.to)[0] for e in observed.edges or () if owned(e.flow, own_flows)}
    return (sources(observed, own_flows) | targets) - {observed.name}


def sources(observed: ObservedNode | None, own_flows: Collection[str]) -> set[str]:
    """The nodes that our slices of this one name as where its messages come from."""
    entries = observed.ports or () if observed is not None else ()
    return {split_port(p.source)[0] for p in entries if p.source and owned(p.flow, own_flows)}


def _removal(name: str, observed: ObservedNode | None, find: Find, own_flows: Collection[str]) -> Step:
    if observed is None:
        return Done()
    if observed.deleting:
        return Wait("the node is still being deleted")
    feeding = {split_port(source)[0] for source, _ in _still_fed(name, observed, find, own_flows)} - {name}
    if feeding:
        return Wait("wires still lead to the node", tuple(sorted(feeding)))
    return Delete(observed.uid)


def _target_ready(name: str, edge: DesiredEdge, find: Find) -> bool:
    target_name, port = split_port(edge.to)
    target = find(target_name)
    if target is None or target.deleting or target.restoring:
        return False
    return target.mapping(f"{name}:{edge.port}", port) is not None


def _still_fed(name: str, observed: ObservedNode, find: Find, own_flows: Collection[str]) -> set[MappingKey]:
    """Our mappings on this node whose edge still stands on its source."""
    fed: set[MappingKey] = set()
    for entry in observed.ports or ():
        if not entry.source or not owned(entry.flow, own_flows):
            continue
        source_name, source_port = split_port(entry.source)
        source = find(source_name)
        if source is None or source.deleting:
            continue
        to = f"{name}:{entry.port}"
        if any(e.port == source_port and e.to == to and owned(e.flow, own_flows) for e in source.edges or ()):
            fed.add((entry.source, entry.port))
    return fed
