"""Files that no Node-RED has written, or one as large as nobody draws: they are read or refused, and soon."""

import copy
import random
import signal
from collections.abc import Iterator
from types import FrameType
from typing import Any

import pytest

from weirflow.flowfile import FileFlow, FileProject, FlowFileError, flows_of, print_flow_file, read_flow_file
from weirflow.flowfile.nodered import read_node_red
from weirflow.flowfile.nodered.raw import MAX_OBJECTS
from weirflow.flowfile.nodered.table import TABLE

TAB = {"id": "t", "type": "tab", "label": "Line 4"}
#: A reader whose work grows with the square of the file takes minutes for these.
SECONDS = 60

ODD: list[Any] = [
    None, True, 5, -1, 1e308, "Infinity", "nan", "1e400", "1" * 30, "²", "", [], {}, [[]], [None], [[5]], {"a": 1},
    "a.b", "{{x}}", "$.x'", "\0", "../../etc", "<script>", 10**30, [{}], "\ud800", [{"wires": 5}],
]  # fmt: skip


@pytest.fixture(autouse=True)
def soon() -> Iterator[None]:
    def late(_number: int, _frame: FrameType | None) -> None:
        raise AssertionError(f"not read within {SECONDS} s")

    before = signal.signal(signal.SIGALRM, late)
    signal.alarm(SECONDS)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)


def node(node_id: str, kind: str, *targets: list[str], z: str = "t", **more: Any) -> dict[str, Any]:
    return {"id": node_id, "type": kind, "z": z, "x": 0, "y": 0, "wires": list(targets), **more}


def sample() -> list[dict[str, Any]]:
    """One of each kind, with all that the converters look at."""
    kinds = [*sorted(TABLE), "http response", "catch", "function", "link in", "link out", "junction", "comment"]
    looked_at = {
        "g": "g", "mode": "custom", "build": "array", "count": "2", "timeout": "1", "template": "a{{payload}}",
        "field": "payload", "property": "payload", "propertyType": "msg", "repeat": "5", "payload": "1",
        "payloadType": "num", "props": [{"p": "payload"}, {"p": "topic", "vt": "str", "v": "x"}], "topic": "x",
        "rules": [{"t": "set", "v": "1", "vt": "num", "p": "payload", "pt": "msg", "to": "7", "tot": "num"}],
        "url": "/x", "method": "get", "timeoutUnits": "seconds", "rate": "1", "statusCode": "201",
        "headers": {"a": "b"}, "sep": ",", "temp": "a,b", "hdrin": "",
        "complete": "payload", "scope": ["n1"], "links": ["n2"],
    }  # fmt: skip
    return [
        TAB,
        {"id": "sf", "type": "subflow", "in": [{"wires": [{"id": "s"}]}], "out": [{"wires": [{"id": "s", "port": 0}]}]},
        node("s", "debug", [], z="sf"),
        node("i", "subflow:sf", ["n0"]),
        {"id": "g", "type": "group", "z": "t", "x": 0, "y": 0, "nodes": ["n0"]},
        *(node(f"n{at}", kind, [f"n{at + 1}"], **looked_at) for at, kind in enumerate(kinds)),
    ]


def places(value: Any, at: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    entries = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in entries:
        yield (*at, key)
        yield from places(item, (*at, key))


def test_whatever_stands_anywhere_the_file_is_read_or_refused() -> None:
    whole = sample()
    everywhere = list(places(whole))
    draw = random.Random(9)
    read = 0
    for _ in range(300):
        values = copy.deepcopy(whole)
        *above, last = draw.choice(everywhere)
        holder: Any = values
        for key in above:
            holder = holder[key]
        holder[last] = copy.deepcopy(draw.choice(ODD))
        try:
            text = print_flow_file(read_node_red(values).file)
        except FlowFileError:
            continue
        assert print_flow_file(read_flow_file(text)) == text
        read += 1
    assert read > 150


@pytest.mark.parametrize(("kind", "text"), [("num", "Infinity"), ("num", "9" * 400), ("json", '["\\u0000"]')])
def test_a_value_that_no_message_can_hold_is_kept_as_it_was(kind: str, text: str) -> None:
    rules = [{"t": "set", "p": "payload", "pt": "msg", "to": text, "tot": kind}]
    file = read_node_red([TAB, node("a", "change", rules=rules)]).file
    assert isinstance(file, FileFlow)
    (made,) = file.nodes.values()
    assert (made.module, made.settings["original"]["rules"]) == ("node-red", rules)


@pytest.mark.parametrize("depth", [200, 900])
def test_what_is_nested_deeply_is_refused(depth: int) -> None:
    nested: Any = []
    for _ in range(depth):
        nested = [nested]
    with pytest.raises(FlowFileError, match="nested deeper"):
        read_node_red([TAB, node("a", "function", func=nested)])


def test_ten_thousand_nodes_in_a_row_are_read() -> None:
    file = read_node_red([TAB, *(node(f"n{at}", "delay", [f"n{at + 1}"]) for at in range(10_000))]).file
    assert isinstance(file, FileFlow)
    assert (len(file.nodes), len(file.wires)) == (10_000, 9_999)


def test_many_catches_and_answers_of_many_nodes_are_read() -> None:
    row = [node(f"n{at}", "delay", [f"n{at + 1}"]) for at in range(1_000)]
    catches = [node(f"c{at}", "catch", ["n1"], scope=[f"n{one}" for one in range(200)]) for at in range(50)]
    file = read_node_red([TAB, *row, *catches]).file
    assert isinstance(file, FileFlow)
    assert len(file.wires) == 999 + 200


def test_subflows_make_no_more_of_all_tabs_than_a_file_may_have() -> None:
    inside = [node(f"s{at}", "delay", z="sf") for at in range(1_000)]
    tabs = [{"id": f"t{at}", "type": "tab"} for at in range(20)]
    made = [node(f"i{tab}-{at}", "subflow:sf", z=f"t{tab}") for tab in range(20) for at in range(20)]
    result = read_node_red([{"id": "sf", "type": "subflow"}, *inside, *tabs, *made])
    assert isinstance(result.file, FileProject)
    assert sum(len(flow.nodes) for flow in flows_of(result.file)) <= MAX_OBJECTS
    assert any("too much within it" in note.message for note in result.notes)


def test_links_that_lead_from_everything_to_everything_are_refused() -> None:
    ends = [f"e{at}" for at in range(500)]
    junctions = [node(f"j{at}", "junction", [*(f"j{one}" for one in range(60)), *ends]) for at in range(60)]
    sources = [node(f"n{at}", "delay", ["j0"]) for at in range(500)]
    with pytest.raises(FlowFileError, match="wires"):
        read_node_red([TAB, *junctions, *sources, *(node(end, "debug") for end in ends)])
