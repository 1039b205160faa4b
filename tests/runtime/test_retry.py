"""Edges try again by their policy: how often, after which pauses, for which errors, and for how long each time."""

from typing import Any

import pytest

from tests.runtime.world import World
from weirflow.errors import Fail
from weirflow.runtime.edges import Edge, RetryPolicy

BUSY = {"failures": 2}


@pytest.mark.parametrize(
    ("policy", "pauses"),
    [
        ({}, [1.0, 2.0, 4.0, 8.0, 16.0, 30.0, 30.0]),
        ({"initialDelayMs": 10, "backoffCoefficient": "3", "maxDelayMs": 100}, [0.01, 0.03, 0.09, 0.1, 0.1]),
        ({"initialDelayMs": 10, "backoffCoefficient": "0.5"}, [0.01, 0.01, 0.01]),
    ],
    ids=["as upstream", "with a cap", "never shorter"],
)
def test_pauses_grow_up_to_a_cap(policy: dict[str, Any], pauses: list[float]) -> None:
    read = RetryPolicy.read({"maxAttempts": 10, **policy})
    assert [read.pause(attempt) for attempt in range(1, len(pauses) + 1)] == pytest.approx(pauses)


@pytest.mark.parametrize(
    ("error", "policy", "again"),
    [
        (Fail("x", retryable=True), {"maxAttempts": 2}, True),
        (Fail("x", retryable=True), None, False),
        (Fail("x"), {"maxAttempts": 2}, False),
        (Fail("x", permanent=True), {"maxAttempts": 2}, False),
        (Fail("x", code="busy", retryable=True), {"nonRetryableErrorCodes": ["busy"]}, False),
        (Fail("x", code="busy", retryable=True), {"nonRetryableErrorCodes": ["gone"]}, True),
    ],
    ids=["retryable", "no policy", "not marked", "permanent", "a code that is left out", "another code"],
)
def test_only_errors_that_are_worth_it_are_tried_again(error: Fail, policy: dict[str, Any] | None, again: bool) -> None:
    assert RetryPolicy.read(policy).allows(error, 1) is again


@pytest.mark.parametrize(
    "edge",
    [
        {"retryPolicy": {"maxAttempts": float("inf")}},
        {"retryPolicy": {"maxAttempts": "many"}},
        {"retryPolicy": {"backoffCoefficient": "nan"}},
        {"retryPolicy": {"initialDelayMs": "-inf"}},
        {"retryPolicy": {"maxDelayMs": {}}},
        {"retryPolicy": {"nonRetryableErrorCodes": 5}},
        {"retryPolicy": [1]},
        {"timeoutMs": "soon"},
        {"timeoutMs": "nan"},
        {"timeoutMs": []},
    ],
    ids=str,
)
def test_a_policy_that_is_none_is_the_edges_problem(edge: Any) -> None:
    read = Edge("e", "a")
    read.read({"id": "e", "port": "out", "to": "b:in", **edge})
    assert read.problem is not None
    assert (read.problem.code, read.problem.edge) == ("edge_invalid", "e")


@pytest.mark.parametrize("size", [1e300, -1e300, "1e308", 0])
def test_a_policy_beyond_measure_is_brought_within(size: Any) -> None:
    names = ("maxAttempts", "initialDelayMs", "backoffCoefficient", "maxDelayMs")
    policy = RetryPolicy.read(dict.fromkeys(names, size))
    assert 1 <= policy.max_attempts <= 10
    assert all(0 <= policy.pause(attempt) <= 86_400 for attempt in range(1, 11))


@pytest.mark.server
@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize(
    ("component", "settings", "edge", "answer"),
    [
        ("flaky", BUSY, {"retryPolicy": {"maxAttempts": 3, "initialDelayMs": 1}}, 3),
        ("flaky", BUSY, {"retryPolicy": {"maxAttempts": 2, "initialDelayMs": 1}}, 503),
        ("flaky", BUSY, {"retryPolicy": {"initialDelayMs": 1, "nonRetryableErrorCodes": ["busy"]}}, 503),
        ("dawdle", None, {"retryPolicy": {"initialDelayMs": 1, "timeoutMs": 200}}, 2),
        ("dawdle", None, {"retryPolicy": {"initialDelayMs": 1}, "timeoutMs": 200}, 2),
    ],
    ids=["until it goes well", "not more often than asked", "not for this code", "each for so long", "the edge's own"],
)
async def test_a_message_is_sent_again(shared: World, component: str, settings: Any, edge: Any, answer: int) -> None:
    node = await shared.add(component, settings)
    path = f"/{node.rsplit('-', 1)[1]}"
    server = await shared.add("http_server", {"path": path})
    await shared.wire(f"{server}:request", f"{node}:in", {}, **edge)
    await shared.settled(server, node)
    status, body = await shared.visit(path)
    assert (body["attempt"] if status == 200 else status) == answer
