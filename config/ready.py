"""The moment a process is ready: the supervisor is told (docs/protocols.md section 1), the collector begins."""

import gc
import os


def say_ready(note: str = "") -> None:
    """Writes `ready` and the note, if any, to the descriptor in WEIRFLOW_READY_FD; tells nobody without one.

    manage.py keeps the garbage collector off until here. What is loaded by now stays, so no later collection has to
    look at it.
    """
    gc.freeze()
    gc.enable()
    descriptor = os.environ.pop("WEIRFLOW_READY_FD", "")
    if not descriptor:
        return
    with os.fdopen(int(descriptor), "w") as pipe:
        pipe.write(f"ready {note}".rstrip() + "\n")
