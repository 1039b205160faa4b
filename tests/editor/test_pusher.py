"""When the pusher runs its rounds."""

import asyncio
from typing import Any, cast

import pytest

from editor.cluster.view import NodeView
from editor.push import lull, rows
from editor.push.pusher import Pusher
from editor.push.rows import Work
from tests.waiting import eventually

pytestmark = pytest.mark.django_db(transaction=True)


class Rounds(Pusher):
    """Notes what each round would look at."""

    def __init__(self) -> None:
        super().__init__(cast("Any", None), cast("NodeView", None))
        self.seen: list[set[str]] = []

    async def _round(self, project: str, also: set[str]) -> None:
        self.seen.append(also)
        if len(self.seen) == 1:
            # Comes before any callback of the task that ends with this round.
            asyncio.get_running_loop().call_soon(self.wake, project, ["b"])


async def test_who_wakes_a_project_as_its_last_round_ends_is_not_forgotten() -> None:
    pusher = Rounds()
    pusher.wake("p", ["a"])
    await eventually(lambda: pusher.seen == [{"a"}, {"b"}])
    await eventually(lambda: not pusher.busy)


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The projects whose rows were read by a round."""
    asked: list[str] = []

    def load_work(project: str, also: set[str]) -> Work:
        asked.append(project)
        return Work(project)

    monkeypatch.setattr(rows, "load_work", load_work)
    return asked


async def test_what_was_read_with_the_edit_is_not_read_again(read: list[str]) -> None:
    pusher = Pusher(cast("Any", None), cast("NodeView", None))
    pusher.edited("p", Work("p"))
    await eventually(lambda: not pusher.busy)
    assert read == []


async def test_an_edit_that_meets_a_round_has_the_rows_read_after_it(read: list[str]) -> None:
    pusher = Pusher(cast("Any", None), cast("NodeView", None))
    pusher.wake("p")
    pusher.edited("p", Work("p"))
    await eventually(lambda: not pusher.busy)
    assert read == ["p"]
    pusher.edited("p", Work("p"))
    pusher.edited("p", Work("p"))
    await eventually(lambda: not pusher.busy)
    assert read == ["p", "p"]


async def test_large_changes_in_a_row_are_pushed_together(read: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lull, "LULL_SECONDS", 0.8)
    pusher = Pusher(cast("Any", None), cast("NodeView", None))
    for _ in range(4):
        pusher.edited("p")
        pusher.wake("p", ["drifted"])
        await asyncio.sleep(lull.LULL_SECONDS / 4)
    assert read == []
    assert pusher.busy
    await eventually(lambda: not pusher.busy)
    assert read == ["p"]


async def test_a_large_change_under_way_is_waited_for_but_not_for_ever(
    read: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lull, "LULL_SECONDS", 0.01)
    under_way = True
    pusher = Pusher(cast("Any", None), cast("NodeView", None), more=lambda: under_way)
    pusher.edited("p")
    await asyncio.sleep(0.1)
    assert read == []
    monkeypatch.setattr(lull, "LONGEST_SECONDS", 0.05)
    await eventually(lambda: not pusher.busy)
    assert read == ["p"]
    under_way = False


async def test_a_small_change_ends_the_wait_for_large_ones(read: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lull, "LULL_SECONDS", 60.0)
    pusher = Pusher(cast("Any", None), cast("NodeView", None))
    pusher.edited("p")
    pusher.edited("p", Work("p"))
    await eventually(lambda: not pusher.busy)
    pusher.edited("p")
    await pusher.stop()
    assert read == []
