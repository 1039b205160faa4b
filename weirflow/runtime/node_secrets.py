"""What one node has to do with secrets: the references in its settings and mappings, and literals that stand there."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING

from weirflow.errors import JSON, Fail, Problem
from weirflow.expressions import Mapping, compile_mapping
from weirflow.expressions.mapping import Verbatim
from weirflow.fields import Model
from weirflow.json_bytes import json_bytes
from weirflow.kube.resources import decode_json
from weirflow.runtime.redaction import REDACTED, redact
from weirflow.schema import schema_of
from weirflow.secret_references import (
    REFERENCE_IN_CODE,
    REFERENCE_IN_CODE_WORDS,
    places_of,
    reference_in,
    references_in,
)
from weirflow.spec import SETTINGS_PORT

if TYPE_CHECKING:
    from weirflow.runtime.node import Node


class NodeSecrets:
    """``missing``: why the node must not run, as one of its secrets is not there, or stands where none may.
    ``stale``: a Secret that it uses has changed. ``mappings`` are those with secrets in them, by their text: compiled,
    or why they cannot be used."""

    __slots__ = ("_configs", "_node", "_settings", "mappings", "missing", "stale")

    def __init__(self, node: Node) -> None:
        self._node = node
        self._settings: JSON = None
        #: Mappings with references, as they are written.
        self._configs: list[JSON] = []
        self.missing: Problem | None = None
        self.stale = False
        self.mappings: dict[str, Mapping | Problem] = {}

    def settings(self, raw: JSON) -> JSON:
        """The settings with their secrets in them; ``missing`` says whether they are whole."""
        node, secrets = self._node, self._node.shared.secrets
        if node.spec is not None and node.spec.runs_code and (refused := _refused(node.name, raw)) is not None:
            # Nothing of the Secret is read: it is not even followed for this node.
            self._settings, self.missing = None, refused
            if secrets is not None:
                self._tell_uses()
            return raw
        self._settings, self.missing = raw, None
        port = node.ports.get(SETTINGS_PORT)
        if port is not None and node.spec is not None and _has_secrets(node.spec.settings):
            # Another tool may have written the value itself: it works, and is hidden like one of a Secret.
            literals = _literals(raw, redact(raw, port.schema))
            node.shared.concealers.know(node.name.split(".", 1)[0], f"node {node.name}", literals)
        if secrets is None:
            return raw
        self._tell_uses()
        resolved = secrets.resolve(node.name, raw, "settings")
        self.missing = resolved.problem
        return resolved.value

    def read_mappings(self) -> None:
        """Find the mappings with secrets in them; to be called when mappings or a Secret have changed."""
        node, secrets = self._node, self._node.shared.secrets
        self.mappings, self._configs = {}, []
        if secrets is None:
            return
        for text, config in self._with_references():
            self._configs.append(config)
            resolved = secrets.resolve(node.name, config, "a mapping", Verbatim)
            try:
                self.mappings[text] = resolved.problem or compile_mapping(resolved.value)
            except Fail as error:
                self.mappings[text] = error.problem
        self._tell_uses()

    def close(self) -> None:
        """The node has gone."""
        node, secrets = self._node, self._node.shared.secrets
        node.shared.concealers.know(node.name.split(".", 1)[0], f"node {node.name}", ())
        if secrets is not None:
            secrets.uses(node.name, ())

    def _tell_uses(self) -> None:
        assert self._node.shared.secrets is not None
        self._node.shared.secrets.uses(self._node.name, [self._settings, *self._configs])

    def _with_references(self) -> Iterator[tuple[str, JSON]]:
        for text in set(self._node.mappings.values()):
            try:
                # Nearly all hold none, and thousands are read when a host starts.
                if b"[[secret:" in base64.b64decode(text) and references_in(config := decode_json(text)):
                    yield text, config
            except (binascii.Error, ValueError):
                continue


def _refused(node: str, raw: JSON) -> Problem | None:
    """Why settings that are a program are not to be used: a Secret in them is a program of whoever may edit Secrets."""
    place, reference = next(places_of(raw), (None, None))
    if reference is None:
        return None
    text = f"settings of {node}: {reference} stands in the settings of a node that runs code. {REFERENCE_IN_CODE_WORDS}"
    return Problem(REFERENCE_IN_CODE, text, node=node, field=place)


@lru_cache(maxsize=1_000)
def _has_secrets(settings: type[Model]) -> bool:
    """Whether any field of the settings is marked; thousands of nodes of one component are made at a start."""
    text = json_bytes(schema_of(settings))
    return any(mark in text for mark in (b'"secret":true', b'"writeOnly":true', b'"format":"password"'))


def _literals(raw: JSON, clean: JSON) -> set[str]:
    """The texts that were hidden in the copy ``clean``, but for references."""
    found: set[str] = set()
    waiting = [(raw, clean)]
    while waiting:
        one, shown = waiting.pop()
        if one is shown:
            continue
        if shown == REDACTED:
            found.update(_texts(one))
        elif isinstance(one, dict) and isinstance(shown, dict):
            waiting += [(item, shown.get(key)) for key, item in one.items()]
        elif isinstance(one, list) and isinstance(shown, list):
            waiting += zip(one, shown, strict=False)
    return found


def _texts(value: JSON) -> Iterator[str]:
    if isinstance(value, str):
        if reference_in(value) is None:
            yield value
    elif isinstance(value, dict | list):
        for item in value.values() if isinstance(value, dict) else value:
            yield from _texts(item)
    elif value is not None and not isinstance(value, bool):
        yield str(value)
