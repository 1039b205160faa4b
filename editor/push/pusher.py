"""Brings the cluster to what the rows say: one round at a time per project, woken by edits, drift and the sweeper."""

import asyncio
import logging
import time
from collections.abc import Callable, Collection, Iterable

from config.database import shared
from editor.cluster.view import NodeView
from editor.database import in_database
from editor.push import rows, turns
from editor.push.lull import Lulls
from editor.push.pages import record_pages
from editor.push.round import IN_FLIGHT, Round
from editor.push.rows import RowFacts, Work
from editor.push.scenarios import record_scenarios
from weirflow.kube.client import ClusterClient
from weirflow.kube.errors import Unavailable

log = logging.getLogger(__name__)

RECORDED_AT_ONCE = 500
SHORT_ROUND, LONGEST_REST = 0.05, 0.5
FIRST_PAUSE, LONGEST_PAUSE = 0.25, 15.0
ELSEWHERE_SECONDS = 0.1
"""After which a project is tried again that another process pushes now."""


def rest(took: float) -> float:
    """Seconds to wait after a round that took so many, when there is more to push already.

    People who edit all the time keep many nodes changing: without a rest, rounds would follow each other without end,
    write each node again and again, and take from the editors what they need themselves. Short rounds need none.
    """
    return 0.0 if took < SHORT_ROUND else min(took, LONGEST_REST)


class Backoffs:
    """When each failing node may be tried again."""

    def __init__(self) -> None:
        self._until: dict[str, tuple[float, float]] = {}

    def failed(self, name: str) -> float:
        """Note a failure; returns the seconds until the next try."""
        _, last = self._until.get(name, (0.0, FIRST_PAUSE / 2))
        pause = min(last * 2, LONGEST_PAUSE)
        self._until[name] = (time.monotonic() + pause, pause)
        return pause

    def clear(self, names: Iterable[str]) -> None:
        """These went well, or were edited: try at once."""
        for name in names:
            self._until.pop(name, None)

    def clear_project(self, project: str) -> None:
        """Somebody edits the project: whatever failed may work now."""
        self.clear([name for name in self._until if name.startswith(f"{project}.")])

    def blocked(self) -> set[str]:
        """The names that must still wait."""
        now = time.monotonic()
        return {name for name, (until, _) in self._until.items() if until > now}


class Pusher:
    """``on_facts`` hears of every row a round read or wrote, with the resource name of its project; ``on_written`` that
    it wrote some. ``more`` tells whether a large change is being made now."""

    def __init__(
        self,
        cluster: ClusterClient,
        view: NodeView,
        *,
        on_facts: Callable[[RowFacts], None] = lambda _facts: None,
        on_written: Callable[[], None] = lambda: None,
        more: Callable[[], bool] = lambda: False,
    ) -> None:
        self.cluster, self.view = cluster, view
        self.requests = asyncio.Semaphore(IN_FLIGHT)
        self.last_states: dict[str, dict[str, str]] = {}
        self.backoffs = Backoffs()
        self._waits = Backoffs()
        self._lulls = Lulls(self.wake, more)
        self._on_facts, self._on_written = on_facts, on_written
        self._also: dict[str, set[str]] = {}
        self._read: dict[str, Work] = {}
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._timers: dict[str, asyncio.TimerHandle] = {}
        self._stopped = False

    def edited(self, project: str, work: Work | None = None, *, large: bool = True) -> None:
        """Rows of the project were changed: push them now, and what failed before once more.

        ``work``, read after the change was committed, saves the round reading it again. One that runs already may
        overtake it: then the next round reads what is left. A change too ``large`` to be read at once may be one of
        many in a row: the push begins when they pause. Where other processes push too, one of them may have pushed a
        newer edit since: the round reads for itself.
        """
        self.backoffs.clear_project(project)
        if work is not None and project not in self._tasks and not shared():
            self._read[project] = work
        else:
            self._read.pop(project, None)
        if work is None and large and not self._stopped:
            self._lulls.changed(project)
        else:
            self._lulls.end(project)
        self.wake(project)

    def wake(self, project: str, also: Collection[str] = ()) -> None:
        """Start a round for the project, or have the running one followed by another.

        ``also`` names nodes to look at though their rows are not dirty. While large changes come in, it waits.
        """
        if self._stopped:
            return
        self._also.setdefault(project, set()).update(also)
        if project not in self._tasks and project not in self._lulls:
            self._tasks[project] = asyncio.create_task(self._drive(project), name=f"push {project}")

    def is_pushing(self, project: str) -> bool:
        """Whether a round of the project runs. From any thread."""
        return project in self._tasks

    @property
    def busy(self) -> bool:
        """Whether a round runs or is about to."""
        return bool(self._tasks or self._also)

    async def sweep(self) -> None:
        """Wake every project that has something to push."""
        for project in await in_database(rows.projects_with_work):
            self.wake(project)

    async def stop(self) -> None:
        """End all rounds; what they did not reach is still dirty."""
        self._stopped = True
        self._lulls.stop()
        for timer in self._timers.values():
            timer.cancel()
        tasks = list(self._tasks.values())
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks)

    async def _drive(self, project: str) -> None:
        taken = False
        try:
            taken = not shared() or await in_database(turns.take, project)
            if not taken:
                self._later(project, ELSEWHERE_SECONDS)
                return
            while project in self._also and project not in self._lulls:
                also = self._also.pop(project)
                began = time.monotonic()
                try:
                    await self._round(project, also)
                except Unavailable as error:
                    log.warning("push of %s waits for the cluster: %s", project, error.message)
                    self._later(project, self._waits.failed(project))
                except Exception:
                    log.exception("a push round of %s failed; it is tried again", project)
                    self._later(project, self._waits.failed(project))
                if project in self._also:
                    await asyncio.sleep(rest(time.monotonic() - began))
        except Exception:
            log.exception("whether %s may be pushed cannot be asked; it is tried again", project)
            self._later(project, self._waits.failed(project))
        finally:
            if taken and shared():
                await self._give(project)
            # Not in a callback of the task: whoever wakes the project before that ran would be forgotten.
            del self._tasks[project]
            if taken and project in self._also:
                # Woken while the lock was given back.
                self.wake(project)

    async def _give(self, project: str) -> None:
        try:
            await in_database(turns.give, project)
        except Exception as error:
            # The session that had the lock is gone, and the lock with it.
            log.warning("the lock of %s was not given back: %r", project, error)

    async def _round(self, project: str, also: set[str]) -> None:
        work = self._read.pop(project, None)
        if work is None or also:
            work = await in_database(rows.load_work, project, also)
        for facts in work.facts.values():
            self._on_facts(facts)
        current = Round(self, work, skip=self.backoffs.blocked())
        try:
            await current.run()
        finally:
            await self._finish(project, current)

    async def _finish(self, project: str, current: "Round") -> None:
        results = list(current.results.values())
        for start in range(0, max(len(results), len(current.titled)), RECORDED_AT_ONCE):
            # In parts, so that edits are not held up behind one long transaction.
            part = slice(start, start + RECORDED_AT_ONCE)
            await in_database(rows.record, results[part], current.titled[part])
        if current.scenarios:
            await in_database(record_scenarios, current.scenarios)
        if current.pages:
            await in_database(record_pages, current.pages)
        for kind, names in current.forgotten.items():
            await in_database(rows.forget_removed, kind, names)
        for name, trouble in current.removal_problems.items():
            await in_database(rows.record_removal_problem, name, trouble)
        for facts in current.new_facts():
            self._on_facts(facts)
        if current.wrote:
            self._on_written()
        pauses = [self.backoffs.failed(name) for name in current.failed]
        unwritten = any(applied.problem for applied in current.scenarios) or any(one[2] for one in current.pages)
        if current.waiting or unwritten:
            pauses.append(self._waits.failed(project))
        else:
            self._waits.clear([project])
        if pauses:
            self._later(project, min(pauses))
        self.backoffs.clear(current.finished)

    def _later(self, project: str, pause: float) -> None:
        """One timer per project: the earliest wins."""
        loop = asyncio.get_running_loop()
        timer = self._timers.get(project)
        if timer is not None and not timer.cancelled() and timer.when() > loop.time():
            if timer.when() <= loop.time() + pause:
                return
            timer.cancel()
        self._timers[project] = loop.call_later(pause, self.wake, project)

    def remember_state(self, name: str, metadata: dict[str, str]) -> None:
        """The last state seen of a node that is going or gone; bounded, the oldest fall out."""
        self.last_states.pop(name, None)
        self.last_states[name] = metadata
        while len(self.last_states) > 1000:
            del self.last_states[next(iter(self.last_states))]
