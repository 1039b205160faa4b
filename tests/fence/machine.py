"""The adversary: a hypothesis state machine that decides what happens next, and shrinks what breaks a promise."""

import asyncio
from typing import ClassVar

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule

from tests.fence.network import Flight
from tests.fence.replica import Replica
from tests.fence.world import REPLICAS, World, new_world
from weirflow.embedded.cluster import EmbeddedCluster

which = st.integers(0, REPLICAS - 1)
any_index = st.integers(0, 1000)
MOST_OPERATIONS = 12


class Fence(RuleBasedStateMachine):
    """Set ``cluster`` on a subclass."""

    cluster: ClassVar[EmbeddedCluster]

    def __init__(self) -> None:
        super().__init__()
        self.world: World = new_world(self.cluster)

    def teardown(self) -> None:
        try:
            self.world.come_to_rest()
        finally:
            self.world.loop.end()
            asyncio.set_event_loop(None)

    @precondition(lambda self: len(self.world.operations) < MOST_OPERATIONS)
    @rule(which=which)
    def a_client_sends(self, which: int) -> None:
        self.world.send(self._believer(which))

    @precondition(lambda self: self.world.operations)
    @rule(which=which, index=any_index)
    def a_client_sends_again(self, which: int, index: int) -> None:
        operations = self.world.operations
        self.world.send(self._believer(which), operations[index % len(operations)])

    @rule(times=st.integers(1, 4))
    def all_goes_well_for_a_while(self, times: int) -> None:
        self.world.work(times)

    @precondition(lambda self: self.world.network.awaited)
    @rule(index=any_index)
    def a_request_arrives(self, index: int) -> None:
        self.world.arrive(self._awaited(index))

    @precondition(lambda self: self.world.network.awaited)
    @rule(index=any_index)
    def a_request_is_answered(self, index: int) -> None:
        self.world.bring_back(self._awaited(index))

    @precondition(lambda self: self.world.network.awaited)
    @rule(index=any_index)
    def a_connection_is_cut(self, index: int) -> None:
        self.world.cut(self._awaited(index))

    @precondition(lambda self: self.world.network.awaited)
    @rule(index=any_index)
    def a_request_is_lost_in_silence(self, index: int) -> None:
        self.world.vanish(self._awaited(index))

    @precondition(lambda self: self.world.network.late)
    @rule(index=any_index)
    def a_request_arrives_that_nobody_waits_for(self, index: int) -> None:
        late = self.world.network.late
        self.world.arrive(late[index % len(late)])

    @rule(which=which, steps=st.sampled_from([1, 1, 2, 1000]))
    def a_watch_goes_on(self, which: int, steps: int) -> None:
        self.world.show(self.world.replicas[which], steps)

    @rule(which=which, noticed=st.booleans())
    def a_replica_gets_the_lease(self, which: int, noticed: bool) -> None:
        """``noticed``: by whoever had it."""
        winner = self.world.replicas[which]
        if noticed:
            for replica in self.world.replicas:
                self.world.notice(replica)
        self.world.elect(winner)

    @rule(which=which)
    def a_replica_is_killed_and_started_again(self, which: int) -> None:
        self.world.restart(self.world.replicas[which])

    @rule(which=which, seconds=st.sampled_from([-600.0, 600.0]))
    def a_clock_is_set(self, which: int, seconds: float) -> None:
        self.world.replicas[which].clock.skew = seconds

    @rule(on_canvas=st.booleans())
    def something_else_of_the_node_is_written(self, on_canvas: bool) -> None:
        if on_canvas:
            self.world.drag()
        else:
            self.world.describe()

    @rule(seconds=st.sampled_from([0.1, 1.0, 6.0, 20.0]))
    def time_passes(self, seconds: float) -> None:
        self.world.wait(seconds)

    def _believer(self, which: int) -> Replica:
        """One that believes to lead, if there is one: others only say that they do not."""
        believers = [replica for replica in self.world.replicas if replica.lease.is_leader]
        return believers[which % len(believers)] if believers else self.world.replicas[which]

    def _awaited(self, index: int) -> Flight:
        awaited = self.world.network.awaited
        return awaited[index % len(awaited)]
