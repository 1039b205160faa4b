"""Run by tests: a sandbox where the kernel gives less, as in a container. Prints its walls, and what becomes of code.

    python -m tests.sandbox.elsewhere container|bare

`container`: no new namespaces and no Landlock, as the usual profiles have it; `bare`: no filter either.
"""

import asyncio
import ctypes
import struct
import sys

from weirflow import Fail
from weirflow.sandbox import Limits, Sandbox
from weirflow.sandbox.inside import seccomp
from weirflow.sandbox.inside.libc import CALLS, prctl

_LOAD, _EQUAL, _ANY_OF, _RETURN = 0x20, 0x15, 0x45, 0x06
_ALLOW, _REFUSE = 0x7FFF0000, 0x00050001
_NEW_NAMESPACES = 0x7E020000
_SET_SECCOMP = 22


def take_away(*, filters: bool) -> None:
    """Have this process and all that it starts be refused these."""
    steps = [(_LOAD, 0, 0, 0)]
    for name in ("landlock_create_ruleset", *(["seccomp"] if filters else [])):
        steps += [(_EQUAL, 0, 1, CALLS[name]), (_RETURN, 0, 0, _REFUSE)]
    steps += [(_EQUAL, 0, 3, CALLS["clone"]), (_LOAD, 0, 0, 16), (_ANY_OF, 0, 1, _NEW_NAMESPACES)]
    steps += [(_RETURN, 0, 0, _REFUSE), (_LOAD, 0, 0, 0)]
    if filters:
        prctl_number = {"x86_64": 157, "aarch64": 167}[seccomp.MACHINE]
        steps += [(_EQUAL, 0, 3, prctl_number), (_LOAD, 0, 0, 16), (_EQUAL, 0, 1, _SET_SECCOMP)]
        steps += [(_RETURN, 0, 0, _REFUSE)]
    code = b"".join(struct.pack("=HBBI", *step) for step in [*steps, (_RETURN, 0, 0, _ALLOW)])
    buffer = ctypes.create_string_buffer(code, len(code))
    head = ctypes.create_string_buffer(struct.pack("@HxxxxxxP", len(code) // 8, ctypes.addressof(buffer)), 16)
    seccomp.no_new_privileges()
    prctl(_SET_SECCOMP, 2, ctypes.addressof(head))


async def main() -> None:
    sandbox = Sandbox.here()
    sandbox.enter()
    pool = sandbox.pool("import sys\nreturn sys.modules['posix'].listdir('/')", Limits(), lambda _: None)
    try:
        print(len(await pool.call(None)) > 0)
    except Fail as fail:
        print(fail.code)
    print(sandbox.walls)
    await sandbox.leave()


if __name__ == "__main__":
    take_away(filters=sys.argv[1] == "bare")
    asyncio.run(main())
