"""The machine: room on the disk, and files that may be open."""

import resource
import shutil
from collections.abc import Iterator

from django.conf import settings

from config.doctor.finding import Said, error, ok, warning

LEAST_BYTES, LEAST_SHARE = 1 << 30, 0.05
LEAST_FILES = 4096


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
