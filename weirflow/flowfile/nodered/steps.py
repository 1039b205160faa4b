"""Nodes that change a message or send it another way: change, switch, template, delay."""

from __future__ import annotations

import re
from typing import Any

from weirflow.flowfile.nodered.cleaned import Node
from weirflow.flowfile.nodered.converted import Converted, Properties, number_of, text_of
from weirflow.flowfile.nodered.message import PASSED, Expression, Sent, as_path, first_of, operand, written
from weirflow.flowfile.nodered.typed import Unsaid, typed

TAG = re.compile(r"\{\{\{?\s*([^{}]*?)\s*\}?\}\}")
_UNITS = {"milliseconds": 1, "seconds": 1_000, "minutes": 60_000, "hours": 3_600_000, "days": 86_400_000}
_COMPARED = {"eq": "==", "neq": "!=", "lt": "<", "lte": "<=", "gt": ">", "gte": ">="}


def change(node: Node, names: Properties) -> Converted | str:
    """A transform: the rules are the mapping of the wires that lead to it."""
    rules = node.get("rules") if isinstance(node.get("rules"), list) else []
    lost: list[str] = []
    _changed(rules or [], PASSED, names, lost)
    if rules and len(lost) == len(rules):
        return "; ".join(lost)
    return Converted(
        "common-v1/transform",
        {},
        lambda sent: ("in", _changed(rules or [], sent, names, [])),
        [("out", PASSED)],
        lost,
    )


def _changed(rules: list[Any], sent: Sent, names: Properties, lost: list[str]) -> dict[str, Any]:
    mapping = sent.all(names)
    now = dict(sent.known)
    for rule in rules:
        told = _rule(rule, mapping, Sent(now, sent.rest), now) if isinstance(rule, dict) else "a rule cannot be read"
        if told:
            lost.append(told)
    return mapping


def _rule(rule: dict[str, Any], mapping: dict[str, Any], sent: Sent, now: dict[str, Any]) -> str:
    """Applies one rule; answers in words what cannot be."""
    kind, name = str(rule.get("t", "")), str(rule.get("p", ""))
    path = as_path(name)
    if str(rule.get("pt", "msg")) != "msg" or path is None:
        return f"{kind} {rule.get('pt', 'msg')}.{name}: only properties of the message can be changed"
    if path != first_of(path):
        return f"{kind} msg.{name}: what lies within a property is not changed by a mapping"
    if kind == "delete":
        mapping.pop(path, None)
        now[path] = None
        return ""
    if kind == "move":
        found, to = sent.value(path), as_path(str(rule.get("to", "")))
        if to is None or to != first_of(to) or str(rule.get("tot", "msg")) != "msg":
            return f"move msg.{name}: it goes where no mapping leads"
        mapping.pop(path, None)
        mapping[to], now[to], now[path] = written(found), found, None
        return ""
    if kind != "set":
        return f"{kind} msg.{name}: replacing within a text has no counterpart"
    try:
        found = typed(rule.get("to", ""), str(rule.get("tot", "str")), sent)
    except Unsaid as unsaid:
        return f"set msg.{name}: {unsaid}"
    mapping[path], now[path] = written(found), found
    return ""


def switch(node: Node, names: Properties) -> Converted | str:
    """A router with a route for each rule; the conditions stand in the mapping of the wires that lead to it."""
    if text_of(node, "propertyType") not in ("", "msg"):
        return f"it looks at {text_of(node, 'propertyType')}.{text_of(node, 'property')}, which has no counterpart"
    rules = [rule for rule in node.get("rules") or [] if isinstance(rule, dict)]
    name = text_of(node, "property") or "payload"
    try:
        for rule in rules:
            _condition(rule, name, PASSED)
    except Unsaid as unsaid:
        return str(unsaid)
    routes = [f"rule{at + 1}" for at in range(len(rules))]
    lost = (
        ["a message goes the way of the first rule that holds, not of all"]
        if len(rules) > 1 and text_of(node, "checkall") != "false"
        else []
    )

    def inlet(sent: Sent) -> tuple[str, dict[str, Any]]:
        conditions = [
            {"route": route, "condition": written(_condition(rule, name, sent))}
            for route, rule in zip(routes, rules, strict=True)
        ]
        return "in", {"context": sent.all(names), "conditions": conditions}

    return Converted("common-v1/router", {"routes": routes}, inlet, [(route, PASSED) for route in routes], lost)


def _condition(rule: dict[str, Any], name: str, sent: Sent) -> Any:
    """True or an expression. Raises Unsaid."""
    found = sent.value(name)
    if found is None:
        raise Unsaid(f"it looks at msg.{name}, which is worked out while the flow runs")
    value, kind = operand(found), str(rule.get("t", ""))
    if kind in _COMPARED:
        return Expression(f"{value} {_COMPARED[kind]} {_operand(rule, 'v', sent)}")
    match kind:
        case "else":
            return True
        case "btwn":
            return Expression(f"{value} >= {_operand(rule, 'v', sent)} && {value} <= {_operand(rule, 'v2', sent)}")
        case "cont":
            return Expression(f"contains({value}, {_operand(rule, 'v', sent)})")
        case "regex":
            return Expression(f"{value} =~ {operand(str(rule.get('v', '')))}")
        case "true" | "false":
            return Expression(f"{value} == {kind}")
        case "null":
            return Expression(f"{value} == null")
        case "nnull":
            return Expression(f"{value} != null")
        case "empty":
            return Expression(f"length({value}) == 0")
        case "nempty":
            return Expression(f"length({value}) > 0")
        case _:
            raise Unsaid(f"a rule of the kind {kind} has no counterpart")


def _operand(rule: dict[str, Any], key: str, sent: Sent) -> str:
    found = typed(rule.get(key, ""), str(rule.get(f"{key}t", "str")), sent)
    if isinstance(found, dict | list):
        raise Unsaid("it compares with an object")
    return operand(found)


def template(node: Node, names: Properties) -> Converted | str:
    """A text template; the properties that stand in it are found in the message."""
    field, text = text_of(node, "field") or "payload", text_of(node, "template")
    if text_of(node, "fieldType") not in ("", "msg") or as_path(field) != first_of(field):
        return f"it writes into {text_of(node, 'fieldType')}.{field}, which has no counterpart"
    if text_of(node, "syntax") != "plain":
        tags = [found.strip() for found in TAG.findall(text)]
        wrong = [tag for tag in tags if as_path(tag) is None]
        if wrong:
            return f"its template has sections or more: {', '.join(wrong[:3])}"
        text = TAG.sub(lambda found: f"{{{{$.{found[1].strip()}}}}}", text)
    elif "{{" in text:
        return "its text has braces that would be taken for expressions"
    makes = text_of(node, "output")
    lost = [f"it makes {makes}: here it is a text"] if makes in ("json", "yaml") else []
    return Converted(
        "data-v1/text_template",
        {"template": text},
        lambda sent: ("in", {"context": sent.all(names)}),
        [("written", PASSED.held(names, **{field: Expression("$.text")}))],
        lost,
    )


def delay(node: Node, names: Properties) -> Converted | str:
    """Only that each message waits as long as all others."""
    if text_of(node, "pauseType") not in ("delay", ""):
        return f"a pause of the kind {text_of(node, 'pauseType')} has no counterpart"
    milliseconds = round(number_of(node, "timeout") * _UNITS.get(text_of(node, "timeoutUnits"), 1_000))
    return Converted(
        "common-v1/delay",
        {"delay": max(0, milliseconds)},
        lambda sent: ("in", {"context": sent.all(names)}),
        [("out", PASSED)],
    )
