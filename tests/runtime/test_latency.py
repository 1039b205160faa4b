"""Latencies: near the truth for the last seconds, and all of them since the start."""

import pytest

from weirflow.runtime.latency import BOUNDS, Histogram, Latency


def test_quantiles_are_near_the_truth_and_forget() -> None:
    latency = Latency()
    for n in range(1, 1001):
        latency.add(n / 1000, 100.0)
    assert latency.quantiles_ms([0.5, 0.95, 0.99], 100.0) == pytest.approx([500, 950, 990], rel=0.25)
    assert latency.quantiles_ms([0.95], 106.0) == latency.quantiles_ms([0.95], 100.0)
    assert latency.quantiles_ms([0.95], 120.0) == []
    assert latency.coarse(120.0) == []


def test_every_duration_is_in_the_bucket_below_its_bound() -> None:
    for index, bound in enumerate(BOUNDS):
        for micros, place in ((bound - 2, index), (bound + 1, index + 1)):
            latency = Latency()
            latency.add(micros / 1e6, 100.0)
            assert [n for n, count in enumerate(latency.coarse(100.0)) if count] == [place], micros


def test_what_is_over_stands_in_the_total_once_with_its_weight_and_sum() -> None:
    total = Histogram()
    one, other = Latency(total), Latency(total)
    one.add(0.001, 100.0, weight=8)
    other.add(2.0, 100.0)
    assert not total.counts
    one.settle(103.0)
    assert not total.counts
    one.settle(106.0)
    one.add(0.001, 107.0)
    one.settle()
    other.settle()
    other.settle()
    assert sum(total.coarse()) == 10
    assert total.seconds == pytest.approx(2.009)


def test_a_duration_of_nothing_and_one_of_a_day_are_counted() -> None:
    latency = Latency()
    latency.add(0.0, 100.0)
    latency.add(86_400.0, 100.0)
    counts = latency.coarse(100.0)
    assert (counts[0], counts[-1], sum(counts)) == (1, 1, 2)
