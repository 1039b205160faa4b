"""One sandbox for all of these tests, on the loop that they share, and code to try in it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import replace

import pytest
import pytest_asyncio

from weirflow import JSON
from weirflow.sandbox import Limits, Pool, Sandbox

Trial = Callable[..., Awaitable[JSON]]

#: Long enough for a machine that is busy with other tests.
PATIENT = Limits(deadline=30.0)


@pytest_asyncio.fixture(scope="package", loop_scope="package")
async def sandbox() -> AsyncIterator[Sandbox]:
    sandbox = Sandbox.here()
    sandbox.enter()
    yield sandbox
    await sandbox.leave()


@pytest.fixture
def printed() -> list[str]:
    return []


@pytest.fixture
def pool(sandbox: Sandbox, printed: list[str]) -> Iterator[Callable[..., Pool]]:
    """A pool for this code, of a project, with limits of one's own by name."""
    made: list[Pool] = []

    def make(code: str, project: str = "", **limits: float) -> Pool:
        wanted = replace(PATIENT, **limits)  # type: ignore[arg-type]
        made.append(sandbox.pool(code, wanted, printed.append, project=project))
        return made[-1]

    yield make
    for each in made:
        each.close()


@pytest.fixture
def trial(pool: Callable[..., Pool]) -> Trial:
    """What the code returns for a message; raises its `Fail`."""

    async def run(code: str, message: JSON = None, **limits: float) -> JSON:
        with_limits = pool(code, **limits)
        try:
            return await with_limits.call(message)
        finally:
            with_limits.close()

    return run
