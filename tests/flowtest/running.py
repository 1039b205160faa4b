"""A flow and a test in YAML, run; the result as JSON."""

from __future__ import annotations

from typing import Any

import yaml

from modules.common import module as common
from modules.http import module as http
from tests.flowtest.parts import parts
from weirflow.flowtest.cases import read_test
from weirflow.flowtest.flow import read_flow
from weirflow.flowtest.run import run_test

MODULES = [common, http, parts]


def ran(flow: str, test: str, *, seconds: float = 10.0) -> dict[str, Any]:
    """The result of the test, which needs no name."""
    entry = {"name": "test", **yaml.safe_load(test)}
    return run_test(read_flow(yaml.safe_load(flow)), read_test(entry), MODULES, seconds=seconds).to_json()
