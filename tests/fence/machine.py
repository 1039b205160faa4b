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
MOST_OPERATIONS = 40
MOST_EDITS = 2
MOST_RIVALS = 12


class Fence(RuleBasedStateMachine):
    """To be played `on` a cluster."""

    cluster: ClassVar[EmbeddedCluster]

    def __init__(self) -> None:
        super().__init__()
        self.world: World = new_world(self.cluster)
        self.world.elect(self.world.replicas[0])

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

    @precondition(lambda self: len(self.world.operations) < MOST_OPERATIONS)
    @rule(which=which)
    def a_client_sends_and_the_write_is_cut_on_its_way(self, which: int) -> None:
        """It may arrive all the same, when nobody thinks of it any more."""
        self.world.send(self._believer(which))
        self._answer_all("GET")
        for writing in self.world.network.awaited:
            self.world.cut(writing)

    @precondition(lambda self: len(self.world.operations) < MOST_OPERATIONS - 1)
    @rule(which=which)
    def a_write_is_cut_on_its_way_and_outlives_its_leader(self, which: int) -> None:
        """Another one leads and writes before it arrives, if it does."""
        self.a_client_sends_and_the_write_is_cut_on_its_way(which)
        winner = self.world.replicas[which]
        self.world.elect(winner)
        self.world.show(winner, 1000)
        self.world.send(winner)
        self.world.work(1)

    @precondition(lambda self: self.world.network.awaited)
    @rule(index=any_index)
    def a_request_arrives(self, index: int) -> None:
        self.world.arrive(self._awaited(index))

    @precondition(lambda self: self.world.network.awaited)
    @rule(index=any_index)
    def a_request_is_answered(self, index: int) -> None:
        self.world.bring_back(self._awaited(index))

    @precondition(lambda self: self.world.network.awaited and len(self.world.operations) < MOST_OPERATIONS)
    @rule(which=which, index=any_index, turns=st.integers(0, 6))
    def a_client_sends_just_as_a_request_is_answered(self, which: int, index: int, turns: int) -> None:
        """``turns`` of the event loop later: before everybody has heard of the answer."""
        self.world.bring_back(self._awaited(index), sender=self._believer(which), turns=turns)

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

    def _awaited_of(self, method: str) -> list[Flight]:
        return [flight for flight in self.world.network.awaited if flight.request.method == method]

    def _answer_all(self, method: str) -> None:
        """Those that are awaited now, not what follows them."""
        for flight in self._awaited_of(method):
            self.world.bring_back(flight)


class FenceWithRival(Fence):
    """Another program writes as well, as a leader would: it compares the version and raises it."""

    @precondition(lambda self: self.world.rivals < MOST_RIVALS and self.world.stored != (0, 0))
    @rule()
    def a_rival_writes(self) -> None:
        self.world.write_as_a_rival()

    @precondition(lambda self: self.world.rivals < MOST_RIVALS and self.world.stored != (0, 0))
    @precondition(lambda self: len(self.world.operations) < MOST_OPERATIONS - 1)
    @rule(which=which, turns=st.integers(0, 6))
    def a_rival_is_faster_than_a_client(self, which: int, turns: int) -> None:
        """And another client sends just as the replica learns why its write was refused."""
        replica = self._believer(which)
        self.world.send(replica)
        self._answer_all("GET")
        self.world.write_as_a_rival()
        self._answer_all("PATCH")
        for reading in self._awaited_of("GET"):
            self.world.bring_back(reading, sender=replica, turns=turns)


class FenceWithEdits(Fence):
    """People write past the fence as well: whoever changes the order of states by hand may lose some, and nobody else
    may."""

    def __init__(self) -> None:
        super().__init__()
        self.edits = 0

    @precondition(lambda self: self.edits < MOST_EDITS and self.world.stored != (0, 0))
    @rule(back=st.sampled_from([-3, -1, 2]))
    def somebody_edits_the_version(self, back: int) -> None:
        self.edits += 1
        self.world.write_past_the_fence({"state-version": str(max(1, self.world.stored[1] + back))})

    @precondition(lambda self: self.world.network.late_versions)
    @rule(index=any_index)
    def somebody_puts_back_the_version_that_a_late_request_was_built_on(self, index: int) -> None:
        """And there it comes."""
        versions = self.world.network.late_versions
        flight, version = versions[index % len(versions)]
        self.world.write_past_the_fence({"state-version": version})
        self.world.arrive(flight)

    @precondition(lambda self: self.edits < MOST_EDITS and self.world.stored != (0, 0))
    @rule(key=st.sampled_from(["state-epoch", "state-version"]), text=st.sampled_from([None, "", "seven"]))
    def somebody_breaks_a_key(self, key: str, text: str | None) -> None:
        self.edits += 1
        self.world.write_past_the_fence({key: text})

    @precondition(lambda self: self.edits < MOST_EDITS and self.world.stored != (0, 0))
    @rule()
    def somebody_edits_the_state(self) -> None:
        self.edits += 1
        self.world.write_past_the_fence({"tally-at": "1.0"})


def on(cluster: EmbeddedCluster, machine: type[Fence]) -> type[Fence]:
    """The machine, playing on this cluster."""
    return type(machine.__name__, (machine,), {"cluster": cluster})
