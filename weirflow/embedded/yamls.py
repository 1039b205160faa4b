"""Bodies in YAML: one document of what JSON can say."""

from __future__ import annotations

from typing import Any

import orjson

from weirflow.embedded.errors import bad_request

MOST_NODES = 200_000
"""Values of a document, counted as written out: references to earlier parts may not grow it beyond what JSON could."""


def read_yaml(body: bytes) -> Any:
    """The document as JSON values. Raises ApiError 400."""
    import yaml  # a few clients only write it, and loading it takes memory

    class Loader(yaml.SafeLoader):
        """Times stay text, as in JSON."""

    Loader.yaml_implicit_resolvers = {
        first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
        for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }
    try:
        value = yaml.load(body, Loader)  # noqa: S506 - a safe loader
        _count(value)
        return orjson.loads(orjson.dumps(value))
    except (yaml.YAMLError, UnicodeDecodeError, TypeError, ValueError, RecursionError) as error:
        said = " ".join(str(error).split())
        raise bad_request(f"the object provided is unrecognized: error parsing YAML: {said}") from None


def _count(value: Any) -> None:
    left, waiting = MOST_NODES, [value]
    while waiting:
        left -= 1
        if left < 0:
            raise ValueError(f"a document may have {MOST_NODES} values")
        one = waiting.pop()
        if isinstance(one, dict):
            waiting.extend(one.values())
        elif isinstance(one, list):
            waiting.extend(one)
