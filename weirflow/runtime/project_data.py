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
            try:
                self._let_go(mark, before)
            except OSError as error:
                log.warning("the files of the project %s cannot be removed: %s; that is tried again", mark.name, error)
        left = _entries(self._leaving)
        while left and not self._ends.is_set():
            path = left.pop()
            try:
                left += self._remove(path)
            except FileNotFoundError:
                continue  # another host has removed it
            except OSError as error:
                log.warning("%s of a deleted project cannot be removed: %s; that is tried again", path, error)

    def _let_go(self, mark: Path, before: float) -> None:
        project = mark.name
        if not _NAME.fullmatch(project) or mark.lstat().st_mtime > before or self._exists(project):
            return
        self._leaving.mkdir(mode=0o700, exist_ok=True)
        with suppress(FileNotFoundError):
            # Whatever is made under its name from now on is another's; and of several hosts one does it.
            os.rename(self.folder / project, self._leaving / f"{project}-{secrets.token_hex(4)}")
            log.info("removing the files of the project %s, which was deleted", project)
        mark.unlink(missing_ok=True)

    def _remove(self, path: Path) -> list[Path]:
        """Remove it. What folders are in it come to lie beside it and are returned: code may nest them deeper than any
        path, stack or number of open folders goes."""
        if path.is_symlink() or not path.is_dir():
            path.unlink(missing_ok=True)
            return []
        beside: list[Path] = []
        # By its descriptor: a link that somebody puts in its place meanwhile is not followed.
        here = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
        try:
            for name in os.listdir(here):
                if self._ends.is_set():
                    return beside
                with suppress(FileNotFoundError):
                    try:
                        os.unlink(name, dir_fd=here)
                    except (IsADirectoryError, PermissionError):  # the latter is what macOS says
                        apart = self._leaving / secrets.token_hex(8)
                        os.rename(name, apart, src_dir_fd=here)
                        beside.append(apart)
        finally:
            os.close(here)
        path.rmdir()
        return beside


def _entries(folder: Path) -> list[Path]:
    try:
        return sorted(folder.iterdir())
    except FileNotFoundError:
        return []
