"""The kernel's filter: which system calls are left to a worker. Everything that is not named is refused."""

from __future__ import annotations

import ctypes
import struct

from .libc import CALLS, MACHINE, MACHINES, prctl, syscall

_NO_NEW_PRIVS = 38
_SET_SECCOMP, _MODE_FILTER = 22, 2
_LOAD, _JUMP_EQUAL, _JUMP_SET, _RETURN = 0x20, 0x15, 0x45, 0x06
_ALLOW, _KILL, _REFUSE = 0x7FFF0000, 0x80000000, 0x00050000 | 1  # EPERM
_NUMBER, _ARCHITECTURE, _THIRD = 0, 4, 32
_EXECUTABLE = 4

#: What an interpreter needs to compute, to wait and to talk on the one descriptor that it has. No call of it takes a
#: path, an address, or another process.
ALLOWED = (
    "read", "write", "close", "fstat", "lseek", "poll", "ppoll",
    "brk", "mremap", "munmap", "madvise",
    "rt_sigaction", "rt_sigprocmask", "rt_sigreturn", "sigaltstack", "restart_syscall",
    "futex", "set_robust_list", "rseq", "sched_yield", "nanosleep", "clock_nanosleep",
    "clock_gettime", "clock_getres", "gettimeofday", "time", "times", "getrusage", "getrandom",
    "getpid", "gettid", "getppid", "getuid", "geteuid", "getgid", "getegid",
    "exit", "exit_group",
)  # fmt: skip
#: Allowed unless they ask for memory that can be executed: code of one's own then stays data.
NOT_EXECUTABLE = ("mmap", "mprotect")


def program() -> bytes:
    """The filter, as the kernel takes it. Raises `OSError` on a machine whose numbers are not known."""
    if not CALLS:
        raise OSError(38, f"no filter is known for {MACHINE}")
    body: list[bytes] = []
    for name in ALLOWED:
        if name in CALLS:
            body += [_step(_JUMP_EQUAL, CALLS[name], 0, 1), _step(_RETURN, _ALLOW)]
    for name in NOT_EXECUTABLE:
        body += [
            _step(_JUMP_EQUAL, CALLS[name], 0, 4),
            _step(_LOAD, _THIRD),
            _step(_JUMP_SET, _EXECUTABLE, 0, 1),
            _step(_RETURN, _REFUSE),
            _step(_RETURN, _ALLOW),
        ]
    return b"".join(
        [
            _step(_LOAD, _ARCHITECTURE),
            # The numbers mean something else there: who tries means no good.
            _step(_JUMP_EQUAL, MACHINES[MACHINE][1], 1, 0),
            _step(_RETURN, _KILL),
            _step(_LOAD, _NUMBER),
            *body,
            _step(_RETURN, _REFUSE),
        ]
    )


def no_new_privileges() -> None:
    """No program that is started may have more rights than this process. Raises `OSError`."""
    prctl(_NO_NEW_PRIVS, 1)


def enter() -> None:
    """Put the filter into force, for good. Raises `OSError`."""
    code = program()
    buffer = ctypes.create_string_buffer(code, len(code))
    header = struct.pack("@HxxxxxxP", len(code) // 8, ctypes.addressof(buffer))
    head = ctypes.create_string_buffer(header, len(header))
    try:
        syscall("seccomp", 1, 0, ctypes.c_void_p(ctypes.addressof(head)))
    except OSError:
        prctl(_SET_SECCOMP, _MODE_FILTER, ctypes.addressof(head))


def _step(code: int, value: int, when: int = 0, otherwise: int = 0) -> bytes:
    return struct.pack("=HBBI", code, when, otherwise, value)
