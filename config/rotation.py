"""Replacing the keys of a deployment, step by step: each step leaves all processes able to read what the others write.

Known first, used next, dropped last; between two steps every web and worker process is started again. The data keys
lead; the signing keys go along, but an old one is taken as long as a session that it signed may last.
"""

from datetime import date, timedelta
from enum import StrEnum
from pathlib import Path

from django.conf import settings

from config import keys
from config.keys import State
from projects.secrets_at_rest import renew_all


class Step(StrEnum):
    """What the next run of `manage.py rotate_keys` does."""

    MAKE = "make a key that every process is to know"
    USE = "use the new key, and seal everything anew"
    DROP = "drop the old key"


def paths() -> tuple[Path, Path]:
    """The files of the signing keys and of the data keys."""
    return settings.WEIRFLOW_KEYS_DIR / "secret_key", settings.WEIRFLOW_KEYS_DIR / "data_keys"


def next_step() -> Step:
    """Where a rotation stands."""
    states = {key.state for key in keys.read(paths()[1])}
    if State.COMING in states:
        return Step.USE
    return Step.DROP if State.GONE in states else Step.MAKE


def take_step(today: date) -> tuple[Step, dict[str, int]]:
    """Take it; what it was, and how many secrets of each purpose were sealed anew."""
    step = next_step()
    signing, data = paths()
    sessions = today - timedelta(seconds=settings.SESSION_COOKIE_AGE)
    match step:
        case Step.MAKE:
            for path in (signing, data):
                keys.write(path, keys.coming(keys.read(path), today))
            return step, {}
        case Step.USE:
            # The data keys last: they say where the rotation stands, so a run that is cut short is repeated whole.
            keys.write(signing, keys.promoted(keys.read(signing), today))
            keys.write(data, keys.promoted(keys.read(data), today))
            return step, _sealed_anew()
        case Step.DROP:
            # Once more: a process that did not know yet that the new key is in use may have sealed with the old one.
            done = _sealed_anew()
            keys.write(signing, keys.without_gone(keys.read(signing), sessions))
            keys.write(data, [key for key in keys.read(data) if key.state is not State.GONE])
            return step, done


def _sealed_anew() -> dict[str, int]:
    settings.WEIRFLOW_DATA_KEYS = keys.values(keys.read(paths()[1]))
    return renew_all()
