"""What arrives at a host: bounded, and answered whatever becomes of it."""

import asyncio

import pytest

from tests.transport.conftest import echo, envelope
from weirflow.errors import Fail
from weirflow.transport import Envelope, handling
from weirflow.transport.handling import Handling, Outcome


def code(outcome: Outcome) -> str:
    return outcome.code if isinstance(outcome, Fail) else repr(outcome)


async def test_what_is_called_off_is_answered_also_before_it_began() -> None:
    answers: list[Outcome] = []
    began = asyncio.Event()

    async def receive(_message: Envelope) -> bytes | None:
        began.set()
        await asyncio.Event().wait()
        return None

    one = Handling(receive)
    first = one.take(envelope(), answers.append)
    await began.wait()
    second = one.take(envelope(), answers.append)
    assert first is not None
    assert second is not None
    first.cancel()
    second.cancel()
    await asyncio.wait([first, second])
    assert [code(answer) for answer in answers] == ["cancelled", "cancelled"]


@pytest.mark.parametrize("limit", ["ARRIVAL_LIMIT", "ARRIVAL_BYTES"])
async def test_past_a_bound_messages_are_refused_until_there_is_room(
    limit: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(handling, limit, 2)
    answers: list[Outcome] = []
    one = Handling(echo)
    tasks = [one.take(envelope(payload=b"1"), answers.append) for _ in range(3)]
    assert [code(answer) for answer in answers] == ["overloaded"]
    assert tasks[2] is None
    await asyncio.wait([task for task in tasks if task is not None])
    assert one.take(envelope(payload=b"1"), answers.append) is not None
    await one.stop(1.0)
    assert [code(answer) for answer in answers] == ["overloaded", "b'1'", "b'1'", "b'1'"]
