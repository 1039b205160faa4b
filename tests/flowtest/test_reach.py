"""What a test's messages cannot come to changes no result, and makes none old; what they can makes it old."""

import copy
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from projects.testing.matters import Matters
from tests.flowtest.running import MODULES
from weirflow.flowtest.cases import read_test
from weirflow.flowtest.flow import read_flow
from weirflow.flowtest.run import run_test

Flow = dict[str, Any]
Body = dict[str, Any]

NODES = [f"n{number}" for number in range(6)]
OUTPUTS = ("out", "error")


def _wire(number: int, source: str, target: str, value: int = 0) -> dict[str, Any]:
    return {"id": f"w{number}", "from": source, "to": f"{target}.in", "mapping": {"value": value}}


@some.composite
def flows(draw: some.DrawFn) -> Flow:
    """Nodes that fail for a while, with what follows them on either output; without circles, which never end."""
    numbers = some.integers(0, 2)
    nodes = {
        name: {
            "component": "parts-v1/flaky",
            "settings": {"times": draw(numbers), "enableErrorPort": draw(some.booleans())},
        }
        for name in NODES
    }
    ends = [(one, two) for index, one in enumerate(NODES) for two in NODES[index + 1 :]]
    wires = [
        _wire(number, f"{one}.{draw(some.sampled_from(OUTPUTS))}", two, draw(numbers))
        for number, (one, two) in enumerate(draw(some.lists(some.sampled_from(ends), max_size=8)))
    ]
    return {"nodes": nodes, "wires": wires}


@some.composite
def bodies(draw: some.DrawFn) -> Body:
    names = some.sampled_from(NODES)
    ports = some.builds(lambda name, port: f"{name}.{port}", names, some.sampled_from(("in", "out", "error")))
    body: Body = {
        "given": [{"at": at, "message": {"value": 9}} for at in draw(some.lists(ports, min_size=1, max_size=2))],
        "expect": [{"at": at, "count": 1} for at in draw(some.lists(ports, max_size=2))],
    }
    if draw(some.booleans()):
        body["answers"] = {f"{draw(names)}.out": {"value": 5}}
    return body


@some.composite
def edits(draw: some.DrawFn, flow: Flow) -> Flow:
    """The flow after one edit."""
    other = copy.deepcopy(flow)
    kinds = ["settings", "add"] + (["mapping", "delete", "retry"] if flow["wires"] else [])
    kind, name = draw(some.sampled_from(kinds)), draw(some.sampled_from(NODES))
    wire = draw(some.sampled_from(range(len(flow["wires"])))) if flow["wires"] else 0
    if kind == "settings":
        other["nodes"][name]["settings"]["times"] += 1
    elif kind == "add":
        # One that leads on from the last node in no circle leads to a node of its own.
        other["nodes"]["new"] = {"component": "parts-v1/flaky", "settings": {"times": 0}}
        other["wires"].append(_wire(99, f"{name}.{draw(some.sampled_from(OUTPUTS))}", "new"))
    elif kind == "mapping":
        other["wires"][wire]["mapping"] = {"value": 7}
    elif kind == "retry":
        other["wires"][wire]["retryPolicy"] = {"maxAttempts": 3, "initialDelayMs": 10}
    else:
        del other["wires"][wire]
    return other


def _ran(flow: Flow, body: Body) -> dict[str, Any]:
    result = run_test(read_flow(flow), read_test({**body, "name": "test"}), MODULES).to_json()
    return {key: value for key, value in result.items() if key not in ("seconds", "notes")}


def _digest(flow: Flow, body: Body) -> str:
    return Matters(flow["nodes"], flow["wires"], flow.get("scenarios", {})).digest(body)


@settings(max_examples=40, deadline=None)
@given(some.data())
def test_a_result_that_is_not_old_is_what_would_come_again(data: some.DataObject) -> None:
    flow, body = data.draw(flows()), data.draw(bodies())
    other = data.draw(edits(flow))
    came = _ran(flow, body)
    with pytest.MonkeyPatch.context() as patch:
        # With all of the flow in it.
        patch.setattr("weirflow.flowtest.run.reached", lambda flow, _test, _ways: flow)
        assert _ran(flow, body) == came, "the part that is made is enough"
        if _digest(flow, body) == _digest(other, body):
            assert _ran(other, body) == came


@settings(max_examples=100, deadline=None)
@given(some.data())
def test_what_messages_can_come_to_makes_it_old_and_what_they_cannot_does_not(data: some.DataObject) -> None:
    flow, name = data.draw(flows()), data.draw(some.sampled_from(NODES))
    body = {"given": {"at": f"{data.draw(some.sampled_from(NODES))}.in", "message": {}}, "expect": []}
    other = copy.deepcopy(flow)
    other["nodes"][name]["settings"]["times"] += 1
    assert (_digest(flow, body) != _digest(other, body)) == (name in _behind(flow, body["given"]["at"].split(".")[0]))


def _behind(flow: Flow, name: str) -> set[str]:
    found = {name}
    for _ in flow["nodes"]:
        found |= {wire["to"].split(".")[0] for wire in flow["wires"] if wire["from"].split(".")[0] in found}
    return found


ALL = {"fork", "left", "right", "far", "net"}
FORK: Flow = {
    "nodes": {name: {"component": "parts-v1/flaky", "settings": {"times": 0}} for name in sorted(ALL)},
    "wires": [
        _wire(1, "fork.out", "left"),
        _wire(2, "fork.other", "right"),
        _wire(3, "left.out", "far"),
        _wire(4, "left.error", "net"),
    ],
    "scenarios": {"day": {"left.out": 1, "right.out": 1}},
}


@pytest.mark.parametrize(
    ("body", "old"),
    [
        ({"given": {"at": "fork.in"}}, ALL),
        ({"given": {"at": "fork.out"}}, {"fork", "left", "far", "net"}),
        ({"given": {"at": "fork.other"}}, {"fork", "right"}),
        ({"given": {"at": "fork.third"}}, ALL),
        ({"given": {"at": "fork.out"}, "answers": {"left.error": 1}}, {"fork", "left", "net"}),
        ({"given": {"at": "right.in"}, "expect": [{"at": "left.in", "absent": True}]}, {"right", "left"}),
        ({"given": {"at": "right.in"}, "state": {"left": {"a": 1}}}, {"right", "left", "far", "net"}),
        (
            {"given": {"at": "right.in"}, "expect": [{"at": "gone.in", "absent": True}]},
            ALL,
        ),
        ({"given": {"at": "left.out"}}, {"left", "far", "net"}),
        ({"given": {"at": "right.in"}, "scenario": "day"}, {"right", "sample of right"}),
    ],
)
def test_what_is_behind_a_place_and_what_a_test_speaks_of(body: Body, old: set[str]) -> None:
    body = {"expect": [], **body}
    now, found = _digest(FORK, body), set()
    for name in FORK["nodes"]:
        other = copy.deepcopy(FORK)
        other["nodes"][name]["settings"]["times"] = 1
        found |= {name} if _digest(other, body) != now else set()
        other = copy.deepcopy(FORK)
        other["scenarios"]["day"][f"{name}.out"] = 2
        found |= {f"sample of {name}"} if _digest(other, body) != now else set()
    assert found == old


def test_a_wire_that_leaves_what_is_an_input_now_is_said_to_be_wrong() -> None:
    flow = {**FORK, "wires": [_wire(1, "fork.in", "left")]}
    problem = _ran(flow, {"given": {"at": "fork.in", "message": 1}, "expect": []})["problem"]
    assert (problem["code"], "delete them" in problem["message"]) == ("not_an_output", True)
