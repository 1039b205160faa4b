"""One measured row, and the table of them."""

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Literal


@dataclass(frozen=True)
class Row:
    """A measure, beside a peer's where it was measured in the same run. `ratio` is ours over theirs."""

    name: str
    value: float
    unit: str
    better: Literal["lower", "higher"]
    peer: str | None = None
    peer_value: float | None = None
    must: float | None = None
    aim: float | None = None
    #: Goals in relation to the peer, where the peer's own speed is the measure.
    must_ratio: float | None = None
    aim_ratio: float | None = None
    ratio: float | None = field(init=False)

    def __post_init__(self) -> None:
        ratio = round(self.value / self.peer_value, 3) if self.peer_value else None
        object.__setattr__(self, "ratio", ratio)

    def meets(self, goal: float | None, goal_ratio: float | None = None) -> bool:
        """Whether value and ratio are as good as their goals, or better; without a goal, or a peer to compare with,
        they are."""
        return self._as_good(self.value, goal) and self._as_good(self.ratio, goal_ratio)

    def _as_good(self, value: float | None, goal: float | None) -> bool:
        if goal is None or value is None:
            return True
        return value <= goal if self.better == "lower" else value >= goal

    def as_json(self) -> dict[str, Any]:
        names = ("name", "value", "unit", "better", "peer", "peer_value", "ratio")
        return {name: asdict(self)[name] for name in names}


def percentile(values: Sequence[float], share: float) -> float:
    """The nearest-rank percentile: with 20 values, `share=0.95` is the 19th."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


def table(rows: Sequence[Row]) -> str:
    """The rows for people, goals included."""
    head = ("row", "value", "unit", "must", "aim", "", "peer", "its value", "ratio")
    body = [
        (row.name, _number(row.value), row.unit, _goal(row.must, row.must_ratio), _goal(row.aim, row.aim_ratio),
         _verdict(row), row.peer or "", _number(row.peer_value), _number(row.ratio))
        for row in rows
    ]  # fmt: skip
    widths = [max(len(line[column]) for line in (head, *body)) for column in range(len(head))]
    return "\n".join("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
                     for line in (head, *body))  # fmt: skip


def _verdict(row: Row) -> str:
    goals = (row.must, row.aim) if row.ratio is None else (row.must, row.aim, row.must_ratio, row.aim_ratio)
    if all(goal is None for goal in goals):
        return ""
    if not row.meets(row.must, row.must_ratio):
        return "missed"
    if row.meets(row.aim, row.aim_ratio):
        return "aim"
    return "must" if (row.must, row.must_ratio) != (None, None) else ""


def _goal(value: float | None, ratio: float | None) -> str:
    return _number(value) if ratio is None else f"{ratio:g}x"


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:,.4g}" if abs(value) < 1000 else f"{value:,.0f}"
