"""Latencies and rates say what happened lately, and forget."""

import time

import pytest

from weirflow.runtime.stats import Latency, Rate


def test_the_percentile_is_near_the_truth_and_forgets() -> None:
    latency = Latency()
    for n in range(1, 1001):
        latency.add(n / 1000, 100.0)
    p95 = latency.p95_ms(100.0)
    assert p95 is not None
    assert 0.85 * 950 <= p95 <= 950 * 1.15
    assert latency.p95_ms(106.0) == p95
    assert latency.p95_ms(120.0) is None


def test_a_rate_does_not_show_what_came_while_nobody_asked() -> None:
    rate = Rate()
    later = time.monotonic() + 3600
    assert rate.sample(5, later) == 0
    assert rate.sample(15, later + 1) == 10


def test_the_rate_of_something_rare_stands_still() -> None:
    rate, start = Rate(), time.monotonic()
    seen = [rate.sample(second // 5, start + second) for second in range(1, 60)]
    assert seen[20:] == pytest.approx([0.2] * 39, abs=0.03)


def test_a_rate_falls_to_nothing() -> None:
    rate, start = Rate(), time.monotonic()
    for second in range(1, 5):
        rate.sample(100 * second, start + second)
    assert rate.value == pytest.approx(100, rel=0.05)
    for second in range(5, 20):
        rate.sample(400, start + second)
    assert rate.value == 0
