"""A stand-in for a process of the product: run as `python -m tests.supervisor.child WORD...`, each word a behaviour."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path


def main(words: list[str]) -> None:
    print("hello from", os.environ.get("CHILD_NAME", "?"), flush=True)
    if "deaf" in words:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
    else:
        signal.signal(signal.SIGTERM, lambda number, frame: (print("asked to stop", flush=True), sys.exit(0)))
    if "grandchild" in words:
        left = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(120)"])
        print("grandchild", left.pid, flush=True)
    for word in words:
        if word.startswith("print:"):
            print(word.removeprefix("print:"), flush=True)
        if word.startswith("flood:"):
            for number in range(int(word.removeprefix("flood:"))):
                print(f"line {number}")
            sys.stdout.flush()
        if word.startswith("exit:"):
            sys.exit(int(word.removeprefix("exit:")))
    if "never-ready" not in words and not ("ready-once" in words and _has_been_here()):
        note = next((word.removeprefix("note:") for word in words if word.startswith("note:")), "")
        os.write(int(os.environ["WEIRFLOW_READY_FD"]), f"ready {note}".strip().encode() + b"\n")
    while True:
        time.sleep(60)


def _has_been_here() -> bool:
    """Whether an earlier process of this name has run under the same supervisor."""
    mark = Path(os.environ["CHILD_HOME"]) / f"{os.environ['CHILD_NAME']}.mark"
    known = mark.exists()
    mark.touch()
    return known


if __name__ == "__main__":
    main(sys.argv[1:])
