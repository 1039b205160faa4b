"""What a real bash completes."""

import shlex
import subprocess
import sys
from pathlib import Path

from tests.cli.calling import environment

_SCRIPT = """
eval "$(weirflow completion bash)"
complete_words() {
  COMP_WORDS=("$@") COMP_CWORD=$(($# - 1)) COMPREPLY=()
  _weirflow_completion weirflow
  printf '%s\\037' "${COMPREPLY[@]}"; echo
}
"""


def completed(folder: Path, *lines: tuple[str, ...], **more: str) -> list[list[str]]:
    """What stands ready for the last word of each line, in a folder whose `weirflow` is ours."""
    program = folder / "programs" / "weirflow"
    program.parent.mkdir(exist_ok=True)
    program.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -m weirflow "$@"\n')
    program.chmod(0o755)
    typed = "\n".join(f"complete_words {shlex.join(('weirflow', *words))}" for words in lines)
    # As long as a busy machine may need.
    given = environment(WEIRFLOW_COMPLETION_SECONDS="60", **more)
    done = subprocess.run(
        ["bash", "--norc", "-c", _SCRIPT + typed],
        cwd=folder,
        env={**given, "PATH": f"{program.parent}:{given['PATH']}"},
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    return [[word for word in line.split("\x1f") if word] for line in done.stdout.splitlines()]
