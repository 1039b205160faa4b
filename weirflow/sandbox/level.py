"""How well a worker is shut in."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

#: The wall that no other replaces: the kernel's list of what is left to a worker.
_FILTER = "seccomp"


class SandboxLevel(Enum):
    """What may be said of code that runs there."""

    #: It computes, and reaches nothing: the kernel refuses it files, network, other processes, threads and programs.
    FULL = "full"
    #: It runs in a process of its own with limits, but as far as the kernel goes it may do what its user may.
    WEAK = "weak"


@dataclass(frozen=True, slots=True)
class Walls:
    """Those that a worker has found and put up, as it says itself before it has seen any code."""

    names: tuple[str, ...]

    @property
    def level(self) -> SandboxLevel:
        """What they amount to."""
        return SandboxLevel.FULL if _FILTER in self.names else SandboxLevel.WEAK

    def __str__(self) -> str:
        return f"{self.level.value}: {', '.join(self.names)}"
