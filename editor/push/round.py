"""One round of the push of a project: every node has its turn, targets first, until nothing moves."""

import asyncio
import logging
from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from editor.database import in_database
from editor.push import rows
from editor.push.order import shares, targets_first
from editor.push.owners import ensure_owners, remove_owners
from editor.push.pages import PushedPage, push_page
from editor.push.problems import problem_of
from editor.push.rows import Applied, RowFacts, Titled, Work
from editor.push.scenarios import AppliedScenario, ensure_scenarios
from editor.push.step import Delete, Done, Step, Wait, neighbours, next_step, sources
from editor.push.steps import Drift, Undone, perform, read_again
from projects.models import Flow, Kind, Project
from weirflow.kube.errors import ApiError, TooManyRequests, Unavailable
from weirflow.kube.resources import split_port

if TYPE_CHECKING:
    from editor.push.pusher import Pusher

log = logging.getLogger(__name__)

IN_FLIGHT = 16
"""Requests of the pusher to one cluster at a time."""
TURNS_AT_ONCE = 50
"""Nodes that are found to be done before everybody else on the event loop has a turn."""
MAX_DRIFTS = 5
"""How often a node is read again and redone within one round before it has to wait for the next."""


class Round:
    """Runs once. Afterwards ``results`` has what to remember, ``failed`` the names to try again after their own pauses,
    ``waiting`` those that could not move yet."""

    def __init__(self, pusher: "Pusher", work: Work, skip: set[str]) -> None:
        self._pusher, self._work = pusher, work
        self._open = (set(work.nodes) | set(work.doomed)) - skip
        self._skipped = (set(work.nodes) | set(work.doomed)) & skip
        self._drifts: dict[str, int] = {}
        self._deleted: set[str] = set()
        """Names of nodes that are to go and that the cluster itself was asked about."""
        self.results: dict[str, Applied] = {}
        self.titled: list[tuple[type[Project] | type[Flow], Titled]] = []
        self.scenarios: list[AppliedScenario] = []
        self.pages: list[PushedPage] = []
        self.forgotten: dict[Kind, list[str]] = {}
        self.removal_problems: dict[str, dict[str, Any]] = {}
        self.finished: list[str] = []
        self.failed: set[str] = set()
        self.waiting: set[str] = set()
        self._moved = False

    async def run(self) -> None:
        """Raises ``Unavailable`` when the cluster does not answer; what was reached until then is in ``results``."""
        work = self._work
        others = work.projects or work.flows or work.scenarios or work.pages or work.doomed_owners
        if not (self._open or others):
            return
        self.titled += await ensure_owners(self._pusher.cluster, self._work)
        await self._nodes()
        await ensure_scenarios(self._pusher.cluster, work.scenarios, self.scenarios)
        for page in work.pages:
            self.pages.append((page, *await push_page(self._pusher.cluster, work.project_name, page)))
        if self._work.doomed_owners and not (set(self._work.doomed) & (self._open | self._left())):
            for kind, name in await remove_owners(self._pusher.cluster, self._work.doomed_owners):
                self.forgotten.setdefault(kind, []).append(name)

    def new_facts(self) -> list[RowFacts]:
        """The facts of the nodes as they stand after this round."""
        changed: list[RowFacts] = []
        for name, facts in self._work.facts.items():
            result = self.results.get(name)
            if result is None:
                continue
            if result.problem is not None:
                changed.append(replace(facts, problem=result.problem))
            else:
                changed.append(
                    replace(
                        facts,
                        applied_rev=result.rev,
                        applied_uid=result.uid,
                        applied_generation=result.generation,
                        dirty=False,
                        problem=None,
                    )
                )
        return changed

    @property
    def wrote(self) -> bool:
        """Whether rows say something else than before it."""
        return bool(self.results or self.titled or self.scenarios or self.pages or self.forgotten)

    async def _nodes(self) -> None:
        while self._open:
            steps: dict[str, Step] = {}
            self._moved = False
            await self._turns(shares(targets_first(self._open, self._targets), IN_FLIGHT), steps)
            if not self._moved:
                await self._turns([[name] for name in self._cut(steps)], {}, cut=True)
            if not self._moved and not await self._invite(steps):
                for name in list(self._open):
                    self._leave(name)
                return

    async def _turns(self, shares: list[list[str]], steps: dict[str, Step], *, cut: bool = False) -> None:
        """Give every name its turn, the shares at the same time. ``steps`` takes what could not be done and why."""
        outcomes = await asyncio.gather(*(self._share(share, steps, cut) for share in shares), return_exceptions=True)
        self._raise_worst(outcomes)

    async def _share(self, names: list[str], steps: dict[str, Step], cut: bool) -> None:
        for number, name in enumerate(names):
            if number % TURNS_AT_ONCE == TURNS_AT_ONCE - 1:
                await asyncio.sleep(0)
            # Not planned before its turn: what was written until then lets it do more at once.
            step = self._next(name)
            if isinstance(step, Done) and await self._was_overlooked(name):
                step = self._next(name)
            if cut and isinstance(step, Wait) and (observed := self._pusher.view.find(name)) is not None:
                step = Delete(observed.uid)
            if not isinstance(step, Done | Wait):
                self._moved = True
                await self._move(name, step)
                step = self._next(name) if name in self._open else step
            if isinstance(step, Done):
                self._done(name)
            else:
                steps[name] = step

    def _targets(self, name: str) -> Iterable[str]:
        """The nodes to be written before this one, or, if it has to go, those that must be without wires to it."""
        desired = self._work.nodes.get(name)
        if desired is not None:
            return [split_port(edge.to)[0] for edge in desired.edges]
        observed = self._pusher.view.find(name)
        return sources(observed, self._work.own_flows)

    def _next(self, name: str) -> Step:
        observed = self._pusher.view.find(name)
        uid = self._work.doomed.get(name, "")
        if uid and observed is not None and observed.uid != uid and observed.rev is None:
            return Done()  # somebody else took the name: not ours to delete
        return next_step(name, self._work.nodes.get(name), self._pusher.view.find, self._work.own_flows)

    async def _was_overlooked(self, name: str) -> bool:
        """Whether a node that is to go is there after all: another web process, or a request of ours that the cluster
        answered too late, may have made it where our watch has not seen it. Once forgotten, nobody would delete it."""
        if name in self._work.nodes or name in self._deleted or self._pusher.view.find(name) is not None:
            return False
        self._deleted.add(name)
        try:
            async with self._pusher.requests:
                return await read_again(name, self._pusher) is not None
        except ApiError:
            self._leave(name)
            raise

    async def _move(self, name: str, step: Step) -> None:
        if isinstance(step, Delete):
            self._deleted.add(name)
        try:
            async with self._pusher.requests:
                await perform(step, name, self._work.nodes.get(name), self._pusher)
        except Undone:
            self._leave(name)
        except Drift:
            self._drifts[name] = self._drifts.get(name, 0) + 1
            if self._drifts[name] > MAX_DRIFTS:
                self._leave(name)
        except (Unavailable, TooManyRequests):
            self._leave(name)
            raise
        except ApiError as error:
            log.warning("push of %s failed: %s", name, error.message)
            self._fail(name, problem_of(error, name))

    def _cut(self, steps: dict[str, Step]) -> list[str]:
        """Nodes that wait for each other and are all to go: each is fed by another of them, in a loop."""
        return [
            name
            for name, step in steps.items()
            if name in self._work.doomed
            and isinstance(step, Wait)
            and step.neighbours
            and self._work.doomed.keys() >= set(step.neighbours)
        ]

    async def _invite(self, steps: dict[str, Step]) -> bool:
        """Take in the nodes that the waiting ones wait for. False when nobody new can help."""
        wanted = {n for step in steps.values() if isinstance(step, Wait) for n in step.neighbours}
        for name in self._open & set(self._work.doomed):
            wanted |= neighbours(self._pusher.view.find(name), self._work.own_flows)
        wanted -= set(self._work.nodes) | set(self._work.doomed) | self._left()
        if not wanted:
            return False
        more = await in_database(rows.load_work, self._work.project_name, wanted)
        fresh = wanted & set(more.nodes)
        for name in fresh:
            self._work.nodes[name] = more.nodes[name]
            self._work.facts[name] = more.facts[name]
        self._open |= fresh
        return bool(fresh)

    def _done(self, name: str) -> None:
        self._open.discard(name)
        self.finished.append(name)
        desired = self._work.nodes.get(name)
        if desired is None:
            self.forgotten.setdefault(Kind.NODE, []).append(name)
            return
        observed = self._pusher.view.find(name)
        if observed is not None:
            self.results[name] = Applied(desired.id, desired.rev, observed.uid, observed.generation)

    def _fail(self, name: str, trouble: dict[str, Any]) -> None:
        self._open.discard(name)
        self.failed.add(name)
        desired = self._work.nodes.get(name)
        if desired is None:
            self.removal_problems[name] = trouble
        else:
            self.results[name] = Applied(desired.id, desired.rev, problem=trouble)

    def _leave(self, name: str) -> None:
        """Not in this round."""
        self._open.discard(name)
        self.waiting.add(name)

    def _left(self) -> set[str]:
        return self._skipped | self.failed | self.waiting

    @staticmethod
    def _raise_worst(outcomes: list[BaseException | None]) -> None:
        errors = [outcome for outcome in outcomes if outcome is not None]
        unexpected = [error for error in errors if not isinstance(error, ApiError)]
        if errors:
            raise (unexpected or errors)[0]
