"""How often frames of live values go out."""

import pytest

from weirflow.cadence import Cadence


def _sent_at(cadence: Cadence, start: float, frames: int) -> list[float]:
    """When each of `frames` goes that all want to go at once."""
    now, times = start, []
    for _ in range(frames):
        now += max(0.0, cadence.wait(now, 0.05))
        cadence.sent(now, 0.05)
        times.append(now)
    return times


def test_after_a_pause_a_few_go_at_once_and_then_one_each_interval() -> None:
    cadence = Cadence(3)
    assert _sent_at(cadence, 100.0, 6) == pytest.approx([100.0, 100.0, 100.0, 100.05, 100.10, 100.15])
    assert _sent_at(cadence, 101.0, 2) == pytest.approx([101.0, 101.0])


def test_in_any_second_no_more_than_the_rate_and_the_burst() -> None:
    times = _sent_at(Cadence(3), 0.0, 200)
    assert all(sum(start <= time < start + 1 for time in times) <= 23 for start in times)
