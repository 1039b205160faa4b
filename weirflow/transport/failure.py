"""A failure as it travels: whole, so that the caller's side shows and judges it as if it had happened there."""

from __future__ import annotations

import orjson

from weirflow.errors import Fail, Problem
from weirflow.json_bytes import json_bytes

_WHERE = ("field", "edge", "port", "node")


def failure_bytes(error: Fail, longest: int = 16_384) -> bytes:
    """``error`` as JSON: its problem, whose message has at most ``longest`` characters, and whether it may or must not
    be tried again."""
    data = error.problem.to_json()
    data["message"] = data["message"][:longest]
    if error.retryable:
        data["retryable"] = True
    if error.permanent:
        data["permanent"] = True
    return json_bytes(data)


def read_failure(data: bytes | str) -> Fail:
    """What ``failure_bytes`` wrote. Always a plain ``Fail``: a conflict or a lost leadership over there is none here.

    What is no such JSON becomes a failure that says so.
    """
    try:
        fields = orjson.loads(data)
        problem = Problem.from_json(fields)
        where = {name: str(value) for name in _WHERE if (value := getattr(problem, name)) is not None}
        retryable = fields.get("retryable") is True
        permanent = fields.get("permanent") is True and not retryable
        return Fail(str(problem.message), code=str(problem.code), retryable=retryable, permanent=permanent, **where)
    except (ValueError, TypeError, AttributeError):
        return Fail("the other process failed, and how cannot be read from its answer", code="remote_failure")
