"""`python -m tests.cluster.plane [DIRECTORY]`: a control plane until SIGINT or SIGTERM."""

import signal
import sys
import time
from pathlib import Path

from tests.cluster.plane import ControlPlane
from tests.cluster.plane.binaries import ROOT, NoBinary

LOOK_SECONDS = 0.2


class Stopped(Exception):
    """Somebody asked for the end."""


def main(arguments: list[str]) -> int:
    """Run until told to stop (0), or until a part ends by itself or cannot start (1)."""
    if len(arguments) > 1 or (arguments and arguments[0].startswith("-")):
        print("usage: script/control-plane [DIRECTORY]   (var/control-plane)", file=sys.stderr)
        return 2
    home = Path(arguments[0] if arguments else ROOT / "var/control-plane").absolute()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _stop)
    try:
        with ControlPlane(home) as plane:
            print(f"KUBECONFIG={plane.kubeconfig()}\nready at {plane.address}", flush=True)
            while not (ended := [part for part in plane.parts.values() if not part.runs]):
                time.sleep(LOOK_SECONDS)
            for part in ended:
                print(f"{part.name} ended. {part.tail()}", file=sys.stderr)
            return 1
    except Stopped:
        return 0
    except (NoBinary, AssertionError) as error:
        print(f"the control plane cannot start: {error}", file=sys.stderr)
        return 1


def _stop(number: int, _frame: object) -> None:
    for each in (signal.SIGINT, signal.SIGTERM):
        signal.signal(each, signal.SIG_IGN)
    raise Stopped(number)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
