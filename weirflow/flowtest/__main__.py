"""``python -m weirflow.flowtest [PACKAGE ...]``: run the tests on standard input, tell each result as a line of JSON.

In: one JSON document ``{flow, tests, seconds?}``, the first two as in a flow file. Out: first ``{"began": {modules,
faults}}``, then for each test ``{"running": name}`` and, as it ends, its result (`TestResult.to_json`), at last
``{"ended": true}``. What cannot be read is ``{"problem": {code, message, field?}}``. Without packages, with the shipped
modules. ``--bounded``: at low priority, and with no more memory, files and time than a test may need.
"""

from __future__ import annotations

import os
import resource
import sys
from typing import Any

import orjson

from weirflow.flowtest.cases import NotATest, read_tests
from weirflow.flowtest.flow import NotAFlow, read_flow
from weirflow.flowtest.modules import load_modules, shipped_packages
from weirflow.flowtest.orphan import end_with_starter
from weirflow.flowtest.run import SECONDS, run_test

#: Bytes of address space, of which much is never used.
_MOST_MEMORY = 2 << 30
#: Bytes of one file, and seconds of the processor: whoever has started it ends it long before.
_LARGEST_FILE, _MOST_SECONDS = 64 << 20, 300


def main(packages: list[str]) -> int:
    """0 when all tests were run, however they ended; 2 when they could not be read."""
    if "--bounded" in packages:
        packages.remove("--bounded")
        end_with_starter(os.getppid())
        os.nice(10)
        for which, most in (
            (resource.RLIMIT_AS, _MOST_MEMORY),
            (resource.RLIMIT_FSIZE, _LARGEST_FILE),
            (resource.RLIMIT_CPU, _MOST_SECONDS),
        ):
            resource.setrlimit(which, (most, most))
    # What components print is theirs; on our standard output it would stand between results.
    out = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())

    def say(what: dict[str, Any]) -> None:
        out.write(orjson.dumps(what, option=orjson.OPT_NON_STR_KEYS) + b"\n")
        out.flush()

    try:
        asked = orjson.loads(sys.stdin.buffer.read())
        flow, tests = read_flow(asked["flow"]), read_tests(asked["tests"])
        seconds = float(asked.get("seconds") or SECONDS)
    except NotATest as error:
        say({"problem": {"code": "test_invalid", "message": str(error), "field": error.pointer}})
        return 2
    except (NotAFlow, ValueError, KeyError, TypeError) as error:
        say({"problem": {"code": "flow_invalid", "message": str(error)}})
        return 2
    modules, faults = load_modules(packages or shipped_packages())
    say({"began": {"modules": [module.name for module in modules], "faults": faults}})
    for test in tests:
        say({"running": test.name})
        say(run_test(flow, test, modules, seconds=seconds).to_json())
    say({"ended": True})
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
