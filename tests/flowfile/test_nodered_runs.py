"""Converted flows are run: a request gets the answer that Node-RED 4.1 gave to the same one."""

from typing import Any

import orjson
import pytest

from modules.common import module as common
from modules.data import module as data
from modules.http import module as http
from tests.flowfile.test_nodered import TAB, node
from weirflow.flowfile import FileFlow, print_flow_file
from weirflow.flowfile.nodered import read_node_red
from weirflow.flowfile.values import read_values
from weirflow.flowtest.cases import read_test
from weirflow.flowtest.flow import read_flow
from weirflow.flowtest.run import run_test

BODY: dict[str, Any] = {
    "a": 5, "b": 2, "half": 2.5, "name": "Ada", "odd": "<a href=\"x\">O'N & co</a>", "nums": [1, 2, 3.5], "t": "a,b",
    "flag": False, "csv": 'id,name\n1,Ada\n007,"B, C"\n', "csv2": "1;Ada\n2;Bob\n",
}  # fmt: skip
REQUEST = {
    "method": "POST", "path": "/a", "query": {}, "headers": {}, "body": BODY, "encoding": "json", "params": {},
}  # fmt: skip


def flow_of(*nodes: dict[str, Any]) -> dict[str, Any]:
    file = read_node_red([TAB, *nodes]).file
    assert isinstance(file, FileFlow)
    flow: dict[str, Any] = read_values(print_flow_file(file))
    return flow


def ran(flow: dict[str, Any], given: Any, expect: list[Any], **more: Any) -> None:
    test = read_test({"name": "test", "given": given, "expect": expect, **more})
    result = run_test(read_flow(flow), test, [common, data, http]).to_json()
    assert result["outcome"] == "passed", orjson.dumps(result, option=orjson.OPT_INDENT_2).decode()


def answers(body: Any, *steps: tuple[str, dict[str, Any]], status: int = 200) -> None:
    """The request goes through the steps one after the other; what leaves the last answers it."""
    chain = []
    for at, (kind, about) in enumerate(steps):
        outputs = about.get("outputs", 1)
        behind = f"n{at + 1}" if at + 1 < len(steps) else "end"
        chain.append(node(f"n{at}", kind, *([behind] for _ in range(outputs)), x=200 * at, **about))
    flow = flow_of(node("begin", "http in", ["n0"], method="post", url="/a"), *chain, node("end", "http response"))
    ran(flow, {"at": "http-server.request", "message": REQUEST}, [{"reply": {"status": status, "body": body}}])


def setting(to: str, kind: str = "jsonata", name: str = "payload") -> dict[str, Any]:
    return {"t": "set", "p": name, "pt": "msg", "to": to, "tot": kind}


def change(*rules: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    return "change", {"rules": list(rules)}


def template(text: str, **more: Any) -> tuple[str, dict[str, Any]]:
    return "template", {"template": text, "field": "payload", "fieldType": "msg", "syntax": "mustache", **more}


def test_a_template_is_filled_in() -> None:
    text = "Hello {{{payload.name}}}, {{{payload.odd}}} {{{payload.nothing}}} {{{payload.half}}} {{{payload.flag}}}"
    answers('Hello Ada, <a href="x">O\'N & co</a>  2.5 false', template(text))


def test_a_template_escapes_what_it_is_filled_with() -> None:
    answers(
        "<b>Ada</b> &lt;1 &amp; 2&gt;",
        change(setting("'<1 & 2>'", name="topic")),
        template("<b>{{payload.name}}</b> {{topic}}"),
    )


def test_a_plain_template_keeps_its_braces() -> None:
    answers("{{payload}} {{{x", template("{{payload}} {{{x", syntax="plain"))


def test_rules_follow_each_other() -> None:
    replaced = {"t": "change", "p": "payload", "pt": "msg", "from": ",", "fromt": "str", "to": " and ", "tot": "str"}
    moved = {"t": "move", "p": "topic", "pt": "msg", "to": "payload", "tot": "msg"}
    answers("a and b", change(setting("payload.t", "msg"), replaced, setting("payload", "msg", "topic"), moved))


def test_a_field_of_what_a_rule_has_made_is_set() -> None:
    answers(
        {"ok": True, "in": {"x": 1, "y": 2}, "name": "Ada", "new": {"deep": 1}},
        change(
            setting("payload.name", "msg", "topic"),
            setting('{"ok": true, "in": {"x": 1}}', "json"),
            setting("topic", "msg", "payload.name"),
            setting("2", "num", "payload.in.y"),
            setting("payload.in.x", "msg", "payload.new.deep"),
        ),
    )


@pytest.mark.parametrize(
    ("rules", "told"),
    [
        # There both would have the field.
        ([setting('{"a": 1}', "json"), setting("payload", "msg", "topic"), setting("2", "num", "payload.b")], "same"),
        ([setting("2", "num", "payload.b"), setting("x", "str", "topic")], "lies within a property"),
        ([setting('{"a": 1}', "json"), setting("2", "num", "payload.a.b")], "lies within a property"),
        ([setting('{"a": []}', "json"), setting("2", "num", "payload.a[0]")], "an item of a list"),
    ],
)
def test_a_field_that_cannot_be_set_is_told(rules: list[dict[str, Any]], told: str) -> None:
    nodes = [node("i", "inject", ["c"], props=[{"p": "payload"}]), node("c", "change", rules=rules)]
    notes = [note.message for note in read_node_red([TAB, *nodes]).notes]
    assert [told in note for note in notes] == [True], notes


def test_a_text_that_looks_like_an_expression_stays_one() -> None:
    answers("{{$.payload}}", change(setting("{{$.payload}}", "str")))


def test_jsonata_is_worked_out() -> None:
    answers("Ada: 6.5", change(setting("payload.name & ': ' & $sum(payload.nums)")))
    answers({"sum": 7, "big": True}, change(setting('{"sum": payload.a + payload.b, "big": payload.a > 3}')))


@pytest.mark.parametrize(
    ("rules", "way"),
    [
        ([{"t": "gt", "v": "3", "vt": "num"}, {"t": "else"}], "one"),
        ([{"t": "lt", "v": "3", "vt": "num"}, {"t": "else"}], "two"),
        ([{"t": "btwn", "v": "9", "vt": "num", "v2": "2", "v2t": "num"}, {"t": "else"}], "one"),
        ([{"t": "jsonata_exp", "v": "payload.name = 'Ada' and payload.b = 2", "vt": "jsonata"}, {"t": "else"}], "one"),
        ([{"t": "null"}, {"t": "nnull"}], "two"),
    ],
)
def test_a_message_goes_its_way(rules: list[dict[str, Any]], way: str) -> None:
    flow = flow_of(
        node("i", "inject", ["s"], props=[{"p": "payload"}]),
        node("s", "switch", ["a"], ["b"], property="payload.a", propertyType="msg", rules=rules, checkall="true"),
        node("a", "debug", name="one", complete="payload"),
        node("b", "debug", name="two", complete="payload"),
    )
    other = "two" if way == "one" else "one"
    expect = [{"at": f"{way}.in", "count": 1, "message": {"payload": BODY}}, {"at": f"{other}.in", "absent": True}]
    ran(flow, {"at": "inject.out", "message": {"payload": BODY}}, expect)


@pytest.mark.parametrize(
    ("text", "about", "rows"),
    [
        ("payload.csv", {"hdrin": True, "sep": ","}, [{"id": 1, "name": "Ada"}, {"id": "007", "name": "B, C"}]),
        ("payload.csv2", {"sep": ";", "temp": "id,name"}, [{"id": 1, "name": "Ada"}, {"id": 2, "name": "Bob"}]),
    ],
)
def test_csv_is_read(text: str, about: dict[str, Any], rows: list[Any]) -> None:
    answers(rows, change(setting(text, "msg")), ("csv", {"multi": "mult", "strings": True, **about}))


def test_json_is_written_and_read() -> None:
    answers('{"x":5}', change(setting('{"x": payload.a}')), ("json", {"action": "str"}))
    answers({"x": [1]}, change(setting('{"x": [1]}', "str")), ("json", {"action": "obj"}))


def test_what_was_split_is_joined() -> None:
    doubled = change(setting("payload * 2"))
    answers(
        [2, 4, 7],
        change(setting("payload.nums", "msg")),
        ("split", {"splt": "\\n", "spltType": "str"}),
        doubled,
        ("join", {"mode": "auto"}),
    )


@pytest.mark.parametrize(("text", "parts"), [("a,b", ["a", "b"]), ("", [""])])
def test_a_text_is_split(text: str, parts: list[str]) -> None:
    joined = {"mode": "custom", "build": "array", "count": str(len(parts))}
    answers(parts, change(setting(text, "str")), ("split", {"splt": ",", "spltType": "str"}), ("join", joined))


def test_parts_are_joined_to_a_text() -> None:
    joined = {"mode": "custom", "build": "string", "count": "2", "joiner": "\\n", "joinerType": "str"}
    answers("a\nb", change(setting("a,b", "str")), ("split", {"splt": ",", "spltType": "str"}), ("join", joined))


def test_a_status_is_given_or_200() -> None:
    answers("x", change(setting("x", "str")), change({**setting("201", "num", "statusCode")}), status=201)
    answers("x", change(setting("x", "str")))


@pytest.mark.parametrize(
    ("code", "gives"),
    [
        (
            "// greet\nmsg.topic = 'Hi ' + msg.payload.name;\n"
            "msg.payload = msg.topic + '!' + msg.payload.a + \"\\n\" + true;\nreturn msg;",
            "Hi Ada!5\ntrue",
        ),
        ("msg.payload = msg.payload.a * 2\nreturn msg", 10),
        ("msg.payload=msg.payload.nums[1]; /* x */ return msg;", 2),
        ("msg.payload = 'x' + 1 + 2; return msg;", "x12"),
    ],
)
def test_a_function_that_only_assigns_is_a_mapping(code: str, gives: Any) -> None:
    answers(gives, ("function", {"func": code, "outputs": 1}))


def test_headers_of_a_message_are_sent() -> None:
    steps = change(setting('{"x-line": "4"}', "json", "headers"), setting("y", "str"))
    flow = flow_of(
        node("a", "http in", ["b"], method="post", url="/a"),
        node("b", steps[0], ["c"], **steps[1]),
        node("c", "http response"),
    )
    expect = [{"reply": {"status": 200, "headers": {"x-line": "4"}, "body": "y"}}]
    ran(flow, {"at": "http-server.request", "message": REQUEST}, expect)


def test_what_looks_into_a_message_that_is_worked_out_gets_it_made_first() -> None:
    rules = [{"t": "eq", "v": "Ada", "vt": "str"}, {"t": "else"}]
    flow = flow_of(
        node(
            "i", "inject", ["c", "s"], crontab="0 9 * * *", props=[{"p": "payload", "v": '{"n": "Ada"}', "vt": "json"}]
        ),
        node("c", "change", ["a"], rules=[setting("payload.n & '!'")]),
        node("s", "switch", ["b"], [], property="payload.n", propertyType="msg", rules=rules),
        node("f", "function", ["d"], func="msg.payload = 'x' + msg.payload.n; return msg;", outputs=1),
        node("a", "debug", name="one", complete="payload"),
        node("b", "debug", name="two", complete="payload"),
        node("d", "debug", name="three", complete="payload"),
        node("j", "inject", ["f"], crontab="0 9 * * *", props=[{"p": "payload", "v": '{"n": "Ada"}', "vt": "json"}]),
    )
    first = [{"at": "one.in", "message": {"payload": "Ada!"}}, {"at": "two.in", "message": {"payload": {"n": "Ada"}}}]
    tick = {"timestamp": "2026-01-01T09:00:00Z"}
    ran(flow, {"at": "cron.tick", "message": tick}, first)
    ran(flow, {"at": "cron-2.tick", "message": tick}, [{"at": "three.in", "message": {"payload": "xAda"}}])
