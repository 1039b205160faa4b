"""Reading bodies that may hold anything."""

from __future__ import annotations

from typing import Any

from weirflow.embedded.errors import bad_request


def section(body: Any, name: str) -> dict[str, Any]:
    """The object at a field, empty when it is absent. Raises ApiError 400 when something else stands there."""
    found = body.get(name) if isinstance(body, dict) else None
    if found is None:
        return {}
    if not isinstance(found, dict):
        raise bad_request(f"{name} must be an object")
    return found


def texts(body: dict[str, Any], name: str, what: str) -> dict[str, str]:
    """The map of strings at a field, empty when it is absent. Raises ApiError 400; `what` is the kind for its text."""
    found = section(body, name)
    if not all(isinstance(item, str) for item in found.values()):
        raise bad_request(f'{what} in version "v1" cannot be handled as a {what}: {name} must be a map of strings')
    return found
