"""The kernel's filter: which system calls are left to a worker. Everything that is not named is refused."""

from __future__ import annotations

import ctypes
import struct

from .libc import CALLS, MACHINE, MACHINES, prctl, syscall

_NO_NEW_PRIVS = 38
_SET_SECCOMP, _MODE_FILTER = 22, 2
_LOAD, _JUMP_EQUAL, _JUMP_SET, _RETURN = 0x20, 0x15, 0x45, 0x06
_ALLOW, _KILL, _REFUSE = 0x7FFF0000, 0x80000000, 0x00050000 | 1  # EPERM
_NUMBER, _ARCHITECTURE = 0, 4
_SECOND, _THIRD, _FOURTH = 24, 32, 40
_EXECUTABLE = 4
#: Of `mmap`. Pages of shared memory stay in use when all but one are given back: no limit of a process counts them.
#: Huge pages are a store that the whole machine shares.
_SHARED_OR_HUGE = 0x1 | 0x40000
#: Of `futex`, to wait and to wake inside the process: another that has the same library loaded is not reached, nor are
#: the operations that lend a priority.
_PRIVATE_FUTEXES = (0x80, 0x81, 0x89, 0x8A, 0x180, 0x189)
#: Of `madvise`, what allocators say of memory: not that pages like those of others may be shared with them.
_ADVICE = (0, 4, 8, 14, 15)

#: What an interpreter needs to compute, to wait and to talk on the one descriptor that it has. No call of it takes a
#: path, an address, or another process.
ALLOWED = (
    "read", "write", "close", "fstat", "lseek", "poll", "ppoll",
    "brk", "mremap", "munmap",
    "rt_sigaction", "rt_sigprocmask", "rt_sigreturn", "sigaltstack", "restart_syscall",
    "sched_yield", "nanosleep", "clock_nanosleep",
    "clock_gettime", "clock_getres", "gettimeofday", "time", "times", "getrusage", "getrandom",
    "getpid", "gettid", "getppid", "getuid", "geteuid", "getgid", "getegid",
    "exit", "exit_group",
)  # fmt: skip
#: Allowed unless one of these bits is set in one of these arguments: memory that can be executed (code of one's own
#: then stays data), or that is not this process's alone.
WITHOUT: dict[str, tuple[tuple[int, int], ...]] = {
    "mmap": ((_THIRD, _EXECUTABLE), (_FOURTH, _SHARED_OR_HUGE)),
    "mprotect": ((_THIRD, _EXECUTABLE),),
}
#: Allowed where this argument is one of these.
ONLY: dict[str, tuple[int, tuple[int, ...]]] = {
    "futex": (_SECOND, _PRIVATE_FUTEXES),
    "madvise": (_THIRD, _ADVICE),
}


def program() -> bytes:
    """The filter, as the kernel takes it. Raises `OSError` on a machine whose numbers are not known."""
    if not CALLS:
        raise OSError(38, f"no filter is known for {MACHINE}")
    body: list[bytes] = []
    for name in ALLOWED:
        if name in CALLS:
            body += [_step(_JUMP_EQUAL, CALLS[name], 0, 1), _step(_RETURN, _ALLOW)]
    for name, bits in WITHOUT.items():
        steps = [step for place, bit in bits for step in _unless_set(place, bit)]
        body += [_step(_JUMP_EQUAL, CALLS[name], 0, len(steps) + 1), *steps, _step(_RETURN, _ALLOW)]
    for name, (place, values) in ONLY.items():
        steps = [step for value in values for step in _if_equal(value)]
        body += [_step(_JUMP_EQUAL, CALLS[name], 0, len(steps) + 2), _step(_LOAD, place), *steps]
        body += [_step(_RETURN, _REFUSE)]
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


def _unless_set(place: int, bits: int) -> tuple[bytes, ...]:
    return _step(_LOAD, place), _step(_JUMP_SET, bits, 0, 1), _step(_RETURN, _REFUSE)


def _if_equal(value: int) -> tuple[bytes, ...]:
    return _step(_JUMP_EQUAL, value, 0, 1), _step(_RETURN, _ALLOW)


def _step(code: int, value: int, when: int = 0, otherwise: int = 0) -> bytes:
    return struct.pack("=HBBI", code, when, otherwise, value)
