"""Flows of Node-RED: what maps is mapped, what does not is kept and told."""

import json
from typing import Any

import pytest

from tests.modules.example_files import all_modules
from weirflow.flowfile import FileFlow, FileProject, FlowFileError, OfferedComponents, print_flow_file, read_flow_file
from weirflow.flowfile.nodered import NodeRedResult, is_node_red, read_node_red

TAB = {"id": "t", "type": "tab", "label": "Line 4"}


def node(
    node_id: str, kind: str, *targets: list[str], x: int = 0, y: int = 0, z: str = "t", **more: Any
) -> dict[str, Any]:
    return {"id": node_id, "type": kind, "z": z, "x": x, "y": y, "wires": list(targets), **more}


def read(*nodes: dict[str, Any]) -> tuple[FileFlow, NodeRedResult]:
    result = read_node_red([TAB, *nodes])
    assert isinstance(result.file, FileFlow)
    text = print_flow_file(result.file)
    assert print_flow_file(read_flow_file(text)) == text
    strange = [str(fault) for fault in OfferedComponents(all_modules()).faults(result.file)]
    assert [fault for fault in strange if "node-red/" not in fault] == []
    return result.file, result


def wires(flow: FileFlow) -> dict[str, dict[str, Any]]:
    return {f"{one.source}.{one.source_port} {one.target}.{one.target_port}": one.mapping for one in flow.wires}


def test_an_endpoint_answers_with_what_its_flow_makes() -> None:
    flow, result = read(
        node("a", "http in", ["b"], url="/hello/:name", method="get"),
        node("b", "template", ["c"], x=200, template="Hello {{{req.params.name}}} {{{payload.a}}}", name="page"),
        node("c", "http response", x=400, statusCode="201"),
    )
    assert flow.nodes["http-server"].settings == {"method": "GET", "path": "/hello/{name}"}
    assert flow.nodes["page"].settings == {"template": "Hello {{$.req.params.name}} {{$.payload.a}}"}
    assert wires(flow) == {
        "http-server.request page.in": {"context": {"payload": "{{$.query}}", "req": "{{$}}"}},
        "page.written http-server.response": {"status": 201, "body": "{{$.text}}"},
    }
    assert (result.mapped, result.notes) == (2, [])


def test_rules_become_mappings_and_conditions() -> None:
    flow, result = read(
        node("a", "inject", ["b"], repeat="5", once=True, props=[{"p": "payload"}, {"p": "topic", "vt": "str"}],
             payload="7", payloadType="num", topic="line"),
        node("b", "change", ["c"], rules=[
            {"t": "set", "p": "total", "pt": "msg", "to": "payload", "tot": "msg"},
            {"t": "set", "p": "payload", "pt": "msg", "to": "big", "tot": "str"},
            {"t": "set", "p": "count", "pt": "flow", "to": "1", "tot": "num"}]),
        node("c", "switch", ["d"], ["e"], property="total", rules=[
            {"t": "gt", "v": "5", "vt": "num"}, {"t": "else"}], checkall="false"),
        node("d", "debug", name="big"),
        node("e", "debug", name="small", complete="true"),
    )  # fmt: skip
    assert flow.nodes["inject"].settings == {
        "message": {"payload": 7, "topic": "line"}, "interval": 5_000, "atStart": True,
    }  # fmt: skip
    found = wires(flow)
    assert found["inject.out transform.in"] == {"payload": "big", "topic": "{{$.topic}}", "total": "{{$.payload}}"}
    assert found["transform.out router.in"]["conditions"] == [
        {"route": "rule1", "condition": "{{$.total > 5}}"},
        {"route": "rule2", "condition": True},
    ]
    assert found["router.rule1 big.in"] == {"payload": "{{$.payload}}"}
    assert found["router.rule2 small.in"].keys() == {"payload", "topic", "total"}
    assert [note.message for note in result.notes] == [
        "set flow.count: only properties of the message can be changed",
        "a text is not compared as a number, as it is there",
    ]
    assert (result.mapped, result.adapted, result.placeholders) == (5, 2, 0)
    assert "Node-RED: set flow.count" in flow.nodes["transform"].comment


def test_what_has_no_counterpart_is_kept_with_all_it_held() -> None:
    flow, result = read(
        node("a", "mqtt in", ["b"], topic="x/#", name="Sensors"),
        node("b", "function", ["c"], ["c"], func="return [msg, null];", x=100),
        node("c", "debug", x=200),
        {"id": "m", "type": "mqtt-broker", "broker": "localhost"},
    )
    sensors = flow.nodes["sensors"]
    assert (sensors.module, sensors.component) == ("node-red", "mqtt-in")
    assert sensors.settings["original"] == {"type": "mqtt in", "topic": "x/#", "name": "Sensors"}
    assert flow.nodes["function"].settings["original"]["func"] == "return [msg, null];"
    assert wires(flow).keys() == {
        "sensors.out function.in",
        "function.out debug.in",
        "function.out-2 debug.in",
    }
    assert (result.mapped, result.adapted, result.placeholders) == (1, 0, 2)
    assert [(note.where, note.kind) for note in result.notes] == [
        ("Sensors", "placeholder"),
        ("function", "placeholder"),
        ("mqtt-broker", "left_out"),
    ]


def test_links_and_subflows_are_what_they_stand_for() -> None:
    subflow = {"id": "s", "type": "subflow", "name": "Twice", "in": [{"wires": [{"id": "s1"}]}],
               "out": [{"wires": [{"id": "s1", "port": 0}]}]}  # fmt: skip
    flow, _ = read(
        subflow,
        node("s1", "json", z="s", action="obj"),
        node("a", "inject", ["o"], props=[{"p": "payload", "v": "{}", "vt": "str"}]),
        node("o", "link out", links=["i"]),
        node("i", "link in", ["x"]),
        node("x", "subflow:s", ["d"], x=300),
        node("d", "debug", x=500),
    )
    assert wires(flow).keys() == {"inject.out json.parse", "json.parsed debug.in"}
    assert flow.groups["twice"].title == "Twice"
    assert flow.nodes["json"].group == "twice"


def test_caught_errors_leave_by_error_ports() -> None:
    flow, _ = read(
        node("a", "inject", ["b"]),
        node("b", "json", ["c"], action="obj"),
        node("c", "debug"),
        node("k", "catch", ["e"], scope=["b"]),
        node("e", "debug", name="Errors", complete="error"),
    )
    assert flow.nodes["json"].settings == {"enableErrorPort": True}
    assert wires(flow)["json.error errors.in"] == {"error": "{{$}}"}


def test_lists_are_taken_apart_and_collected() -> None:
    flow, _ = read(
        node("a", "inject", ["b"], props=[{"p": "payload", "v": "[1,2]", "vt": "json"}]),
        node("b", "split", ["c"]),
        node("c", "delay", ["d"], pauseType="delay", timeout="2", timeoutUnits="seconds"),
        node("d", "join", ["e"], mode="custom", build="array", count="2"),
        node("e", "http request", ["f"], method="POST", url="http://example.com/{{topic}}", ret="obj"),
        node("f", "debug"),
    )
    found = wires(flow)
    assert found["inject.out split.in"] == {
        "items": "{{$.payload}}",
        "context": {"payload": "{{$.payload}}", "statusCode": None},
    }
    assert found["split.item delay.in"]["context"]["payload"] == "{{$.item}}"
    assert found["delay.out collect.in"] == {"item": "{{$.payload}}"}
    assert found["collect.batch http-client.request"]["body"] == "{{$.items}}"
    assert flow.nodes["delay"].settings == {"delay": 2_000}


def test_each_tab_is_a_flow() -> None:
    other = {"id": "u", "type": "tab", "label": "Line 4"}
    result = read_node_red([TAB, other, node("a", "debug"), node("b", "debug", z="u"), node("c", "comment", name="Hi")])
    assert isinstance(result.file, FileProject)
    assert sorted(result.file.flows) == ["line-4", "line-4-2"]
    assert result.file.flows["line-4"].notes[0].text == "**Hi**"


@pytest.mark.parametrize(
    "values", [[], {}, None, [1], [{"id": "a"}], {"weirflow": 1}, [{"id": 7, "type": "tab"}], "text"]
)
def test_what_is_something_else_is_told_apart(values: object) -> None:
    assert not is_node_red(values)


def test_what_makes_no_sense_does_no_harm() -> None:
    strange: list[Any] = [
        node("a", "switch", ["b", 7, None], rules=[{"t": "weird"}, 3], property="payload[msg.x]"),
        node("b", "change", rules="no"),
        {"id": "c", "type": "inject", "z": "nowhere", "x": "left", "y": None, "wires": "no", "props": [1, {"p": 2}]},
        {"id": "d", "type": "subflow", "in": [{}], "out": "no"},
        node("e", "subflow:d", ["e"], ["a"]),
        node("f", "subflow:f", ["f"]),
        node("g", "link out", ["g"], links=["g", 3]),
        node("h", "template", template="{{#x}}"),
        node("i", "", name=""),
    ]
    assert read_node_red(strange).file


def test_a_subflow_within_itself_ends() -> None:
    subflow = {"id": "s", "type": "subflow", "name": "Endless", "in": [], "out": []}
    result = read_node_red([TAB, subflow, node("x", "subflow:s"), node("y", "subflow:s", z="s")])
    assert any("placeholder" in note.message for note in result.notes)


def test_too_much_is_refused() -> None:
    with pytest.raises(FlowFileError, match="more than 20,000"):
        read_node_red([TAB, *(node(f"n{at}", "debug") for at in range(20_001))])


def test_what_repeats_itself_has_an_end() -> None:
    """A short file could say a very long one: each rule repeats the values of those before it."""
    rules = [{"t": "set", "p": "payload", "pt": "msg", "to": json.dumps(["x" * 50_000]), "tot": "json"}]
    rules += [{"t": "set", "p": f"p{at}", "pt": "msg", "to": "payload", "tot": "msg"} for at in range(30)]
    _, result = read(node("a", "change", rules=rules))
    assert [note.message for note in result.notes if "1,000,000 characters" in note.message]
    targets = [f"c{at}" for at in range(40)]
    change = {"rules": rules[:19]}
    with pytest.raises(FlowFileError, match="mappings that its wires would have"):
        read_node_red([TAB, node("a", "split", targets), *(node(pk, "change", **change) for pk in targets)])


def test_a_text_that_is_put_together_stands_in_an_address() -> None:
    flow, _ = read(
        node("i", "inject", ["h"], props=[{"p": "payload", "v": "'a/' & $now()", "vt": "jsonata"}]),
        node("c", "change", ["h"], rules=[{"t": "set", "p": "payload", "pt": "msg", "to": "{{b}}", "tot": "str"}]),
        node("k", "inject", ["h"], crontab="0 6 * * *", props=[{"p": "payload", "v": "{{b}}", "vt": "str"}]),
        node("h", "http request", method="GET", url="http://example.test/{{payload}}"),
    )
    urls = [one.mapping["url"] for one in flow.wires if one.target_port == "request"]
    assert urls == [
        "http://example.test/a/{{RFC3339()}}",
        "http://example.test/{{$.payload}}",
        "http://example.test/{{ '{{' }}b}}",
    ]


def test_jsonata_that_takes_too_long_is_refused() -> None:
    """Each wire to a node has its own translation."""
    rules = [{"t": "set", "p": "payload", "pt": "msg", "to": f"'{'x' * 3_900}'", "tot": "jsonata"}]
    sources = [node(f"d{at}", "split", ["a"]) for at in range(60)]
    with pytest.raises(FlowFileError, match="JSONata takes too long"):
        read_node_red([TAB, *sources, node("a", "change", rules=rules)])
    assert read_node_red([TAB, *sources[:20], node("a", "change", rules=rules)]).mapped == 21


@pytest.mark.parametrize(
    "code",
    [
        "return msg",
        "if (msg.payload) { return msg; }",
        "msg.payload = flow.get('x'); return msg;",
        "msg.payload += 1; return msg;",
        "msg.payload.x = 1; return msg;",
        "msg.payload = msg.a + msg.b; return msg;",
        "msg.payload = msg.payload.length; return msg;",
        "msg.payload = 1 + 2 + 'x'; return msg;",
        "msg.payload = -1; return msg;",
        "msg.payload = msg.a == 1; return msg;",
        "msg.payload = JSON.parse(msg.payload); return msg;",
        "msg.payload = 'a' + `b`; return msg;",
        "msg.payload = 1; return;",
        "return msg; msg.payload = 1;",
        "var x = 1; return msg;",
        "msg.payload = ; return msg;",
        "/**/" * 900 + "(",
        "/*" * 1_900,
        "'" * 3_999,
        "msg.a = 1;" * 500 + "return msg;",
        "msg.payload = msg.payload * msg.payload;" * 90 + "return msg;",
        "msg.payload = 'a' + msg.payload + msg.payload;" * 80 + "return msg;",
        f"msg.payload = {'9' * 400}.5; return msg;",
    ],
)
def test_a_function_that_does_more_stays_as_it_was(code: str) -> None:
    flow, result = read(node("a", "function", func=code, outputs=1), node("b", "function", func=code, outputs=2))
    kept = [one.component for one in flow.nodes.values()]
    assert kept == (["transform", "function"] if code == "return msg" else ["function", "function"])
    assert result.placeholders == kept.count("function")
