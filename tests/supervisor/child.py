"""A stand-in for a process of the product: run as `python -m tests.supervisor.child WORD...`, each word a behaviour."""

import os
import signal
import subprocess
import sys
import time


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
    if "never-ready" not in words:
        note = next((word.removeprefix("note:") for word in words if word.startswith("note:")), "")
        os.write(int(os.environ["WEIRFLOW_READY_FD"]), f"ready {note}".strip().encode() + b"\n")
    while True:
        time.sleep(60)


if __name__ == "__main__":
    main(sys.argv[1:])
