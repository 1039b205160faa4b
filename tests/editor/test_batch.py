"""Edits that wait for the database thread together share one transaction, and nothing else."""

import asyncio
import threading
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from django.contrib.auth.models import User
from django.db import transaction

from editor.batch import MOST, at_end, in_batch
from editor.database import close_database, in_database, on_database_thread

pytestmark = pytest.mark.django_db(transaction=True)


@pytest_asyncio.fixture
async def gate() -> AsyncIterator[threading.Event]:
    """Holds the database thread up until it is set, so that what comes meanwhile waits together."""
    opened = threading.Event()
    on_database_thread(opened.wait, 40)
    yield opened
    opened.set()
    close_database()


def add(name: str, told: list[str] | None = None) -> str:
    with transaction.atomic():
        User.objects.create(username=name)
        if told is not None:
            transaction.on_commit(lambda: told.append(name))
    return name


def fail(name: str) -> str:
    with transaction.atomic():
        User.objects.create(username=name)
        raise ValueError(name)


async def names() -> list[str]:
    return await in_database(lambda: sorted(User.objects.values_list("username", flat=True)))


async def test_one_that_fails_is_undone_alone(gate: threading.Event) -> None:
    waiting = [
        asyncio.ensure_future(in_batch("flow", work, name)) for work, name in [(add, "a"), (fail, "b"), (add, "c")]
    ]
    await asyncio.sleep(0)
    gate.set()
    first, second, third = await asyncio.gather(*waiting, return_exceptions=True)
    assert (first, third) == ("a", "c")
    assert isinstance(second, ValueError)
    assert await names() == ["a", "c"]


async def test_all_is_told_after_the_common_commit_and_what_ends_it_happens_once(gate: threading.Event) -> None:
    told: list[str] = []
    ended: list[int] = []

    def end() -> None:
        ended.append(len(told))

    def work(name: str) -> str:
        at_end(end)
        return add(name, told)

    waiting = [asyncio.ensure_future(in_batch("flow", work, name)) for name in "abc"]
    await asyncio.sleep(0)
    gate.set()
    await asyncio.gather(*waiting)
    assert told == ["a", "b", "c"]
    assert ended == [3]


async def test_more_than_fit_into_one_all_come_in_their_order(gate: threading.Event) -> None:
    done: list[int] = []
    waiting = [asyncio.ensure_future(in_batch("flow", done.append, number)) for number in range(MOST * 2 + 3)]
    await asyncio.sleep(0)
    gate.set()
    await asyncio.gather(*waiting)
    assert done == list(range(MOST * 2 + 3))


async def test_who_no_longer_waits_takes_nothing_from_the_others(gate: threading.Event) -> None:
    gone, stays = (asyncio.ensure_future(in_batch("flow", add, name)) for name in ("gone", "stays"))
    await asyncio.sleep(0)
    gone.cancel()
    gate.set()
    assert await stays == "stays"
    assert await names() == ["gone", "stays"]
