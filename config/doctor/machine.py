"""The machine: room on the disk, files that may be open, and what was left behind."""

import resource
import shutil
from collections.abc import Iterator

from django.conf import settings
from django.db.utils import Error

from config.doctor.finding import Said, error, note, ok, warning

LEAST_BYTES, LEAST_SHARE = 1 << 30, 0.05
LEAST_FILES = 4096
NAMED = 5


def look() -> Iterator[Said]:
    disk = shutil.disk_usage(settings.WEIRFLOW_HOME)
    room = f"{disk.free / (1 << 30):.1f} GiB free at {settings.WEIRFLOW_HOME}"
    if disk.free < LEAST_BYTES // 10:
        yield error(f"{room}.", "Free some space now: edits are refused when the disk is full.")
    elif disk.free < LEAST_BYTES or disk.free < disk.total * LEAST_SHARE:
        yield warning(f"{room}.", "Free some space.")
    else:
        yield ok(f"{room}.")
    files = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    if files != resource.RLIM_INFINITY and files < LEAST_FILES:
        yield warning(
            f"A process may open {files} files: each open editor takes one.",
            "Raise the limit (LimitNOFILE=65536 in systemd, ulimit -n in a shell).",
        )
    yield from _left_behind()


def _left_behind() -> Iterator[Said]:
    """Folders of projects that are not here: a host that did not run when they were deleted leaves them."""
    from projects.models import Project

    folder = settings.WEIRFLOW_HOME / "data"
    names = sorted(entry.name for entry in folder.iterdir() if entry.name[0] != ".") if folder.is_dir() else []
    try:
        left = sorted(set(names) - set(Project.objects.values_list("resource_name", flat=True))) if names else []
    except Error:
        return
    if left:
        more = f" and {len(left) - NAMED} more" if len(left) > NAMED else ""
        yield note(
            f"{folder} has files of projects that this installation does not know: {', '.join(left[:NAMED])}{more}.",
            "Those that were deleted lately go by themselves within a week; remove others, unless they are of another.",
        )
