"""JSONata of Node-RED as expressions of ours. What stands beside each is what Node-RED 4.1 gave for this message."""

from typing import Any

import pytest

from weirflow.expressions import compile_mapping
from weirflow.flowfile.nodered.jsonata import EQUAL, MISSING, NULL, ORDER, UNEQUAL, WITHIN, translated
from weirflow.flowfile.nodered.message import PASSED, Expression, Filled, Sent, Unsaid, written

MESSAGE: dict[str, Any] = {
    "payload": {
        "a": 5, "b": 2, "half": 2.5, "name": "Ada", "odd name": 1, "items": [{"p": 2}, {"p": 3}], "nums": [1, 2, 3.5],
        "words": ["x", "y"], "t": "a,b", "nul": None, "flag": False, "o": {"x": 1},
    }
}  # fmt: skip


def given(text: str) -> Any:
    return compile_mapping({"r": written(translated(text, PASSED))}).evaluate(MESSAGE)["r"]


@pytest.mark.parametrize(
    ("text", "gives"),
    [
        ("payload.name", "Ada"),
        ("payload.o.x", 1),
        ("payload.`odd name`", 1),
        ("payload.items[0].p", 2),
        ("payload.nums[-1]", 3.5),
        ("msg.payload.name", "Ada"),
        ("$.payload.name", "Ada"),
        ('payload.name & "!"', "Ada!"),
        ("payload.name & ' is ' & payload.a", "Ada is 5"),
        ("payload.nothing & 'x'", "x"),
        ("payload.a & ''", "5"),
        ("payload.nums & ''", "[1,2,3.5]"),
        ("payload.o & ''", '{"x":1}'),
        ("1.50 & ''", "1.5"),
        ("payload.half & ' ' & true", "2.5 true"),
        ('"tab\\there {{ no }}"', "tab\there {{ no }}"),
        ("payload.a + payload.b * 2", 9),
        ("(payload.a + payload.b) * 2", 14),
        ("payload.a - payload.b - 1", 2),
        ("2 - 3 - 4", -5),
        ("2 * (3 + 4) * 5", 70),
        ("-payload.a + 1", -4),
        ("payload.a % payload.b", 1),
        ("payload.a / payload.b", 2.5),
        ("payload.a > 3 and payload.b < 3", True),
        ("payload.flag or payload.name = 'Ada'", True),
        ("payload.a = 5 ? 'five' : 'other'", "five"),
        ("payload.a = 6 ? 'six'", None),
        ("payload.flag ? 1 : payload.a > 1 ? 2 : 3", 2),
        ("payload.a != payload.b", True),
        ("payload.name = null", False),
        ("payload.nul = null", True),
        ("payload.nothing = 1", False),
        ("[payload.a, payload.b]", [5, 2]),
        ('{"x": payload.a, "y": [1, \'z\']}', {"x": 5, "y": [1, "z"]}),
        ("$sum(payload.nums)", 6.5),
        ("$sum(payload.items.p)", 5),
        ("$average(payload.nums)", 2.1666666666666665),
        ("$count(payload.items)", 2),
        ("$count(payload.items.p)", 2),
        ("$count(payload.nothing)", 0),
        ("$uppercase(payload.name)", "ADA"),
        ("$lowercase(payload.name)", "ada"),
        ("$length(payload.name)", 3),
        ("$contains(payload.t, ',')", True),
        ("$split(payload.t, ',')", ["a", "b"]),
        ("$join(payload.words, '-')", "x-y"),
        ("$join(payload.words)", "xy"),
        ("$join(payload.name, '-')", "Ada"),
        ("$substring(payload.name, 1)", "da"),
        ("$substring(payload.name, -2, 1)", "d"),
        ("$substring(payload.name, 0, 2)", "Ad"),
        ("$replace(payload.t, ',', ';')", "a;b"),
        ("$floor(2.7)", 2),
        ("$ceil(payload.half)", 3),
        ("$round(payload.half)", 2),
        ("$abs(-3)", 3),
        ("$sqrt(16)", 4),
        ("$power(payload.b, 3)", 8),
        ("$not(payload.flag)", True),
        ("$boolean(payload.name)", True),
        ("$exists(payload.name)", True),
        ("$exists(payload.zip)", False),
        ("$string(payload.a)", "5"),
        ("$string(payload.flag)", "false"),
    ],
)
def test_it_gives_what_node_red_gives(text: str, gives: Any) -> None:
    assert given(text) == gives


@pytest.mark.parametrize(
    ("text", "there", "here", "told"),
    [
        ("payload.items.p", [2, 3], None, WITHIN),
        ("payload.nul & 'x'", "nullx", "x", NULL),
        ("payload.nothing != 1", False, True, UNEQUAL),
        ("payload.nothing > 1", None, False, ORDER),
        ("payload.nothing = payload.zip", False, True, EQUAL),
    ],
)
def test_where_it_differs_is_told(text: str, there: Any, here: Any, told: str) -> None:
    assert there != here
    assert given(text) == here
    found = translated(text, PASSED)
    assert isinstance(found, Expression | Filled)
    assert told in found.differs


def test_arithmetic_tells_that_it_fails_without_a_property() -> None:
    found = translated("topic + 1", PASSED)
    assert found == Expression("$.topic + 1", (MISSING,))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("$map(payload, function($v) { $v * 2 })", "$map"),
        ("payload[x > 1]", "(x)"),
        ("payload.*", "(*)"),
        ("$flowContext('count')", "context"),
        ("payload ~> $sum", "(~>)"),
        ("/ab/", "(/)"),
        ("'a' + 1", "reckons with a text"),
        ("$sum()", "$sum"),
        ("-'a'", "cannot be worked out"),
        ("'' < 1", "cannot be worked out"),
        ("$uppercase(payload & 'x')", "put"),
        ("$split(payload, payload)", "looks for"),
        ("(a := 1)", "(:=)"),
        ("payload &", "its end"),
        ("", "its end"),
        ("'it\\'s'", "escape"),
        ("msg.payload + topic", "none of the message"),
        ("(" * 40 + "1" + ")" * 40, "too deeply"),
        ("1+" * 3_000 + "1", "too long"),
        ("/**/" * 900 + "(", "its end"),
        ("{a: 1}", "(a)"),
        ("'open", "not read here"),
        ('"\\ud800"', "half a character"),
    ],
)
def test_what_is_not_the_same_is_refused(text: str, told: str) -> None:
    with pytest.raises(Unsaid) as refused:
        translated(text, PASSED)
    assert told in str(refused.value)


def test_properties_are_found_where_the_node_before_has_them() -> None:
    sent = Sent({"payload": Expression("$.context.payload"), "topic": "line {{4}}"}, "$.context.*")
    assert translated("payload.x", sent) == Expression("$.context.payload.x", (WITHIN,))
    assert translated("topic", sent) == Expression("'line {{4}}'")
    assert translated("other = 1", sent) == Expression("$.context.other == 1")
