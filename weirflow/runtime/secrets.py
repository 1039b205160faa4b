"""Secrets that nodes may use: those labelled for their project, followed by a watch, resolved when settings change.

Nothing is looked up when a message passes. docs/secrets.md says which Secrets count and what references call them.
"""

from __future__ import annotations

import asyncio
import base64
import binascii
import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from weirflow.errors import JSON, Problem
from weirflow.kube.client import ClusterClient
from weirflow.kube.informer import Informer
from weirflow.kube.resources import (
    LABEL_SECRET,
    LABEL_SECRETS_OF,
    LINK_SECRET,
    SECRET,
    STATE_KEYS_SECRET,
    Object,
)
from weirflow.runtime.concealing import Concealers
from weirflow.secret_references import Reference, places_of, references_in, replaced

log = logging.getLogger(__name__)

MISSING = "secret_missing"
#: Bytes of one value.
MAX_BYTES = 64 * 1024
_START_SECONDS = 5.0
_OUR_OWN = frozenset({LINK_SECRET, STATE_KEYS_SECRET})
#: What a cluster fills in by itself: whoever may make a Secret, but not read one, must not get a token by a flow.
_TYPES_OF_THE_CLUSTER = frozenset({"kubernetes.io/service-account-token", "bootstrap.kubernetes.io/token"})


@dataclass(frozen=True, slots=True)
class Resolved:
    """A value with its references resolved; with a ``problem`` it is not to be used."""

    value: JSON
    problem: Problem | None = None


class Secrets:
    """``again`` is called with the name of each node that uses what has changed; ``concealers`` learn all values."""

    def __init__(self, cluster: ClusterClient, concealers: Concealers, again: Callable[[str], None]) -> None:
        self._concealers, self._again = concealers, again
        self._copies = Informer(cluster, SECRET, label_selector=LABEL_SECRETS_OF, keep=_slim)
        self._copies.on_change(self._changed)
        #: By project and what references call it: the Secrets by name, with their texts by key.
        self._texts: dict[tuple[str, str], dict[str, dict[str, str]]] = {}
        #: By project and what references call it: the nodes that asked for it.
        self._users: dict[tuple[str, str], set[str]] = {}
        self._asked: dict[str, frozenset[tuple[str, str]]] = {}

    async def start(self) -> None:
        """Begin to follow; returns with the first list, or after some seconds without."""
        self._copies.start()
        try:
            async with asyncio.timeout(_START_SECONDS):
                await self._copies.synced.wait()
        except TimeoutError:
            log.warning("Secrets of projects cannot be read yet: %s", self._copies.health.reason)

    async def stop(self) -> None:
        """End."""
        await self._copies.stop()

    def uses(self, node: str, values: Iterable[JSON]) -> None:
        """The node has these settings and mappings now: it hears when a Secret that they name changes."""
        project = _project_of(node)
        asked = frozenset((project, reference.name) for value in values for reference in references_in(value))
        before = self._asked.get(node, frozenset())
        for one in before - asked:
            self._users[one].discard(node)
            if not self._users[one]:
                del self._users[one]
        for one in asked - before:
            self._users.setdefault(one, set()).add(node)
        if asked:
            self._asked[node] = asked
        else:
            self._asked.pop(node, None)

    def resolve(self, node: str, value: JSON, what: str, wrap: Callable[[str], JSON] = str) -> Resolved:
        """``value`` with the texts, as ``wrap`` makes them, in the place of its references; ``what`` it is says the
        problem, if one is missing.

        A Secret of another project is as missing as one that does not exist: nobody learns whether it does.
        """
        project, missing = _project_of(node), list[Reference]()

        def text_of(reference: Reference) -> JSON:
            text = self._text(project, reference)
            if text is None:
                missing.append(reference)
                return None
            return wrap(text)

        resolved = replaced(value, text_of)
        if not missing:
            return Resolved(resolved)
        field = next((place for place, reference in places_of(value) if reference == missing[0]), None)
        return Resolved(value, replace(self._problem(node, project, missing[0], what), field=field))

    def _text(self, project: str, reference: Reference) -> str | None:
        found = self._texts.get((project, reference.name), {})
        # One that was made for this name, as the editor makes them, before one that happens to be called so.
        for name in sorted(found, key=lambda name: (name == reference.name, name)):
            texts = found[name]
            if (text := texts.get(reference.key)) is not None:
                return text
        return None

    def _problem(self, node: str, project: str, reference: Reference, what: str) -> Problem:
        if not self._copies.synced.is_set():
            reason = self._copies.health.reason
            text = f"{what} of {node}: {reference} cannot be read while the cluster does not answer: {reason}"
            return Problem(MISSING, f"{text}; it goes on by itself", node=node)
        text = (
            f"{what} of {node}: {reference} is not there for this project. Add it on the project's page Secrets, or "
            f"give a Secret {reference.name} with the key {reference.key} the label {LABEL_SECRETS_OF}={project}"
        )
        return Problem(MISSING, text, node=node)

    def _changed(self, name: str, new: Object | None, old: Object | None) -> None:
        touched = set()
        if old is not None:
            place = _place(old)
            touched.add(place)
            self._texts.get(place, {}).pop(name, None)
            if not self._texts.get(place):
                self._texts.pop(place, None)
        if new is not None:
            place = _place(new)
            touched.add(place)
            self._texts.setdefault(place, {})[name] = new["texts"]
        for project in {project for project, _ in touched}:
            texts = new["texts"].values() if new is not None and _place(new)[0] == project else ()
            self._concealers.know(project, f"secret {name}", texts)
        for place in touched:
            for node in sorted(self._users.get(place, ())):
                self._again(node)


def _project_of(node: str) -> str:
    return node.split(".", 1)[0]


def _place(slim: Object) -> tuple[str, str]:
    return slim["project"], slim["called"]


def _slim(secret: Object) -> Object | None:
    """What is kept of a Secret; None for one that no flow may use, whatever its labels say."""
    metadata = secret["metadata"]
    labels = metadata.get("labels") or {}
    if metadata["name"] in _OUR_OWN or secret.get("type") in _TYPES_OF_THE_CLUSTER:
        return None
    texts = {}
    for key, encoded in (secret.get("data") or {}).items():
        if (text := _text_of(encoded)) is not None:
            texts[key] = text
        else:
            log.warning("the key %s of the Secret %s is no text of at most 64 KiB: it is as if it was not there",
                        key, metadata["name"])  # fmt: skip
    return {
        "metadata": {"name": metadata["name"], "resourceVersion": metadata["resourceVersion"]},
        "project": str(labels.get(LABEL_SECRETS_OF, "")),
        "called": str(labels.get(LABEL_SECRET) or metadata["name"]),
        "texts": texts,
    }


def _text_of(encoded: str) -> str | None:
    try:
        raw = base64.b64decode(encoded, validate=True)
        return raw.decode() if len(raw) <= MAX_BYTES else None
    except (binascii.Error, ValueError):
        return None
