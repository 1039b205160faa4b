"""Running code that a person typed: in processes of its own that compute and reach nothing.

    sandbox = Sandbox.here(); sandbox.enter()
    wrong = await sandbox.check("return message['n'] + 1")          # None, or {"line": 1, "text": "..."}
    pool = sandbox.pool("return message['n'] + 1", Limits(deadline=0.5), printed=log.append)
    assert await pool.call(b'{"n": 1}') == 2
    pool.close(); await sandbox.leave()

One *nursery* for each host has the standard library loaded; a worker is a fork of it that puts up every wall that the
machine has before it sees any code, and says which (`Walls`). A worker serves one pool, a pool one node: no two nodes'
code is ever in one process. Calls go along a socket, several ahead where they are quick. `docs/adr/0102` says why.
"""

from weirflow.sandbox.level import SandboxLevel, Walls
from weirflow.sandbox.limits import Limits
from weirflow.sandbox.pool import Pool
from weirflow.sandbox.sandbox import Sandbox

__all__ = ["Limits", "Pool", "Sandbox", "SandboxLevel", "Walls"]
