"""Replicas, clients and the network between them, and what must be true of them at every moment and in the end."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import orjson

from tests.fence.component import NODE, module
from tests.fence.network import NAMESPACE, Flight, Network, open_cluster
from tests.fence.replica import Replica
from tests.fence.virtual_loop import VirtualLoop
from weirflow.embedded.access import ADMIN
from weirflow.embedded.cluster import EmbeddedCluster
from weirflow.embedded.messages import Request
from weirflow.errors import AlreadyApplied, Fail
from weirflow.kube.resources import TINY_NODE, Object

REPLICAS = 3
#: Seconds that a client gives one attempt; a commit is given up after 10.
PATIENCE = 15.0
ROUNDS = 40


class Broken(AssertionError):
    """A promise was not kept."""


@dataclass(eq=False)
class Operation:
    """One thing a client wants done; sent again under the same id until it is acknowledged."""

    id: str
    attempts: list[asyncio.Task[int]] = field(default_factory=list)
    place: int | None = None


class World:
    """Moves when its methods are called; raises ``Broken`` as soon as a promise is."""

    def __init__(self, loop: VirtualLoop, cluster: EmbeddedCluster) -> None:
        self.loop = loop
        self.network = Network(loop, cluster, on_version=self._check_version)
        self.operations: list[Operation] = []
        self.epoch = 0
        self._stored: tuple[int, int, list[str]] = (0, 0, [])
        self._shown: dict[Replica, int] = {}
        node = TINY_NODE.new(NODE, spec={"module": module.name, "component": "tally", "ports": [], "edges": []})
        path = TINY_NODE.path(NAMESPACE, "")
        self.network.call(Request("DELETE", TINY_NODE.path(NAMESPACE, NODE), {}, ADMIN, b"", ""))
        status, answer = self.network.call(Request("POST", path, {}, ADMIN, orjson.dumps(node), ""))
        assert status == 201, answer
        self.replicas = [self._new_replica(number) for number in range(REPLICAS)]

    # What may happen.

    def send(self, replica: Replica, operation: Operation | None = None) -> None:
        """A client sends an operation, a new one or again, to a replica."""
        if operation is None:
            operation = Operation(f"op{len(self.operations)}")
            self.operations.append(operation)
        attempt = self.loop.create_task(replica.add(operation.id, PATIENCE))
        replica.asked.append(attempt)
        operation.attempts.append(attempt)
        self._settle()

    def arrive(self, flight: Flight) -> None:
        self.network.arrive(flight)
        self._settle()

    def bring_back(self, flight: Flight) -> None:
        self.network.arrive(flight)
        if flight in self.network.flights:
            self.network.bring_back(flight)
        self._settle()

    def cut(self, flight: Flight) -> None:
        self.network.cut(flight)
        self._settle()

    def vanish(self, flight: Flight) -> None:
        self.network.vanish(flight)
        self._settle()

    def show(self, replica: Replica, steps: int) -> None:
        """The replica's watch goes on by so many versions, or to the newest one if there are fewer."""
        count = min(replica.seen + steps, len(self.network.history))
        if count > replica.seen:
            self.loop.do(replica.show, count)
        self._settle()

    def elect(self, replica: Replica) -> None:
        """The replica gets the Lease; those who believe to have it may go on believing so."""
        self.epoch = max(self.epoch, replica.lease.least) + 1
        self.loop.do(replica.lead, self.epoch)
        self._settle()

    def notice(self, replica: Replica) -> None:
        self.loop.do(replica.notice)
        self._settle()

    def restart(self, replica: Replica) -> None:
        """kill -9, and a new process in its place, which lists before it does anything else."""
        replica.kill()
        number = self.replicas.index(replica)
        self.replicas[number] = self._new_replica(number)
        self._settle()

    def drag(self) -> None:
        """Somebody moves the node on the canvas."""
        self.network.change({"metadata": {"annotations": {"x": str(len(self.network.history))}}})
        self._settle()

    def describe(self) -> None:
        """The leader writes what the node looks like."""
        self.network.change({"status": {"status": f"OK {len(self.network.history)}"}}, "status")
        self._settle()

    def wait(self, seconds: float) -> None:
        self.loop.advance(seconds)
        self._settle()

    def work(self, times: int) -> None:
        """Everything that somebody waits for is done; late requests and watches stay where they are."""
        for _ in range(times):
            while awaited := self.network.awaited:
                self.bring_back(awaited[0])
            self.wait(0.1)

    def come_to_rest(self) -> None:
        """Faults end: everything arrives, one replica leads, clients send until they are answered."""
        for flight in list(self.network.flights):
            self.network.arrive(flight)
        leader = self.replicas[0]
        self.elect(leader)
        for other in self.replicas[1:]:
            self.notice(other)
        for _ in range(ROUNDS):
            self._pass_everything()
            unanswered = [operation for operation in self.operations if operation.place is None]
            if not unanswered and self._is_at_rest():
                break
            if not leader.lease.is_leader:
                self.elect(leader)  # a newer epoch was met in the store
            for operation in unanswered:
                if all(attempt.done() for attempt in operation.attempts):
                    self.send(leader, operation)
            self._pass_everything()
            self.wait(1.0)
        self._check_rest()

    def _pass_everything(self) -> None:
        while self.network.flights:
            self.bring_back(self.network.flights[0])
        for replica in self.replicas:
            self.show(replica, len(self.network.history))

    def _new_replica(self, number: int) -> Replica:
        replica = Replica(self.network, f"replica-{number}")
        self.loop.do(replica.show, len(self.network.history))
        self._shown[replica] = 0
        return replica

    # What must hold.

    def _settle(self) -> None:
        self.loop.settle()
        for operation in self.operations:
            for attempt in operation.attempts:
                if attempt.done() and not attempt.cancelled():
                    self._check_answer(operation, attempt)
            operation.attempts = [attempt for attempt in operation.attempts if not attempt.done()]
        for replica in self.replicas:
            self._check_shown(replica)
            self._check_alarms(replica)

    def _check_version(self, node: Object) -> None:
        """The store took a version of the node."""
        metadata = (node.get("status") or {}).get("metadata") or {}
        epoch, version = int(metadata.get("state-epoch", 0)), int(metadata.get("state-version", 0))
        applied: list[str] = orjson.loads(metadata.get("tally-applied", "[]"))
        old_epoch, old_version, old_applied = self._stored
        if (epoch, version, applied) == self._stored:
            return
        self._stored = (epoch, version, applied)
        if epoch < old_epoch:
            raise Broken(f"epoch {epoch} wrote to a node that epoch {old_epoch} had claimed")
        if version <= old_version:
            raise Broken(f"version {version} was written over version {old_version}")
        if applied[: len(old_applied)] != old_applied:
            raise Broken(f"a stored change was lost: {old_applied} became {applied}")
        if len(set(applied)) != len(applied):
            raise Broken(f"an operation was applied twice: {applied}")
        for operation in self.operations:
            if operation.place is not None:
                self._check_place(operation)

    def _check_answer(self, operation: Operation, attempt: asyncio.Task[int]) -> None:
        error = attempt.exception()
        if error is None:
            if operation.place not in (None, attempt.result()):
                raise Broken(f"{operation.id} was answered {operation.place} first and {attempt.result()} then")
            operation.place = attempt.result()
            self._check_place(operation)
        elif isinstance(error, AlreadyApplied) or not isinstance(error, Fail):
            raise Broken(f"{operation.id} ended with {error!r}") from error

    def _check_place(self, operation: Operation) -> None:
        assert operation.place is not None
        if self._stored[2][operation.place - 1 : operation.place] != [operation.id]:
            raise Broken(f"{operation.id} was acknowledged at {operation.place}, but stored is {self._stored[2]}")

    def _check_shown(self, replica: Replica) -> None:
        shown = replica.applied
        if shown != self._stored[2][: len(shown)]:
            raise Broken(f"{replica.identity} shows {shown}, which was never stored: {self._stored[2]}")
        if len(shown) < self._shown[replica]:
            raise Broken(f"{replica.identity} shows {len(shown)} operations after {self._shown[replica]}")
        self._shown[replica] = len(shown)

    def _check_alarms(self, replica: Replica) -> None:
        """Nobody but the replicas writes here."""
        assert replica.node is not None
        for alert in replica.node.state.alerts.wanted().values():
            if alert["kind"] == "foreign":
                raise Broken(f"{replica.identity} took a write of ours for somebody else's: {alert['message']}")

    def _is_at_rest(self) -> bool:
        return not self.network.flights and not any(self._unfinished())

    def _unfinished(self) -> Iterator[str]:
        for operation in self.operations:
            if operation.attempts:
                yield f"{operation.id} waits"
        for replica in self.replicas:
            if replica.busy:
                yield f"{replica.identity} is busy"

    def _check_rest(self) -> None:
        if waiting := [*self._unfinished()]:
            raise Broken(f"somebody waits for ever: {', '.join(waiting)}")
        if lost := [operation.id for operation in self.operations if operation.place is None]:
            raise Broken(f"never acknowledged: {', '.join(lost)}")
        if sorted(self._stored[2]) != sorted(operation.id for operation in self.operations):
            raise Broken(f"stored is {self._stored[2]}, sent were {len(self.operations)} operations")
        for replica in self.replicas:
            if replica.applied != self._stored[2]:
                raise Broken(f"{replica.identity} shows {replica.applied} in the end, stored is {self._stored[2]}")


def new_world(cluster: EmbeddedCluster) -> World:
    """A world on a loop of its own; end it with ``world.loop.end()``."""
    loop = VirtualLoop()
    asyncio.set_event_loop(loop)
    return World(loop, cluster)


def cluster_in(directory: Path) -> EmbeddedCluster:
    """A cluster that many worlds use one after the other."""
    loop = VirtualLoop()
    try:
        return open_cluster(loop, directory)
    finally:
        loop.end()
