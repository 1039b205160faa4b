"""What a run says in the words of the flow: its own names instead of those that nodes have while they run."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from weirflow.errors import JSON, Problem
from weirflow.flowtest.cases import ABSENT
from weirflow.flowtest.flow import TestedFlow
from weirflow.flowtest.record import Record, Step
from weirflow.json_bytes import json_bytes

if TYPE_CHECKING:
    from weirflow.flowtest.stage import Stage

#: Bytes of a message that is told with its step, and of all those of a test.
_MESSAGE_BYTES, _ALL_BYTES = 4 * 1024, 512 * 1024


class Words:
    """``names`` are the nodes' resource names."""

    def __init__(self, flow: TestedFlow, names: dict[str, str]) -> None:
        self._known = {resource: name for name, resource in names.items()}
        self._titles = {resource: flow.nodes[name].title or name for name, resource in names.items()}
        longest_first = sorted(map(re.escape, self._known), key=len, reverse=True)
        self._pattern = re.compile(f"(?:{'|'.join(longest_first)})(?![A-Za-z0-9_-])") if longest_first else None

    def name(self, resource: str) -> str:
        """What the flow calls it."""
        return self._known.get(resource, resource)

    def say(self, text: str) -> str:
        """A text with the nodes' titles, or their names where they have none."""
        return self._pattern.sub(lambda found: self._titles[found[0]], text) if self._pattern else text

    def place(self, at: tuple[str, str]) -> str:
        """``node.port``."""
        return f"{self.name(at[0])}.{at[1]}"

    def problem(self, problem: Problem) -> dict[str, JSON]:
        """As JSON."""
        told = {**problem.to_json(), "message": self.say(problem.message)}
        told.pop("at", None)
        if problem.node is not None:
            told["node"] = self.name(problem.node)
        return told

    def notes(self, stage: Stage) -> list[str]:
        """What is wrong with the flow itself, whether or not the test has met it."""
        found: list[str] = []
        for node in stage.nodes.values():
            for part in ("component", "settings"):
                if (problem := node.problems.get(part)) is not None:
                    found.append(f"{self.name(node.name)}: {self.say(problem.message)}")
            for edge in node.edges.values():
                if edge.problem is not None:
                    found.append(self.say(edge.problem.message))
        return found[:20]


def told_steps(record: Record, words: Words) -> tuple[dict[str, JSON], ...]:
    """The way of the messages: ``{at, wire?, from?, to?, sent?, message?, problem?}`` each, in order."""
    room = _ALL_BYTES
    told: list[dict[str, JSON]] = []
    for step in record.steps:
        one = _told(step, words)
        for key, value in (("sent", step.sent), ("message", step.message)):
            size = _ALL_BYTES if value is ABSENT else _size(value)
            if size <= min(_MESSAGE_BYTES, room):
                one[key] = value
                room -= size
        told.append(one)
    return tuple(told)


def _told(step: Step, words: Words) -> dict[str, JSON]:
    one: dict[str, JSON] = {"at": round(step.at, 4)}
    if step.wire is not None:
        one["wire"] = step.wire
    for key, end in (("from", step.source), ("to", step.target)):
        if end is not None:
            one[key] = words.place(end)
    if step.problem is not None:
        one["problem"] = words.problem(step.problem)
    return one


def _size(value: JSON) -> int:
    try:
        return len(json_bytes(value))
    except (TypeError, ValueError, RecursionError):
        return _ALL_BYTES
