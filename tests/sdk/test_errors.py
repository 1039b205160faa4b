"""Failures and their form."""

from __future__ import annotations

import copy
import pickle

import pytest

from weirflow import Fail, NotLeader, Problem
from weirflow.errors import problem_of


def test_a_failure_is_unmarked_retryable_or_permanent() -> None:
    assert not Fail("x").retryable
    assert not Fail("x").permanent
    assert Fail("x", retryable=True).retryable
    with pytest.raises(ValueError, match="not both"):
        Fail("x", retryable=True, permanent=True)


def test_the_place_nearest_to_the_cause_stays() -> None:
    fail = Fail("x", node="inner")
    fail.located(node="outer", edge="e", port="p")
    assert (fail.problem.node, fail.problem.edge, fail.problem.port) == ("inner", "e", "p")


def test_problems_keep_only_what_is_known() -> None:
    problem = Problem("full", "no room", field="/a", at=5)
    assert problem.to_json() == {"code": "full", "message": "no room", "field": "/a", "at": 5}
    assert Problem.from_json(problem.to_json()) == problem
    assert Problem.from_json({"message": "m", "added_later": 1}) == Problem("failed", "m")


def test_every_error_has_a_problem() -> None:
    assert problem_of(NotLeader()).to_json() == {"code": "not_leader", "message": "only leader can modify state"}
    assert problem_of(KeyError("a")).message == "KeyError: 'a'"
    assert problem_of(RuntimeError()).message == "RuntimeError: no further description"


@pytest.mark.parametrize("make", [copy.copy, lambda error: pickle.loads(pickle.dumps(error))])
def test_copies_are_the_same_failure(make: object) -> None:
    fail = Fail("x", code="full", retryable=True, node="n")
    again = make(fail)  # type: ignore[operator]
    assert (type(again), str(again), again.code, again.retryable, again.problem) == (
        Fail,
        "x",
        "full",
        True,
        fail.problem,
    )
