"""The folders of projects that were deleted: removed from this machine, once it is sure that they are not coming back.

A project that this host sees go is marked by a file in ``.gone``; one that is there again loses its mark: a resource
that somebody deleted by hand is made anew, a cluster is restored from its backup. Days later the folder is moved to
``.leaving`` and emptied. What was never seen to go stays: a host may be asked to serve a cluster that knows nothing
of what another had put here.
"""

from __future__ import annotations

import asyncio
import logging
import os
import re
import secrets
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

log = logging.getLogger(__name__)

GRACE_SECONDS = 7 * 86_400.0
_ROUND_SECONDS = 3_600.0
#: How projects are called on the cluster. What else lies in the folder is nobody's business here.
_NAME = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")


class ProjectData:
    """``folder`` has one folder for each project; ``exists`` says of a project whether the cluster has it now."""

    def __init__(self, folder: Path, exists: Callable[[str], bool], *, grace: float = GRACE_SECONDS) -> None:
        self.folder, self._exists, self._grace = folder, exists, grace
        self._gone, self._leaving = folder / ".gone", folder / ".leaving"
        self._ends = threading.Event()
        self._task: asyncio.Task[None] | None = None

    def seen(self, project: str, there: bool) -> None:
        """The cluster has the project, or has no longer what it had."""
        if not _NAME.fullmatch(project):
            return
        mark = self._gone / project
        try:
            if there:
                mark.unlink(missing_ok=True)
            elif os.path.lexists(self.folder / project):
                self._gone.mkdir(mode=0o700, exist_ok=True)
                with suppress(FileExistsError):  # the first to see it says since when
                    mark.touch(mode=0o600, exist_ok=False)
        except OSError as error:
            log.warning("the files of the project %s: %s", project, error)

    def start(self) -> None:
        """Look now and then; projects are known by now."""
        self._task = asyncio.create_task(self._run(), name="files of deleted projects")

    async def stop(self) -> None:
        """End; what is half removed is removed by the next."""
        self._ends.set()
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait([self._task])

    async def _run(self) -> None:
        while True:
            try:
                await asyncio.to_thread(self.sweep)
            except OSError as error:
                log.warning("files of deleted projects cannot be removed: %s; that is tried again", error)
            await asyncio.sleep(_ROUND_SECONDS)

    def sweep(self) -> None:
        """Remove what has been gone for long enough. Reads and writes files; ends early when the host does."""
        before = time.time() - self._grace
        for mark in _entries(self._gone):
            project = mark.name
            if not _NAME.fullmatch(project) or mark.lstat().st_mtime > before or self._exists(project):
                continue
            self._leaving.mkdir(mode=0o700, exist_ok=True)
            with suppress(FileNotFoundError):
                # Whatever is made under its name from now on is another's; and of several hosts one does it.
                os.rename(self.folder / project, self._leaving / f"{project}-{secrets.token_hex(4)}")
                log.info("removing the files of the project %s, which was deleted", project)
            mark.unlink(missing_ok=True)
        for left in _entries(self._leaving):
            self._remove(left)

    def _remove(self, path: Path) -> None:
        if path.is_symlink() or not path.is_dir():
            path.unlink(missing_ok=True)
            return
        # By descriptors of folders: a link that somebody puts in a folder's place meanwhile is not followed.
        for _, folders, files, here in os.fwalk(path, topdown=False, follow_symlinks=False):
            for name in (*files, *folders):
                if self._ends.is_set():
                    return
                with suppress(FileNotFoundError):
                    _remove_one(name, here)
        path.rmdir()


def _remove_one(name: str, here: int) -> None:
    try:
        os.unlink(name, dir_fd=here)
    except (IsADirectoryError, PermissionError):  # the latter is what macOS says
        os.rmdir(name, dir_fd=here)


def _entries(folder: Path) -> list[Path]:
    try:
        return sorted(folder.iterdir())
    except FileNotFoundError:
        return []
