"""Nodes that read, take apart and put together: json, csv, split, join, http request, debug."""

from __future__ import annotations

from typing import Any

from weirflow.flowfile.nodered.cleaned import Node
from weirflow.flowfile.nodered.converted import Converted, Properties, number_of, text_of
from weirflow.flowfile.nodered.message import (
    PASSED,
    Expression,
    Filled,
    Sent,
    as_path,
    operand,
    or_none,
    plain,
    written,
)
from weirflow.flowfile.nodered.steps import TAG

_METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS")


def debug(node: Node, names: Properties) -> Converted | str:
    """What it shows is what the mapping gives."""
    shows = text_of(node, "complete")

    def inlet(sent: Sent) -> tuple[str, dict[str, Any]]:
        if shows == "true":
            return "in", sent.all(names)
        name = shows if shows not in ("", "false") and sent.value(shows) is not None else "payload"
        return "in", {name.replace(".", "_"): written(sent.value(name))}

    return Converted("common-v1/debug", {}, inlet)


def json(node: Node, names: Properties) -> Converted | str:
    """Reads or writes, one of both."""
    writes = text_of(node, "action") == "str"
    name = text_of(node, "property") or "payload"
    if as_path(name) is None or "." in name:
        return f"it works on msg.{name}, which lies within a property"
    port, field, out = ("write", "value", "text") if writes else ("parse", "text", "value")
    lost = [] if text_of(node, "action") else ["it reads JSON only; what is an object already is refused"]
    return Converted(
        "data-v1/json",
        {"indent": True} if node.get("pretty") is True else {},
        lambda sent: (port, {field: written(sent.value(name)), "context": sent.all(names)}),
        [("written" if writes else "parsed", PASSED.held(names, **{name: Expression(f"$.{out}")}))],
        lost,
    )


def csv(node: Node, names: Properties) -> Converted | str:
    """Reads; what would write is to be wired to the other input by hand."""
    settings: dict[str, Any] = {"header": node.get("hdrin") not in ("", False, None)}
    separator = text_of(node, "sep").replace("\\t", "\t")
    if separator and separator != ",":
        settings["delimiter"] = separator
    columns = [column.strip() for column in text_of(node, "temp").split(",") if column.strip()]
    if columns and not settings["header"]:
        settings["columns"] = columns
    if node.get("strings") is not False:
        settings["numbers"] = True
    lost = ["it reads CSV only: wire its input Write to make some"]
    if number_of(node, "skip") > 0:
        lost.append("no lines are skipped")
    if text_of(node, "multi") != "mult":
        lost.append("all rows come in one message: a split behind it makes one of each")
    return Converted(
        "data-v1/csv",
        settings,
        lambda sent: ("parse", {"text": written(sent.value("payload")), "context": sent.all(names)}),
        [("parsed", PASSED.held(names, payload=Expression("$.rows")))],
        lost,
    )


def split(node: Node, names: Properties) -> Converted | str:
    """Of a list its items, of a text its parts. What a join has to know travels as `msg.parts`."""
    separator = _separator(node, "splt")
    by_text = text_of(node, "spltType") in ("", "str") and separator
    lost = ["objects are not taken apart" if by_text else "only lists are taken apart, not texts or objects"]
    if number_of(node, "arraySplt") > 1:
        lost.append("each item is a message of its own")

    def inlet(sent: Sent) -> tuple[str, dict[str, Any]]:
        items = sent.value("payload")
        if by_text:
            found = operand(items)
            listed = f"{found}.length != null ? {found} : " if found[0] == "$" else ""
            items = items if isinstance(items, list) else Expression(f"{listed}split({found}, {operand(separator)})")
        return "in", {"items": written(items), "context": sent.all(names)}

    parts = {"id": Expression("$.batch"), "index": Expression("$.index"), "count": Expression("$.count")}
    return Converted(
        "common-v1/split",
        {},
        inlet,
        [("item", PASSED.held(names, payload=Expression("$.item"), parts=parts))],
        lost,
    )


def join(node: Node, names: Properties) -> Converted | str:
    """A collect: of so many messages, as a list or a text, or of all that a split has made of one."""
    automatic = joins_what_was_split(node)
    build = "array" if automatic else text_of(node, "build")
    if not automatic and (
        text_of(node, "mode") != "custom" or build not in ("array", "string") or number_of(node, "count") < 1
    ):
        return "only lists of so many messages have a counterpart, collect; after a split, use its output Done"
    settings: dict[str, Any] = {"size": round(number_of(node, "count"))} if not automatic else {}
    if number_of(node, "timeout") > 0:
        settings["wait"] = round(number_of(node, "timeout") * 1_000)
    lost = ["of the messages only the payloads are collected"]
    made = "$.items"
    if build == "string":
        made = f"join($.items, {operand(_separator(node, 'joiner'))})"
        lost.append("what is no text is refused")
    sends = Sent({**dict.fromkeys(names), "payload": Expression(made)})
    if automatic:
        lost.append("a text that was split comes as the list of its parts")

    def inlet(sent: Sent) -> tuple[str, dict[str, Any]]:
        mapping = {"item": written(sent.value("payload"))}
        if automatic:
            mapping |= {"key": written(sent.value("parts.id")), "size": written(sent.value("parts.count"))}
        return "in", mapping

    return Converted("common-v1/collect", settings, inlet, [("batch", sends)], lost)


def _separator(node: Node, key: str) -> str:
    return text_of(node, key).replace("\\n", "\n").replace("\\t", "\t").replace("\\r", "\r")


def joins_what_was_split(node: Node) -> bool:
    """Whether it is a join that goes by what a split has said."""
    return text_of(node, "type") == "join" and text_of(node, "mode") in ("", "auto")


def http_request(node: Node, names: Properties) -> Converted | str:
    """The HTTP client; its address may have properties in it."""
    method = text_of(node, "method") or "GET"
    if method not in (*_METHODS, "use"):
        return f"the method {method} has no counterpart"
    url = text_of(node, "url")
    tags = TAG.findall(url)
    if any(as_path(tag.strip()) is None for tag in tags):
        return "its address is made by a template with sections"
    lost = ["sign-in, TLS and proxy are to be set again"] if node.get("authType") or node.get("tls") else []
    settings: dict[str, Any] = {"statuses": "messages"}
    if method != "use":
        settings["method"] = method
    if url and not tags:
        settings["url"] = url

    def inlet(sent: Sent) -> tuple[str, dict[str, Any]]:
        mapping: dict[str, Any] = {"context": sent.all(names)}
        if tags:
            mapping["url"] = TAG.sub(lambda found: _within(sent, found[1].strip()), url)
        elif not url:
            mapping["url"] = written(sent.value("url"))
        if "headers" in names:
            mapping["headers"] = written(or_none(sent.value("headers")))
        if method == "use":
            mapping["method"] = written(sent.value("method"))
        if method not in ("GET", "HEAD"):
            mapping["body"] = written(sent.value("payload"))
        elif text_of(node, "paytoqs") == "query":
            mapping["query"] = written(sent.value("payload"))
        return "request", mapping

    sends = PASSED.held(
        names,
        payload=Expression("$.body"),
        statusCode=Expression("$.status"),
        headers=Expression("$.headers"),
    )
    return Converted("http-v1/http_client", settings, inlet, [("response", sends)], lost)


def _within(sent: Sent, name: str) -> str:
    found = sent.value(name)
    if isinstance(found, Expression):
        return f"{{{{{operand(found)}}}}}"
    return found.text if isinstance(found, Filled) else plain(str(found or ""))
