"""Replicas, clients and the network between them, and what must be true of them at every moment and in the end."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import orjson

from tests.fence.component import NODE, module
from tests.fence.network import NAMESPACE, Flight, Network, open_cluster
from tests.fence.replica import LEASE_NAME, Replica
from tests.fence.virtual_loop import VirtualLoop
from weirflow.embedded.access import ADMIN
from weirflow.embedded.cluster import EmbeddedCluster
from weirflow.embedded.messages import Request
from weirflow.embedded.patches import JSON_PATCH
from weirflow.errors import AlreadyApplied, Fail
from weirflow.kube.resources import LEASE, TINY_NODE, Object
from weirflow.state_codec import counter

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
        #: Whether somebody else has written to the state.
        self.foreign = False
        #: How often another program has written that respects the fence.
        self.rivals = 0
        self._stored: tuple[int, int, list[str]] = (0, 0, [])
        self._shown: dict[Replica, int] = {}
        node = TINY_NODE.new(NODE, spec={"module": module.name, "component": "tally", "ports": [], "edges": []})
        path = TINY_NODE.path(NAMESPACE, "")
        for old in (TINY_NODE.path(NAMESPACE, NODE), LEASE.path(NAMESPACE, LEASE_NAME)):
            self.network.call(Request("DELETE", old, {}, ADMIN, b"", ""))
        status, answer = self.network.call(Request("POST", path, {}, ADMIN, orjson.dumps(node), ""))
        assert status == 201, answer
        self.replicas = [self._new_replica(number) for number in range(REPLICAS)]

    @property
    def stored(self) -> tuple[int, int]:
        """Epoch and version in the store."""
        return self._stored[:2]

    # What may happen.

    def send(self, replica: Replica, operation: Operation | None = None) -> None:
        """A client sends an operation, a new one or again, to a replica."""
        self._begin_to_send(replica, operation)
        self._settle()

    def _begin_to_send(self, replica: Replica, operation: Operation | None = None, turns: int = 0) -> None:
        if operation is None:
            operation = Operation(f"op{len(self.operations)}")
            self.operations.append(operation)
        attempt = self.loop.create_task(replica.add(operation.id, PATIENCE, turns))
        replica.asked.append(attempt)
        operation.attempts.append(attempt)

    def arrive(self, flight: Flight) -> None:
        self.network.arrive(flight)
        self._settle()

    def bring_back(self, flight: Flight, sender: Replica | None = None, turns: int = 0) -> None:
        """``sender`` gets an operation of a client so many turns of the loop after the answer."""
        self.network.arrive(flight)
        if flight in self.network.flights:
            self.network.bring_back(flight)
        if sender is not None:
            self._begin_to_send(sender, turns=turns)
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
        self.network.note_epoch(LEASE_NAME, self.epoch)
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

    def write_as_a_rival(self) -> None:
        """Another program adds an entry of its own, fenced as a leader's write in the leader's epoch."""
        _epoch, version, applied = self._stored
        self.rivals += 1
        texts = {
            "state-version": str(version + 1),
            "tally-applied": orjson.dumps([*applied, f"rival{self.rivals}"]).decode(),
        }
        path = "/status/metadata/"
        patch: list[Object] = [{"op": "test", "path": f"{path}state-version", "value": str(version)}]
        patch += [{"op": "add", "path": path + key, "value": text} for key, text in texts.items()]
        self.network.change(patch, "status", JSON_PATCH)
        self._settle()

    def write_past_the_fence(self, edit: dict[str, str | None]) -> None:
        """Somebody changes keys of the runtime by hand (None: takes them away); what was applied is left alone."""
        self.foreign = True
        if "state-epoch" in edit:
            self._stored = (0, *self._stored[1:])
        self.network.change({"status": {"metadata": edit}}, "status")
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
        self._put_right()
        leader = self.replicas[0]
        self.elect(leader)
        for other in self.replicas[1:]:
            self.notice(other)
        if self.foreign:
            # A leader that never saw the higher number cannot know that readers did: its next change tells them.
            self.send(leader)
        for _ in range(ROUNDS):
            self._pass_everything()
            if not [*self._unfinished()]:
                return
            unanswered = [operation for operation in self.operations if operation.place is None]
            if not leader.lease.is_leader:
                self.elect(leader)  # a newer epoch was met in the store
            for operation in unanswered:
                if all(attempt.done() for attempt in operation.attempts):
                    self.send(leader, operation)
            self._pass_everything()
            self.wait(1.0)
        raise Broken(f"after {ROUNDS} s in which nothing went wrong: {', '.join(self._unfinished())}")

    def _put_right(self) -> None:
        """What is no number stops a node that is started upon it, until somebody puts it right."""
        metadata = (self.network.history[-1].get("status") or {}).get("metadata") or {}
        for key in ("state-epoch", "state-version"):
            if key in metadata and counter(metadata[key]) is None:
                self.write_past_the_fence({key: "1"})

    def _pass_everything(self) -> None:
        while self.network.flights:
            self.bring_back(self.network.flights[0])
        for replica in self.replicas:
            self.show(replica, len(self.network.history))

    def _new_replica(self, number: int) -> Replica:
        replica = self.loop.finish(self._begin(f"replica-{number}"))
        self._shown[replica] = 0
        return replica

    async def _begin(self, identity: str) -> Replica:
        """On the loop: some of its parts look at the clock."""
        replica = Replica(self.network, identity)
        replica.show(len(self.network.history))
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
        epoch, version = counter(metadata.get("state-epoch")) or 0, counter(metadata.get("state-version")) or 0
        applied: list[str] = orjson.loads(metadata.get("tally-applied", "[]"))
        old_epoch, old_version, old_applied = self._stored
        if (epoch, version, applied) == self._stored:
            return
        self._stored = (epoch, version, applied)
        if epoch < old_epoch:
            raise Broken(f"epoch {epoch} wrote to a node that epoch {old_epoch} had claimed")
        if len(set(applied)) != len(applied):
            raise Broken(f"an operation was applied twice: {applied}")
        if self.foreign:
            # Whoever changes the order of states by hand may lose some; the rest must hold all the same.
            return
        if version <= old_version:
            raise Broken(f"version {version} was written over version {old_version}")
        if applied[: len(old_applied)] != old_applied:
            raise Broken(f"a stored change was lost: {old_applied} became {applied}")
        for operation in self.operations:
            if operation.place is not None:
                self._check_place(operation)

    def _check_answer(self, operation: Operation, attempt: asyncio.Task[int]) -> None:
        error = attempt.exception()
        if error is None:
            if operation.place not in (None, attempt.result()) and not self.foreign:
                raise Broken(f"{operation.id} was answered {operation.place} first and {attempt.result()} then")
            operation.place = attempt.result()
            self._check_place(operation)
        elif isinstance(error, AlreadyApplied) or not isinstance(error, Fail):
            raise Broken(f"{operation.id} ended with {error!r}") from error

    def _check_place(self, operation: Operation) -> None:
        assert operation.place is not None
        if not self.foreign and self._stored[2][operation.place - 1 : operation.place] != [operation.id]:
            raise Broken(f"{operation.id} was acknowledged at {operation.place}, but stored is {self._stored[2]}")

    def _check_shown(self, replica: Replica) -> None:
        shown = replica.applied
        if self.foreign:
            return
        if shown is None:
            raise Broken(f"{replica.identity} cannot read what replicas have written")
        if shown != self._stored[2][: len(shown)]:
            raise Broken(f"{replica.identity} shows {shown}, which was never stored: {self._stored[2]}")
        if len(shown) < self._shown[replica]:
            raise Broken(f"{replica.identity} shows {len(shown)} operations after {self._shown[replica]}")
        self._shown[replica] = len(shown)

    def _check_alarms(self, replica: Replica) -> None:
        """Nobody but the replicas writes here."""
        assert replica.node is not None
        for alert in replica.node.state.alerts.wanted().values():
            if alert["kind"] == "foreign" and not (self.foreign or self.rivals):
                raise Broken(f"{replica.identity} took a write of ours for somebody else's: {alert['message']}")

    def _unfinished(self) -> Iterator[str]:
        """What must not be so in the end."""
        epoch, version, applied = self._stored
        if self.network.flights:
            yield f"on their way: {self.network.flights}"
        for operation in self.operations:
            if operation.attempts:
                yield f"{operation.id} waits"
            if operation.place is None:
                yield f"{operation.id} was never acknowledged"
            if operation.id not in applied and not self.foreign:
                yield f"{operation.id} is not among {applied}"
        for replica in self.replicas:
            if replica.busy:
                yield f"{replica.identity} is busy"
            if replica.applied != applied:
                yield f"{replica.identity} shows {replica.applied}, stored is {applied}, {version} of {epoch}"


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
