"""What a flow's messages would hold: made up from schemas, and traced through the mappings before them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from weirflow.errors import JSON
from weirflow.mappings.evaluate import evaluate
from weirflow.schema.bounds import too_large
from weirflow.schema.definitions import Definitions
from weirflow.schema.document import Definition, Document, digest_of
from weirflow.schema.flow import FlowSchemas
from weirflow.schema.infer import inferred
from weirflow.schema.overlay import overlaid
from weirflow.schema.places import value_at, with_value_at
from weirflow.schema.simulate import simulate
from weirflow.spec import SETTINGS_PORT

#: Examples of one definition that are kept; several wires may bring several.
EXAMPLES_LIMIT = 4


@dataclass(frozen=True, slots=True)
class Traced:
    """What a definition of a node was seen to be: examples, the first the best, none of them null. `digest` is theirs,
    to compare by: in Python 1 is true, in JSON it is not.
    """

    definition: Definition
    examples: tuple[JSON, ...] = field(compare=False, hash=False)
    digest: bytes


#: By identity. Compared by `==`, so that what stays the same ends here.
Traces = Mapping[str, Traced]
NOTHING: Traces = {}


class Samples:
    """Messages of outputs. `mapping_of` gives an edge's mapping, `real` data that came out of a port, if any did."""

    def __init__(
        self,
        schemas: FlowSchemas,
        mapping_of: Callable[[str], JSON],
        real: Callable[[str, str], JSON],
    ) -> None:
        self._schemas, self._mapping_of, self._real = schemas, mapping_of, real

    def traced(self, node: str, traces: Callable[[str], Traces]) -> Traces:
        """What the definitions of a node are seen to be: what its wires bring it, and what its settings hold."""
        schemas = self._schemas.nodes.get(node)
        if schemas is None or not schemas.own:
            return NOTHING
        found: dict[str, Traced] = {}
        for definition in schemas.own:
            examples = _distinct(self._examples(node, definition, traces))
            if examples:
                found[definition.identity] = Traced(definition, examples, digest_of(examples))
        return found

    def output(self, node: str, port: str, traces: Traces) -> JSON:
        """A message that comes out of a port: made up, what is traced in its place, and what really came over it."""
        document = self._schemas.port(node, port)
        message = _simulated(document) if document is not None else None
        if document is not None and traces:
            for traced, path in _in_document(document, traces):
                made_up = value_at(message, path)
                message = with_value_at(message, path, merged(made_up, traced.examples[0]))
        return merged(message, self._real(node, port))

    def described(self, node: str, port: str, traces: Traces) -> Document | None:
        """The schema of a port, where it leaves definitions open with what the traces say of them."""
        document = self._schemas.port(node, port)
        if document is None or not traces:
            return document
        told = []
        for traced, _ in _in_document(document, traces):
            schema = {**traced.definition.schema, **inferred(*traced.examples)}
            told.append(Definition.of(traced.definition.key, schema, {}, traced.definition.path, edited=False))
        return overlaid(document, Definitions.best(told), promised=True)

    def _examples(self, node: str, definition: Definition, traces: Callable[[str], Traces]) -> Iterator[JSON]:
        schemas = self._schemas.nodes[node]
        arriving: dict[str, str] = {}
        for name, port in schemas.ports.items():
            path = _path_of(definition, port.document)
            if path and not port.source:
                arriving[name] = path
        for edge in self._schemas.edges_into(node):
            wire = self._schemas.wires[edge]
            if wire.target_port in arriving and wire.target_port != SETTINGS_PORT:
                message = self.output(wire.source, wire.source_port, traces(wire.source))
                given = evaluate(self._mapping_of(edge), message).value
                yield value_at(given, arriving[wire.target_port])
        if SETTINGS_PORT in arriving:
            yield value_at(schemas.settings, arriving[SETTINGS_PORT])


def merged(below: JSON, above: JSON) -> JSON:
    """`above`, and where both are objects the fields of `below` that it does not have."""
    if above is None:
        return below
    if isinstance(below, dict) and isinstance(above, dict):
        return {**below, **{name: merged(below.get(name), value) for name, value in above.items()}}
    return above


def _distinct(examples: Iterator[JSON]) -> tuple[JSON, ...]:
    kept: list[JSON] = []
    for example in examples:
        if example is not None and _usable(example) and all(not same(example, other) for other in kept):
            kept.append(example)
            if len(kept) == EXAMPLES_LIMIT:
                break
    return tuple(kept)


def _usable(example: JSON) -> bool:
    if too_large(example):
        return False
    try:
        digest_of(example)
    except TypeError:
        return False
    return True


def _in_document(document: Document, traces: Traces) -> Iterator[tuple[Traced, str]]:
    """The traced definitions that a schema has, with their places in its message."""
    for traced in traces.values():
        path = _path_of(traced.definition, document)
        if path:
            yield traced, path


def _path_of(definition: Definition, document: Document | None) -> str:
    """Where the message of a schema has a definition; empty if it does not."""
    if document is None or not document.defined:
        return ""
    return document.paths.get(_keys_of(document).get(definition.identity, ""), "")


@lru_cache(maxsize=1024)
def _keys_of(document: Document) -> Mapping[str, str]:
    return {str(part.get("x-id") or "") or f"key {key}": key for key, part in document.defined.items()}


@lru_cache(maxsize=1024)
def _simulated(document: Document) -> JSON:
    return simulate(document)


def same(one: JSON, other: JSON) -> bool:
    """Whether two values are the same JSON: 1 is not true."""
    return one is other or digest_of(one) == digest_of(other)
