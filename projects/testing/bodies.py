"""What a test says, on its way into a row: understood, within bounds, without secrets."""

from collections.abc import Mapping
from typing import Any

from projects.catalogue import Catalogue
from projects.errors import ProjectError
from projects.models import Flow, Node
from projects.operations.limits import MAX_TEST_BYTES
from projects.operations.shape import checked_size
from projects.samples import ports_of, without_secrets
from projects.shown import nodes_shown
from weirflow.flowtest.cases import NotATest, read_test

Body = dict[str, Any]


def checked_body(flow: Flow, body: Body, catalogue: Catalogue) -> Body:
    """The body as it may be stored. Secrets are taken out of all its messages by the schemas of their ports, by name
    and by shape. Nodes may be missing: one that was deleted may come back. Raises ProjectError."""
    size = checked_size(body, "a test")
    if size > MAX_TEST_BYTES:
        message = f"A test has at most {MAX_TEST_BYTES // 1024} KiB, this one {size // 1024 + 1}: shorten its messages."
        raise ProjectError("test_too_large", message, 413, field="/body")
    if "name" in body:
        raise ProjectError("test_invalid", "The name of a test does not stand in its body.", field="/body/name")
    try:
        read_test({**body, "name": "a test"})
    except NotATest as error:
        raise ProjectError("test_invalid", f"The test says {error.text}.", field=f"/body{error.pointer}") from None
    return _Cleaner(flow, catalogue).body(body)


class _Cleaner:
    def __init__(self, flow: Flow, catalogue: Catalogue) -> None:
        self._nodes: Mapping[str, Node] = {node.pk: node for node in nodes_shown(flow)}
        self._catalogue = catalogue

    def body(self, body: Body) -> Body:
        clean = dict(body)
        given = body["given"]
        clean["given"] = [self._place(one) for one in given] if isinstance(given, list) else self._place(given)
        clean["expect"] = [self._place(one) for one in body["expect"]]
        if "answers" in body:
            clean["answers"] = {at: self._message(at, message) for at, message in (body["answers"] or {}).items()}
        if "state" in body:
            clean["state"] = without_secrets(body["state"], None)
        return clean

    def _place(self, one: Body) -> Body:
        clean = dict(one)
        if "message" in one:
            clean["message"] = self._message(str(one["at"]), one["message"])
        if "reply" in one:
            clean["reply"] = without_secrets(one["reply"], None)
        return clean

    def _message(self, at: str, message: Any) -> Any:
        node_id, _, port = at.partition(".")
        node = self._nodes.get(node_id)
        known = ports_of(node, self._catalogue).get(port) if node is not None else None
        return without_secrets(message, known.schema if known is not None else None)
