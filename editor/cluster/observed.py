"""What is kept of a TinyNode: enough to draw it and to change our slices of it, without its large documents.

A node's settings may be half a mebibyte and its state more; a flow of thousands of nodes must not hold them. Documents
are kept as digests, ports that many nodes share are kept once.
"""

import sys
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

import orjson

from weirflow.kube.resources import (
    ANNOTATION_NODE_COMMENT,
    ANNOTATION_NODE_LABEL,
    ANNOTATION_POSITION_X,
    ANNOTATION_POSITION_Y,
    ANNOTATION_RESTORE,
    ANNOTATION_REV,
    ANNOTATION_SHARED,
    LABEL_FLOW,
    LABEL_PROJECT,
    Object,
    decode_json,
)
from weirflow.spec import CONTROL_PORT

DRAWN_ANNOTATIONS = (
    ANNOTATION_POSITION_X,
    ANNOTATION_POSITION_Y,
    ANNOTATION_NODE_LABEL,
    ANNOTATION_NODE_COMMENT,
    ANNOTATION_SHARED,
)


KEPT_CONTROL = 1_400
"""Characters of base64 up to which control values are kept whole, about 1 KiB of JSON."""
KEPT_TEXT = 200
"""Characters up to which a text among larger ones is kept."""


@dataclass(frozen=True, slots=True)
class PortSlice:
    """One entry of ``spec.ports``: settings, a schema or a mapping. ``digest`` stands for its documents."""

    source: str
    port: str
    flow: str
    digest: bytes


@dataclass(frozen=True, slots=True)
class EdgeSlice:
    """One entry of ``spec.edges``; ``options`` holds what rides on it, such as ``timeoutMs``."""

    id: str
    port: str
    to: str
    flow: str
    options: dict[str, Any]


@dataclass(frozen=True, slots=True)
class NodeStatus:
    """What the module host wrote about the node, as far as the canvas shows it."""

    observed_generation: int = 0
    text: str = ""
    error: bool = False
    problem: dict[str, Any] | None = None
    edges: tuple[tuple[str, str], ...] = ()
    control: dict[str, Any] | None = None
    """Only its plain values where it is large: ``cut`` says so."""
    cut: bool = False
    ports: tuple[dict[str, Any], ...] = ()


@dataclass(frozen=True, slots=True)
class ObservedNode:
    """A TinyNode as the cluster has it. ``ports`` and ``edges`` are None where the object has no such list."""

    name: str
    uid: str
    generation: int
    deleting: bool
    rev: str | None
    restoring: bool
    project: str
    flow: str
    annotations: dict[str, str] | None
    labels: bool
    module: str
    component: str
    ports: tuple[PortSlice, ...] | None
    edges: tuple[EdgeSlice, ...] | None
    status: NodeStatus

    def mapping(self, source: str, port: str) -> PortSlice | None:
        """The entry for messages that come from ``source`` (``<node name>:<port>``) into ``port``."""
        return next((p for p in self.ports or () if p.source == source and p.port == port), None)


def digest(configuration: str, schema: str = "") -> bytes:
    """What stands for the documents of an entry here."""
    return blake2b(f"{configuration}\n{schema}".encode(), digest_size=16).digest()


def observe(obj: Object) -> ObservedNode:
    """Keep what is needed of a TinyNode. Never raises: a damaged entry of another writer must not blind the editor."""
    metadata = obj.get("metadata") or {}
    spec = obj.get("spec") or {}
    labels = metadata.get("labels")
    annotations = metadata.get("annotations")
    ports, edges = spec.get("ports"), spec.get("edges")
    return ObservedNode(
        name=metadata.get("name", ""),
        uid=metadata.get("uid", ""),
        generation=int(metadata.get("generation") or 0),
        deleting="deletionTimestamp" in metadata,
        rev=(annotations or {}).get(ANNOTATION_REV),
        restoring=ANNOTATION_RESTORE in (annotations or {}),
        project=_one_copy((labels or {}).get(LABEL_PROJECT)),
        flow=_one_copy((labels or {}).get(LABEL_FLOW)),
        annotations=None if annotations is None else {k: annotations[k] for k in DRAWN_ANNOTATIONS if k in annotations},
        labels=labels is not None,
        module=_one_copy(spec.get("module")),
        component=_one_copy(spec.get("component")),
        ports=None if ports is None else tuple(_port(entry) for entry in ports),
        edges=None if edges is None else tuple(_edge(entry) for entry in edges),
        status=observe_status(obj.get("status") or {}),
    )


def observe_status(status: dict[str, Any]) -> NodeStatus:
    """Keep what the canvas shows of a status."""
    entries = status.get("ports") or ()
    entry: dict[str, Any] = next((entry for entry in entries if entry.get("name") == CONTROL_PORT), {})
    control, cut = _control(entry), len(entry.get("configuration") or "") > KEPT_CONTROL
    if cut and control is not None:
        control = {key: value for key, value in control.items() if _is_plain(value)}
    return NodeStatus(
        observed_generation=int(status.get("observedGeneration") or 0),
        text=str(status.get("status") or "")[:2000],
        error=bool(status.get("error")),
        problem=status.get("problem") or None,
        edges=tuple((str(e.get("id", "")), str(e.get("error", ""))) for e in status.get("edges") or ()),
        control=control,
        cut=cut,
        ports=_shared(entries),
    )


def whole_control(obj: Object) -> dict[str, Any] | None:
    """All control values in a TinyNode's status."""
    entries = (obj.get("status") or {}).get("ports") or ()
    return next((_control(entry) for entry in entries if entry.get("name") == CONTROL_PORT), None)


def _is_plain(value: Any) -> bool:
    return isinstance(value, bool | int | float) or (isinstance(value, str) and len(value) <= KEPT_TEXT)


def _one_copy(text: Any) -> str:
    """A text that thousands of nodes have in common, held once for as long as one of them has it."""
    return sys.intern(str(text or ""))


def _port(entry: dict[str, Any]) -> PortSlice:
    return PortSlice(
        str(entry.get("from") or ""),
        _one_copy(entry.get("port")),
        _one_copy(entry.get("flowID")),
        digest(str(entry.get("configuration") or ""), str(entry.get("schema") or "")),
    )


def _edge(entry: dict[str, Any]) -> EdgeSlice:
    options = {k: v for k, v in entry.items() if k not in ("id", "port", "to", "flowID")}
    return EdgeSlice(
        str(entry.get("id") or ""),
        _one_copy(entry.get("port")),
        str(entry.get("to") or ""),
        _one_copy(entry.get("flowID")),
        options,
    )


def _control(entry: dict[str, Any]) -> dict[str, Any] | None:
    try:
        value = decode_json(entry.get("configuration"))
    except ValueError:
        return None
    return value if isinstance(value, dict) else None


_PORTS: dict[bytes, tuple[dict[str, Any], ...]] = {}
_PORTS_LIMIT = 2_000


def _shared(entries: Any) -> tuple[dict[str, Any], ...]:
    """The ports as the canvas draws them, and the control panel, whose fields may be the node's own; one copy for all
    nodes that have the same ones."""
    drawn = [
        {key: entry.get(key) for key in ("name", "label", "position", "source", "schema")}
        for entry in entries
        if entry.get("name") == CONTROL_PORT or not str(entry.get("name", "")).startswith("_")
    ]
    key = blake2b(orjson.dumps(drawn), digest_size=16).digest()
    known = _PORTS.get(key)
    if known is None:
        if len(_PORTS) >= _PORTS_LIMIT:
            _PORTS.clear()
        known = _PORTS[key] = tuple(drawn)
    return known
