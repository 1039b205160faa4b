"""How the values of a kind are made, as far as merging asks: which maps and lists are whole, which have parts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from weirflow.embedded.schema import Schema


@dataclass(frozen=True, slots=True, eq=False)
class Scalar:
    """A value without parts. `type` is what it has to be: string, numeric, boolean, or empty for any."""

    type: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Map:
    """An object: `fields` that are named by the kind, and the shape of all others if there may be others."""

    fields: Mapping[str, Shape] = field(default_factory=dict)
    element: Shape | None = None
    atomic: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class List:
    """A list: whole, a `set` of scalars, or a map whose items are known by `keys`."""

    element: Shape
    keys: tuple[str, ...] = ()
    is_set: bool = False
    defaults: Mapping[str, Any] = field(default_factory=dict)
    """Of keys that an item may leave out."""

    @property
    def atomic(self) -> bool:
        return not self.keys and not self.is_set


@dataclass(frozen=True, slots=True, eq=False)
class Deduced:
    """Whatever stands there: objects have parts, lists are whole."""


Shape = Scalar | Map | List | Deduced

ANY = Scalar()
TEXT = Scalar("string")
TEXTS = Map(element=TEXT)
PLAIN = Map(element=ANY)
WHOLE_LIST = List(ANY)
WHOLE_MAP = Map(element=Deduced(), atomic=True)
CONDITIONS = List(Map(element=ANY), keys=("type",))


def struct(**fields: Shape) -> Map:
    return Map(fields=fields)


METADATA = struct(
    name=TEXT, generateName=TEXT, namespace=TEXT, uid=TEXT, resourceVersion=TEXT, creationTimestamp=TEXT,
    deletionTimestamp=TEXT, labels=TEXTS, annotations=TEXTS, finalizers=List(TEXT, is_set=True),
    ownerReferences=List(WHOLE_MAP, keys=("uid",)), generation=Scalar("numeric"), managedFields=WHOLE_LIST,
    deletionGracePeriodSeconds=Scalar("numeric"), selfLink=TEXT,
)  # fmt: skip

NAMES = struct(
    plural=TEXT, singular=TEXT, kind=TEXT, listKind=TEXT, shortNames=WHOLE_LIST, categories=WHOLE_LIST
)  # fmt: skip

BUILTIN: dict[str, dict[str, Shape]] = {
    "configmaps": {"data": TEXTS, "binaryData": TEXTS, "immutable": Scalar("boolean")},
    "secrets": {"data": TEXTS, "stringData": TEXTS, "type": TEXT, "immutable": Scalar("boolean")},
    "leases.coordination.k8s.io": {"spec": PLAIN},
    "namespaces": {"spec": struct(finalizers=WHOLE_LIST), "status": struct(phase=TEXT, conditions=CONDITIONS)},
    "events": {"involvedObject": WHOLE_MAP, "related": WHOLE_MAP, "source": PLAIN, "series": PLAIN},
    "customresourcedefinitions.apiextensions.k8s.io": {
        "spec": struct(
            group=TEXT, names=NAMES, scope=TEXT, versions=WHOLE_LIST, conversion=Map(element=Deduced()),
            preserveUnknownFields=Scalar("boolean"),
        ),
        "status": struct(acceptedNames=NAMES, conditions=CONDITIONS, storedVersions=WHOLE_LIST),
    },
}  # fmt: skip
"""Fields of the built-in kinds that have parts, by qualified resource; all others are scalars."""


def builtin_shape(qualified: str, names: Iterable[str]) -> Map:
    """Of a built-in kind with fields of these names."""
    scalars: dict[str, Shape] = dict.fromkeys(names, ANY)
    return Map(fields={**scalars, **BUILTIN.get(qualified, {}), "apiVersion": TEXT, "kind": TEXT, "metadata": METADATA})


def custom_shape(schema: Schema) -> Map:
    """Of a custom resource's version."""
    made = of_schema(schema)
    if not isinstance(made, Map):
        made = Map()
    return Map(fields={**made.fields, "apiVersion": TEXT, "kind": TEXT, "metadata": METADATA}, element=made.element)


def of_schema(schema: Schema) -> Shape:
    """Of one node of a structural schema."""
    if schema.int_or_string:
        return ANY
    if schema.type == "array":
        element = of_schema(schema.items) if schema.items is not None else Deduced()
        keys = tuple(schema.list_keys)
        defaults = {}
        if keys and schema.items is not None:
            properties = schema.items.properties
            defaults = {
                key: properties[key].default for key in keys if key in properties and properties[key].has_default
            }
        return List(element, keys=keys, is_set=schema.list_set, defaults=defaults)
    if schema.properties or schema.additional is not None or schema.type == "object":
        fields = {name: of_schema(child) for name, child in schema.properties.items()}
        inner: Shape | None = of_schema(schema.additional) if schema.additional is not None else None
        if inner is None and schema.keep_unknown:
            inner = Deduced()
        return Map(fields=fields, element=inner, atomic=schema.atomic)
    if schema.keep_unknown or not schema.type:
        return Deduced()
    return Scalar({"integer": "numeric", "number": "numeric"}.get(schema.type, schema.type))
