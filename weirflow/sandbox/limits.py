"""How much a call may use."""

from __future__ import annotations

from dataclasses import dataclass

MIB = 1 << 20


@dataclass(frozen=True, slots=True)
class Limits:
    """`deadline` in seconds, for one call alone; `memory` in bytes, of one process beside what the interpreter has;
    `answer` in bytes; `printed` in characters, for each call; `processes` of one pool."""

    deadline: float = 1.0
    memory: int = 128 * MIB
    answer: int = 16 * MIB
    printed: int = 8_000
    processes: int = 2
