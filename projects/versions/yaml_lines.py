"""JSON values as lines that read like YAML: for people, in an order that stays."""

import json
import re
from collections.abc import Iterator
from typing import Any

_PLAIN = re.compile(r"^[A-Za-z_][\w ./,@+-]*(?<! )$")
_WORDS = frozenset({"true", "false", "null", "yes", "no", "on", "off", "y", "n"})


def lines_of(value: dict[str, Any], indent: int = 0) -> Iterator[str]:
    """Lines of an object's fields, by their names in the order that the object has them; objects within are sorted."""
    pad = "  " * indent
    for key, item in value.items():
        yield from _entry(f"{pad}{_text(str(key))}:", item, indent)


def _entry(head: str, item: Any, indent: int) -> Iterator[str]:
    match item:
        case dict() if item:
            yield head
            yield from lines_of(dict(sorted(item.items())), indent + 1)
        case list() if item:
            yield head
            for one in item:
                yield from _listed(one, indent + 1)
        case str() if "\n" in item:
            yield f"{head} |"
            yield from ("  " * (indent + 1) + line for line in item.split("\n"))
        case _:
            yield f"{head} {_scalar(item)}"


def _listed(item: Any, indent: int) -> Iterator[str]:
    pad = "  " * indent
    if isinstance(item, dict) and item:
        lines = list(lines_of(dict(sorted(item.items())), indent + 1))
        yield f"{pad}- {lines[0].lstrip()}"
        yield from lines[1:]
    elif isinstance(item, (list, dict)) and item:
        yield f"{pad}-"
        for one in item:
            yield from _listed(one, indent + 1)
    else:
        yield from _entry(f"{pad}-", item, indent)


def _scalar(value: Any) -> str:
    return _text(value) if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _text(value: str) -> str:
    if _PLAIN.match(value) and value.lower() not in _WORDS:
        return value
    return json.dumps(value, ensure_ascii=False)
