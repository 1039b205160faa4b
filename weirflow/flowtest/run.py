"""Running tests: each in a loop of its own, with nodes of its own, within bounds."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from weirflow.errors import JSON, Fail, Problem
from weirflow.flowtest.cases import ABSENT, FlowTest, Given
from weirflow.flowtest.check import Checker
from weirflow.flowtest.flow import PortAddress, TestedFlow
from weirflow.flowtest.loop import Rest, VirtualLoop, own_time
from weirflow.flowtest.quiet import quiet
from weirflow.flowtest.reach import Ways, reached, ways_of
from weirflow.flowtest.record import Record
from weirflow.flowtest.results import Outcome, TestResult
from weirflow.flowtest.stage import NotStaged, Stage
from weirflow.flowtest.stand_ins import cancel_all
from weirflow.flowtest.told import Words, told_steps
from weirflow.services import Module

#: Real seconds that one test may take, unless the caller says otherwise.
SECONDS = 10.0
#: Of the loop's time, for ending what a test has left running.
_ENDING = 5.0


def run_tests(
    flow: TestedFlow, tests: Iterable[FlowTest], modules: Iterable[Module], *, seconds: float = SECONDS
) -> Iterator[TestResult]:
    """Each test's result, as soon as it is there."""
    known = list(modules)
    for test in tests:
        yield run_test(flow, test, known, seconds=seconds)


def run_test(flow: TestedFlow, test: FlowTest, modules: Iterable[Module], *, seconds: float = SECONDS) -> TestResult:
    """Run one test. What it does wrong, or the flow, is its result; never an exception."""
    began = time.perf_counter()
    loop = VirtualLoop(seconds)
    try:
        with own_time(loop), quiet(), TemporaryDirectory(prefix="weirflow-test-") as folder:
            asyncio.set_event_loop(loop)
            try:
                return loop.run_until_complete(_run(loop, flow, test, modules, Path(folder), began))
            except TimeoutError as error:
                return TestResult(test.name, "error", {"code": "too_long", "message": str(error)})
            finally:
                asyncio.set_event_loop(None)
    finally:
        loop.close()


async def _run(
    loop: VirtualLoop, flow: TestedFlow, test: FlowTest, modules: Iterable[Module], folder: Path, began: float
) -> TestResult:
    record = Record()
    if unknown := _unknown(flow, test):
        text = f"the flow has no node {unknown!r}; it has {', '.join(sorted(flow.nodes)[:50])}"
        return TestResult(test.name, "error", {"code": "unknown_node", "message": text})
    ways = ways_of(flow)
    flow = reached(flow, test, ways)
    stage = Stage(flow, test, modules, record, folder)
    words = Words(flow, stage.names)
    try:
        await stage.set_up()
        for given in test.given:
            stage.check(given.at)
            _check_way(stage, given.at, ways)
        for expectation in test.expect:
            if expectation.node is not None and expectation.port is not None:
                stage.check(PortAddress(expectation.node, expectation.port))
            elif expectation.node is not None:
                stage.node(expectation.node)
        record.began = start = loop.time()
        replies: list[JSON | Problem] = []
        giving = loop.create_task(_give(stage, test, replies))
        rest = await loop.rest(test.within + sum(given.after for given in test.given))
        passed = loop.time() - start
        unfinished = not giving.done()
        if giving.done() and (error := giving.exception()) is not None:
            raise error
        extra = _own_problems(stage)
    except NotStaged as error:
        return TestResult(test.name, "error", words.problem(error.problem), seconds=time.perf_counter() - began)
    finally:
        await cancel_all(_ENDING)
        await stage.clear()
        await cancel_all(_ENDING)
    checker = Checker(record, stage.names, replies, extra, words.say)
    findings = tuple(checker.check(expectation) for expectation in test.expect)
    problem = _ended(record, rest, unfinished, test) or _unexpected(checker, replies, extra)
    outcome: Outcome = "passed" if problem is None and all(finding.held for finding in findings) else "failed"
    return TestResult(
        test.name, outcome, words.problem(problem) if problem is not None else None, findings,
        told_steps(record, words), record.wires, record.messages, time.perf_counter() - began, passed,
        tuple(words.notes(stage)),
    )  # fmt: skip


def _unknown(flow: TestedFlow, test: FlowTest) -> str | None:
    """A node that the test speaks of and the flow has not."""
    places = [*(given.at.node for given in test.given), *(at.node for at in test.answers), *test.state]
    places += [expectation.node for expectation in test.expect if expectation.node is not None]
    return next((name for name in places if name not in flow.nodes), None)


def _check_way(stage: Stage, at: PortAddress, ways: Ways) -> None:
    """Raises ``NotStaged`` where wires leave what is no output any more: then it is not known what is behind it."""
    if ways.is_output(at.node, at.port) and not stage.node(at.node).has_output(at.port):
        text = f"wires leave {at}, which is an input: the component is another than they were made for; delete them"
        raise NotStaged("not_an_output", text)


async def _give(stage: Stage, test: FlowTest, replies: list[JSON | Problem]) -> None:
    for given in test.given:
        if given.after:
            await asyncio.sleep(given.after)
        message = _message_of(stage, test, given)
        try:
            replies.append(await _deliver(stage, given, message))
        except Fail as error:
            replies.append(error.problem)


async def _deliver(stage: Stage, given: Given, message: JSON) -> JSON:
    node, port, record = stage.node(given.at.node), given.at.port, stage.record
    ctx = node.services.begin()
    record.begin(ctx.run)
    if node.has_output(port):
        return await node.services.emit(ctx, port, message)
    # As if a wire had brought it: what its handler sends is a hop, and no entry.
    hop = ctx.child("given", 0, "")
    hop.edge = hop.source = None
    hop.span = span = record.trace.enter(node.name, port, message)
    try:
        result = await node.deliver(hop, port, message)
    except BaseException as error:
        record.trace.close(span, error)
        raise
    record.trace.close(span)
    return result


def _message_of(stage: Stage, test: FlowTest, given: Given) -> JSON:
    if given.message is not ABSENT:
        return given.message
    if test.scenario is not None:
        samples = stage.samples()
        if str(given.at) in samples:
            return samples[str(given.at)]
    text = f"no message is given at {given.at}, and the scenario has none there; add `message`"
    raise NotStaged("message_missing", text)


def _own_problems(stage: Stage) -> list[Problem]:
    """What nodes have run into beside their messages, in tasks of their own."""
    parts = ("task", "reported", "state")
    return [
        Problem(problem.code, problem.message, problem.field, problem.edge, problem.port, node.name)
        for node in stage.nodes.values()
        for part in parts
        if (problem := node.problems.get(part)) is not None
    ]


def _ended(record: Record, rest: Rest, unfinished: bool, test: FlowTest) -> Problem | None:
    """Why the test was ended, unless by itself."""
    if record.full is not None:
        return Problem("test_limit", f"the test has had {record.full}")
    if rest == "too_long":
        return Problem("too_long", "the test took too long; give it less to do, or find what waits for the outside")
    if unfinished:
        text = (
            f"the message given was not answered within {test.within:g} s of the flow's time; raise `within`, or find "
            "what it waits for"
        )
        return Problem("not_finished", text)
    return None


def _unexpected(checker: Checker, replies: list[JSON | Problem], extra: list[Problem]) -> Problem | None:
    """An error that came back to who gave the message, or stands on a node, of which the test does not speak."""
    came = [reply for reply in replies if isinstance(reply, Problem)]
    return next((problem for problem in (*came, *extra) if problem not in checker.expected), None)
