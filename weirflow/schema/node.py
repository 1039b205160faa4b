"""What the propagation of schemas asks of one node and of one wire."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache

from weirflow.errors import JSON
from weirflow.schema.definitions import Definitions
from weirflow.schema.document import Definition, Document, digest_of_any
from weirflow.schema.identity import ID
from weirflow.schema.infer import inferred
from weirflow.schema.lift import is_open
from weirflow.schema.places import value_at
from weirflow.spec import SETTINGS_PORT


@dataclass(frozen=True, slots=True)
class PortSchema:
    """A port as its node's status (or its component) has it. `source`: messages come out of it."""

    source: bool
    document: Document | None = None


@dataclass(frozen=True)
class NodeSchemas:
    """A node's ports by name, and what people have made of them.

    `edited` are their schemas by port (`spec.ports[].schema` without a `from`): one with a reference at its root stands
    in the place of the component's, of any other only its definitions count. `settings` are the node's settings: what
    they hold says what an open definition among them is.
    """

    ports: Mapping[str, PortSchema]
    edited: Mapping[str, Document] = field(default_factory=dict)
    settings: JSON = field(default=None, compare=False)
    #: To compare by: in Python 1 is true, in JSON it is not.
    settings_digest: bytes = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "settings_digest", digest_of_any(self.settings))

    @cached_property
    def own(self) -> Definitions:
        """The definitions that its ports share, as well as the node itself knows them: as somebody edited them, as the
        component has them, or as the settings show them.
        """
        documents = tuple(port.document for _, port in sorted(self.ports.items()) if port.document is not None)
        component = _of_component(documents)
        edited, shown = list(self._edited(component)), list(self._shown())
        return Definitions.best((*edited, *component, *shown)) if edited or shown else component

    def base(self, name: str) -> Document | None:
        """The port's schema before anything that others know is laid over it."""
        edited = self.edited.get(name)
        if edited is not None and not edited.problem and "$ref" in edited.schema:
            return edited
        port = self.ports.get(name)
        return port.document if port is not None else None

    @cached_property
    def edited_at(self) -> Mapping[str, Mapping[str, Definition]]:
        """The edited definitions of each port by their path in its message."""
        return {
            name: {path: document.definition(key, edited=True) for key, path in document.paths.items()}
            for name, document in self.edited.items()
        }

    def _edited(self, component: Iterable[Definition]) -> Iterator[Definition]:
        known = {definition.identity for definition in component}
        for _, document in sorted(self.edited.items()):
            yield from edited_in(document, known)

    def _shown(self) -> Iterator[Definition]:
        port = self.ports.get(SETTINGS_PORT)
        if port is None or port.document is None or not self.settings:
            return
        for definition in port.document.travelling:
            value = value_at(self.settings, definition.path) if definition.bare and definition.path else None
            if value is not None:
                schema = {**definition.schema, **inferred(value)}
                yield Definition.of(definition.key, schema, {}, definition.path, edited=False)


@lru_cache(maxsize=1024)
def _of_component(documents: tuple[Document, ...]) -> Definitions:
    """What the schemas of a component's ports share: the same for all its nodes."""
    return Definitions.best(definition for document in documents for definition in document.travelling)


@dataclass(frozen=True)
class Wire:
    """An edge between two ports. `edited`: the target's schema as people see and edit it on this edge."""

    source: str
    source_port: str
    target: str
    target_port: str
    edited: Document | None = None

    @cached_property
    def definitions(self) -> Definitions:
        """What somebody has defined on the edge."""
        return Definitions.best(edited_in(self.edited, None)) if self.edited is not None else Definitions({})


def edited_in(document: Document, known: set[str] | None) -> Iterator[Definition]:
    """The definitions in an edited schema that say something and may be told on: by what they say of themselves, or
    because their identity is one of those `known` (None: all of them).
    """
    for key, part in document.defined.items():
        identity = str(part.get(ID) or "") or f"key {key}"
        travels = known is None or identity in known or part.get("configurable") is True or part.get("shared") is True
        if travels and not is_open(part):
            yield document.definition(key, edited=True)
