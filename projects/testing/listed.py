"""What a list of tests says of a result: outcomes are looked at many at a time, the way of the messages of one."""

from typing import Any

import orjson

from projects.operations.limits import MAX_LISTED_RESULT_BYTES

Result = dict[str, Any]

_PROBLEM_LENGTH = 1_000


def listed(result: Result | None) -> Result | None:
    """A small result as it is. Of a larger one what became of the test, with ``cut``: its steps, findings and notes are
    in the whole one alone, and ``wires`` too where there are too many."""
    if result is None or len(orjson.dumps(result)) <= MAX_LISTED_RESULT_BYTES:
        return result
    bare: Result = {key: result[key] for key in ("outcome", "messages", "seconds", "passed") if key in result}
    bare |= {"findings": [], "steps": [], "wires": {}, "cut": True}
    if (problem := result.get("problem")) is not None:
        kept = {key: problem[key] for key in ("code", "node") if key in problem}
        bare["problem"] = {**kept, "message": str(problem.get("message", ""))[:_PROBLEM_LENGTH]}
    with_wires = {**bare, "wires": result.get("wires", {})}
    return with_wires if len(orjson.dumps(with_wires)) <= MAX_LISTED_RESULT_BYTES else bare
