"""Holding what a test expects against what was seen."""

from __future__ import annotations

from collections.abc import Callable

from weirflow.errors import JSON, Problem
from weirflow.flowtest.cases import ABSENT, Expectation
from weirflow.flowtest.differ import Difference, differences, shown
from weirflow.flowtest.record import Record, Step
from weirflow.flowtest.results import Finding
from weirflow.json_bytes import json_bytes

#: Bytes of a message that is told as what came, and of all those of one test.
_SHOWN_BYTES, _ALL_BYTES = 64 * 1024, 1024 * 1024


class Checker:
    """``names`` are the nodes' resource names; ``reply`` is what came back to the last message that was given, or the
    problem that did; ``say`` puts a problem into the words of the flow."""

    def __init__(
        self,
        record: Record,
        names: dict[str, str],
        replies: list[JSON | Problem],
        extra: list[Problem],
        say: Callable[[str], str],
    ) -> None:
        self._record, self._names, self._replies, self._extra, self._say = record, names, replies, extra, say
        self._room = _ALL_BYTES
        #: Problems that some expectation has spoken of.
        self.expected: list[Problem] = []

    def check(self, expectation: Expectation) -> Finding:
        """What became of it."""
        if expectation.error is not None:
            return self._error(expectation)
        if expectation.node is None:
            return self._reply(expectation)
        node = self._names[expectation.node]
        seen = self._record.seen.get((node, expectation.port or ""), [])
        if expectation.count is not None:
            return self._count(expectation, seen)
        return self._message(expectation, seen)

    def _message(self, expectation: Expectation, seen: list[JSON]) -> Finding:
        place, wanted = expectation.place, expectation.nth
        if not seen:
            return Finding(place, False, f"no message came to {place}")
        if wanted is not None:
            if wanted > len(seen):
                return Finding(place, False, f"{_messages(len(seen))} came, message {wanted} did not", count=len(seen))
            seen_here = [seen[wanted - 1]]
        else:
            seen_here = seen
        nearest, found = _nearest(expectation.message, seen_here)
        if not found:
            return Finding(place, True, "came as expected", came=self._shown(nearest), has_came=True, count=len(seen))
        which = f"of {len(seen)} messages none is as expected" if len(seen_here) > 1 else "it came differently"
        return Finding(
            place, False, f"{which}: {_told(found[0])}", tuple(each.to_json() for each in found),
            self._shown(nearest), True, len(seen),
        )  # fmt: skip

    def _count(self, expectation: Expectation, seen: list[JSON]) -> Finding:
        place, wanted = expectation.place, expectation.count
        if expectation.message is ABSENT:
            matching, kind = seen, "messages"
        else:
            matching = [message for message in seen if not differences(expectation.message, message)]
            kind = "messages like this"
        if len(matching) == wanted:
            return Finding(place, True, f"{wanted or 'no'} {kind} came, as expected", count=len(seen))
        came = matching[-1] if matching else seen[-1] if seen else None
        text = f"{len(matching)} {kind} came, {wanted} expected"
        return Finding(place, False, text, came=self._shown(came), has_came=bool(seen), count=len(seen))

    def _reply(self, expectation: Expectation) -> Finding:
        last = self._replies[-1] if self._replies else None
        if isinstance(last, Problem):
            return Finding("reply", False, f"an error came back: {self._say(last.message)}")
        found = differences(expectation.reply, last)
        if not found:
            return Finding("reply", True, "came back as expected", came=self._shown(last), has_came=True, count=1)
        text = f"something else came back: {_told(found[0])}"
        return Finding("reply", False, text, tuple(each.to_json() for each in found), self._shown(last), True, 1)

    def _error(self, expectation: Expectation) -> Finding:
        place, code = expectation.place, expectation.error
        found = self._problems(expectation)
        matching = [problem for problem in found if code in ("*", problem.code)]
        self.expected += matching
        if matching:
            return Finding(place, True, f"failed as expected: {self._say(matching[0].message)}", count=len(matching))
        if found:
            other = found[-1]
            text = f"it failed with {other.code}, not {code}: {self._say(other.message)}"
            return Finding(place, False, text, count=len(found))
        return Finding(place, False, "nothing failed there" if expectation.node else "no error came back")

    def _problems(self, expectation: Expectation) -> list[Problem]:
        if expectation.node is None:
            return [reply for reply in self._replies if isinstance(reply, Problem)]
        node = self._names[expectation.node]
        failures = [*self._record.failures, *self._cut_off()]
        found = [problem for step, problem in failures if _is_at(step, problem, node, expectation.port)]
        if expectation.port is None:
            found += [problem for problem in self._extra if problem.node == node]
        return found

    def _shown(self, message: JSON) -> JSON:
        """What came, as far as there is room to tell it."""
        told = shown(message, min(_SHOWN_BYTES, self._room))
        self._room -= len(json_bytes(told))
        return told

    def _cut_off(self) -> list[tuple[Step, Problem]]:
        """What came back, as failures of the wires that it speaks of: those whose message a timeout has called off do
        not know why."""
        return [
            (Step(0.0, reply.edge, *self._record.ends[reply.edge]), reply)
            for reply in self._replies
            if isinstance(reply, Problem) and reply.edge in self._record.ends
        ]


def _is_at(step: Step, problem: Problem, node: str, port: str | None) -> bool:
    """Whether ``problem``, met along ``step``, is one of this node, or of this port of it. One of a wire itself, such
    as its mapping's or its timeout's, is one of both its ends."""
    ends = [end for end in (step.source, step.target) if end is not None]
    if not any(end[0] == node and port in (None, end[1]) for end in ends):
        return port is None and problem.node == node
    return problem.node in (None, node) or (problem.edge is not None and problem.edge == step.wire)


def _nearest(expected: JSON, seen: list[JSON]) -> tuple[JSON, list[Difference]]:
    """The message that differs least, and by what."""
    best: tuple[JSON, list[Difference]] | None = None
    for message in seen:
        found = differences(expected, message)
        if best is None or len(found) < len(best[1]):
            best = message, found
        if not found:
            break
    assert best is not None
    return best


def _told(difference: Difference) -> str:
    """The first difference in a few words."""
    where = difference.pointer or "the message"
    came = "is missing" if difference.missing else f"is {_short(difference.came)}"
    return f"{where} {came}, expected {_short(difference.expected)}"


def _short(value: JSON) -> str:
    try:
        text = json_bytes(value).decode()
    except (TypeError, ValueError, RecursionError):
        text = repr(value)
    return text if len(text) <= 80 else f"{text[:79]}…"


def _messages(count: int) -> str:
    return "1 message" if count == 1 else f"{count} messages"
