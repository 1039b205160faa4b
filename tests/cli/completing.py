"""What real shells make of a line at which somebody presses the Tab key."""

import os
import pty
import re
import select
import shlex
import shutil
import sys
import time
from contextlib import suppress
from pathlib import Path

from tests.cli.calling import environment

#: Each begins without anybody's configuration, and is told to complete by what `weirflow completion` prints.
SHELLS = {
    "bash": (["bash", "--norc", "--noprofile"], 'eval "$(weirflow completion bash)"'),
    "zsh": (
        ["zsh", "-f"],
        'weirflow completion zsh >_weirflow; fpath=("$PWD" $fpath); autoload -Uz compinit; compinit -u -D',
    ),
    "fish": (["fish", "--no-config"], "weirflow completion fish | source"),
}
# Asked by a shell it answers as ours; called, it says its arguments.
_PROGRAM = """#!/bin/sh
if [ -n "$_WEIRFLOW_COMPLETE" ] || [ "$1-$#" = completion-2 ]; then exec {python} -m weirflow "$@"; fi
printf '\\037'; printf '%s\\036' "$@"; printf '\\037'
"""
SECONDS = 120.0


def completed(shell: str, folder: Path, *lines: str, **more: str) -> list[list[str]]:
    """The arguments that `weirflow` is called with where each line is typed, completed by Tab and entered."""
    started, setup = SHELLS[shell]
    assert shutil.which(shell), f"{shell} is needed: apt-get install --yes --no-install-recommends {shell}"
    program = folder / "programs" / "weirflow"
    program.parent.mkdir(exist_ok=True)
    program.write_text(_PROGRAM.format(python=shlex.quote(sys.executable)))
    program.chmod(0o755)
    # As long as a busy machine may need.
    given = environment(WEIRFLOW_COMPLETION_SECONDS="60", HOME=str(folder), LC_ALL="C.UTF-8", TERM="dumb", **more)
    given["PATH"] = f"{program.parent}:{given['PATH']}"
    process, terminal = pty.fork()
    if process == 0:
        with suppress(OSError):
            os.chdir(folder)
            os.execvpe(started[0], started, given)
        os._exit(127)
    try:
        # An entry by which it says that it has read the one before.
        os.write(terminal, f"{setup}; weirflow ready\r".encode())
        assert _called(terminal) == ["ready"]
        found = []
        for line in lines:
            os.write(terminal, f"weirflow {line}\t\r".encode())
            found.append(_called(terminal))
        return found
    finally:
        # It hangs up, by which a shell ends.
        os.close(terminal)
        os.waitpid(process, 0)


def _called(terminal: int) -> list[str]:
    """What the next call of the program was given."""
    said, end = b"", time.monotonic() + SECONDS
    while not (call := re.search(rb"\x1f([^\x1f]*)\x1f", said)):
        left = end - time.monotonic()
        assert left > 0, said
        assert select.select([terminal], [], [], left)[0], said
        said += os.read(terminal, 65536)
    return call[1].decode().split("\x1e")[:-1]
