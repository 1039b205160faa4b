"""Bodies in YAML: one document of what JSON can say."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

import orjson

from weirflow.embedded.errors import bad_request

MOST_NODES = 100_000
"""Values of a document, counted as written out: references to earlier parts may not grow it beyond what JSON could."""
MOST_DEEP = 240
TEXT_TAGS = frozenset(f"tag:yaml.org,2002:{name}" for name in ("timestamp", "int", "float"))
NUMBERS = {
    "int": r"[-+]?(?:0b[01_]+|0o?[0-7_]+|0x[0-9a-fA-F_]+|0|[1-9][0-9_]*)",
    "float": r"[-+]?(?:[0-9][0-9_]*)?\.?[0-9][0-9_]*(?:[eE][-+]?[0-9]+)?|[-+]?[0-9][0-9_]*\.|[-+]?\.(?:inf|Inf|INF)"
    r"|\.(?:nan|NaN|NAN)",
}


def read_yaml(body: bytes) -> Any:
    """The document as JSON values. Raises ApiError 400."""
    import yaml  # a few clients only write it, and loading it takes memory

    class Loader(yaml.CSafeLoader):
        """Times stay text, as in JSON; numbers are those of the API, which knows none of base 60 (`1:30`)."""

    Loader.yaml_implicit_resolvers = {
        first: [(tag, pattern) for tag, pattern in resolvers if tag not in TEXT_TAGS]
        for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }
    for name, pattern in NUMBERS.items():
        whole = re.compile(rf"^(?:{pattern})$")
        Loader.add_implicit_resolver(f"tag:yaml.org,2002:{name}", whole, list("-+.0123456789"))
    try:
        _skim(yaml.parse(body, Loader))
        loader = Loader(body)
        try:
            node = loader.get_single_node()
            # Before anything is made of it: merges (`<<`) grow in the making, and not only in what is made.
            _count(node)
            value = loader.construct_document(node) if node is not None else None
        finally:
            loader.dispose()
        return orjson.loads(orjson.dumps(value))
    except (yaml.YAMLError, UnicodeDecodeError, TypeError, ValueError, RecursionError) as error:
        said = " ".join(str(error).split())
        raise bad_request(f"the object provided is unrecognized: error parsing YAML: {said}") from None


def _skim(events: Iterable[Any]) -> None:
    """Look at a document before it is taken in, which is done level by level, at the cost of the stack."""
    depth = 0
    for seen, event in enumerate(events):
        name = type(event).__name__
        if name.endswith("StartEvent"):
            depth += 1
        elif name.endswith("EndEvent"):
            depth -= 1
        if depth > MOST_DEEP or seen > 2 * MOST_NODES:
            raise ValueError(f"a document may have {MOST_NODES} values, nested {MOST_DEEP} deep")


def _count(node: Any) -> None:
    left, waiting = MOST_NODES, [node]
    while waiting:
        left -= 1
        if left < 0:
            raise ValueError(f"a document may have {MOST_NODES} values")
        value = getattr(waiting.pop(), "value", None)
        if isinstance(value, list):
            for item in value:
                waiting.extend(item if isinstance(item, tuple) else (item,))
