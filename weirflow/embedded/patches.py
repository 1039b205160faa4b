"""JSON Patch (RFC 6902) and JSON Merge Patch (RFC 7386)."""

from __future__ import annotations

import copy
from typing import Any

import orjson

from weirflow.embedded.errors import ApiError, bad_request

MERGE = "application/merge-patch+json"
JSON_PATCH = "application/json-patch+json"
STRATEGIC = "application/strategic-merge-patch+json"
APPLY = "application/apply-patch+yaml"

MOST_OPERATIONS = 10_000
COPIED_BYTES = 3 * 1024 * 1024
"""Most bytes that all copies of a patch may make together: each doubles what the one before it made."""
INDEX_DIGITS = 9


class PatchFailed(Exception):
    """An operation that cannot be carried out; says which and why."""


def rejected(problem: str) -> ApiError:
    """A JSON Patch that cannot apply: 422 with a cause that names the operation."""
    cause = {"reason": "FieldValueInvalid", "message": problem, "field": "patch"}
    message = "the server rejected our request due to an error in our request"
    return ApiError(422, "Invalid", message, {"causes": [cause]})


def merge(target: Any, patch: Any) -> Any:
    """`target` after a merge patch; neither is changed, but the result may share parts with both."""
    if not isinstance(patch, dict):
        return patch
    result = dict(target) if isinstance(target, dict) else {}
    for name, value in patch.items():
        if value is None:
            result.pop(name, None)
        else:
            result[name] = merge(result.get(name), value)
    return result


def apply_json_patch(target: Any, operations: Any) -> Any:
    """`target` after all operations, or ApiError and no effect. `target` itself may be changed: pass a copy."""
    if not isinstance(operations, list):
        raise bad_request("a JSON Patch must be a list of operations")
    if not all(isinstance(one, dict) for one in operations):
        raise bad_request("each operation of a JSON Patch must be an object with `op` and `path`")
    if len(operations) > MOST_OPERATIONS:
        raise ApiError(
            413,
            "RequestEntityTooLarge",
            f"The allowed maximum operations in a JSON patch is {MOST_OPERATIONS}, got {len(operations)}",
        )
    document, copied = {"": target}, 0
    for index, operation in enumerate(operations):
        try:
            if operation.get("op") == "copy":
                copied += _copy(document, operation, COPIED_BYTES - copied)
            else:
                _apply(document, operation)
        except PatchFailed as error:
            raise rejected(f"operation {index}: {error}") from None
    return document[""]


def _copy(document: dict[str, Any], operation: dict[str, Any], room: int) -> int:
    """Carry a copy out: the bytes it made. Raises 413 for more than `room`."""
    source = _get(document, str(operation.get("from")))
    size = len(orjson.dumps(source))
    if size > room:
        said = f"the copies of a JSON patch may add {COPIED_BYTES} bytes at most"
        raise ApiError(413, "RequestEntityTooLarge", said)
    _add(document, _path(operation), copy.deepcopy(source))
    return size


def _path(operation: dict[str, Any]) -> str:
    path = operation.get("path")
    if not isinstance(path, str):
        raise PatchFailed("an operation needs a `path`")
    return path


def _apply(document: dict[str, Any], operation: dict[str, Any]) -> None:
    path = _path(operation)
    match operation.get("op"):
        case "add":
            _add(document, path, _value(operation))
        case "replace":
            _replace(document, path, _value(operation))
        case "remove":
            _remove(document, path)
        case "test":
            if not same(_found(document, path), _value(operation)):
                raise PatchFailed(f"test failed at {path}")
        case "move":
            source = str(operation.get("from"))
            if path.startswith(source + "/"):
                raise PatchFailed(f"{source} cannot move into itself")
            moved = _get(document, source)
            _remove(document, source)
            _add(document, path, moved)
        case other:
            raise PatchFailed(f"unknown op {other!r}")


def same(left: Any, right: Any) -> bool:
    """JSON equality: unlike Python's, true is not 1."""
    if left is right:
        return True
    if not isinstance(left, dict | list):
        return _same(left, right)
    # What Python holds for different is; most of what it holds for equal reads the same. Only the rest is walked.
    return bool(left == right) and (orjson.dumps(left) == orjson.dumps(right) or _same(left, right))


def _same(left: Any, right: Any) -> bool:
    if isinstance(left, bool) or isinstance(right, bool):
        return left is right
    if isinstance(left, dict) and isinstance(right, dict):
        return left.keys() == right.keys() and all(_same(value, right[name]) for name, value in left.items())
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(map(_same, left, right))
    return bool(left == right)


def _value(operation: dict[str, Any]) -> Any:
    if "value" not in operation:
        raise PatchFailed(f"{operation['op']} needs a value")
    return operation["value"]


def _steps(path: str) -> list[str]:
    if path and not path.startswith("/"):
        raise PatchFailed(f"path {path!r} does not start with /")
    return [step.replace("~1", "/").replace("~0", "~") for step in path.split("/")]


def _parent(document: dict[str, Any], path: str) -> tuple[Any, str]:
    """The container that holds the last step of a path. The document stands in a dict under the empty key."""
    steps = _steps(path)
    holder: Any = document
    for step in steps[:-1]:
        holder = _child(holder, step, path)
    return holder, steps[-1]


def _child(holder: Any, step: str, path: str) -> Any:
    if isinstance(holder, dict) and step in holder:
        return holder[step]
    if isinstance(holder, list):
        return holder[_index(step, len(holder) - 1, path)]
    raise PatchFailed(f"nothing at {path}")


def _index(step: str, last: int, path: str) -> int:
    is_number = step.isascii() and step.isdigit() and len(step) <= INDEX_DIGITS
    if not is_number or (len(step) > 1 and step[0] == "0") or int(step) > last:
        raise PatchFailed(f"no list item at {path}")
    return int(step)


def _get(document: dict[str, Any], path: str) -> Any:
    holder, step = _parent(document, path)
    return _child(holder, step, path)


def _found(document: dict[str, Any], path: str) -> Any:
    """What a test compares: a field that an object does not have is null, as the API's own library has it."""
    holder, step = _parent(document, path)
    return holder.get(step) if isinstance(holder, dict) else _child(holder, step, path)


def _add(document: dict[str, Any], path: str, value: Any) -> None:
    holder, step = _parent(document, path)
    if isinstance(holder, dict):
        holder[step] = value
    elif isinstance(holder, list):
        holder.insert(len(holder) if step == "-" else _index(step, len(holder), path), value)
    else:
        raise PatchFailed(f"nothing can be added at {path}")


def _replace(document: dict[str, Any], path: str, value: Any) -> None:
    """Unlike RFC 6902, and like the API, a field that is not there is set."""
    holder, step = _parent(document, path)
    if isinstance(holder, dict):
        holder[step] = value
    else:
        _child(holder, step, path)
        holder[int(step)] = value


def _remove(document: dict[str, Any], path: str) -> None:
    holder, step = _parent(document, path)
    _child(holder, step, path)
    if isinstance(holder, dict):
        del holder[step]
    else:
        del holder[int(step)]
