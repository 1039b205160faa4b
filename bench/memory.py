"""Memory that processes really take."""

from collections.abc import Iterable

import psutil

MIB = 2**20


def pss_mib(processes: Iterable[psutil.Process]) -> float:
    """Proportional set size in MiB: a page shared by n processes counts 1/n in each, so the sum is true.

    Where the system does not tell (anything but Linux) the resident size, which counts shared pages again and again.
    """
    total = 0
    for process in processes:
        try:
            memory = process.memory_full_info()
        except psutil.NoSuchProcess:
            continue
        total += getattr(memory, "pss", memory.rss)
    return total / MIB
