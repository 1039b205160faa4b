"""Nodes that send on their own: inject, http in."""

from __future__ import annotations

from typing import Any

from weirflow.flowfile.nodered.cleaned import Node
from weirflow.flowfile.nodered.converted import Converted, Properties, number_of, text_of
from weirflow.flowfile.nodered.message import PASSED, Expression, Filled, Sent, Unsaid, differences
from weirflow.flowfile.nodered.typed import typed


def inject(node: Node, names: Properties) -> Converted | str:
    """A cron where it has a calendar, else an inject."""
    message: dict[str, Any] = {}
    worked: dict[str, Any] = {}
    lost: list[str] = []
    for name, value, kind in _properties(node):
        try:
            found = typed(value, kind, PASSED)
        except Unsaid as unsaid:
            lost.append(f"{name}: {unsaid}")
            continue
        lost += [f"{name}: {told}" for told in differences(found)]
        (worked if isinstance(found, Expression | Filled) else message)[name] = found
    sends = Sent({**{name: message.get(name) for name in names if name not in worked}, **worked})
    if text_of(node, "crontab"):
        return Converted("common-v1/cron", {"expression": text_of(node, "crontab")}, None, [("tick", sends)], lost)
    settings: dict[str, Any] = {"message": message}
    if number_of(node, "repeat") > 0:
        settings["interval"] = min(max(100, round(number_of(node, "repeat") * 1000)), 86_400_000)
    if node.get("once") is True:
        settings["atStart"] = True
        if number_of(node, "onceDelay") > 0:
            settings["startDelay"] = min(round(number_of(node, "onceDelay") * 1000), 3_600_000)
    sends = Sent({**{name: None for name in names if name not in message}, **worked})
    return Converted("common-v1/inject", settings, None, [("out", sends)], lost)


def http_in(node: Node, names: Properties) -> Converted | str:
    """An HTTP server; what answers it are wires back to it."""
    method = text_of(node, "method").upper() or "GET"
    if method not in ("GET", "POST", "PUT", "PATCH", "DELETE"):
        return f"the method {method} has no counterpart"
    path = "/".join(f"{{{part[1:]}}}" if part.startswith(":") else part for part in text_of(node, "url").split("/"))
    payload = Expression("$.query" if method == "GET" else "$.body")
    asked = Expression("$")
    sends = Sent({**dict.fromkeys(names), "payload": payload, "req": asked})
    lost = ["uploads come as a multipart body"] if node.get("upload") is True else []
    settings = {"method": method, "path": f"/{path.strip('/')}"}
    return Converted("http-v1/http_server", settings, None, [("request", sends)], lost)


def _properties(node: Node) -> list[tuple[str, Any, str]]:
    props = node.get("props")
    if not isinstance(props, list):
        return [
            ("payload", node.get("payload", ""), text_of(node, "payloadType") or "str"),
            ("topic", node.get("topic", ""), "str"),
        ]
    found = []
    for one in props:
        if not isinstance(one, dict) or not isinstance(one.get("p"), str):
            continue
        name = one["p"]
        if name == "payload" and "v" not in one:
            found.append((name, node.get("payload", ""), text_of(node, "payloadType") or "str"))
        elif name == "topic" and "v" not in one:
            found.append((name, node.get("topic", ""), "str"))
        else:
            found.append((name, one.get("v", ""), str(one.get("vt", "str"))))
    return found
