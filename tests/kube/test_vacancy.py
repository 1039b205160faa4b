"""How long nobody led, as one observer can tell."""

from weirflow.kube.vacancy import Vacancy


class Watch:
    """An observer whose clock goes on when told."""

    def __init__(self) -> None:
        self.now = 100.0
        self.vacancy = Vacancy(lambda: self.now)

    def after(self, seconds: float, holder: str | None = None) -> float:
        self.now += seconds
        if holder is not None:
            self.vacancy.observe(holder, 15.0)
        return self.vacancy.seconds()


def test_a_holder_that_renews_leaves_no_gap() -> None:
    watch = Watch()
    assert [watch.after(2.0, "a") for _ in range(20)] == [0.0] * 20
    assert watch.after(14.9, "a") == 0.0


def test_what_was_before_the_first_look_does_not_count() -> None:
    watch = Watch()
    assert watch.after(1000.0, "a") == 0.0


def test_a_lost_holder_counts_from_its_last_sign_of_life_once_the_lease_is_over() -> None:
    watch = Watch()
    watch.after(0.0, "a")
    assert watch.after(14.0) == 0.0
    assert watch.after(2.0) == 16.0
    assert watch.after(1.0, "b") == 17.0
    assert watch.after(5.0, "b") == 17.0


def test_a_lease_given_back_counts_from_then() -> None:
    watch = Watch()
    watch.after(0.0, "a")
    watch.after(2.0, "")
    assert watch.after(0.5) == 0.5
    assert watch.after(0.5, "b") == 1.0
    assert watch.after(14.0) == 1.0
