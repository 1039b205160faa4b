"""Browsers that do not keep up: values are skipped, memory is not, and who is stuck is closed."""

import asyncio
import json
import uuid
from typing import Any

import pytest

from editor.live import client as client_module
from editor.live.client import MAX_DOCUMENTS, Client
from editor.live.flow import BURST, LiveFlow
from editor.live.outgoing import Outgoing
from editor.push.rows import RowFacts
from tests.waiting import eventually


class Pipe:
    """The browser's end; ``open`` says whether it takes in anything."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self.open = True

    async def send(self, text: str) -> None:
        self.texts.append(text)

    @property
    def messages(self) -> list[dict[str, Any]]:
        return [json.loads(text) for text in self.texts]


def flow_with(count: int) -> LiveFlow:
    flow = LiveFlow(uuid.uuid4(), "p-aaaaa", 0)
    for index in range(count):
        facts = RowFacts(f"n{index:011d}", f"p-aaaaa.m-v1.c-n{index:011d}", flow.id, "m-v1", 1, 1, "u", 1, False, None)
        flow.add_node(facts)
    return flow


def join(flow: LiveFlow, pipe: Pipe) -> Client:
    client = Client(flow, client_id="c", user_id=1, key="", send=pipe.send, writable=lambda: pipe.open)
    flow.clients.add(client)
    client.refresh()
    return client


async def started(*pipes: Pipe) -> None:
    """Wait for everyone's snapshot."""
    await eventually(lambda: all(pipe.texts for pipe in pipes))


def value_of(pipe: Pipe, node_id: str) -> str:
    """The node's newest value as this browser knows it."""
    value = ""
    for message in pipe.messages:
        value = message.get("nodes", {}).get(node_id, {}).get("value", value)
    return value


async def test_a_slow_reader_skips_values_and_ends_with_the_newest() -> None:
    flow, slow, fast = flow_with(100), Pipe(), Pipe()
    tasks = [asyncio.create_task(join(flow, pipe).run()) for pipe in (slow, fast)]
    await started(slow, fast)
    slow.open = False
    for value in range(50):
        for node_id, node in flow.nodes.items():
            flow.node_changed(node_id, node.set_link({"value": str(value)}))
        await asyncio.sleep(0.01)
    await eventually(lambda: all(value_of(fast, node_id) == "49" for node_id in flow.nodes))
    assert len(slow.texts) == 1
    slow.open = True
    await eventually(lambda: all(value_of(slow, node_id) == "49" for node_id in flow.nodes))
    assert len(slow.texts) <= 3 < len(fast.texts)
    for task in tasks:
        task.cancel()


async def test_the_first_changes_go_at_once_and_then_at_most_twenty_frames_a_second() -> None:
    flow, pipe = flow_with(1), Pipe()
    task = asyncio.create_task(join(flow, pipe).run())
    await started(pipe)
    (node_id, node), loop = next(iter(flow.nodes.items())), asyncio.get_running_loop()
    flow.node_changed(node_id, node.set_link({"value": "first"}))
    for _ in range(3):
        await asyncio.sleep(0)
    assert pipe.messages[-1]["nodes"] == {node_id: {"value": "first"}}
    before, began, value = len(pipe.texts), loop.time(), 0
    while loop.time() - began < 0.5:
        value += 1
        flow.node_changed(node_id, node.set_link({"value": str(value)}))
        await asyncio.sleep(0)
    await eventually(lambda: value_of(pipe, node_id) == str(value))
    elapsed = loop.time() - began
    assert len(pipe.texts) - before <= elapsed / 0.05 + BURST
    task.cancel()


async def test_all_who_keep_up_share_one_encoded_frame() -> None:
    flow, pipes = flow_with(10), [Pipe() for _ in range(5)]
    tasks = [asyncio.create_task(join(flow, pipe).run()) for pipe in pipes]
    await started(*pipes)
    for node_id, node in flow.nodes.items():
        flow.node_changed(node_id, node.set_link({"value": "1"}))
    await eventually(lambda: all(len(pipe.texts) == 2 for pipe in pipes))
    assert len({id(pipe.texts[-1]) for pipe in pipes}) == 1
    for task in tasks:
        task.cancel()


async def test_who_keeps_up_is_written_to_at_once_and_who_does_not_waits_in_order() -> None:
    flow, pipe, frames = flow_with(1), Pipe(), list[bytes]()
    client = Client(
        flow, client_id="c", user_id=1, key="", send=pipe.send, writable=lambda: pipe.open, write=frames.append
    )
    flow.clients.add(client)
    client.refresh()
    task = asyncio.create_task(client.run())
    await eventually(lambda: len(frames) == 1)
    flow.tell({"t": "change", "rev": 1, "prev_rev": 0, "ops": []})
    assert len(frames) == 2
    pipe.open = False
    flow.tell({"t": "change", "rev": 2, "prev_rev": 1, "ops": []})
    pipe.open = True
    flow.tell({"t": "change", "rev": 3, "prev_rev": 2, "ops": []})
    await eventually(lambda: len(frames) == 4)
    assert [json.loads(frame[2:])["rev"] for frame in frames[1:]] == [1, 2, 3]
    client.hold(True)
    flow.tell({"t": "change", "rev": 4, "prev_rev": 3, "ops": []})
    client.pong()
    assert len(frames) == 4
    assert pipe.texts == []
    task.cancel()


@pytest.mark.parametrize("size", [0, 125, 126, 65_535, 65_536])
def test_a_frame_says_how_long_it_is(size: int) -> None:
    frame = Outgoing("x" * size).frame
    head = {True: 2, size > 125: 4, size > 65_535: 10}[True]
    assert frame[0] == 0x81
    assert frame[1] == {2: size, 4: 126, 10: 127}[head]
    assert head == 2 or int.from_bytes(frame[2:head], "big") == size
    assert frame[head:] == b"x" * size


async def test_document_messages_wait_in_order_and_too_many_close_the_socket() -> None:
    flow, pipe = flow_with(1), Pipe()
    pipe.open = False
    client = join(flow, pipe)
    task = asyncio.create_task(client.run())
    for rev in range(1, 11):
        flow.tell({"t": "change", "rev": rev, "prev_rev": rev - 1, "ops": []})
    pipe.open = True
    await eventually(lambda: len(pipe.texts) == 11)
    assert [message["rev"] for message in pipe.messages if message["t"] == "change"] == list(range(1, 11))
    pipe.open = False
    for rev in range(11, 13 + MAX_DOCUMENTS):
        flow.tell({"t": "change", "rev": rev, "prev_rev": rev - 1, "ops": []})
    assert await asyncio.wait_for(task, 30) == 4408


async def test_who_takes_in_nothing_is_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client_module, "STUCK_SECONDS", 0.1)
    flow, pipe = flow_with(1), Pipe()
    pipe.open = False
    assert await asyncio.wait_for(join(flow, pipe).run(), 30) == 4408


async def test_nothing_is_sent_while_rights_are_checked() -> None:
    flow, held, other = flow_with(1), Pipe(), Pipe()
    client = join(flow, held)
    task = asyncio.create_task(client.run())
    fellow = asyncio.create_task(join(flow, other).run())
    await started(held, other)
    client.hold(True)
    flow.publish_change({"rev": 1, "prev_rev": 0, "ops": []})
    await eventually(lambda: len(other.texts) == 2)
    assert len(held.texts) == 1
    client.hold(False)
    await eventually(lambda: len(held.texts) == 2)
    client.hold(True)
    flow.publish_change({"rev": 2, "prev_rev": 1, "ops": []})
    client.close(4403)
    assert await asyncio.wait_for(task, 30) == 4403
    assert held.messages[-1]["rev"] == 1
    fellow.cancel()


async def test_above_a_hundred_clients_the_pace_halves() -> None:
    flow, pipe = flow_with(1), Pipe()
    for _ in range(100):
        join(flow, Pipe())
    task = asyncio.create_task(join(flow, pipe).run())
    await started(pipe)
    before, began, value = len(pipe.texts), asyncio.get_running_loop().time(), 0
    node_id, node = next(iter(flow.nodes.items()))
    while asyncio.get_running_loop().time() - began < 0.5:
        value += 1
        flow.node_changed(node_id, node.set_link({"value": str(value)}))
        await asyncio.sleep(0.001)
    elapsed = asyncio.get_running_loop().time() - began
    assert len(pipe.texts) - before <= elapsed / 0.1 + BURST
    task.cancel()
