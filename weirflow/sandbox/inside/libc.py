"""System calls of Linux that Python has no function for, by way of the C library."""

from __future__ import annotations

import ctypes
import os
import platform
import sys
from typing import Final

#: Numbers of system calls, by machine. Another machine than these two has no kernel's part of the sandbox.
_X86_64 = {
    "brk": 12, "capset": 126, "clock_getres": 229, "clock_gettime": 228, "clock_nanosleep": 230, "clone": 56,
    "close": 3, "close_range": 436, "exit": 60, "exit_group": 231, "fstat": 5, "futex": 202, "getegid": 108,
    "geteuid": 107, "getgid": 104, "getpid": 39, "getppid": 110, "getrandom": 318, "getrusage": 98, "gettid": 186,
    "gettimeofday": 96, "getuid": 102, "landlock_create_ruleset": 444, "landlock_restrict_self": 446, "lseek": 8,
    "madvise": 28, "mmap": 9, "mprotect": 10, "mremap": 25, "munmap": 11, "nanosleep": 35, "pivot_root": 155,
    "poll": 7, "ppoll": 271, "read": 0, "restart_syscall": 219, "rt_sigaction": 13,
    "rt_sigprocmask": 14, "rt_sigreturn": 15, "sched_yield": 24, "seccomp": 317,
    "sigaltstack": 131, "time": 201, "times": 100, "write": 1,
}  # fmt: skip
_AARCH64 = {
    "brk": 214, "capset": 91, "clock_getres": 114, "clock_gettime": 113, "clock_nanosleep": 115, "clone": 220,
    "close": 57, "close_range": 436, "exit": 93, "exit_group": 94, "fstat": 80, "futex": 98, "getegid": 177,
    "geteuid": 175, "getgid": 176, "getpid": 172, "getppid": 173, "getrandom": 278, "getrusage": 165, "gettid": 178,
    "gettimeofday": 169, "getuid": 174, "landlock_create_ruleset": 444, "landlock_restrict_self": 446, "lseek": 62,
    "madvise": 233, "mmap": 222, "mprotect": 226, "mremap": 216, "munmap": 215, "nanosleep": 101, "pivot_root": 41,
    "ppoll": 73, "read": 63, "restart_syscall": 128, "rt_sigaction": 134, "rt_sigprocmask": 135,
    "rt_sigreturn": 139, "sched_yield": 124, "seccomp": 277, "sigaltstack": 132, "times": 153,
    "write": 64,
}  # fmt: skip
#: By what `uname` calls it: the numbers, and how the kernel's audit names the machine (the filter tests it).
MACHINES: Final = {"x86_64": (_X86_64, 0xC000003E), "aarch64": (_AARCH64, 0xC00000B7)}

MACHINE: Final = platform.machine()
CALLS: Final[dict[str, int]] = MACHINES[MACHINE][0] if MACHINE in MACHINES and sys.platform == "linux" else {}

#: Holds the interpreter's lock while it calls: after `clone` the child goes on as if nothing had happened.
_library = ctypes.PyDLL(None, use_errno=True)


def syscall(name: str, *arguments: int | bytes | ctypes.c_void_p | None) -> int:
    """Raises `OSError` as the kernel says, or ENOSYS where the machine's numbers are not known."""
    number = CALLS.get(name)
    if number is None:
        raise OSError(38, f"{name}: not known on this machine")
    wide = [ctypes.c_long(each) if isinstance(each, int) else each for each in arguments]
    result: int = _call(ctypes.c_long(number), *wide)
    return _checked(result, name)


def prctl(option: int, *arguments: int) -> int:
    """Raises `OSError`, as where there is no Linux."""
    if sys.platform != "linux":
        raise OSError(38, "prctl: not known on this system")
    padded = [*arguments, 0, 0, 0, 0][:4]
    return _checked(_library.prctl(ctypes.c_int(option), *(ctypes.c_ulong(each) for each in padded)), "prctl")


def mount(source: bytes | None, target: bytes, kind: bytes | None, flags: int, data: bytes | None = None) -> None:
    """Raises `OSError`."""
    _checked(_library.mount(source, target, kind, ctypes.c_ulong(flags), data), "mount")


def unmount(target: bytes, flags: int) -> None:
    """Raises `OSError`."""
    _checked(_library.umount2(target, ctypes.c_int(flags)), "umount2")


def _checked(result: int, name: str) -> int:
    if result == -1:
        number = ctypes.get_errno()
        raise OSError(number, f"{name}: {os.strerror(number)}")
    return result


_call = _library.syscall
_call.restype = ctypes.c_long
