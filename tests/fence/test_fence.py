"""The fence around a node's state withstands an adversary who owns the network, the Leases, the clocks and kill -9."""

from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.fence.machine import Fence, FenceWithEdits, FenceWithRival, on
from weirflow.embedded.cluster import EmbeddedCluster

#: The same histories in every run; a failure shrinks to the shortest that fails.
SETTINGS = settings(
    max_examples=200,
    stateful_step_count=50,
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)


def test_no_acknowledged_change_is_lost_and_none_is_made_twice(cluster: EmbeddedCluster) -> None:
    run_state_machine_as_test(on(cluster, Fence), settings=SETTINGS)


def test_nor_is_a_change_of_another_program_that_respects_the_fence(cluster: EmbeddedCluster) -> None:
    run_state_machine_as_test(on(cluster, FenceWithRival), settings=SETTINGS)


def test_edits_by_hand_neither_stop_a_node_nor_let_an_old_leader_in(cluster: EmbeddedCluster) -> None:
    run_state_machine_as_test(on(cluster, FenceWithEdits), settings=SETTINGS)
