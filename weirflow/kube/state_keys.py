"""The Secret with the keys that seal secret fields of states: several, each under its id, one of them the primary.

The primary seals, all of them open. So a new key is added beside the old ones, the states are sealed with it one by
one, and only then the old one may go.
"""

import base64
import binascii
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from weirflow.kube.resources import LINK_SECRET, STATE_KEYS_SECRET, Object

KEY_BYTES = 32
PRIMARY = "primary"
"""Entry of the Secret that names the key which seals."""
LEGACY = LINK_SECRET
"""Id of the key of texts that were sealed before keys had ids: it is derived from that of the link."""

SEALED_PREFIX = "sealed:"
"""Of a sealed text: the id of its key and a colon follow."""
LEGACY_PREFIX = "gAAAA"

_ID = re.compile(r"[a-z0-9]([-a-z0-9]{0,38}[a-z0-9])?")


@dataclass(frozen=True, slots=True)
class StateKeys:
    """What the Secret says. ``primary`` is empty without any usable key; ``faults`` say what is wrong with it."""

    keys: Mapping[str, bytes] = field(default_factory=dict, repr=False)
    primary: str = ""
    faults: tuple[str, ...] = ()


def key_id_of(text: str) -> str:
    """The id of the key that a text of a state was sealed with; empty for one that is not sealed."""
    if text.startswith(SEALED_PREFIX):
        key_id = text.removeprefix(SEALED_PREFIX).partition(":")[0]
        return key_id if _ID.fullmatch(key_id) else ""
    return LEGACY if text.startswith(LEGACY_PREFIX) else ""


def first_keys() -> dict[str, str]:
    """The ``data`` of a new Secret: one key, which is the primary."""
    return with_new_key({})


def with_new_key(data: Mapping[str, str], key_id: str = "") -> dict[str, str]:
    """``data`` and one more key, which becomes the primary. Its id is the time now, unless given.

    Raises ``ValueError`` for an id that cannot be one, or is taken.
    """
    key_id = key_id or _id_of_now(data)
    if not _ID.fullmatch(key_id) or key_id == PRIMARY:
        raise ValueError(f"{key_id!r} is no id of a key: use up to 40 of a-z, 0-9 and dashes inside, not {PRIMARY!r}")
    if key_id in data:
        raise ValueError(f"there is a key {key_id!r} already")
    return {**data, key_id: _encode(os.urandom(KEY_BYTES)), PRIMARY: _encode(key_id.encode())}


def read_keys(secret: Object | None) -> StateKeys:
    """The keys in the Secret (``None``: there is none). A fault in one is no reason to do without the others."""
    data: dict[str, str] = dict((secret or {}).get("data") or {})
    faults: list[str] = []
    named = _decode(data.pop(PRIMARY, "")).decode("utf-8", "replace")
    keys: dict[str, bytes] = {}
    for key_id, text in data.items():
        key = _decode(text)
        if _ID.fullmatch(key_id) and len(key) == KEY_BYTES:
            keys[key_id] = key
        else:
            faults.append(f"data.{key_id} of the Secret {STATE_KEYS_SECRET} is no key: {KEY_BYTES} bytes are wanted")
    primary = named if named in keys else max(keys, default="")
    if named not in keys and named:
        faults.append(f"data.{PRIMARY} of the Secret {STATE_KEYS_SECRET} names {named!r}, which is not a key in it")
    return StateKeys(keys, primary, tuple(faults))


def _id_of_now(taken: Mapping[str, str]) -> str:
    """Later ones sort last."""
    now = datetime.now(UTC).strftime("%Y%m%d-%H%M%S")
    return next(key_id for n in range(len(taken) + 1) if (key_id := f"{now}-{n}" if n else now) not in taken)


def _encode(raw: bytes) -> str:
    return base64.b64encode(raw).decode("ascii")


def _decode(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return b""
