"""Which runs are recorded: never more than the host can bear, and of every source some."""

from collections import Counter

from weirflow.runtime.sampling import Quota, Sampler, Share


def recorded(sampler: Sampler, share: Share, per_second: int, *, start: float, seconds: int) -> int:
    return sum(sampler.take(share, start + n / per_second) for n in range(per_second * seconds))


def test_a_busy_source_gets_the_rate_and_no_more() -> None:
    assert 195 <= recorded(Sampler(20, 10), Share(), 5000, start=100.0, seconds=10) <= 212


def test_many_busy_sources_share_what_one_would_have() -> None:
    sampler, shares = Sampler(20, 1), [Share() for _ in range(10)]
    had: Counter[int] = Counter()
    for n in range(40_000):
        place = n % 10
        had[place] += sampler.take(shares[place], 100.0 + n / 2000)
    assert 380 <= sum(had.values()) <= 800
    assert min(had.values()) >= 20


def test_a_quiet_source_is_recorded_though_another_is_busy() -> None:
    sampler, busy, quiet = Sampler(20, 10), Share(), Share()
    for second in range(20):
        recorded(sampler, busy, 2000, start=100.0 + second, seconds=1)
        assert sampler.take(quiet, 100.9999 + second)


def test_even_a_thousand_sources_that_wake_at_once_get_at_most_twice_the_rate() -> None:
    sampler = Sampler(20, 10)
    assert sum(sampler.take(Share(), 100.0 + n / 1000) for n in range(1000)) == 40


def test_a_few_in_a_row_are_all_recorded() -> None:
    sampler, share = Sampler(20, 10), Share()
    assert all(sampler.take(share, 100.0 + n / 1000) for n in range(10))
    assert not sampler.take(share, 100.011)
    assert sampler.take(share, 102.0)


def test_a_quota_is_given_anew_each_second() -> None:
    quota = Quota(3)
    assert [quota.take(10.0 + n / 10) for n in range(12)] == [True] * 3 + [False] * 7 + [True] * 2
    assert quota.total == 5
