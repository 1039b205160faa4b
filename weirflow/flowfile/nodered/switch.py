"""A switch: a router, with its rules as conditions."""

from __future__ import annotations

from typing import Any

from weirflow.expressions import ParseError, compile_expression
from weirflow.flowfile.nodered.cleaned import Node
from weirflow.flowfile.nodered.converted import Converted, Properties, text_of
from weirflow.flowfile.nodered.message import PASSED, Expression, Room, Sent, Unsaid, differences, operand, written
from weirflow.flowfile.nodered.typed import typed

LOOSE = "a text is not compared as a number, as it is there"
LENGTH = "what has no length is refused"
TEXTS = "only texts are looked through"
_COMPARED = {"eq": "==", "neq": "!=", "lt": "<", "lte": "<=", "gt": ">", "gte": ">="}


def switch(node: Node, names: Properties) -> Converted | str:
    """A router with a route for each rule; the conditions stand in the mapping of the wires that lead to it."""
    kind, name = text_of(node, "propertyType") or "msg", text_of(node, "property") or "payload"
    if kind not in ("msg", "jsonata"):
        return f"it looks at {kind}.{name}, which has no counterpart"
    rules = [rule for rule in node.get("rules") or [] if isinstance(rule, dict)]
    differs: list[str] = []
    try:
        looked = typed(name, kind, PASSED)
        differs += differences(looked)
        room = Room()
        for rule in rules:
            condition = _condition(rule, looked, PASSED)
            room.take(condition)
            differs += differences(condition)
    except Unsaid as unsaid:
        return str(unsaid)
    routes = [f"rule{at + 1}" for at in range(len(rules))]
    if text_of(node, "checkall") != "false" and not _exclusive(rules):
        differs.append("a message goes the way of the first rule that holds, not of all")

    def inlet(sent: Sent) -> tuple[str, dict[str, Any]]:
        found = typed(name, kind, sent)
        conditions = [
            {"route": route, "condition": written(_condition(rule, found, sent))}
            for route, rule in zip(routes, rules, strict=True)
        ]
        return "in", {"context": sent.all(names), "conditions": conditions}

    outlets = [(route, PASSED) for route in routes]
    return Converted("common-v1/router", {"routes": routes}, inlet, outlets, list(dict.fromkeys(differs)))


def _exclusive(rules: list[dict[str, Any]]) -> bool:
    """Whether at most one of the rules holds at a time: each names another value, the last may be for all others."""
    if rules and rules[-1].get("t") == "else":
        rules = rules[:-1]
    named = {
        (rule.get("t"), str(rule.get("v")) if rule.get("t") == "eq" else "", str(rule.get("vt", "str")))
        for rule in rules
    }
    apart = all(rule.get("t") in ("eq", "true", "false", "null") for rule in rules)
    return len(rules) < 2 or (apart and len(named) == len(rules) and len({kind for _, _, kind in named}) == 1)


def _condition(rule: dict[str, Any], found: Any, sent: Sent) -> Any:
    """True or an expression. Raises Unsaid."""
    value, kind = operand(found), str(rule.get("t", ""))
    if isinstance(found, Expression) and " " in value:
        value = f"({value})"
    if kind in _COMPARED:
        other = _operand(rule, "v", sent)
        told = (LOOSE,) if rule.get("vt") in ("num", "bool") or other.isdecimal() else ()
        return Expression(f"{value} {_COMPARED[kind]} {other}", told)
    match kind:
        case "else":
            return True
        case "btwn":
            low, high = _operand(rule, "v", sent), _operand(rule, "v2", sent)
            # There the two may stand in either order.
            return Expression(
                f"({value} >= {low} && {value} <= {high}) || ({value} >= {high} && {value} <= {low})", (LOOSE,)
            )
        case "cont":
            return Expression(f"contains({value}, {_operand(rule, 'v', sent)})", (TEXTS,))
        case "regex":
            return _pattern(rule, value)
        case "true" | "false":
            return Expression(f"{value} == {kind}")
        case "null":
            return Expression(f"{value} == null")
        case "nnull":
            return Expression(f"{value} != null")
        case "empty":
            return Expression(f"{value} != null && length({value}) == 0", (LENGTH,))
        case "nempty":
            return Expression(f"length({value}) > 0", (LENGTH,))
        case "jsonata_exp":
            return typed(rule.get("v", ""), "jsonata", sent)
        case _:
            raise Unsaid(f"a rule of the kind {kind} has no counterpart")


def _pattern(rule: dict[str, Any], value: str) -> Expression:
    pattern = ("(?i)" if rule.get("case") is True else "") + str(rule.get("v", ""))
    if str(rule.get("vt", "str")) != "str":
        raise Unsaid("its pattern is worked out while the flow runs")
    found = Expression(f"{value} =~ {operand(pattern)}", (TEXTS,))
    try:
        compile_expression(found.text.replace(value, "$", 1))
    except ParseError:
        raise Unsaid(f"its pattern {str(rule.get('v', ''))[:60]} is none here") from None
    return found


def _operand(rule: dict[str, Any], key: str, sent: Sent) -> str:
    found = typed(rule.get(key, ""), str(rule.get(f"{key}t", "str")), sent)
    if isinstance(found, dict | list):
        raise Unsaid("it compares with an object")
    text = operand(found)
    return f"({text})" if isinstance(found, Expression) and " " in text else text
