"""The document stream: whoever edits alone is seen at once, many at once share messages, and nothing is lost."""

from typing import Any

from editor.live.change_frames import BURST, ChangeFrames
from tests.waiting import eventually


def change(rev: int) -> dict[str, Any]:
    return {"rev": rev, "prev_rev": rev - 1, "ops": []}


def revs(told: list[dict[str, Any]]) -> list[int]:
    return [one["rev"] for message in told for one in message.get("changes", [message])]


async def test_a_change_after_a_pause_goes_at_once_as_it_is() -> None:
    told: list[dict[str, Any]] = []
    ChangeFrames(told.append).add(change(1))
    assert told == [{"t": "change", **change(1)}]


async def test_changes_in_a_row_share_messages_and_keep_their_order() -> None:
    told: list[dict[str, Any]] = []
    frames = ChangeFrames(told.append)
    for rev in range(1, 101):
        frames.add(change(rev))
    await eventually(lambda: len(revs(told)) == 100)
    assert revs(told) == list(range(1, 101))
    assert len(told) == BURST + 1


async def test_nothing_goes_to_a_flow_that_was_closed() -> None:
    told: list[dict[str, Any]] = []
    frames = ChangeFrames(told.append)
    for rev in range(1, BURST + 2):
        frames.add(change(rev))
    frames.close()
    frames.add(change(BURST + 2))
    await eventually(lambda: len(told) == BURST + 1)
    assert revs(told) == [*range(1, BURST + 1), BURST + 2]
