"""Strategic merge patches of the built-in kinds: a merge patch that joins some lists and takes directives.

`$patch: replace` and `$patch: delete` stand for a whole map or list, `$patch: delete` in an item for that item,
`$retainKeys` names what may stay of a map, `$deleteFromPrimitiveList/<list>` takes texts out of a list, and
`$setElementOrder/<list>` puts a joined list in order.
"""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

import orjson

from weirflow.embedded.patches import rejected

PATCH, RETAIN = "$patch", "$retainKeys"
DELETE_FROM, SET_ORDER = "$deleteFromPrimitiveList/", "$setElementOrder/"
REPLACE, DELETE = "replace", "delete"
JOINED: dict[str, str] = {"finalizers": "", "ownerReferences": "uid", "conditions": "type"}
"""Lists that are joined, with the field their items are known by; empty: the items are texts."""


def strategic_merge(target: dict[str, Any], patch: dict[str, Any]) -> dict[str, Any]:
    """`target` after the patch. Neither is changed; the result may share parts with both. Raises 422."""
    directive = patch.get(PATCH)
    if directive == REPLACE:
        return {name: value for name, value in patch.items() if name != PATCH}
    if directive == DELETE:
        return {}
    if directive is not None:
        raise rejected(f"unknown patch type: {directive} in map")
    result = _retained(target, patch)
    orders = {name.removeprefix(SET_ORDER): value for name, value in patch.items() if name.startswith(SET_ORDER)}
    for name, value in patch.items():
        if name.startswith(DELETE_FROM):
            listed = name.removeprefix(DELETE_FROM)
            if isinstance(result.get(listed), list):
                result[listed] = [item for item in result[listed] if item not in _list(value, name)]
        elif name.startswith("$"):
            continue
        elif value is None:
            result.pop(name, None)
        else:
            result[name] = _merged(name, result.get(name), value, orders.pop(name, None))
    for name, order in orders.items():
        if name not in JOINED:
            raise rejected(f"{SET_ORDER}{name}: {name} is no list that is joined")
        if isinstance(result.get(name), list):
            result[name] = _ordered(name, [], result[name], result[name], _list(order, SET_ORDER + name))
    return result


def _retained(target: dict[str, Any], patch: dict[str, Any]) -> dict[str, Any]:
    if RETAIN not in patch:
        return dict(target)
    kept = [str(name) for name in _list(patch[RETAIN], RETAIN)]
    set_here = {name for name, value in patch.items() if not name.startswith("$") and value is not None}
    if not set_here <= set(kept):
        raise rejected(f"{RETAIN} must name all that the patch sets: {', '.join(sorted(set_here - set(kept)))}")
    return {name: value for name, value in target.items() if name in kept}


def _merged(name: str, old: Any, new: Any, order: Any) -> Any:
    if isinstance(new, dict):
        if isinstance(old, list | str):
            raise rejected(f"{name}: an object stands in the place of a {_sort(old)}")
        return strategic_merge(old if isinstance(old, dict) else {}, new)
    if isinstance(old, dict) or (isinstance(old, list) and not isinstance(new, list)):
        raise rejected(f"{name}: a {_sort(new)} stands in the place of a {_sort(old)}")
    if isinstance(new, list) and name in JOINED:
        return _joined(name, old if isinstance(old, list) else [], new, order)
    return new


def _joined(name: str, old: list[Any], new: list[Any], order: Any) -> list[Any]:
    if any(isinstance(item, dict) and item.get(PATCH) == REPLACE for item in new):
        return [item for item in new if not (isinstance(item, dict) and PATCH in item)]
    deleted = {_key(name, item) for item in new if isinstance(item, dict) and item.get(PATCH) == DELETE}
    patched = [item for item in new if not (isinstance(item, dict) and PATCH in item)]
    found = {_key(name, item): item for item in old}
    for item in patched:
        key = _key(name, item)
        before = found.get(key)
        found[key] = strategic_merge(before, item) if isinstance(before, dict) and isinstance(item, dict) else item
    for key in deleted:
        found.pop(key, None)
    wanted = _list(order, SET_ORDER + name) if order is not None else None
    return _ordered(name, patched, list(found.values()), old, wanted)


def _ordered(name: str, patched: list[Any], items: list[Any], old: list[Any], order: list[Any] | None) -> list[Any]:
    """What the patch names in its own order, the rest woven in as it stood."""
    keys = [_key(name, item) for item in (order if order is not None else patched)]
    first = [_key(name, item) for item in patched]
    if order is not None and [key for key in keys if key in first] != first:
        raise rejected(f"the order of {name} in the patch is not that of {SET_ORDER}{name}, which names them all")
    place = {_key(name, item): number for number, item in enumerate(old)}
    right = sorted((item for item in items if _key(name, item) in keys), key=lambda item: keys.index(_key(name, item)))
    left = [item for item in items if _key(name, item) not in keys]
    woven: list[Any] = []
    while left and right:
        before, after = place.get(_key(name, left[0])), place.get(_key(name, right[0]))
        goes_first = before is not None and after is not None and before < after
        woven.append((left if goes_first else right).pop(0))
    return [*woven, *left, *right]


def _key(name: str, item: Any) -> Hashable:
    field = JOINED[name]
    if not field:
        return orjson.dumps(item)
    if not isinstance(item, dict) or field not in item:
        raise rejected(f"{name}: an item does not contain its key: {field}")
    return orjson.dumps(item[field])


def _list(value: Any, name: str) -> list[Any]:
    if not isinstance(value, list):
        raise rejected(f"{name} must be a list")
    return value


def _sort(value: Any) -> str:
    names: dict[type, str] = {dict: "map", list: "list", str: "text"}
    return names.get(type(value), "value")
