"""The sandbox for code, as it can be had on this machine: which walls stand, and how to get those that do not."""

import asyncio
import os
from collections.abc import Iterator

from config.doctor.finding import Said, error, note, ok, warning
from config.env import env_list
from config.supervisor.alone import code_rule
from weirflow.errors import Fail
from weirflow.sandbox import Sandbox, SandboxLevel, Walls
from weirflow.sandbox.memory import memory_for_code
from weirflow.sandbox.rule import VARIABLE, Rule, rule

_USER_NAMESPACES = (
    "Allow user namespaces (user.max_user_namespaces above 0; kernel.apparmor_restrict_unprivileged_userns=0 on "
    "Ubuntu), or run the host as root; most containers have neither, and need not"
)
#: How a wall is got, by the beginning of its name.
GET = {
    "seccomp": "Run module hosts on Linux, x86_64 or aarch64, with seccomp in the kernel and the container's profile",
    "landlock": "Use Linux 5.13 or later with landlock among /sys/kernel/security/lsm",
    "no files": _USER_NAMESPACES,
    "own namespaces": _USER_NAMESPACES,
}


def look() -> Iterator[Said]:
    try:
        remote = bool(os.environ.get("WEIRFLOW_KUBECONFIG"))
        wanted = rule({**os.environ, **code_rule(remote=remote)})
        memory_for_code()
    except ValueError as wrong:
        yield error(f"{wrong}.", "Correct it: module hosts do not start with it.")
        return
    if wanted is Rule.OFF:
        yield note(f"{VARIABLE} is off: no code node runs.")
        return
    walls, why = asyncio.run(_tried())
    if walls is None:
        yield warning(
            f"No process for code can be started here: {why}.", "See its memory and how many processes it may have."
        )
        return
    yield from _judged(walls, wanted)


def _judged(walls: Walls, wanted: Rule) -> Iterator[Said]:
    missing = [name for name in GET if not any(wall.startswith(name) for wall in walls.names)]
    ways = ". ".join(dict.fromkeys(GET[name] for name in missing)) + "."
    if walls.level is SandboxLevel.FULL:
        yield ok(f"The sandbox for code is {walls}.")
        if missing:
            yield note(f"It is whole without: {', '.join(missing)}.", ways)
    elif wanted is Rule.SANDBOXED:
        yield warning(f"The sandbox for code is {walls}: code nodes do not run on this machine.", ways)
    elif hosts := env_list("WEIRFLOW_ALLOWED_HOSTS"):
        what = f"The sandbox for code is {walls}, and {', '.join(hosts)} is reached by others"
        yield warning(f"{what}: whoever writes code may do what the host's user may.", f"{ways} Leave {VARIABLE} out.")
    else:
        yield note(f"The sandbox for code is {walls}; code runs, as nobody else writes it here.", ways)


async def _tried() -> tuple[Walls | None, str]:
    """The walls of a worker that was begun for this, and why there is none."""
    sandbox, why = Sandbox(), ""
    sandbox.enter()
    try:
        await sandbox.check("pass")
    except Fail as fail:
        why = fail.problem.message
    finally:
        await sandbox.leave()
    return sandbox.walls, why
