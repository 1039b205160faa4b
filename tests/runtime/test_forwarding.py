"""A message for a leader-only port finds the leader, wherever and whenever it leads."""

import asyncio
import time
from collections.abc import Callable
from typing import Any

import pytest

from tests.waiting import eventually
from weirflow import Component, Context, Fail, Field, Model, Module, Result, input
from weirflow.errors import NotLeader
from weirflow.kube.peers import Peers
from weirflow.kube.resources import LEASE
from weirflow.runtime import forwarding
from weirflow.runtime.forwarding import Forwarding
from weirflow.runtime.messages import Messages
from weirflow.runtime.node import Node
from weirflow.runtime.receiving import Receiver
from weirflow.runtime.shared import Shared
from weirflow.transport import Envelope, Unreachable
from weirflow.transport.local import LocalTransport, LocalWire

NAME = "p.m.tally-n1"


class Tally(Component):
    """Says by whom and how it was asked."""

    class Message(Model):
        fail: str = Field("")

    @input("add", leader=True)
    async def add(self, ctx: Context, message: Message) -> Result:
        handle = self.services.replica.handles  # type: ignore[attr-defined]
        if handle is not None:
            await handle()
        if message.fail:
            raise Fail("it does not fit", code=message.fail, retryable=True, field="/fail")
        return {
            "by": self.services.replica.identity,  # type: ignore[attr-defined]
            "operation": ctx.operation_id,
            "depth": ctx.depth,
            "edge": ctx.edge,
            "source": ctx.source,
            "epoch": ctx.epoch,
            "leader": ctx.leader,
        }

    @input("look")
    async def look(self, ctx: Context, message: Message) -> Result:
        raise NotLeader


class Lease:
    def __init__(self, identity: str) -> None:
        self.identity, self.is_leader, self.epoch = identity, False, 0


class Replica:
    """One host with one node, as far as forwarding goes."""

    def __init__(self, world: "Replicas", identity: str) -> None:
        self.identity = identity
        self.lease = Lease(identity)
        self.peers = Peers()
        self.transport = LocalTransport(world.wire, identity)
        self.messages = Messages([self.transport], lambda module: [])
        self.forwarding = Forwarding(self.peers, self.messages.send, limit=20)
        self.shared = Shared(None, None, None, self.forwarding, lambda _: None, self.messages)  # type: ignore[arg-type]
        self.node = Node(NAME, "u", Module("m", "1", [Tally]), self.lease, self.shared)  # type: ignore[arg-type]
        self.node.services.replica = self  # type: ignore[attr-defined]
        self.node.adopt_component("tally")
        assert self.node.instance is not None
        self.nodes = {NAME: self.node}
        #: What a handler does before it answers.
        self.handles: Callable[[], Any] | None = None

    async def add(self, *, seconds: float = 5.0, operation: str = "op", **message: Any) -> Any:
        """A message along the edge ``e`` from another node, five hops deep."""
        entry = Context(operation, deadline=time.monotonic() + seconds)
        ctx = entry.child("e", 0, "p.m.source-s1", leadership=self.lease, epoch=self.lease.epoch)
        ctx._operation_id, ctx.depth = operation, 5
        return await self.node.deliver(ctx, "add", message)

    def count(self) -> int:
        return int(self.node.stats.live(time.monotonic())["count"])


class Replicas:
    def __init__(self) -> None:
        self.wire = LocalWire()
        self.epoch = 0
        self.version = 0
        self.all = [Replica(self, identity) for identity in "abc"]

    async def start(self) -> None:
        for replica in self.all:
            await replica.messages.start(Receiver(replica.nodes).receive)

    def lead(self, leader: Replica | None, *, tell: bool = True) -> None:
        """The Lease passes to ``leader``; ``tell``: the watches show it."""
        self.epoch += 1
        for replica in self.all:
            replica.lease.is_leader = replica is leader
        if leader is not None:
            leader.lease.epoch = self.epoch
        if tell:
            self.tell(leader)

    def tell(self, leader: Replica | None, *, messages: str | None = None) -> None:
        self.version += 1
        annotations = {"weirflow.io/epoch": str(self.epoch)}
        if leader is not None:
            annotations["weirflow.io/messages"] = leader.messages.address if messages is None else messages
        metadata = {"resourceVersion": str(self.version), "annotations": annotations}
        lease = LEASE.new("m-lock", metadata=metadata, spec={"holderIdentity": leader.identity if leader else ""})
        for replica in self.all:
            if replica.peers.put("m-lock", lease):
                replica.forwarding.leaders_changed()


@pytest.fixture
async def replicas() -> Replicas:
    one = Replicas()
    await one.start()
    return one


async def test_the_leader_handles_its_own_messages_itself(replicas: Replicas) -> None:
    a, *_ = replicas.all
    replicas.lead(a)
    assert (await a.add())["by"] == "a"
    assert a.count() == 1


async def test_a_reader_hands_the_message_over_with_all_that_travels_with_it(replicas: Replicas) -> None:
    a, b, _ = replicas.all
    replicas.lead(a)
    assert await b.add(operation="op-7") == {
        "by": "a",
        "operation": "op-7",
        "depth": 5,
        "edge": "e",
        "source": "p.m.source-s1",
        "epoch": 1,
        "leader": True,
    }
    assert (a.count(), b.count()) == (1, 0), "it counts where it was handled"


async def test_the_deadline_travels(replicas: Replicas) -> None:
    a, b, _ = replicas.all
    replicas.lead(a)
    left: list[float] = []
    handling = replicas.wire.handling[a.transport.address]
    receive = handling._receive

    async def noted(envelope: Envelope) -> bytes | None:
        left.append(envelope.timeout)
        return await receive(envelope)

    handling._receive = noted
    await b.add(seconds=3.0)
    assert 2.0 < left[0] <= 3.0


async def test_a_failure_comes_back_whole_and_is_shown_at_the_leader(replicas: Replicas) -> None:
    a, b, _ = replicas.all
    replicas.lead(a)
    with pytest.raises(Fail) as caught:
        await b.add(fail="too_big")
    problem = caught.value.problem
    assert (problem.code, problem.field, problem.edge, problem.port, problem.node) == (
        "too_big",
        "/fail",
        "e",
        "add",
        NAME,
    )
    assert caught.value.retryable
    assert "message" in a.node.problems
    assert "message" not in b.node.problems


async def test_it_waits_for_a_leader_and_starts_as_soon_as_there_is_one(replicas: Replicas) -> None:
    _, b, c = replicas.all
    message = asyncio.create_task(b.add())
    await asyncio.sleep(0)
    assert not message.done()
    replicas.lead(c)
    assert (await asyncio.wait_for(message, 20))["by"] == "c"


async def test_it_is_handled_here_if_this_replica_becomes_the_leader(replicas: Replicas) -> None:
    _, b, _ = replicas.all
    message = asyncio.create_task(b.add())
    await asyncio.sleep(0)
    replicas.lead(b)
    answer = await asyncio.wait_for(message, 20)
    assert (answer["by"], answer["epoch"], answer["leader"]) == ("b", 1, True)


async def test_an_answer_that_the_asked_one_no_longer_leads_is_tried_again_elsewhere(replicas: Replicas) -> None:
    a, b, c = replicas.all
    replicas.lead(a)
    replicas.lead(c, tell=False)
    message = asyncio.create_task(b.add())
    await eventually(lambda: a.count() == 0 and b.forwarding._under_way == 1)
    replicas.tell(c)
    assert (await message)["by"] == "c"


async def test_a_leader_that_loses_the_lease_while_it_handles_has_the_next_one_do_it(replicas: Replicas) -> None:
    a, b, _ = replicas.all
    replicas.lead(a)

    async def lose() -> None:
        replicas.lead(b)
        raise NotLeader

    a.handles = lose
    assert (await a.add())["by"] == "b"


async def test_a_leader_that_does_not_answer_is_left_when_another_leads(
    replicas: Replicas, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(forwarding, "LAST_WORDS_SECONDS", 0.1)
    a, b, c = replicas.all
    replicas.lead(a)
    frozen = asyncio.Event()

    async def freeze() -> None:
        frozen.set()
        await asyncio.Event().wait()

    a.handles = freeze
    message = asyncio.create_task(b.add(seconds=30))
    await frozen.wait()
    replicas.lead(c)
    assert (await asyncio.wait_for(message, 20))["by"] == "c"


async def test_a_leader_that_was_replaced_may_still_finish_its_answer(replicas: Replicas) -> None:
    a, b, c = replicas.all
    replicas.lead(a)
    begun, go_on = asyncio.Event(), asyncio.Event()

    async def work() -> None:
        begun.set()
        await go_on.wait()

    a.handles = work
    message = asyncio.create_task(b.add())
    await begun.wait()
    replicas.lead(c)
    go_on.set()
    assert (await message)["by"] == "a"


async def test_a_novel_of_an_operation_id_is_shortened_always_in_the_same_way(replicas: Replicas) -> None:
    a, b, _ = replicas.all
    replicas.lead(a)
    ids = [(await b.add(operation=operation))["operation"] for operation in ("x" * 100_000, "x" * 100_000, "y" * 257)]
    assert ids[0] == ids[1] != ids[2]
    assert len(ids[0]) <= 256
    assert (await b.add(operation="x" * 256))["operation"] == "x" * 256


async def test_a_leader_that_cannot_be_reached_is_tried_again(replicas: Replicas) -> None:
    a, b, _ = replicas.all
    replicas.lead(a)
    await a.messages.stop(0.1)
    message = asyncio.create_task(b.add())
    await eventually(lambda: b.forwarding._under_way == 1)
    await a.messages.start(Receiver(a.nodes).receive)
    assert (await message)["by"] == "a"


async def test_a_leader_that_has_not_seen_the_node_yet_is_tried_again(replicas: Replicas) -> None:
    a, b, _ = replicas.all
    replicas.lead(a)
    a.nodes.clear()
    message = asyncio.create_task(b.add())
    await eventually(lambda: b.forwarding._under_way == 1)
    a.nodes[NAME] = a.node
    assert (await message)["by"] == "a"


async def test_a_leader_that_does_not_say_yet_where_it_takes_messages_is_waited_for(replicas: Replicas) -> None:
    a, b, _ = replicas.all
    replicas.lead(a, tell=False)
    replicas.tell(a, messages="")
    message = asyncio.create_task(b.add())
    await eventually(lambda: b.forwarding._under_way == 1)
    assert not message.done()
    replicas.tell(a)
    assert (await message)["by"] == "a"


async def test_without_a_leader_in_time_it_says_who_may_change_state(replicas: Replicas) -> None:
    _, b, _ = replicas.all
    with pytest.raises(NotLeader, match="only leader can modify state") as caught:
        await b.add(seconds=0.3)
    assert (caught.value.problem.node, caught.value.problem.port, caught.value.retryable) == (NAME, "add", True)
    assert b.node.problem is not None, "nobody else can show it"


async def test_a_leader_too_slow_for_the_deadline_is_a_timeout(replicas: Replicas) -> None:
    a, b, _ = replicas.all
    replicas.lead(a)
    a.handles = asyncio.Event().wait
    with pytest.raises(Fail) as caught:
        await b.add(seconds=0.3)
    assert caught.value.code == "timeout"


async def test_what_was_forwarded_is_never_passed_on(replicas: Replicas) -> None:
    a, b, c = replicas.all
    replicas.lead(c)
    envelope = Envelope(f"{NAME}:add", "p.m.source-s1", b"{}", "op", forwarded=True, epoch=1)
    with pytest.raises(Fail) as caught:
        await a.messages.send(b.messages.address, envelope)
    assert (caught.value.code, caught.value.problem.node) == ("not_leader", NAME)
    assert c.count() == 0


async def test_a_leader_of_an_older_epoch_than_the_sender_knows_refuses(replicas: Replicas) -> None:
    a, b, _ = replicas.all
    replicas.lead(b)
    envelope = Envelope(f"{NAME}:add", "p.m.source-s1", b"{}", "op", forwarded=True, epoch=2)
    with pytest.raises(Fail, match="only leader"):
        await a.messages.send(b.messages.address, envelope)


async def test_the_queue_has_an_end(replicas: Replicas) -> None:
    _, b, c = replicas.all
    waiting = [asyncio.create_task(b.add()) for _ in range(20)]
    await asyncio.sleep(0)
    with pytest.raises(Fail) as caught:
        await b.add()
    assert (caught.value.code, caught.value.retryable) == ("overloaded", True)
    replicas.lead(c)
    assert {answer["by"] for answer in await asyncio.gather(*waiting)} == {"c"}


async def test_a_handler_that_needs_the_leader_behind_an_unmarked_port_is_not_forwarded(replicas: Replicas) -> None:
    a, b, _ = replicas.all
    replicas.lead(a)
    ctx = Context("op").child("e", 0, "p.m.source-s1")
    with pytest.raises(NotLeader):
        await b.node.deliver(ctx, "look", {})
    assert a.count() == 0


@pytest.mark.parametrize("by", ["the leader", "a reader", "one who becomes the leader"])
async def test_an_unreachable_node_behind_the_leader_is_the_flows_failure_and_not_tried_again(
    replicas: Replicas, by: str
) -> None:
    a, b, _ = replicas.all
    asked: list[int] = []

    async def behind() -> None:
        asked.append(1)
        raise Unreachable("another module's host is away", node="p.other.thing-x")

    a.handles = behind
    if by != "one who becomes the leader":
        replicas.lead(a)
    message = asyncio.create_task((b if by == "a reader" else a).add())
    await asyncio.sleep(0)
    if by == "one who becomes the leader":
        replicas.lead(a)
    with pytest.raises(Fail) as caught:
        await message
    assert (caught.value.code, len(asked)) == ("unreachable", 1)
