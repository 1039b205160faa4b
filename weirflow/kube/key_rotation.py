"""Adding and removing keys of states, and finding out what is sealed with which."""

from collections.abc import Iterable
from dataclasses import dataclass, field

import orjson

from weirflow.kube.client import ClusterClient, list_all
from weirflow.kube.errors import AlreadyExists, Conflict, NotFound
from weirflow.kube.resources import ANNOTATION_RESTORE, MANAGED_BY, SECRET, STATE_KEYS_SECRET, TINY_NODE, Object
from weirflow.kube.state_keys import StateKeys, key_id_of, read_keys, with_new_key

_ATTEMPTS = 5
_NAMED = 5


class KeyInUse(Exception):
    """A key may not be removed; the text says why, and what to do."""


@dataclass(slots=True)
class Use:
    """Nodes whose state has texts sealed with one key: how many, and the names of a few."""

    count: int = 0
    names: list[str] = field(default_factory=list)

    def add(self, name: str) -> None:
        """One more."""
        self.count += 1
        if len(self.names) < _NAMED:
            self.names.append(name)

    def __str__(self) -> str:
        more = f" and {self.count - len(self.names)} more" if self.count > len(self.names) else ""
        return ", ".join(self.names) + more


async def present_keys(cluster: ClusterClient) -> StateKeys:
    """The keys as they are. Raises what the cluster raises."""
    try:
        return read_keys(await cluster.get(SECRET, STATE_KEYS_SECRET))
    except NotFound:
        return StateKeys()


async def add_key(cluster: ClusterClient, key_id: str = "") -> str:
    """Add a key (named after the time, unless told) and make it the primary; its id. Running hosts take it up.

    Raises ``ValueError`` for an id that cannot be one or is taken.
    """
    for _ in range(_ATTEMPTS):
        try:
            secret = await cluster.get(SECRET, STATE_KEYS_SECRET)
        except NotFound:
            secret = None
        data = with_new_key((secret or {}).get("data") or {}, key_id)
        try:
            if secret is None:
                made = SECRET.new(STATE_KEYS_SECRET, metadata={"labels": MANAGED_BY}, data=data)
                return read_keys(await cluster.create(SECRET, made)).primary
            guard = {"resourceVersion": secret["metadata"]["resourceVersion"]}
            changed = await cluster.patch(SECRET, STATE_KEYS_SECRET, {"metadata": guard, "data": data})
            return read_keys(changed).primary
        except (Conflict, AlreadyExists):
            continue
    raise KeyInUse(f"the Secret {STATE_KEYS_SECRET} is being changed by others; try again")


async def uses(cluster: ClusterClient) -> dict[str, Use]:
    """By key, the nodes whose stored state is sealed with it. Reads all TinyNodes, page by page."""
    found: dict[str, Use] = {}

    def look(node: Object) -> None:
        texts = dict((node.get("status") or {}).get("metadata") or {})
        annotations = node["metadata"].get("annotations") or {}
        for key_id in keys_in([*texts.values(), *_restored(annotations.get(ANNOTATION_RESTORE, ""))]):
            found.setdefault(key_id, Use()).add(node["metadata"]["name"])

    await list_all(cluster, TINY_NODE, keep=look)
    return found


async def remove_key(cluster: ClusterClient, key_id: str) -> None:
    """Remove a key that nothing is sealed with. Raises ``KeyInUse``."""
    keys = await present_keys(cluster)
    if key_id not in keys.keys:
        raise KeyInUse(f"there is no key {key_id!r}; there are: {', '.join(sorted(keys.keys)) or 'none'}")
    if key_id == keys.primary:
        raise KeyInUse(f"states are sealed with the key {key_id!r}; add another first")
    if (use := (await uses(cluster)).get(key_id)) is not None:
        raise KeyInUse(
            f"{use.count} nodes are still sealed with the key {key_id!r}: {use}. Their modules' leaders seal them anew "
            "while they run; try again when none is left"
        )
    secret = await cluster.get(SECRET, STATE_KEYS_SECRET)
    if read_keys(secret).primary == key_id:
        raise KeyInUse(f"the key {key_id!r} has just been made the primary")
    guard = {"resourceVersion": secret["metadata"]["resourceVersion"]}
    await cluster.patch(SECRET, STATE_KEYS_SECRET, {"metadata": guard, "data": {key_id: None}})


def keys_in(texts: Iterable[object]) -> set[str]:
    """The keys that some of these texts are sealed with."""
    return {key_id for text in texts if isinstance(text, str) and (key_id := key_id_of(text))}


def _restored(annotation: str) -> list[object]:
    """Texts of a state that is about to be put back."""
    try:
        state = orjson.loads(annotation) if annotation else {}
    except orjson.JSONDecodeError:
        return []
    return list(state.values()) if isinstance(state, dict) else []
