"""The state of a node: asked of the hosts that run it, edited through whoever leads it."""

import logging
import uuid
from collections.abc import Collection
from functools import partial
from typing import Any

from django.contrib.auth.models import User

from editor import controls
from editor.api.errors import refuse
from editor.database import in_database
from editor.hub import Hub
from projects.models import Node
from projects.permissions import require, visible_flow
from projects.shown import nodes_shown
from weirflow.kube.errors import ApiError
from weirflow.kube.resources import TINY_NODE
from weirflow.runtime.redaction import redact
from weirflow.spec import STATE_PORT
from weirflow.state_codec import RESTORED_KEY, RUNTIME_KEYS, is_sealed

log = logging.getLogger(__name__)

READY_SECONDS = 2.0
_LONGEST_TEXT = 2048

Told = dict[str, Any]


async def read(hub: Hub, person: User, flow_id: uuid.UUID, node_id: str) -> Told:
    """All fields of the node's state with its last changes, as the leading host tells them; as they are stored, without
    types, where no host answers. Raises 404 for what the person may not see."""
    row = await in_database(_shown, person, flow_id, node_id)
    await hub.ready(READY_SECONDS)
    host, told = await _leading(hub, row, {"state": row.name})
    if told is None:
        return await _stored(hub, row.name)
    entries = told.get("history", ())
    named = [entry["by"]["node"] for entry in entries if entry["by"].get("kind") == "message"]
    names = await in_database(_ids, person, flow_id, named) if named else {}
    history = [_with_id(entry, names) for entry in entries]
    return {**told, "running": True, "host": host, "history": history}


async def read_field(hub: Hub, person: User, flow_id: uuid.UUID, node_id: str, field: str) -> Told:
    """One field whole, as far as it can be told. Raises 404 where no host tells it."""
    row = await in_database(_shown, person, flow_id, node_id)
    await hub.ready(READY_SECONDS)
    _, told = await _leading(hub, row, {"state": row.name, "field": field})
    found: Told | None = told["field"] if told is not None else None
    if found is None:
        raise refuse(404, "not_found", "No host that runs this node tells of such a field.", field="/field")
    return found


async def edit(hub: Hub, person: User, flow_id: uuid.UUID, node_id: str, data: Told, key: str) -> str:
    """Send an edit to the node's leader, once for each key; returns the signal's name. Raises 403 for who may not edit
    the flow, 409 where nobody leads the node now: an edit is not left lying about for later."""
    find = partial(_editable, flow_id)
    row = await in_database(find, person, node_id, ())
    if hub.presses.get(controls.signal_name(int(person.pk), key)) is None:
        await hub.ready(READY_SECONDS)
        _, told = await _leading(hub, row, {"state": row.name})
        if told is None or not told["leads"]:
            message = f"No host leads the module {row.module} now, so nothing was changed: start it, then repeat."
            raise refuse(409, "not_running", message)
        if not told["kept"]:
            raise refuse(422, "no_state", "This node keeps no state.")
    sent = {**data, "by": person.get_username()}
    name = await controls.press(hub, person, find, node_id, STATE_PORT, sent, key)
    log.info("user %s edits the field %s of the state of %s", person.pk, data["field"][:64], row.name)
    return name


async def _leading(hub: Hub, row: Node, question: Told) -> tuple[str, Told | None]:
    """What the leader answers; else the host with the newest state."""
    answers = await hub.listening.ask([row.module], question)
    told = [(host, answer["state"]) for host, answer in answers if answer is not None and answer.get("state")]
    if not told:
        return "", None
    return max(told, key=lambda one: (one[1].get("leads", False), one[1].get("epoch", 0), one[1].get("version", 0)))


async def _stored(hub: Hub, name: str) -> Told:
    """What stands in the node's resource while nobody can say what it means."""
    told: Told = {"running": False, "host": "", "leads": False, "kept": True, "history": []}
    metadata: dict[str, str] = {}
    if hub.connection is not None:
        try:
            live = await hub.connection.cluster.get(TINY_NODE, name)
        except ApiError as error:
            log.info("the state of %s cannot be read: %s", name, error)
        else:
            metadata = (live.get("status") or {}).get("metadata") or {}
    fields = [_field(key, text) for key, text in sorted(metadata.items()) if key not in (*RUNTIME_KEYS, RESTORED_KEY)]
    return {
        **told,
        "epoch": _number(metadata.get("state-epoch")),
        "version": _number(metadata.get("state-version")),
        "stored": bool(fields),
        "fields": fields,
    }


def _field(key: str, text: str) -> Told:
    field = {"name": key, "key": key, "title": key, "schema": {"type": "string"}, "editable": False}
    if is_sealed(text):
        return {**field, "secret": True, "set": True}
    clean = redact({key: text})
    shown = str(clean[key]) if isinstance(clean, dict) else ""
    told = {**field, "secret": False, "bytes": len(text.encode()), "cut": len(shown) > _LONGEST_TEXT}
    return {**told, "beginning": shown[:_LONGEST_TEXT]} if told["cut"] else {**told, "value": shown}


def _number(text: str | None) -> int:
    return int(text) if text is not None and text.isdecimal() and len(text) <= 16 else 0


def _with_id(entry: Told, names: dict[str, str]) -> Told:
    """Nodes have their ids here; of another flow's nothing is told."""
    by = entry["by"]
    if by.get("kind") != "message":
        return entry
    return {**entry, "by": {"kind": "message", "node": names.get(by["node"])}}


def _shown(person: User, flow_id: uuid.UUID, node_id: str) -> Node:
    row = nodes_shown(visible_flow(person, flow_id)).filter(pk=node_id).first()
    if row is None:
        raise refuse(404, "not_found", controls.NODE_GONE)
    return row


def _ids(person: User, flow_id: uuid.UUID, names: Collection[str]) -> dict[str, str]:
    """The nodes of these names that the flow shows."""
    nodes = nodes_shown(visible_flow(person, flow_id))
    return dict(nodes.filter(name__in=names).values_list("name", "pk"))


def _editable(flow_id: uuid.UUID, person: User, node_id: str, _fields: Collection[str]) -> Node:
    flow = visible_flow(person, flow_id)
    require(person, "edit", flow)
    row = nodes_shown(flow).select_related("project").filter(pk=node_id).first()
    if row is None:
        raise refuse(404, "not_found", controls.NODE_GONE)
    return row
