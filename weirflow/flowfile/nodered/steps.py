"""Nodes that change a message or send it another way: change, template, delay."""

from __future__ import annotations

import re
from typing import Any

from weirflow.flowfile.nodered.cleaned import Node
from weirflow.flowfile.nodered.converted import Converted, Properties, number_of, text_of
from weirflow.flowfile.nodered.message import (
    PASSED,
    Expression,
    Room,
    Sent,
    Unsaid,
    as_path,
    differences,
    first_of,
    operand,
    plain,
    written,
)
from weirflow.flowfile.nodered.typed import typed

TAG = re.compile(r"\{\{\{?\s*([^{}]*?)\s*\}?\}\}")
_UNITS = {"milliseconds": 1, "seconds": 1_000, "minutes": 60_000, "hours": 3_600_000, "days": 86_400_000}
ESCAPED = "what is put in is escaped for HTML, but for / ` and ="
UNESCAPED = "what is put in by {{ }} is escaped for HTML there, here nothing is"
_DOUBLE = re.compile(r"(?<!\{)\{\{(?![{&])")


def change(node: Node, names: Properties) -> Converted | str:
    """A transform: the rules are the mapping of the wires that lead to it."""
    rules = node.get("rules") if isinstance(node.get("rules"), list) else []
    refused: list[str] = []
    differs: list[str] = []
    _changed(rules or [], PASSED, names, refused, differs)
    if rules and len(refused) == len(rules):
        return "; ".join(refused)

    def inlet(sent: Sent) -> tuple[str, dict[str, Any]]:
        left_out: list[str] = []
        mapping = _changed(rules or [], sent, names, left_out, [])
        if len(left_out) > len(refused):
            raise Unsaid("a rule looks into what is worked out on the wire")
        return "in", mapping

    told = [*refused, *dict.fromkeys(differs)]
    return Converted("common-v1/transform", {}, inlet, [("out", PASSED)], told)


def _changed(rules: list[Any], sent: Sent, names: Properties, refused: list[str], differs: list[str]) -> dict[str, Any]:
    mapping = sent.all(names)
    now, room = dict(sent.known), Room()
    for rule in rules:
        try:
            if not isinstance(rule, dict):
                raise Unsaid("a rule cannot be read")
            _rule(rule, mapping, Sent(now, sent.rest), now, room, differs)
        except Unsaid as unsaid:
            refused.append(str(unsaid))
    return mapping


def _rule(
    rule: dict[str, Any], mapping: dict[str, Any], sent: Sent, now: dict[str, Any], room: Room, differs: list[str]
) -> None:
    """Applies one rule. Raises Unsaid."""
    kind, name = str(rule.get("t", "")), str(rule.get("p", ""))
    path = as_path(name)
    if str(rule.get("pt", "msg")) != "msg" or path is None:
        raise Unsaid(f"{kind} {rule.get('pt', 'msg')}.{name}: only properties of the message can be changed")
    if path != first_of(path):
        if kind == "set" and isinstance(now.get(first_of(path)), dict):
            _set_within(rule, path, mapping, sent, now, room, differs)
            return
        raise Unsaid(f"{kind} msg.{name}: what lies within a property is not changed by a mapping")
    if kind == "delete":
        mapping.pop(path, None)
        now[path] = None
        return
    if kind == "move":
        found, to = sent.value(path), as_path(str(rule.get("to", "")))
        if to is None or to != first_of(to) or str(rule.get("tot", "msg")) != "msg":
            raise Unsaid(f"move msg.{name}: it goes where no mapping leads")
        room.take(found)
        mapping.pop(path, None)
        now[path] = None
        mapping[to], now[to] = written(found), found
        return
    try:
        found = _replaced(rule, path, sent) if kind == "change" else typed(*_to(rule), sent)
        room.take(found)
        mapping[path], now[path] = written(found), found
    except Unsaid as unsaid:
        raise Unsaid(f"{kind} msg.{name}: {unsaid}") from None
    differs.extend(f"{kind} msg.{name}: {told}" for told in differences(found))


def _set_within(
    rule: dict[str, Any],
    path: str,
    mapping: dict[str, Any],
    sent: Sent,
    now: dict[str, Any],
    room: Room,
    differs: list[str],
) -> None:
    """Sets a field of an object whose fields are all known here, as they are where a rule before has made it. Raises
    Unsaid."""
    first, *steps = path.split(".")
    if any(_holds(value, now[first]) for name, value in now.items() if name != first):
        raise Unsaid(f"set msg.{path}: another property is the same object, and would change with it")
    if any("[" in step for step in steps):
        raise Unsaid(f"set msg.{path}: an item of a list is not changed by a mapping")
    try:
        found = typed(*_to(rule), sent)
    except Unsaid as unsaid:
        raise Unsaid(f"set msg.{path}: {unsaid}") from None
    whole = _with(now[first], steps, found)
    room.take(whole)
    mapping[first], now[first] = written(whole), whole
    told = differences(found)
    if isinstance(found, Expression):
        told.append("what is not there becomes null")
    differs.extend(f"set msg.{path}: {each}" for each in told)


def _holds(value: Any, one: Any) -> bool:
    if value is one:
        return True
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return any(_holds(part, one) for part in parts)


def _with(known: Any, steps: list[str], found: Any) -> Any:
    if not steps:
        return found
    if not isinstance(known, dict):
        raise Unsaid("what lies within a property is not changed by a mapping")
    name, *rest = steps
    return {**known, name: _with(known.get(name, {}), rest, found)}


def _to(rule: dict[str, Any]) -> tuple[Any, str]:
    if rule.get("t") != "set":
        raise Unsaid("there is no such rule here")
    return rule.get("to", ""), str(rule.get("tot", "str"))


def _replaced(rule: dict[str, Any], path: str, sent: Sent) -> Expression:
    """Every place of a text within a text."""
    if str(rule.get("fromt", "str")) != "str" or not rule.get("from"):
        raise Unsaid("only a text is looked for, not a pattern or a value")
    new = typed(rule.get("to", ""), str(rule.get("tot", "str")), sent)
    if not isinstance(new, str):
        raise Unsaid("a text is only replaced by a text that stands there")
    old = operand(str(rule["from"]))
    return Expression(f"replace({operand(sent.value(path))}, {old}, {operand(new)})", ("what is no text is refused",))


def template(node: Node, names: Properties) -> Converted | str:
    """A text template; the properties that stand in it are found in the message."""
    field, text = text_of(node, "field") or "payload", text_of(node, "template")
    if text_of(node, "fieldType") not in ("", "msg") or as_path(field) != first_of(field):
        return f"it writes into {text_of(node, 'fieldType')}.{field}, which has no counterpart"
    settings: dict[str, Any] = {}
    lost: list[str] = []
    if text_of(node, "syntax") != "plain":
        tags = [found.strip() for found in TAG.findall(text)]
        wrong = [tag for tag in tags if as_path(tag.removeprefix("&").strip()) is None]
        if wrong:
            return f"its template has sections or more: {', '.join(wrong[:3])}"
        doubles = len(_DOUBLE.findall(text))
        if doubles == len(tags) and tags:
            settings["escape"] = "html"
        if doubles:
            lost.append(ESCAPED if doubles == len(tags) else UNESCAPED)
        text = TAG.sub(lambda found: f"{{{{$.{found[1].removeprefix('&').strip()}}}}}", text)
    else:
        text = plain(text)
    makes = text_of(node, "output")
    if makes in ("json", "yaml"):
        lost.append(f"it makes {makes}: here it is a text")
    return Converted(
        "data-v1/text_template",
        {"template": text, **settings},
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
