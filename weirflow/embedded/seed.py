"""What every cluster starts with: namespaces, the Tiny Systems definitions, the keys of the telemetry link and of
states."""

from __future__ import annotations

import asyncio
import base64
import os

from weirflow.embedded.definitions import DEFINITIONS
from weirflow.embedded.kinds import JsonObject, Kind, Registry
from weirflow.embedded.steps import Author
from weirflow.embedded.store import Store
from weirflow.embedded.writes import Writer
from weirflow.kube.definitions import tiny_definitions
from weirflow.kube.resources import STATE_KEYS_SECRET
from weirflow.kube.state_keys import first_keys

LINK_SECRET = "weirflow-link"  # noqa: S105
LINK_KEY_BYTES = 32


async def seed(store: Store, registry: Registry, writer: Writer) -> None:
    """Create what is missing and bring outdated definitions up to date; one group on the disk."""
    tickets: list[asyncio.Future[None] | None] = []

    def ensure(kind: Kind, namespace: str, value: JsonObject) -> None:
        if store.head(kind.qualified, namespace, value["metadata"]["name"]) is None:
            tickets.append(writer.create(kind, namespace, value).ticket)

    namespaces, secrets = _kind(registry, "", "namespaces"), _kind(registry, "", "secrets")
    for name in ("default", "kube-system"):
        ensure(namespaces, "", {"metadata": {"name": name}})
    key = base64.b64encode(os.urandom(LINK_KEY_BYTES)).decode()
    ensure(secrets, "default", {"metadata": {"name": LINK_SECRET}, "data": {"key": key}})
    ensure(secrets, "default", {"metadata": {"name": STATE_KEYS_SECRET}, "data": first_keys()})
    definitions = _kind(registry, "apiextensions.k8s.io", "customresourcedefinitions")
    for value in tiny_definitions():
        name = value["metadata"]["name"]
        stored = store.head(DEFINITIONS, "", name)
        if stored is None:
            tickets.append(writer.create(definitions, "", value).ticket)
        elif stored.parse()["spec"] != value["spec"]:
            value["metadata"]["resourceVersion"] = str(stored.version)
            tickets.append(writer.update(definitions, "", name, "", value, Author()).ticket)
    for ticket in tickets:
        if ticket is not None:
            await ticket


def _kind(registry: Registry, group: str, plural: str) -> Kind:
    kind = registry.find(group, "v1", plural)
    if kind is None:
        raise LookupError(f"the built-in kind {plural} is not registered")
    return kind
