"""The tests of a flow in its file: what the file has to say for them to be run at all."""

from __future__ import annotations

from typing import Any

from weirflow.flowfile.checks import Checks
from weirflow.flowfile.document import FileFlow
from weirflow.flowfile.faults import Path

MAX_TESTS = 200


def read_tests(checks: Checks, value: Any, path: Path, flow: FileFlow) -> list[dict[str, Any]]:
    """The tests as they stand there: objects with names that differ."""
    tests = [checks.mapping(test, (*path, index)) for index, test in enumerate(checks.items(value, path))]
    if len(tests) > MAX_TESTS:
        checks.note(path, f"a flow has at most {MAX_TESTS} tests")
    names: set[str] = set()
    for index, test in enumerate(tests):
        name = checks.needed(test.get("name"), (*path, index, "name"), 200)
        if name in names:
            checks.note((*path, index, "name"), "a test before has this name already")
        names.add(name)
    return tests
