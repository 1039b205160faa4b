"""Each example flow can be read, runs with the shipped modules, and stands in its file as an export would write it."""

from pathlib import Path

import pytest

from tests.modules.example_files import EXAMPLES, FOLDER, faults_of
from weirflow.flowfile import print_flow_file, read_flow_file


def named(path: Path) -> str:
    return str(path.relative_to(FOLDER))


@pytest.mark.parametrize("path", EXAMPLES, ids=named)
def test_an_example_runs_with_the_shipped_modules(path: Path) -> None:
    assert [str(fault) for fault in faults_of(path)] == []


@pytest.mark.parametrize("path", EXAMPLES, ids=named)
def test_an_example_reads_back_as_it_was(path: Path) -> None:
    once = print_flow_file(read_flow_file(path.read_text()))
    assert print_flow_file(read_flow_file(once)) == once
