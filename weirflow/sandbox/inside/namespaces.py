"""A worker's own view of the machine: no processes, network, files or names but its own."""

from __future__ import annotations

import contextlib
import ctypes
import os

from .libc import mount, syscall, unmount

_NEWNS, _NEWUTS, _NEWIPC, _NEWUSER, _NEWPID, _NEWNET = 0x20000, 0x4000000, 0x8000000, 0x10000000, 0x20000000, 0x40000000
_OWN = _NEWNS | _NEWUTS | _NEWIPC | _NEWPID | _NEWNET
_SIGCHLD = 17
_RDONLY, _NOSUID, _NODEV, _NOEXEC, _REC, _PRIVATE = 1, 2, 4, 8, 0x4000, 0x40000
_DETACH = 2

#: Who one is inside.
NOBODY = 65534
_NAMES = ("user", "mount", "pid", "network", "ipc", "uts")


def fork() -> tuple[int, tuple[str, ...]]:
    """As `os.fork`, into as many namespaces as the kernel gives: the child's id (0 in the child), and their names."""
    ways: list[tuple[int, tuple[str, ...]]] = [(_OWN | _NEWUSER, _NAMES)]
    if os.geteuid() == 0:
        ways.insert(0, (_OWN, _NAMES[1:]))
    for flags, names in ways:
        with contextlib.suppress(OSError):
            return _clone(flags), names
    return os.fork(), ()


def _clone(flags: int) -> int:
    """What `os.fork` does around the system call, for one that Python has no function for."""
    python = ctypes.pythonapi
    python.PyOS_BeforeFork()
    try:
        child = syscall("clone", flags | _SIGCHLD, 0, 0, 0, 0)
    except OSError:
        python.PyOS_AfterFork_Parent()
        raise
    if child == 0:
        python.PyOS_AfterFork_Child()
    else:
        python.PyOS_AfterFork_Parent()
    return child


def map_user(uid: int, gid: int) -> None:
    """Be nobody inside, where a user namespace is new; `uid` and `gid` are those outside. Raises `OSError`."""
    for name, text in (
        ("setgroups", "deny"),
        ("uid_map", f"{NOBODY} {uid} 1"),
        ("gid_map", f"{NOBODY} {gid} 1"),
    ):
        file = os.open(f"/proc/self/{name}", os.O_WRONLY)
        try:
            os.write(file, text.encode())
        finally:
            os.close(file)


def empty_root() -> None:
    """Let the tree of files be one empty folder that nothing can be written to. Raises `OSError`."""
    mount(None, b"/", None, _REC | _PRIVATE)
    mount(b"none", b"/proc", b"tmpfs", _RDONLY | _NOSUID | _NODEV | _NOEXEC, b"size=4k,nr_inodes=2,mode=555")
    os.chdir("/proc")
    dot = ctypes.c_char_p(b".")
    syscall("pivot_root", ctypes.cast(dot, ctypes.c_void_p), ctypes.cast(dot, ctypes.c_void_p))
    unmount(b".", _DETACH)
    os.chdir("/")
