"""Several web processes: a change committed in one makes the others look."""

import uuid
from collections.abc import AsyncIterator

import pytest_asyncio
from channels.layers import InMemoryChannelLayer

from editor.live.broadcast import MAX_NAMED, Broadcast, Whose
from tests.waiting import eventually


class Process:
    def __init__(self, layer: InMemoryChannelLayer, name: str) -> None:
        self.hints = 0
        self.rights: list[Whose] = []
        self.broadcast = Broadcast(layer, self._hint, name, self.rights.append)

    def _hint(self) -> None:
        self.hints += 1


@pytest_asyncio.fixture
async def processes() -> AsyncIterator[list[Process]]:
    layer = InMemoryChannelLayer()
    started = [Process(layer, name) for name in ("one", "two", "three")]
    await eventually(lambda: len(layer.groups.get("weirflow.flows", {})) == 3)
    yield started
    for process in started:
        await process.broadcast.stop()


async def test_the_others_are_told_and_the_teller_is_not(processes: list[Process]) -> None:
    one, two, three = processes
    one.broadcast.tell()
    await eventually(lambda: two.hints == three.hints == 1)
    two.broadcast.tell()
    await eventually(lambda: one.hints == 1 and three.hints == 2)
    assert (one.hints, two.hints) == (1, 1)


async def test_changes_in_a_row_share_a_hint_and_the_last_is_never_missed(processes: list[Process]) -> None:
    one, two, _ = processes
    for _ in range(1000):
        one.broadcast.tell()
    await eventually(lambda: two.hints >= 1)
    before = two.hints
    one.broadcast.tell()
    await eventually(lambda: two.hints > before)
    assert two.hints < 100


async def test_the_others_hear_whose_rights_are_others_and_only_then(processes: list[Process]) -> None:
    one, two, _ = processes
    link = uuid.uuid4()
    one.broadcast.tell_rights([7, 8], [link])
    await eventually(lambda: two.rights == [Whose({7, 8}, {link})])
    assert two.hints == 0
    one.broadcast.tell()
    await eventually(lambda: two.hints == 1)
    assert len(two.rights) == 1
    assert one.rights == []


async def test_very_many_are_not_named(processes: list[Process]) -> None:
    one, two, _ = processes
    one.broadcast.tell_rights(range(MAX_NAMED + 1))
    await eventually(lambda: two.rights == [Whose(everyone=True)])
