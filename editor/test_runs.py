"""The runs of tests that are under way in this process: each keeps what comes, as it comes (ADR 114).

A run is a task of its own: whoever asked for it may go away, and whoever may run tests may stop it. What has come is in
the database before anybody is told, so that a run which breaks off has lost nothing but the test it was in.
"""

import asyncio
import contextlib
import logging
import uuid

from django.contrib.auth.models import User

from editor.database import in_database
from editor.flow_tests import QUEUE_SECONDS, TestRunner, seconds_of
from editor.test_progress import Problem, Progress
from projects.actions import do_begin_flow_tests, do_end_flow_tests, do_note_flow_tests
from projects.errors import ProjectError
from projects.models import Flow, FlowTestRun
from projects.testing.request import TestRequest

log = logging.getLogger(__name__)

LATE_SECONDS = 10.0
"""Past its deadline, after which a run counts as ended even if nobody says so."""
_BROKEN_OFF = {"code": "run_lost", "message": "The server broke off the run: run the tests again."}


class TestRuns:
    """Lives on the event loop."""

    __test__ = False

    def __init__(self) -> None:
        self._runner = TestRunner()
        self._tasks: set[asyncio.Task[None]] = set()
        self._under_way: dict[uuid.UUID, Progress] = {}
        self._one = asyncio.Lock()
        self._waits = False

    async def run(self, person: User, flow: Flow, asked: TestRequest) -> None:
        """Run what is asked for and keep what comes of it; until it has ended. Raises ProjectError when too many are
        under way, or one of this flow. It goes on when the caller is cancelled."""
        run = uuid.uuid4()
        task = asyncio.create_task(self._whole(run, person, flow, asked), name=f"tests of {flow.pk}")
        self._tasks.add(task)
        task.add_done_callback(self._ended)
        await asyncio.shield(task)

    def stop(self, run: uuid.UUID) -> None:
        """End it at once, if it is one of this process; the process that has any other is told as of all commits."""
        if (progress := self._under_way.get(run)) is not None:
            progress.stop()

    async def catch_up(self) -> None:
        """End those at once that were stopped in another process, which has committed that and hints at it. A hint that
        is lost is a delay: every sweep looks, too. One call looks at a time, and one more waits for it."""
        if self._waits or not self._under_way:
            return
        self._waits = True
        async with self._one:
            self._waits = False
            for run in await in_database(_over, frozenset(self._under_way)):
                self.stop(run)

    async def stop_all(self) -> None:
        """The process ends."""
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks)

    async def _whole(self, run: uuid.UUID, person: User, flow: Flow, asked: TestRequest) -> None:
        with self._runner.turns.take(person.pk):
            await in_database(do_begin_flow_tests, person, flow, run, list(asked.revs), QUEUE_SECONDS)
            progress = Progress()
            try:
                problem = await self._kept(run, person, flow, asked, progress)
            except BaseException:
                with contextlib.suppress(Exception):
                    await in_database(do_end_flow_tests, person, flow, run, progress.counts, _BROKEN_OFF)
                raise
            await in_database(do_end_flow_tests, person, flow, run, progress.counts, problem)

    async def _kept(
        self, run: uuid.UUID, person: User, flow: Flow, asked: TestRequest, progress: Progress
    ) -> Problem | None:
        running = asyncio.create_task(self._runner.run(asked.document, progress), name=f"runner of tests {run}")
        running.add_done_callback(lambda _: progress.look())
        self._under_way[run] = progress
        try:
            return await _keep(run, person, flow, asked, progress, running)
        finally:
            del self._under_way[run]
            running.cancel()
            await asyncio.wait({running})

    def _ended(self, task: "asyncio.Task[None]") -> None:
        self._tasks.discard(task)
        error = None if task.cancelled() else task.exception()
        if error is not None and not isinstance(error, ProjectError):
            # Whoever asked is told; that may be nobody any more.
            log.warning("%s were not run to their end", task.get_name(), exc_info=error)


def _over(runs: frozenset[uuid.UUID]) -> frozenset[uuid.UUID]:
    """Those that somebody has stopped, or in whose place another has begun."""
    going = FlowTestRun.objects.filter(run__in=runs, ended=None, stopped_by=None)
    return runs - set(going.values_list("run", flat=True))


async def _keep(
    run: uuid.UUID,
    person: User,
    flow: Flow,
    asked: TestRequest,
    progress: Progress,
    running: "asyncio.Task[Problem | None]",
) -> Problem | None:
    """Keep what comes until the process has ended, or the run was stopped; why not all were run. While the database
    writes, more comes: it is kept together then."""
    seconds = seconds_of(len(asked.revs)) + LATE_SECONDS
    while True:
        await progress.news()
        over, within = running.done() or progress.stopped, progress.test
        problem = running.result() if running.done() else None
        if problem is not None:
            progress.broke(problem)
        goes_on = await in_database(
            do_note_flow_tests, person, flow, run, progress.take(), asked, test=within, seconds=seconds
        )
        if over or not goes_on:
            return problem
