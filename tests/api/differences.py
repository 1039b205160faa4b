"""Where the embedded cluster and a real one are known to answer differently, and why that is right."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Difference:
    """What each of the two answers."""

    embedded: Any
    real: Any
    why: str


DIFFERENCES = {
    "mistake": Difference(400, 500, "a client's mistake is not an error of the server"),
    "patch's mistake": Difference(422, 500, "a client's mistake is not an error of the server"),
    "loose patch": Difference(422, 200, "indexes such as -1 and 01, and operations without a value, are no JSON Patch"),
    "1.0 is 1": Difference(200, 422, "RFC 6902 compares numbers by value, the API's library by their text"),
    "web's status write": Difference(403, 200, "RBAC cannot look into an object for the annotation that allows it"),
}
