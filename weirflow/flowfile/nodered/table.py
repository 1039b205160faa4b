"""Which node of Node-RED becomes what. Nodes that answer or catch have no entry: they become wires (`reading.py`)."""

from __future__ import annotations

from weirflow.flowfile.nodered.cleaned import Node
from weirflow.flowfile.nodered.converted import Converted, Converter, Properties, placeholder, text_of
from weirflow.flowfile.nodered.data import csv, debug, http_request, join, json, split
from weirflow.flowfile.nodered.function import function
from weirflow.flowfile.nodered.message import PASSED
from weirflow.flowfile.nodered.sources import http_in, inject
from weirflow.flowfile.nodered.steps import change, delay, template
from weirflow.flowfile.nodered.switch import switch

TABLE: dict[str, Converter] = {
    "change": change,
    "csv": csv,
    "debug": debug,
    "delay": delay,
    "function": function,
    "http in": http_in,
    "http request": http_request,
    "inject": inject,
    "join": join,
    "json": json,
    "split": split,
    "switch": switch,
    "template": template,
}
_KNOWN_WITHOUT: dict[str, str] = {
    "mqtt in": "there is no MQTT component: a module of your own can be one",
    "mqtt out": "there is no MQTT component: a module of your own can be one",
    "exec": "commands are not run: put the program into a module of your own",
    "status": "states of nodes are shown on the canvas, and are no messages",
    "complete": "a wire from the node's output is what follows it",
    "link call": "calls of links have no counterpart: wire the nodes directly",
    "link out": "calls of links have no counterpart: wire the nodes directly",
}


def convert(node: Node, names: Properties) -> Converted:
    """Its counterpart, or a placeholder that says why there is none."""
    kind = text_of(node, "type")
    converter = TABLE.get(kind)
    if converter is None:
        return placeholder(node, names, _KNOWN_WITHOUT.get(kind, f"{kind} has no counterpart"))
    try:
        made = converter(node, names)
        if isinstance(made, Converted) and made.inlet is not None:
            made.inlet(PASSED)
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError):
        made = "its settings are not as Node-RED writes them"
    return placeholder(node, names, made) if isinstance(made, str) else made
