"""Calling the command as a shell does."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Called:
    """How a call ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """The answer of a call with `--json`."""
        return json.loads(self.out)


def environment(**more: str) -> dict[str, str]:
    """An environment that says nothing of a Weirflow, and finds this one's code."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("WEIRFLOW_", "KUBECONFIG"))}
    return {**kept, "PYTHONPATH": str(ROOT), **more}


def weirflow(*arguments: str, cwd: Path | None = None, stdin: str = "", **more: str) -> Called:
    """Run `weirflow` with these arguments, without a terminal; `more` is added to its environment."""
    done = subprocess.run(
        [sys.executable, "-m", "weirflow", *arguments],
        cwd=cwd,
        env=environment(**more),
        input=stdin,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return Called(done.returncode, done.stdout, done.stderr)
