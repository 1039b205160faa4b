"""Telling the supervisor that this process is ready (docs/protocols.md section 1)."""

import os


def say_ready(note: str = "") -> None:
    """Writes `ready` and the note, if any, to the descriptor in WEIRFLOW_READY_FD; does nothing without one."""
    descriptor = os.environ.pop("WEIRFLOW_READY_FD", "")
    if not descriptor:
        return
    with os.fdopen(int(descriptor), "w") as pipe:
        pipe.write(f"ready {note}".rstrip() + "\n")
