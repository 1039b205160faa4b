"""The keys: who can read them, and whether they are being replaced."""

import os
import stat
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings

from config import keys
from config.doctor.finding import Said, error, note, ok, warning
from config.rotation import Step, next_step, paths

OLD_DAYS = 365
VARIABLES = {"secret_key": "WEIRFLOW_SECRET_KEYS", "data_keys": "WEIRFLOW_DATA_KEYS"}


def look() -> Iterator[Said]:
    ours = [path for path in paths() if not os.environ.get(VARIABLES[path.name])]
    private = [*ours, *_private()]
    open_to_others = [path for path in private if path.exists() and _is_open(path)]
    for path in open_to_others:
        yield error(f"Others on this machine can read {path}.", f"chmod go= {path}")
    if not open_to_others:
        yield ok("Keys and kubeconfigs are for their owner alone.")
    if len(ours) < len(paths()):
        yield note("Keys come from the environment.", "Replace them as manage.py rotate_keys says.")
        return
    step = next_step()
    if step is not Step.MAKE:
        yield warning(
            f"The keys are being replaced; the next step is to {step}.",
            "Start every web and worker process again, then run manage.py rotate_keys once more.",
        )
    since = keys.read(paths()[1])[0].since
    if since is not None and (datetime.now(UTC).date() - since).days > OLD_DAYS:
        yield note(f"The data key is in use since {since}.", "Replace it with manage.py rotate_keys.")


def _is_open(path: Path) -> bool:
    """Whether others may read it: by its own mode, in a folder that they may enter."""
    return bool(path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO) and path.parent.stat().st_mode & 0o011)


def _private() -> list[Path]:
    home = settings.WEIRFLOW_HOME
    return [home / "web.db", home / "kubeconfig", home / "kubeconfig.web", home / "kubeconfig.modules"]
