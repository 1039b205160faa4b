"""How many times a second one expression is evaluated: a field three levels down, and a sum. jsonpath-ng beside it."""

import importlib
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

from bench.row import Row
from weirflow.expressions import compile_expression

NAME = "jsonpath-ng"
VERSION = "1.16.0"
RUNS = 5
SECONDS = 0.2
"""Of each run; ours and theirs take turns, so that whatever else the machine does falls on both."""

MESSAGE: dict[str, Any] = {
    "request": {"user": {"name": "bob", "id": 7}, "path": "/x"},
    "count": 41,
    "items": [{"p": number, "q": number * 2} for number in range(20)],
}
#: Row, expression, what it gives, must and aim.
MEASURED = (
    ("expression_path_per_s", "$.request.user.name", "bob", 3_000_000, 8_000_000),
    ("expression_arithmetic_per_s", "$.count + 1", 42, 2_000_000, 6_000_000),
)

Evaluate = Callable[[Any], Any]


async def measure() -> list[Row]:
    parse = _peer()
    if parse is None:
        sys.stdout.write(how_to_get_peer() + "\n")
    rows = []
    for name, text, expected, must, aim in MEASURED:
        ours, theirs = compile_expression(text).evaluate, _of_peer(parse, text)
        assert ours(MESSAGE) == expected
        assert theirs is None or theirs(MESSAGE) == expected
        mine, peers = [], []
        for _ in range(RUNS):
            mine.append(_per_second(ours))
            if theirs:
                peers.append(_per_second(theirs))
        peer = (NAME, round(median(peers))) if peers else (None, None)
        rows.append(Row(name, round(median(mine)), "1/s", "higher", *peer, must=must, aim=aim))
    return rows


def how_to_get_peer() -> str:
    return (
        f"Without {NAME}, rows stand alone. To measure it too: "
        f"pip install --target PEERS/jsonpath {NAME}=={VERSION}, then WEIRFLOW_PEERS=PEERS script/bench"
    )


def _per_second(evaluate: Evaluate) -> float:
    """Evaluations a second over about `SECONDS`, the loop around them included."""
    times = 1
    while True:
        numbers = range(times)
        began = time.perf_counter()
        for _ in numbers:
            evaluate(MESSAGE)
        took = time.perf_counter() - began
        if took > SECONDS / 2:
            return times / took
        times = max(times * 2, int(times * SECONDS / max(took, 1e-6)) if took > SECONDS / 20 else times * 4)


def _peer() -> Callable[[str], Any] | None:
    """The peer's parser, when it is installed, or WEIRFLOW_PEERS has it."""
    if peers := os.environ.get("WEIRFLOW_PEERS"):
        sys.path.append(str(Path(peers) / "jsonpath"))
    try:
        parse: Callable[[str], Any] = importlib.import_module("jsonpath_ng.ext").parse
    except ImportError:
        return None
    return parse


def _of_peer(parse: Callable[[str], Any] | None, text: str) -> Evaluate | None:
    if parse is None:
        return None
    query = parse(text)

    def evaluate(message: Any) -> Any:
        return query.find(message)[0].value

    return evaluate
