"""The fence around a node's state withstands an adversary who owns the network, the Leases, the clocks and kill -9."""

from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.fence.machine import Fence

#: The same histories in every run; a failure shrinks to the shortest that fails.
SETTINGS = settings(
    max_examples=600,
    stateful_step_count=50,
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)


def test_no_acknowledged_change_is_lost_and_none_is_made_twice(fence: type[Fence]) -> None:
    run_state_machine_as_test(fence, settings=SETTINGS)
