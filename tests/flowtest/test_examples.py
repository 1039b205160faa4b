"""Every example flow that is shipped has tests, and they pass."""

from pathlib import Path

import pytest

from weirflow.flowfile import read_flow_file
from weirflow.flowtest.cases import read_tests
from weirflow.flowtest.files import flows_in
from weirflow.flowtest.modules import load_modules, shipped_packages
from weirflow.flowtest.results import TestResult
from weirflow.flowtest.run import run_tests

FOLDER = Path(__file__).parents[2] / "modules"
EXAMPLES = sorted(FOLDER.glob("*/examples/*.yaml"))


@pytest.mark.parametrize("path", EXAMPLES, ids=[str(path.relative_to(FOLDER)) for path in EXAMPLES])
def test_an_example_has_tests_that_pass(path: Path) -> None:
    modules, faults = load_modules(shipped_packages())
    assert faults == []
    results: list[TestResult] = []
    for flow, tested in flows_in(read_flow_file(path.read_bytes())):
        results += run_tests(tested, read_tests(flow.tests), modules)
    assert results, f"{path.name} has no tests; give it one: docs/flow-tests.md"
    bad = [result.to_json() for result in results if result.outcome != "passed"]
    assert bad == []
