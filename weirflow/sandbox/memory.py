"""How much memory the workers of a host may have together."""

from __future__ import annotations

import os
from collections.abc import Mapping
from contextlib import suppress
from functools import lru_cache
from pathlib import Path

from weirflow.sandbox.limits import MIB

#: What there is of it at least: a process that has its limit rarely needs it.
_LEAST = 1024 * MIB
#: Where the kernel says what a container may have.
_LIMITS = (Path("/sys/fs/cgroup/memory.max"), Path("/sys/fs/cgroup/memory/memory.limit_in_bytes"))


def memory_for_code(environ: Mapping[str, str] = os.environ) -> int:
    """In bytes: what the variable says in MiB, else half of what this machine or container has. Raises `ValueError`
    for what cannot be understood."""
    text = environ.get("WEIRFLOW_CODE_MEMORY")
    if not text:
        return max(_LEAST, _of_the_machine() // 2)
    if not text.isdecimal() or not 64 <= int(text) <= 1 << 24:
        raise ValueError(f"WEIRFLOW_CODE_MEMORY is {text!r}; it must be a number of MiB, 64 or more")
    return int(text) * MIB


@lru_cache(maxsize=1)
def _of_the_machine() -> int:
    found = []
    with suppress(OSError, ValueError):
        found.append(os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE"))
    for path in _LIMITS:
        with suppress(OSError, ValueError):
            found.append(int(path.read_text()))
    return min(found, default=2 * _LEAST)
