"""Running tests of flows, in processes of their own: the web process imports no module (ADR 111).

A few at a time, at low priority, with an environment that knows no secret of the server's, and killed at a deadline.
"""

import asyncio
import contextlib
import os
import signal
import sys
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from shutil import rmtree
from tempfile import mkdtemp
from typing import Any

import orjson
from django.conf import settings

from projects.errors import ProjectError

AT_ONCE, EACH, WAITING = 2, 2, 12
"""Runs at the same time; those that one person may have under way or waiting; and those of all."""
SECONDS = 5.0
"""Real time that one test may take."""
START_SECONDS, MOST_SECONDS = 20.0, 60.0
"""What a process may need to start, on a busy machine; and what all tests of a run may take together."""
_LINE_BYTES = 8 * 1024 * 1024
_KEPT = ("PATH", "LANG", "LC_ALL", "TZ", "PYTHONPATH", "VIRTUAL_ENV", "WEIRFLOW_CODE")


class TestRunner:
    """Lives on the event loop."""

    __test__ = False

    def __init__(self) -> None:
        self._places = asyncio.Semaphore(AT_ONCE)
        self._under_way: Counter[int] = Counter()

    async def run(self, person_id: int, document: dict[str, Any]) -> dict[str, dict[str, Any]]:
        """The results of the document's tests, by their names there; of those that the deadline came before, too.
        Raises ProjectError when too many are under way."""
        names = [test["name"] for test in document["tests"]]
        async with self._place(person_id):
            results, fault = await self._results(document, len(names))
        return {name: results.get(name) or _not_run(name, fault) for name in names}

    @asynccontextmanager
    async def _place(self, person_id: int) -> AsyncIterator[None]:
        under_way = self._under_way
        if under_way[person_id] >= EACH or under_way.total() >= WAITING:
            message = "Too many tests are being run at once: wait for the results of the earlier ones."
            raise ProjectError("too_many_tests_running", message, 429)
        under_way[person_id] += 1
        try:
            async with self._places:
                yield
        finally:
            under_way[person_id] -= 1
            if not under_way[person_id]:
                del under_way[person_id]

    async def _results(self, document: dict[str, Any], count: int) -> tuple[dict[str, dict[str, Any]], dict[str, Any]]:
        """What came, and why the rest did not."""
        # What a process that is killed had written goes with it.
        folder = await asyncio.to_thread(mkdtemp, prefix="weirflow-tests-")
        try:
            return await self._told(document, count, folder)
        finally:
            await asyncio.to_thread(rmtree, folder, ignore_errors=True)

    async def _told(
        self, document: dict[str, Any], count: int, folder: str
    ) -> tuple[dict[str, dict[str, Any]], dict[str, Any]]:
        results: dict[str, dict[str, Any]] = {}
        fault = {"code": "runner_failed", "message": "The process that runs tests ended before this one was done."}
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "weirflow.flowtest", "--bounded",
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL,
            env={**environment_of_runner(), "TMPDIR": folder}, cwd=settings.BASE_DIR, limit=_LINE_BYTES,
            start_new_session=True,
        )  # fmt: skip
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            async with asyncio.timeout(START_SECONDS + min(MOST_SECONDS, count * (SECONDS + 1))):
                process.stdin.write(orjson.dumps(document))
                process.stdin.close()
                while line := await process.stdout.readline():
                    said = orjson.loads(line)
                    if "outcome" in said:
                        results[said["name"]] = said
                    elif "problem" in said:
                        fault = said["problem"]
        except TimeoutError:
            fault = {"code": "too_long", "message": "The tests took too long together: run fewer at once."}
        except (ValueError, ConnectionError):
            pass
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            await process.wait()
        return results, fault


def environment_of_runner() -> dict[str, str]:
    """Nothing of what the server knows: components may read what stands there."""
    return {key: value for key, value in os.environ.items() if key in _KEPT}


def _not_run(name: str, fault: dict[str, Any]) -> dict[str, Any]:
    return {
        "name": name, "outcome": "error", "problem": fault, "findings": [], "steps": [], "wires": {}, "messages": 0,
        "seconds": 0.0, "passed": 0.0,
    }  # fmt: skip
