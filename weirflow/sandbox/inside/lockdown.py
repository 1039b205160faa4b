"""Shut a worker in: every wall that this machine has, one after the other, and a report of those that stand."""

from __future__ import annotations

import sys
from collections.abc import Callable

from . import landlock, namespaces, privileges, seccomp


def enter(slot: int, memory: int, new: tuple[str, ...], user: tuple[int, int]) -> list[str]:
    """Of the process just forked. `memory` in bytes; `new` are the namespaces that it is alone in; `user` is the host's
    user and group. Returns the names of the walls, in words for people. Cannot be undone, and raises nothing: a wall
    that cannot be had is missing in the report, and whether that will do is for the host to say.
    """
    walls = ["limits"]
    if sys.platform == "linux":
        privileges.die_first()
        if "user" in new and not _stands(lambda: namespaces.map_user(*user)):
            new = tuple(name for name in new if name != "mount")
        if "mount" in new and _stands(namespaces.empty_root):
            walls.append("no files")
    privileges.use_little(memory)
    if "user" not in new and privileges.be_nobody(slot):
        walls.append("own user")
    if sys.platform != "linux":
        return walls
    if new:
        walls.append(f"own namespaces ({', '.join(new)})")
    _stands(privileges.drop_capabilities)
    _stands(privileges.die_with_parent)
    if not _stands(seccomp.no_new_privileges):
        return walls
    if _stands(landlock.enter):
        walls.append("landlock")
    if _stands(seccomp.enter):
        walls.append("seccomp")
    return walls


def _stands(wall: Callable[[], object]) -> bool:
    try:
        wall()
    except OSError:
        return False
    return True
