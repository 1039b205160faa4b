"""Running tests of flows, in processes of their own: the web process imports no module (ADR 111).

A few at a time, at low priority, with an environment that knows no secret of the server's, and killed at a deadline.
"""

import asyncio
import contextlib
import os
import signal
import sys
from shutil import rmtree
from tempfile import mkdtemp
from typing import Any

import orjson
from django.conf import settings

from editor.test_progress import Problem, Progress
from editor.turns import Turns
from weirflow.flowtest.orphan import FOLDER_PREFIX

AT_ONCE, EACH, WAITING = 2, 2, 12
"""Runs at the same time; those that one person may have under way or waiting; and those of all."""
QUEUE_SECONDS = 600.0
"""After which every run that waits has had its turn, however long those before it took."""
SECONDS = 5.0
"""Real time that one test may take."""
START_SECONDS, MOST_SECONDS = 20.0, 60.0
"""What a process may need to start, on a busy machine; and what all tests of a run may take together."""
_LINE_BYTES = 8 * 1024 * 1024
_KEPT = ("PATH", "LANG", "LC_ALL", "TZ", "PYTHONPATH", "VIRTUAL_ENV", "WEIRFLOW_CODE")

_TOO_MANY = "Too many tests are being run at once: wait for the results of the earlier ones."
_ENDED = {"code": "runner_failed", "message": "The process that runs tests ended before this one was done."}
_TOO_LONG = {"code": "too_long", "message": "The tests took too long together: run fewer at once."}


class TestRunner:
    """Lives on the event loop."""

    __test__ = False

    def __init__(self) -> None:
        self._places = asyncio.Semaphore(AT_ONCE)
        self.turns = Turns(EACH, WAITING, "too_many_tests_running", _TOO_MANY)

    async def run(self, document: dict[str, Any], progress: Progress) -> Problem | None:
        """Runs the document's tests; what comes of them is told to `progress` as it comes. Returns why not all were
        run. Cancelled, it kills its process."""
        async with self._places:
            progress.look()
            # What a process that is killed had written goes with it.
            folder = await asyncio.to_thread(mkdtemp, prefix=FOLDER_PREFIX)
            try:
                return await self._told(document, progress, folder)
            finally:
                await asyncio.to_thread(rmtree, folder, ignore_errors=True)

    async def _told(self, document: dict[str, Any], progress: Progress, folder: str) -> Problem | None:
        fault: Problem | None = None
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "weirflow.flowtest", "--bounded",
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL,
            env={**environment_of_runner(), "TMPDIR": folder}, cwd=settings.BASE_DIR, limit=_LINE_BYTES,
            start_new_session=True,
        )  # fmt: skip
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            async with asyncio.timeout(seconds_of(len(document["tests"]))):
                process.stdin.write(orjson.dumps(document))
                process.stdin.close()
                while line := await process.stdout.readline():
                    said = orjson.loads(line)
                    if "running" in said:
                        progress.running(said["running"])
                    elif "outcome" in said:
                        progress.ended(said)
                    elif "problem" in said:
                        fault = said["problem"]
                    elif "ended" in said:
                        # What it still has to tidy up goes with it.
                        break
        except TimeoutError:
            fault = _TOO_LONG
        except (ValueError, ConnectionError):
            pass
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            await process.wait()
        if fault is None and progress.done < len(document["tests"]):
            fault = _ENDED
        return fault


def seconds_of(count: int) -> float:
    """Within which so many tests have ended, one way or another, once their process was started."""
    return START_SECONDS + min(MOST_SECONDS, count * (SECONDS + 1))


def environment_of_runner() -> dict[str, str]:
    """Nothing of what the server knows: components may read what stands there."""
    return {key: value for key, value in os.environ.items() if key in _KEPT}
