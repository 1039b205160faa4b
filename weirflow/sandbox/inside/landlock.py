"""The kernel's second wall before files, sockets and processes: rights that a worker gives up, with no exception."""

from __future__ import annotations

import ctypes
import struct

from .libc import syscall

_VERSION = 1
#: How many rights there are by version: to files, to TCP, and whom (by abstract sockets and signals) it reaches.
_FILES = {1: 13, 2: 14, 3: 15, 4: 15, 5: 16}
_NET_FROM, _SCOPES_FROM = 4, 6


def enter() -> int:
    """Give up all rights that the kernel knows; returns its version of Landlock. Raises `OSError` where it has none."""
    version = syscall("landlock_create_ruleset", 0, 0, _VERSION)
    files = (1 << _FILES.get(version, 16)) - 1
    words = [files]
    if version >= _NET_FROM:
        words.append(0b11)
    if version >= _SCOPES_FROM:
        words.append(0b11)
    given = struct.pack(f"={len(words)}Q", *words)
    rules = ctypes.create_string_buffer(given, len(given))
    ruleset = syscall("landlock_create_ruleset", ctypes.c_void_p(ctypes.addressof(rules)), len(given), 0)
    try:
        syscall("landlock_restrict_self", ruleset, 0)
    finally:
        syscall("close", ruleset)
    return version
