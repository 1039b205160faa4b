"""Names of the custom resources that rows become, and ids made on the server."""

import re
import secrets

_ALPHABET = "abcdefghijklmnopqrstuvwxyz0123456789"
_LETTERS = _ALPHABET[:26]


def _random(length: int, alphabet: str = _ALPHABET) -> str:
    return "".join(secrets.choice(alphabet) for _ in range(length))


def resource_name(title: str) -> str:
    """`<slug>-<5 random>` for a project or flow: at most 46 characters, valid as a Kubernetes name and label value."""
    slug = re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")[:40].strip("-")
    if not slug or not slug[0].isalpha():
        slug = f"p-{slug}".rstrip("-")
    return f"{slug}-{_random(5)}"


def new_node_id() -> str:
    """An id as clients make them: 12 characters `[a-z0-9]`, the first a letter."""
    return _random(1, _LETTERS) + _random(11)


_ANY = bytes(ord(_ALPHABET[byte % 36]) for byte in range(256))
_LETTER = bytes(ord(_LETTERS[byte % 26]) for byte in range(256))


def new_node_ids(count: int) -> list[str]:
    """Many of them, for what comes in at once."""
    firsts = secrets.token_bytes(count).translate(_LETTER).decode()
    rest = secrets.token_bytes(11 * count).translate(_ANY).decode()
    return [firsts[at] + rest[11 * at : 11 * at + 11] for at in range(count)]


def node_resource_name(project_resource_name: str, module: str, component: str, node_id: str) -> str:
    """The TinyNode's name, fixed at creation (docs/protocols.md section 2)."""
    return f"{project_resource_name}.{module}.{component.replace('_', '-')}-{node_id}"
