"""Walks over typed values: what paths a value has, what changed between two, the one merged into the other."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson

from weirflow.embedded.apply.fields import EMPTY, FieldSet, Path, shown
from weirflow.embedded.apply.shapes import ANY, Deduced, List, Map, Scalar, Shape
from weirflow.embedded.patches import same

MISSING: Any = object()
"""Nothing stands there; null is a value."""

_WHOLE_LIST = List(ANY)
_OPEN_MAP = Map(element=Deduced())
_TYPES: dict[str, tuple[tuple[type, ...], str]] = {
    "string": ((str,), "string"),
    "numeric": ((int, float), "numeric (int or float)"),
    "boolean": ((bool,), "boolean"),
}


class NotTyped(Exception):
    """A value that is not made as its kind says: where and why."""


@dataclass(slots=True)
class Comparison:
    """The paths in which two values differ."""

    added: FieldSet = field(default_factory=FieldSet)
    modified: FieldSet = field(default_factory=FieldSet)
    removed: FieldSet = field(default_factory=FieldSet)

    def __bool__(self) -> bool:
        return bool(self.added or self.modified or self.removed)

    def without(self, ignored: FieldSet) -> Comparison:
        """All but the differences in and below the paths of `ignored`."""
        return Comparison(self.added.without(ignored), self.modified.without(ignored), self.removed.without(ignored))


def as_met(shape: Shape, value: Any) -> Shape:
    """The shape to take a value by: what is deduced is decided by the value, and so is a value of the wrong sort."""
    if isinstance(value, dict):
        return shape if isinstance(shape, Map) else _OPEN_MAP if isinstance(shape, Deduced) else ANY
    if isinstance(value, list):
        return shape if isinstance(shape, List) else _WHOLE_LIST if isinstance(shape, Deduced) else ANY
    return ANY if not isinstance(shape, Scalar) else shape


def child_of(shape: Map, name: str) -> Shape:
    found = shape.fields.get(name)
    return found if found is not None else shape.element if shape.element is not None else Deduced()


def element_of(shape: List, item: Any) -> str:
    """The path element of a list's item. Raises NotTyped when it lacks a key."""
    if shape.is_set:
        return "v:" + orjson.dumps(item, option=orjson.OPT_SORT_KEYS).decode()
    if not isinstance(item, dict):
        raise NotTyped(": associative list with keys may not have non-map elements")
    keys = {}
    for key in sorted(shape.keys):
        if key in item:
            keys[key] = item[key]
        elif key in shape.defaults:
            keys[key] = shape.defaults[key]
        else:
            # As the API: an item is known by the keys it has, but by none it cannot be.
            continue
    if not keys:
        names = ", ".join(f'"{key}"' for key in shape.keys)
        raise NotTyped(f": associative list with keys has an element that omits key field {names}")
    return "k:" + orjson.dumps(keys).decode()


def items_of(shape: List, value: list[Any]) -> dict[str, Any]:
    """A list's items by their elements, the first of each."""
    found: dict[str, Any] = {}
    for item in value:
        found.setdefault(element_of(shape, item), item)
    return found


def check(shape: Shape, value: Any, path: Path = ()) -> None:
    """Raises NotTyped when what somebody applies is not made as the kind says."""
    if value is None:
        return
    if isinstance(shape, Map):
        if not isinstance(value, dict):
            raise NotTyped(f"{shown(path)}: expected map, got {_kind_of(value)}")
        for name, item in value.items():
            if shape.element is None and name not in shape.fields:
                raise NotTyped(f"{shown(path)}.{name}: field not declared in schema")
            check(child_of(shape, name), item, (*path, f"f:{name}"))
    elif isinstance(shape, List):
        _check_list(shape, value, path)
    elif isinstance(shape, Scalar) and shape.type:
        types, words = _TYPES[shape.type]
        if not isinstance(value, types) or (isinstance(value, bool) and shape.type == "numeric"):
            raise NotTyped(f"{shown(path)}: expected {words}, got {_kind_of(value)}")


def _check_list(shape: List, value: Any, path: Path) -> None:
    if not isinstance(value, list):
        raise NotTyped(f"{shown(path)}: expected list, got {_kind_of(value)}")
    seen: set[str] = set()
    for place, item in enumerate(value):
        if shape.atomic:
            element = f"i:{place}"
        else:
            try:
                element = element_of(shape, item)
            except NotTyped as error:
                raise NotTyped(f"{shown(path)}: element {place}{error}") from None
            if element in seen:
                raise NotTyped(f"{shown(path)}: duplicate entries for key {shown((element,))}")
            seen.add(element)
        check(shape.element, item, (*path, element))


def _kind_of(value: Any) -> str:
    return {dict: "map", list: "list", bool: "boolean", str: "string"}.get(type(value), "number")


def field_set(shape: Shape, value: Any) -> FieldSet:
    """The paths a value has: its scalars, whole maps and lists, items, and keys of maps that the kind does not name."""
    return _field_set(as_met(shape, value), value)[1]


def _field_set(shape: Shape, value: Any) -> tuple[bool, FieldSet]:
    """Whether the value is a path itself, and those in it."""
    if isinstance(shape, Map) and not shape.atomic:
        made = FieldSet()
        for name, item in value.items():
            inner = as_met(child_of(shape, name), item)
            whole, below = _field_set(inner, item)
            if whole or item is None or item == {} or name not in shape.fields:
                made.members.add(f"f:{name}")
            if below:
                made.children[f"f:{name}"] = below
        return False, made
    if isinstance(shape, List) and not shape.atomic:
        made = FieldSet()
        for element, item in items_of(shape, value).items():
            made.members.add(element)
            below = _field_set(as_met(shape.element, item), item)[1]
            if below:
                made.children[element] = below
        return False, made
    return True, EMPTY


def merge(shape: Shape, live: Any, applied: Any) -> Any:
    """`live` with what is applied laid over it. Neither is changed; the result may share parts with both."""
    if applied is MISSING:
        return live
    shape = as_met(shape, applied)
    if isinstance(shape, Map) and not shape.atomic and isinstance(live, dict):
        merged = dict(live)
        for name, item in applied.items():
            merged[name] = merge(child_of(shape, name), live.get(name, MISSING), item)
        return merged
    if isinstance(shape, List) and not shape.atomic and isinstance(live, list):
        return list(_merged_items(shape, items_of(shape, live), items_of(shape, applied)))
    return applied


def _merged_items(shape: List, live: dict[str, Any], applied: dict[str, Any]) -> Iterator[Any]:
    """What only the live list has stays where it is, as far as the applied order lets it."""
    before, after = list(live), list(applied)
    shared = iter([element for element in after if element in live])
    wanted, left, right = next(shared, None), 0, 0
    while left < len(before) or right < len(after):
        if left < len(before) and right < len(after):
            element = before[left]
            if element == after[right]:
                yield merge(shape.element, live[element], applied[element])
                left, right = left + 1, right + 1
                wanted = next(shared, None)
                continue
            if element in applied and wanted is not None and wanted != element:
                left += 1
                continue
        if left < len(before):
            element = before[left]
            left_only = element not in applied
            if left_only or right >= len(after):
                if left_only:
                    yield live[element]
                left += 1
                continue
        element = after[right]
        yield merge(shape.element, live.get(element, MISSING), applied[element])
        right += 1
        if element == wanted:
            wanted = next(shared, None)


def compare(shape: Shape, old: Any, new: Any) -> Comparison:
    """What has to be done to `old` for it to be `new`."""
    found = Comparison()
    _compare(shape, old, new, (), found)
    return found


def every_field(shape: Shape, value: Any) -> FieldSet:
    """What `compare` finds added where nothing was before."""
    made = FieldSet()
    if isinstance(shape, Map) and not shape.atomic and isinstance(value, dict):
        for name, item in value.items():
            element = f"f:{name}"
            made.members.add(element)
            if isinstance(item, dict | list):
                below = every_field(as_met(child_of(shape, name), item), item)
                if below.members:
                    made.children[element] = below
    elif isinstance(shape, List) and not shape.atomic and isinstance(value, list):
        for element, item in items_of(shape, value).items():
            made.members.add(element)
            below = every_field(as_met(shape.element, item), item)
            if below.members:
                made.children[element] = below
    return made


def _compare(shape: Shape, old: Any, new: Any, path: Path, found: Comparison) -> None:
    if old is new or (old is not MISSING and new is not MISSING and same(old, new)):
        return
    left = as_met(shape, old) if old is not MISSING else None
    right = as_met(shape, new) if new is not MISSING else None
    parts = _parts(left, old), _parts(right, new)
    if not any(parts) or (parts[0] is None and old is not MISSING) or (parts[1] is None and new is not MISSING):
        _compare_whole(old, new, path, found)
        return
    if old is MISSING:
        found.added.add(path)
    elif new is MISSING:
        found.removed.add(path)
    olds, news = parts[0] or {}, parts[1] or {}
    met = left if left is not None else right
    assert isinstance(met, Map | List)
    inner: Callable[[str], Shape] = (
        (lambda name: child_of(met, name[2:])) if isinstance(met, Map) else (lambda _: met.element)
    )
    for element in olds.keys() | news.keys():
        _compare(inner(element), olds.get(element, MISSING), news.get(element, MISSING), (*path, element), found)


def _parts(shape: Shape | None, value: Any) -> Mapping[str, Any] | None:
    """What a value is made of, by path element; None for what is whole."""
    if isinstance(shape, Map) and not shape.atomic:
        return {f"f:{name}": item for name, item in value.items()}
    if isinstance(shape, List) and not shape.atomic:
        try:
            return items_of(shape, value)
        except NotTyped:
            return None
    return None


def _compare_whole(old: Any, new: Any, path: Path, found: Comparison) -> None:
    if old is MISSING:
        found.added.add(path)
    elif new is MISSING:
        found.removed.add(path)
    else:
        found.modified.add(path)


def remove(shape: Shape, value: Any, gone: FieldSet) -> Any:
    """`value` without the paths of `gone`; a map or list that was not empty and is now goes along."""
    shape = as_met(shape, value)
    if isinstance(shape, Map) and not shape.atomic:
        kept = {}
        for name, item in value.items():
            element = f"f:{name}"
            if element in gone.members:
                continue
            below = gone.children.get(element)
            kept[name] = remove(child_of(shape, name), item, below) if below else item
        return kept if kept or not value else None
    if isinstance(shape, List) and not shape.atomic:
        left = []
        for item in value:
            element = element_of(shape, item)
            if element in gone.members:
                continue
            below = gone.children.get(element)
            left.append(remove(shape.element, item, below) if below else item)
        return left if left or not value else None
    return value
