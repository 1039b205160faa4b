"""`python -m weirflow.embedded backup FILE` and `restore FILE`."""

from __future__ import annotations

import asyncio
import shutil
import sys
from pathlib import Path

import aiohttp

from weirflow.embedded.backup import NoBackup, restore
from weirflow.embedded.files import ClusterFiles
from weirflow.embedded.journal import StoreInUse
from weirflow.kube.config import load_config

BACKUP_PATH = "/weirflow/backup"
BACKUP_SECONDS = 120.0


def backup(files: ClusterFiles, target: Path) -> str:
    """Have the cluster that runs write a copy, and move it to `target`: what to tell. Raises NoBackup, OSError."""
    if target.exists():
        raise NoBackup(f"{target} exists already: name another file")
    made = asyncio.run(_ask(files))
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.move(made["path"], target)
    key = files.directory / "secrets.key"
    return f"{made['objects']} objects are in {target}. Keep {key} with it: it opens the Secrets."


async def _ask(files: ClusterFiles) -> dict[str, str]:
    config = load_config(files.kubeconfig("admin"))
    headers = {"Authorization": f"Bearer {await config.token()}"}
    timeout = aiohttp.ClientTimeout(total=BACKUP_SECONDS)
    try:
        async with (
            aiohttp.ClientSession(timeout=timeout) as session,
            session.post(config.server + BACKUP_PATH, headers=headers, ssl=config.ssl_context or True) as answer,
        ):
            body: dict[str, str] = await answer.json()
    except (aiohttp.ClientError, TimeoutError) as error:
        text = f"the embedded cluster at {config.server} does not answer ({error})"
        raise NoBackup(f"{text}: start it, or copy cluster.db while it is stopped") from error
    if answer.status != 201:
        raise NoBackup(str(body.get("message", body)))
    return body


def run(arguments: list[str], files: ClusterFiles) -> int:
    """The command of a command line; 1 and one clear line when it cannot be done."""
    try:
        match arguments:
            case ["backup", target]:
                text = backup(files, Path(target))
            case ["restore", source]:
                count = restore(Path(source), files.directory)
                text = f"{count} objects are back. What was there is in {files.directory / 'cluster.db.before'}."
            case _:
                sys.stderr.write("usage: python -m weirflow.embedded [backup FILE | restore FILE]\n")
                return 2
    except (NoBackup, StoreInUse, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.write(text + "\n")
    return 0
