import os
import signal
from collections.abc import Callable

from config.supervisor.backoff import Backoff
from tests.supervisor.conftest import RunningProduct
from tests.waiting import wait_until

Start = Callable[..., RunningProduct]


def test_a_killed_child_comes_back_and_it_is_said(start: Start) -> None:
    product = start(web=[], cluster=[])
    product.wait_for("all ready")
    before = product.children()["web"]
    os.kill(before, signal.SIGKILL)
    assert product.wait_for("was ended by").endswith("up      | web was ended by SIGKILL; starting it again in 0.2 s")
    product.wait_for("web is back")
    assert product.children()["web"] != before


def test_the_exit_code_is_said(start: Start) -> None:
    product = start(web=["exit:3"])
    assert "web ended with exit code 3; starting it again in 0.2 s" in product.wait_for("exit code 3")
    assert "starting it again in 0.4 s" in product.wait_for("exit code 3", times=2)


def test_what_a_dead_child_left_running_is_ended(start: Start) -> None:
    product = start(web=["grandchild"])
    grandchild = int(product.wait_for("grandchild").split()[-1])
    product.wait_for("all ready")
    os.kill(product.children()["web"], signal.SIGKILL)
    product.wait_for("web is back")
    wait_until(lambda: not _runs(grandchild), "the grandchild ends")


def test_a_child_that_cannot_run_here_stops_the_product(start: Start) -> None:
    product = start(web=["print:port is taken", "exit:78"], cluster=[])
    assert product.end() == 78
    assert "web cannot run here" in product.wait_for("cannot run here")


def test_the_delay_doubles_up_to_ten_seconds() -> None:
    backoff = Backoff()
    assert [round(backoff.delay(lived=0.1), 1) for _ in range(8)] == [0.2, 0.4, 0.8, 1.6, 3.2, 6.4, 10.0, 10.0]


def test_a_child_that_lived_half_a_minute_starts_afresh() -> None:
    backoff = Backoff()
    for _ in range(5):
        backoff.delay(lived=1.0)
    assert backoff.delay(lived=30.0) == 0.2


def _runs(pid: int) -> bool:
    try:
        with open(f"/proc/{pid}/stat") as stat:
            return stat.read().rsplit(")", 1)[1].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False
