"""Who a worker is, and how much it may use."""

from __future__ import annotations

import contextlib
import ctypes
import os
import resource
import signal
import struct

from .libc import prctl, syscall

_PDEATHSIG, _DUMPABLE, _CAPBSET_DROP = 1, 4, 24
_CAPABILITY_VERSION = 0x20080522
_CAPABILITIES = 64

#: Where the process ends whatever it computes; its host replaces it long before.
CPU_SECONDS = 1800
_FILES = 16
_NICE = 5
#: Users that nobody has, one for each worker, where the host is root; and who else, in a container with few users.
_UNUSED, _NOBODY = 0x70000000, 65534


def use_little(memory: int) -> None:
    """`memory` bytes beside what the process has mapped already; a share of the processor, no files, no children."""
    for name, limit in (
        ("RLIMIT_CORE", 0),
        ("RLIMIT_FSIZE", 0),
        ("RLIMIT_MEMLOCK", 0),
        ("RLIMIT_MSGQUEUE", 0),
        ("RLIMIT_NOFILE", _FILES),
        ("RLIMIT_NPROC", 0),
        ("RLIMIT_CPU", CPU_SECONDS),
        ("RLIMIT_AS", _mapped() + memory),
    ):
        which = getattr(resource, name, None)
        if which is not None:
            # macOS has no limit on mapped memory that it keeps; the level says that the sandbox is weaker there.
            with contextlib.suppress(OSError, ValueError):
                resource.setrlimit(which, (limit, limit))
    with contextlib.suppress(OSError):
        os.nice(_NICE)


def die_first() -> None:
    """When the machine runs out of memory, this process goes and not its host."""
    with contextlib.suppress(OSError):
        file = os.open("/proc/self/oom_score_adj", os.O_WRONLY)
        try:
            os.write(file, b"1000")
        finally:
            os.close(file)


def be_nobody(slot: int) -> bool:
    """Become a user of one's own if the host is root; whether that came about."""
    if os.geteuid() != 0:
        return False
    for capability in range(_CAPABILITIES):
        with contextlib.suppress(OSError):
            prctl(_CAPBSET_DROP, capability)
    for user in (_UNUSED + slot, _NOBODY):
        with contextlib.suppress(OSError):
            os.setgroups([])
            os.setresgid(user, user, user)
            os.setresuid(user, user, user)
            return True
    return False


def drop_capabilities() -> None:
    """Give up what a new user namespace gave. Raises `OSError`."""
    head = ctypes.create_string_buffer(struct.pack("=Ii", _CAPABILITY_VERSION, 0), 8)
    none = ctypes.create_string_buffer(24)
    syscall("capset", ctypes.c_void_p(ctypes.addressof(head)), ctypes.c_void_p(ctypes.addressof(none)))


def die_with_parent() -> None:
    """Be killed when who started this process ends, and let nobody read its memory. After the last change of user,
    which would undo it. Raises `OSError`."""
    prctl(_DUMPABLE, 0)
    prctl(_PDEATHSIG, signal.SIGKILL)


def _mapped() -> int:
    try:
        with open("/proc/self/statm", "rb") as file:
            return int(file.read().split()[0]) * resource.getpagesize()
    except OSError:
        return 1 << 28
