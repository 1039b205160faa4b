"""Code that wants out: what it tries is refused by the kernel, whatever it does to the interpreter."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from tests.sandbox.conftest import Trial
from weirflow import Fail
from weirflow.sandbox import Pool, Sandbox, SandboxLevel
from weirflow.sandbox.inside.libc import CALLS, MACHINE
from weirflow.sandbox.inside.seccomp import ALLOWED, ONLY, WITHOUT

pytestmark = pytest.mark.asyncio(loop_scope="package")

#: The interpreter's own functions are found by who looks for them: only the kernel is a wall.
POSIX = "import sys\nposix = sys.modules['posix']\n"


async def refused(trial: Trial, code: str) -> bool:
    """Whether the code was told that it is not permitted, rather than did it."""
    with pytest.raises(Fail) as failed:
        await trial(code)
    words = ("Operation not permitted", "can't start new thread", "not allowed to raise")
    return failed.value.code == "code_error" and any(word in str(failed.value) for word in words)


async def test_the_sandbox_is_whole_here(trial: Trial, sandbox: Sandbox) -> None:
    await trial("return 1")
    assert sandbox.walls is not None
    assert sandbox.walls.level is SandboxLevel.FULL, str(sandbox.walls)


async def test_every_system_call_that_is_not_listed_is_refused(trial: Trial) -> None:
    """By number, through ctypes: files, sockets, processes, signals, tracing, namespaces, io_uring, and those that
    are not invented yet."""
    left = sorted(CALLS[name] for name in (*ALLOWED, *ONLY, *WITHOUT) if name in CALLS)
    if MACHINE == "x86_64":
        # uretprobe and uprobe pass every filter; who calls them outside a probe is killed.
        left += [335, 336]
    code = f"""
import ctypes
call = ctypes.CDLL(None, use_errno=True).syscall
let_through = []
for number in range(600):
    if number not in {left}:
        ctypes.set_errno(0)
        if call(number, 0, 0, 0, 0, 0, 0) != -1 or ctypes.get_errno() != 1:
            let_through.append(number)
return let_through
"""
    assert await trial(code) == []


async def test_a_call_by_the_numbers_of_another_machine_is_refused(trial: Trial) -> None:
    code = "import ctypes\ncall = ctypes.CDLL(None, use_errno=True).syscall\n"
    code += "return [call(0x40000000 + 2, 0), ctypes.get_errno()]"
    assert await trial(code) == [-1, 1]


@pytest.mark.parametrize(
    "attempt",
    [
        "posix.open('{kubeconfig}', posix.O_RDONLY)",
        "posix.open('{kubeconfig}', posix.O_WRONLY | posix.O_CREAT)",
        "posix.open('/proc/1/environ', posix.O_RDONLY)",
        "posix.open('/tmp/escaped', posix.O_RDWR | posix.O_CREAT)",
        "posix.listdir('/')",
        "posix.stat('{kubeconfig}')",
        "posix.unlink('{kubeconfig}')",
        "posix.mkdir('/tmp/escaped')",
        "posix.symlink('/', '/tmp/escaped')",
        "posix.readlink('/proc/self/exe')",
        "open('{kubeconfig}').read()",
    ],
)
async def test_no_file_is_read_written_or_looked_at(trial: Trial, attempt: str, tmp_path: Path) -> None:
    kubeconfig = tmp_path / "kubeconfig"
    kubeconfig.write_text("token: secret")
    for parent in (kubeconfig, *kubeconfig.parents):
        if parent.owner() == psutil.Process().username() and parent != Path("/"):
            parent.chmod(0o755)
    assert await refused(trial, POSIX + attempt.format(kubeconfig=kubeconfig))
    assert kubeconfig.read_text() == "token: secret"
    assert not Path("/tmp/escaped").exists()


@pytest.mark.parametrize(
    "attempt",
    [
        "sock.socket()",
        "sock.socket(sock.AF_INET6, sock.SOCK_DGRAM)",
        "sock.socket(sock.AF_UNIX)",
        "sock.socket(16, sock.SOCK_RAW)",
        "sock.socketpair()",
        "sock.socket(fileno=3).connect('{path}')",
        "sock.socket(fileno=3).sendmsg([b'x'], [(sock.SOL_SOCKET, sock.SCM_RIGHTS, b'\\3\\0\\0\\0')])",
        "sock.socket(fileno=3).accept()",
    ],
)
async def test_no_network_is_reached_nor_a_socket_of_this_machine(trial: Trial, attempt: str, tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(path := str(tmp_path / "s"))
        server.listen()
        assert await refused(trial, "import sys\nsock = sys.modules['_socket']\n" + attempt.format(path=path))


async def test_no_name_is_looked_up(trial: Trial) -> None:
    with pytest.raises(Fail) as failed:
        await trial("import sys\nreturn sys.modules['_socket'].getaddrinfo('example.org', 80)")
    assert failed.value.code == "code_error"


@pytest.mark.parametrize(
    "attempt",
    [
        "posix.fork()",
        "posix.forkpty()",
        "while True: posix.fork()",
        "posix.execv('/bin/sh', ['sh', '-c', 'id'])",
        "posix.posix_spawn('/bin/sh', ['sh'], {{}})",
        "sys.modules['_thread'].start_new_thread(print, ())",
        "posix.kill({host}, 9)",
        "posix.kill(-1, 9)",
        "posix.killpg(0, 9)",
        "posix.kill(posix.getppid(), 19)",
        "posix.setuid(0)",
        "posix.setpriority(posix.PRIO_PROCESS, 0, -20)",
        "posix.sched_setaffinity(0, [0])",
        "posix.chroot('/')",
        "posix.memfd_create('x')",
        "posix.pipe()",
        "posix.dup(3)",
        "sys.modules['resource'].setrlimit(9, (-1, -1))",
    ],
)
async def test_no_other_process_is_made_or_reached(trial: Trial, attempt: str) -> None:
    assert await refused(trial, POSIX + attempt.format(host=os.getpid()))


async def test_memory_that_can_be_executed_is_not_to_be_had(trial: Trial) -> None:
    code = """
import ctypes
library = ctypes.CDLL(None, use_errno=True)
library.mmap.restype = ctypes.c_void_p
page = ctypes.create_string_buffer(8192)
at = (ctypes.addressof(page) + 4095) & ~4095
return [library.mmap(None, 4096, 7, 0x22, -1, 0) in (None, 2 ** 64 - 1), library.mprotect(ctypes.c_void_p(at), 4096, 7)]
"""
    assert await trial(code) == [True, -1]


async def test_memory_that_no_limit_counts_is_not_to_be_had(trial: Trial) -> None:
    """Shared pages stay when all but one of them are given back; huge ones are the machine's."""
    code = """
import ctypes
library = ctypes.CDLL(None, use_errno=True)
library.mmap.restype = ctypes.c_void_p
private, shared, huge = 0x22, 0x21, 0x40022
def refused(flags):
    ctypes.set_errno(0)
    return library.mmap(None, 1 << 20, 3, flags, -1, 0) in (None, 2 ** 64 - 1) and ctypes.get_errno() == 1
return [refused(flags) for flags in (private, shared, shared | 2, huge)]
"""
    assert await trial(code) == [False, True, True, True]


async def test_no_futex_reaches_another_process_and_no_pages_are_shared_with_one(trial: Trial) -> None:
    code = f"""
import ctypes
call = ctypes.CDLL(None, use_errno=True).syscall
word = ctypes.create_string_buffer(8192)
page = ctypes.c_void_p((ctypes.addressof(word) + 4095) & ~4095)
def error(number, *arguments):
    ctypes.set_errno(0)
    return ctypes.get_errno() if call(number, *arguments) == -1 else 0
futex = [error({CALLS["futex"]}, page, operation, 1, None, None, 0) for operation in (0x81, 0x1, 0x6, 0x86, 0xc, 0x4)]
advice = [error({CALLS["madvise"]}, page, 4096, kind) for kind in (4, 12, 21, 25, 100)]
return [futex, advice]
"""
    assert await trial(code) == [[0, 1, 1, 1, 1, 1], [0, 1, 1, 1, 1]]


async def test_nothing_of_the_host_is_in_its_environment_or_memory(
    trial: Trial, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = """
import ctypes, gc
environ = ctypes.POINTER(ctypes.c_char_p).in_dll(ctypes.CDLL(None), "environ")
names = []
while environ and environ[len(names)]:
    names.append(environ[len(names)].decode())
texts = [text for text in gc.get_objects() if isinstance(text, (str, bytes)) and "KUBECONFIG" in str(text)]
return [names, texts]
"""
    assert await trial(code) == [[], []]


async def test_it_is_nobody_and_alone(trial: Trial) -> None:
    code = POSIX + "return [posix.getuid(), posix.geteuid(), posix.getgid(), posix.getpid()]"
    uid, euid, gid, _ = await trial(code)
    assert 0 not in (uid, euid, gid)


async def test_its_descriptors_are_its_socket_and_nothing(trial: Trial) -> None:
    code = (
        POSIX
        + """
open_ones = []
for descriptor in range(1024):
    try: posix.read(descriptor, 0)
    except OSError: continue
    open_ones.append(descriptor)
return open_ones
"""
    )
    assert await trial(code) == [0, 1, 2, 3]


@pytest.mark.parametrize(
    "garbage",
    [
        "b'\\xff' * 1000",
        "b'\\x00\\x00\\x00\\x02\\x12{}'",
        "b'\\x00\\x00\\x00\\x04\\x12\\xff\\xff\\xff\\xff'",
        "b'\\x00\\x00\\x00\\x02\\x10[]'",
        "b'\\x00\\x00\\x00\\x00\\x77'",
        "b'\\x7f\\xff\\xff\\xff\\x12' + b'x' * 10_000",
        "(b'\\x00\\x00\\x00\\x0e\\x13\\x00\\x00\\x00\\x00' + b'[' * 10)",
    ],
)
async def test_garbage_on_its_socket_ends_it_and_harms_nobody(
    pool: Callable[..., Pool], trial: Trial, garbage: str
) -> None:
    calls = pool(POSIX + f"if message:\n    posix.write(3, {garbage})\n    while True: pass\nreturn 1", deadline=2.0)
    with pytest.raises(Fail) as failed:
        await calls.call(True)
    assert failed.value.code in ("code_crashed", "code_timeout")
    assert await calls.call(False) == 1


@pytest.mark.parametrize("end", ["", "5c"])
async def test_texts_that_never_end_hold_up_no_host(trial: Trial, end: str) -> None:
    lines = (
        f"texts = bytes.fromhex('22') + bytes.fromhex('5c22') * 1_000_000 + bytes.fromhex('{end}')",
        "data = bytes(4) + b'[' * 1_000_001 + texts",
        "data = len(data).to_bytes(4, 'big') + bytes([18]) + data",
        "while data: data = data[posix.write(3, data):]",
        "while True: pass",
    )
    with pytest.raises(Fail, match="lists and dicts"):
        await trial(POSIX + "\n".join(lines))


async def test_closing_its_socket_ends_it(pool: Callable[..., Pool]) -> None:
    calls = pool(POSIX + "if message:\n    posix.close(3)\n    while True: pass\nreturn 1", deadline=30.0)
    with pytest.raises(Fail) as failed:
        await calls.call(True)
    assert failed.value.code == "code_crashed"
    assert await calls.call(False) == 1


async def test_a_flood_on_its_socket_is_not_taken_in(pool: Callable[..., Pool]) -> None:
    before = psutil.Process().memory_info().rss
    calls = pool(POSIX + "while True: posix.write(3, b'\\x00\\x0f\\xff\\xff\\x12' + bytes(0xfffff))", deadline=2.0)
    with pytest.raises(Fail) as failed:
        await calls.call(1)
    assert failed.value.code == "code_crashed"
    assert psutil.Process().memory_info().rss - before < 100 << 20


async def test_tricks_with_the_interpreter_change_its_own_process_alone(pool: Callable[..., Pool]) -> None:
    code = """
import builtins, gc, json, sys
if message == "spoil":
    builtins.len = lambda x: 42
    json.dumps = json.loads = None
    for thing in gc.get_objects():
        if type(thing).__name__ == "Worker" and hasattr(thing, "_most"):
            thing._most = 10 ** 12
            thing._prints._limit = 10 ** 12
    print("x" * 50_000_000)
    return "x" * 30_000_000
return len([1])
"""
    calls = pool(code, processes=1)
    with pytest.raises(Fail):
        await calls.call("spoil")
    other = pool(code, processes=1)
    assert await other.call("ask") == 1
