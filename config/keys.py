"""Keys that are replaced without losing what they were used for: each is known before it is used, and after.

A file holds one key a line, with what is done with it: `<key> <state> <date>`. A key alone is in use.
Where the environment names the keys, the first is in use and the others are known.
"""

import os
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

from config.env import env_list, secret_file

SHORTEST = 32


class State(StrEnum):
    """What is done with a key."""

    USED = "used"
    COMING = "coming"
    """Every process is to know it before one of them uses it."""
    GONE = "gone"
    """What was made with it is still taken."""


@dataclass(frozen=True, slots=True)
class Key:
    value: str
    state: State
    since: date | None = None

    def __repr__(self) -> str:
        return f"Key({self.state}, since {self.since})"


def keys_from(variable: str, path: Path) -> list[str]:
    """The keys, the one in use first: those of the environment, else those of the file, which is made with one."""
    named = env_list(variable)
    if any(len(key) < SHORTEST for key in named):
        raise ImproperlyConfigured(f"A key in {variable} is shorter than {SHORTEST} characters: make it longer.")
    return named or values(read(path))


def read(path: Path) -> list[Key]:
    """The keys of a file, the one in use first. A file that is not there is made, with one key."""
    lines = secret_file(path).splitlines()
    keys = [_key(line, path) for line in lines if line.strip()]
    order = list(State)
    keys.sort(key=lambda key: order.index(key.state))
    if [key.state for key in keys].count(State.USED) != 1:
        raise ImproperlyConfigured(f"{path} must have exactly one key that is in use.")
    return keys


def values(keys: Sequence[Key]) -> list[str]:
    return [key.value for key in keys]


def write(path: Path, keys: Sequence[Key]) -> None:
    """Replace the file in one step: a process that starts meanwhile reads the old keys or the new ones."""
    draft = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    try:
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.writelines(f"{key.value} {key.state} {key.since or ''}".rstrip() + "\n" for key in keys)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def coming(keys: Sequence[Key], today: date) -> list[Key]:
    """The keys with a new one that is known and not yet used; as they are, where there is one."""
    if any(key.state is State.COMING for key in keys):
        return list(keys)
    return [*keys, Key(secrets.token_urlsafe(50), State.COMING, today)]


def promoted(keys: Sequence[Key], today: date) -> list[Key]:
    """The keys with the one that was coming in use, and the one in use gone; as they are, where none is coming."""
    if all(key.state is not State.COMING for key in keys):
        return list(keys)
    after = {State.COMING: State.USED, State.USED: State.GONE}
    moved = [replace(key, state=after[key.state], since=today) if key.state in after else key for key in keys]
    return sorted(moved, key=lambda key: list(State).index(key.state))


def without_gone(keys: Sequence[Key], before: date) -> list[Key]:
    """The keys without those that have been gone since before that day."""
    return [key for key in keys if key.state is not State.GONE or (key.since or before) >= before]


def _key(line: str, path: Path) -> Key:
    value, *more = line.split()
    try:
        if len(value) < SHORTEST:
            raise ValueError("too short")
        state = State(more[0]) if more else State.USED
        return Key(value, state, date.fromisoformat(more[1]) if len(more) > 1 else None)
    except ValueError as error:
        # Not the line itself: it holds a key.
        raise ImproperlyConfigured(f"A line of {path} is no key with its state: restore the file.") from error
