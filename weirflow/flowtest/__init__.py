"""Flow tests: given a message at this port, expect that at that one. See `docs/flow-tests.md`.

    results = run_tests(read_flow(document), read_tests(document["tests"]), modules)

Nodes run in memory, with the mappings, checks, deliveries and error ports of a host, on a clock that is moved on.
"""

from weirflow.flowtest.cases import Expectation, FlowTest, Given, NotATest, read_test, read_tests
from weirflow.flowtest.flow import NotAFlow, TestedFlow, read_flow
from weirflow.flowtest.results import Outcome, TestResult
from weirflow.flowtest.run import run_test, run_tests

__all__ = [
    "Expectation",
    "FlowTest",
    "Given",
    "NotAFlow",
    "NotATest",
    "Outcome",
    "TestResult",
    "TestedFlow",
    "read_flow",
    "read_test",
    "read_tests",
    "run_test",
    "run_tests",
]
