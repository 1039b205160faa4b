"""No expression takes a host down: what would cost too much is refused, before it has been paid for."""

from __future__ import annotations

import tracemalloc
from typing import Any

import pytest

from weirflow.expressions import EvaluationError, compile_expression, compile_mapping
from weirflow.expressions.limits import DEEPEST_NESTING, STEPS

_MEBIBYTE = 1 << 20
_TEXT = "a" * 20_000
_WIDE: dict[str, Any] = {"rows": [{"n": number, "t": "x" * 10} for number in range(2_000)], "t": _TEXT}
_LONG = {"t": "a" * (8 * _MEBIBYTE), "u": "".join(["a"] * (8 * _MEBIBYTE)), "v": "b", "rows": list(range(5_000))}


def _deep(levels: int) -> Any:
    value: Any = {"x": 1}
    for _ in range(levels):
        value = [value]
    return value


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("replace($.t, '', $.t)", _WIDE),
        ("replace($.t, 'a', $.t)", _WIDE),
        ("replace(replace($.t, 'a', 'bbbbbbbbbb'), 'b', $.t)", _WIDE),
        ("join($.rows[*].t, $.t)", _WIDE),
        (" + ".join(["$.t"] * 60), _LONG),
        ("'x' + " + " + ".join(["$.t"] * 60), _LONG),
        ("(upper($.t) + upper($.t)) + (lower($.t) + reverse($.t)) + " + " + ".join(["trim($.t)"] * 9), _LONG),
        ("b64encode(b64encode(b64encode(b64encode(b64encode(b64encode($.t))))))", _LONG),
        ("split($.t, '')", _LONG),
        ("split($.t, 'a')", _LONG),
    ],
)
def test_texts_that_would_grow_too_large_are_refused_before_they_are_made(text: str, message: Any) -> None:
    evaluate = compile_expression(text).evaluate
    tracemalloc.start()
    try:
        with pytest.raises(EvaluationError, match="steps"):
            evaluate(message)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 80 * _MEBIBYTE


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("$.rows[?($.t == $.u)]", _LONG),
        ("$.rows[?($.t < $.u)]", _LONG),
        ("$.rows[?(contains($.t, 'b'))]", _LONG),
        ("$.rows[?($.t =~ '(x+x+)+y')]", _LONG),
        ("$.t =~ '(a|b|ab){1,900}c'", _LONG),
        ("$.rows[?(@.t =~ '(a|b|ab){1,900}c')]", _WIDE),
        ("$.rows[?(string($) == 'a')]", _WIDE),
        ("$.rows[*][?($.rows[*].n == 1)]", _WIDE),
        ("$.rows[?($.rows[?(@.n == 1)])]", _WIDE),
        ("$..[?($..[?($..n)])]", _WIDE),
        ("$" + "[0,0]" * 25, _deep(30)),
        ("$" + "..*" * 8, _deep(60)),
        ("$" + "[*,*]" * 30, _deep(40)),
        ("[" + ",".join(["$..*"] * 300) + "]", _WIDE),
    ],
)
def test_what_costs_too_much_is_refused(text: str, message: Any) -> None:
    with pytest.raises(EvaluationError, match="steps"):
        compile_expression(text).evaluate(message)


def test_so_is_the_walk_down_what_is_nested_without_end() -> None:
    with pytest.raises(EvaluationError, match="steps"):
        compile_expression("$..x").evaluate(_deep(2_000_000))


def test_a_mapping_has_one_account_for_all_its_fields() -> None:
    with pytest.raises(EvaluationError, match="steps") as failure:
        compile_mapping({"a": ["{{ upper($.t) }}"] * 10}).evaluate(_LONG)
    assert failure.value.path.startswith("/a/")
    with pytest.raises(EvaluationError, match="steps"):
        compile_mapping({"a": "{{$.t}}" * 100}).evaluate(_LONG)
    with pytest.raises(EvaluationError, match="steps"):
        compile_mapping({"a": "{{$}} " * 1000}).evaluate(_WIDE)


def test_an_account_is_not_carried_to_the_next_message() -> None:
    mapping = compile_mapping({"a": "{{ upper($.t) }}"})
    for _ in range(20):
        assert len(mapping.evaluate(_LONG)["a"]) == len(_LONG["t"])


def test_sharing_costs_nothing_however_large_the_value() -> None:
    mapping = compile_mapping({str(number): "{{$}}" for number in range(1_000)})
    assert all(value is _LONG for value in mapping.evaluate(_LONG).values())


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("9 ** 9 ** 9", "too large"),
        ("$.n ** $.n ** $.n", "too large"),
        ("2 ** 100000000000", "too large"),
        ("factorial($.n)", "170"),
        ("factorial(10 ** 15)", "170"),
        ("pow10(10 ** 15)", "308"),
        ("1 << 1000000000", "0 to 63"),
        ("1 << 63 << 1", "64 bits"),
        ("exp($.n)", "too large"),
        ("gamma($.n)", "too large"),
        ("1e308 * 10", "too large"),
        ("1e308 + 1e308", "too large"),
        ("-1e308 - 1e308", "too large"),
        ("(-8) ** 0.5", "not a number"),
        ("0 ** -1", "division by zero"),
        ("$.t =~ $.t", "a pattern has"),
        ("$.deep == 1 ? 1 : string({'a': $.deep})", "nested too deep"),
        ("string({'a': $.huge})", "too large to be written"),
    ],
)
def test_numbers_and_depth_have_bounds(text: str, reason: str) -> None:
    message = {"n": 10**6, "t": _TEXT, "deep": _deep(50_000), "huge": 10**5_000}
    with pytest.raises(EvaluationError, match=reason):
        compile_expression(text).evaluate(message)


def test_whole_numbers_stay_whole_in_64_bits() -> None:
    def value(text: str) -> Any:
        return compile_expression(text).evaluate({"n": 2**63})

    assert value("$.n * 2 - 1 - $.n") == pytest.approx(2**63)
    assert value("$.n + 1") == 2**63 + 1
    assert isinstance(value("$.n + $.n"), float)
    assert value("2 ** 63") == 2**63
    assert value("factorial(20)") == 2432902008176640000
    assert isinstance(value("factorial(21)"), float)
    assert value("9007199254740993 + 0") == 9007199254740993


def test_patterns_that_hang_others_do_not() -> None:
    message = {"t": "a" * 100_000 + "!"}
    for pattern in ("^(a+)+$", "^(a|aa)+$", "(a*)*b", "(x+x+)+y", "^(([a-z])+.)+[A-Z]([a-z])+$"):
        assert compile_expression(f"$.t =~ '{pattern}'").evaluate(message) is False


def test_patterns_as_people_write_them_may_look_at_much() -> None:
    mails = [f"someone.{number}@mail.example.org" for number in range(5_000)]
    every = compile_expression(r"$[?(@ =~ '^[\\w.+-]{1,64}@[\\w-]+([.][\\w-]+)+$')]").evaluate(mails)
    assert every == mails
    assert compile_expression("$.t =~ '(?i)error|warn'").evaluate(_LONG) is False


@pytest.mark.parametrize(
    "joint", ["true && (", "false || (", "false || true && (", "true ? (", "false || true && true ? ("]
)
def test_code_of_the_deepest_nesting_compiles(joint: str) -> None:
    levels = DEEPEST_NESTING // 2 - 1
    closing = " : 1" if joint.endswith("? (") else ""
    text = joint * levels + "$.a" + (")" + closing) * levels
    assert compile_expression(text).evaluate({"a": True}) is True
    assert compile_mapping({"a": "{{" + text + "}}", "b": "{{" + text + "}}!"}).evaluate({"a": True})["b"] == "true!"


def test_a_message_as_large_as_flows_carry_is_within_the_steps() -> None:
    message = {"items": [{"price": number, "name": "n" * 20} for number in range(50_000)]}
    assert compile_expression("sum($.items[?(@.price > 10)].price)").evaluate(message) == sum(range(11, 50_000))
    assert STEPS == 1_000_000
