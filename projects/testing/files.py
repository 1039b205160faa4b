"""Tests of a flow in its file, where nodes have names instead of ids."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from projects.testing.bodies import Body


class Unnamed(Exception):
    """A test speaks of a node that has no name, or no id, here."""


def tests_for_file(tests: Iterable[tuple[str, Body]], names: Mapping[str, str]) -> list[dict[str, Any]]:
    """The tests (name and body each) as they stand in a flow file; ``names`` are the nodes' in the file, by id. Those
    that speak of nodes which are not there are left out."""
    found = []
    for name, body in tests:
        try:
            found.append({"name": name, **renamed(body, names)})
        except Unnamed:
            continue
    return found


def test_from_file(test: Mapping[str, Any], ids: Mapping[str, str]) -> tuple[str, Body]:
    """Name and body of a test in a file; ``ids`` are the nodes', by their names there. Raises Unnamed."""
    body = {key: value for key, value in test.items() if key != "name"}
    return str(test["name"]), renamed(body, ids)


def renamed(body: Body, names: Mapping[str, str]) -> Body:
    """The body with other names for its nodes. Raises Unnamed."""

    def of(node: str) -> str:
        if node not in names:
            raise Unnamed(node)
        return names[node]

    def place(at: str) -> str:
        node, dot, port = at.partition(".")
        return f"{of(node)}{dot}{port}"

    clean = dict(body)
    given = body.get("given")
    clean["given"] = [_at(one, place) for one in given] if isinstance(given, list) else _at(given, place)
    clean["expect"] = [_at(one, place) for one in body.get("expect") or []]
    if body.get("answers"):
        clean["answers"] = {place(at): message for at, message in body["answers"].items()}
    if body.get("state"):
        clean["state"] = {of(node): values for node, values in body["state"].items()}
    return clean


def _at(one: Any, place: Callable[[str], str]) -> Any:
    return {**one, "at": place(one["at"])} if isinstance(one, dict) and isinstance(one.get("at"), str) else one
