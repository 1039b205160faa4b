"""Rates say what happened lately, and forget; what is counted of an edge."""

import time

import pytest

from weirflow.errors import Problem
from weirflow.runtime.stats import EdgeStats, Rate


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


def test_an_edge_counts_every_message_though_it_does_not_time_each() -> None:
    stats = EdgeStats()
    for _ in range(5000):
        answer(stats)
    live = stats.live(time.monotonic())
    assert (live["count"], live["errors"], live["in_flight"]) == (5000, 0, 0)
    assert stats.latency is not None
    assert sum(stats.latency.coarse(time.monotonic())) == pytest.approx(5000, abs=16)


def test_an_edge_knows_what_is_under_way_whatever_becomes_of_it() -> None:
    stats = EdgeStats()
    for _ in range(4):
        stats.started += 1
    assert stats.in_flight == 4
    stats.tried(Problem("failed", "it failed"))
    assert (stats.in_flight, stats.errors, stats.count) == (4, 1, 1)
    stats.tried(None)
    stats.ended()
    assert (stats.in_flight, stats.count, stats.problem) == (3, 2, None)
    stats.ended()
    assert (stats.in_flight, stats.count) == (2, 2)
    stats.tried(Problem("failed", "it failed"))
    stats.ended()
    assert stats.in_flight == 1
    stats.started -= 1
    answer(stats)
    assert (stats.in_flight, stats.problem) == (0, None)


def test_whoever_watches_an_edge_hears_of_every_message() -> None:
    stats, heard = EdgeStats(), []
    for _ in range(1000):
        answer(stats)
    stats.watch(lambda: heard.append(stats.count))
    answer(stats)
    answer(stats)
    assert heard == [1001, 1002]


def answer(stats: EdgeStats) -> None:
    """What a message that goes well does to an edge's numbers."""
    began = time.monotonic()
    stats.started += 1
    stats.count += 1
    if stats.count >= stats.due:
        stats.passed(began)
