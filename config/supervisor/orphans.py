"""A child must not outlive its supervisor, however that ends."""

import ctypes
import os
import signal
import sys
from collections.abc import Callable

_PR_SET_PDEATHSIG = 1


def tie_to(parent: int, number: int = signal.SIGTERM) -> Callable[[], None] | None:
    """What a child runs between fork and exec so that the kernel sends it a signal when process `parent` dies.

    Linux only (prctl); elsewhere None, and the lock on the data directory, which every child holds too, tells the next
    start that processes of the earlier one are left.
    """
    if not sys.platform.startswith("linux"):
        return None
    prctl = ctypes.CDLL(None, use_errno=True).prctl

    def tie() -> None:
        prctl(_PR_SET_PDEATHSIG, number, 0, 0, 0)
        if os.getppid() != parent:
            # It died between fork and prctl: nobody would ever tell.
            os._exit(1)

    return tie
