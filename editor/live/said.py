"""What a browser says of itself in a presence message, as far as it makes sense (docs/protocols.md section 5)."""

from typing import Any

from editor.live.entry import Entry

MAX_SELECTION = 20
"""Ids that one browser may say it has selected; it says the first ones of more."""
MAX_ID = 64
MAX_POINTER = 256
FARTHEST = 10_000_000
"""Pixels of the flow from its origin beyond which there is no canvas."""


def read_said(message: dict[str, Any]) -> Entry | None:
    """The keys that were said, each checked, the cursor in whole pixels. None when any of them is not as it should be:
    the message is left out then, as all that cannot be understood."""
    said: Entry = {}
    for key, read in _READERS.items():
        if key in message:
            value = message[key]
            if value is not None:
                value = read(value)
                if value is None:
                    return None
            elif key == "selection":
                return None
            said[key] = value
    return said


def _cursor(value: Any) -> list[int] | None:
    match value:
        case [int() | float() as x, int() | float() as y] if _on_canvas(x) and _on_canvas(y):
            return [round(x), round(y)]
    return None


def _on_canvas(value: float) -> bool:
    return not isinstance(value, bool) and abs(value) <= FARTHEST


def _selection(value: Any) -> list[str] | None:
    if not isinstance(value, list) or len(value) > MAX_SELECTION:
        return None
    return value if all(_id(one) is not None for one in value) else None


def _form(value: Any) -> Entry | None:
    match value:
        case {"node": str(node), "pointer": str(pointer)} if len(node) <= MAX_ID and len(pointer) <= MAX_POINTER:
            return {"node": node, "pointer": pointer}
    return None


def _id(value: Any) -> str | None:
    return value if isinstance(value, str) and len(value) <= MAX_ID else None


_READERS = {"cursor": _cursor, "selection": _selection, "form": _form, "view": _id, "follow": _id}
