"""A press of a control becomes a TinySignal, and what becomes of it; modules that know none of those get it by NATS.

The signal's name is a hash of the person and their idempotency key: sending the request again cannot press twice.
"""

import hashlib
import logging
import time
import uuid
from collections.abc import Callable, Collection
from functools import partial
from typing import Any

from django.contrib.auth.models import User

from editor.api.errors import refuse
from editor.cluster import claims
from editor.cluster.signals import Press, keep_signal
from editor.database import in_database
from editor.hub import Hub
from projects.actions import do_note_press
from projects.actions.presses import Sent
from projects.models import LastPress, Node, Widget
from projects.operations.shape import checked_size
from projects.pages.document import press_row
from projects.pages.hidden import hidden_among, hidden_in_all
from projects.permissions import may_operate, require, visible_flow, visible_page
from projects.shown import nodes_shown
from weirflow.errors import Fail
from weirflow.json_bytes import json_bytes
from weirflow.kube.errors import AlreadyExists, ApiError, NotFound, Unavailable
from weirflow.kube.resources import (
    ANNOTATION_BY,
    ANNOTATION_OPERATION_ID,
    LABEL_PROJECT,
    TINY_SIGNAL,
    encode_json,
    module_of,
)
from weirflow.spec import CONTROL_PORT, STATE_PORT
from weirflow.transport import Unreachable

log = logging.getLogger(__name__)

Pressable = Callable[[User, str, Collection[str]], Node]
"""Answers the node with its project, or refuses the person, or one of the fields."""
NamesFor = Callable[[User], set[str]]
"""Answers names of TinyNodes."""

MAX_DATA_BYTES = 64 * 1024


def signal_name(user_id: int, key: str) -> str:
    """Name of the TinySignal and its operation id: 32 hex digits."""
    return hashlib.sha256(f"{user_id}:{key}".encode()).hexdigest()[:32]


async def press(
    hub: Hub, person: User, find: Pressable, node_id: str, port: str, data: dict[str, Any], key: str
) -> str:
    """Send the press; returns the signal's name. A repeat of ``key`` finds the first press and sends nothing. ``find``
    answers the node, if the person may press these fields of it."""
    if checked_size(data, "values") > MAX_DATA_BYTES:
        raise refuse(413, "body_too_large", f"The values of a control have at most {MAX_DATA_BYTES // 1024} KiB.")
    row = await in_database(find, person, node_id, data.keys())
    node, project = row.name, row.project.resource_name
    name = signal_name(int(person.pk), key)
    known = hub.presses.get(name)
    if known is not None:
        if known.node != node:
            raise refuse(
                409, "idempotency_key_taken", "This Idempotency-Key was used for another node: make a new one."
            )
        return name
    if not hub.start() or hub.connection is None:
        raise Unavailable(hub.reason, sent=False)
    if not await claims.claim(name, node):
        return name
    # Before it is sent: everybody who hears how it ended finds who pressed.
    pressed = [control for control, value in data.items() if value is True] if port == CONTROL_PORT else []
    named = [str(data.get("field"))[:64]] if port == STATE_PORT else field_names(data)
    await in_database(do_note_press, person, row, pressed, Sent(port, named, name))
    if hub.connection.takes_controls_by_nats(module_of(node)):
        await _press_by_nats(hub, node, port, data, name)
        log.info("user %s pressed %s of %s by NATS with %s", person.pk, port, node, logged_names(data))
        return name
    signal = TINY_SIGNAL.new(
        name,
        metadata={
            "labels": {LABEL_PROJECT: project},
            "annotations": {ANNOTATION_OPERATION_ID: name, ANNOTATION_BY: person.get_username()},
        },
        spec={"node": node, "port": port, "data": encode_json(data)},
    )
    hub.presses.begin(name, node)
    try:
        await hub.connection.cluster.create(TINY_SIGNAL, signal)
    except AlreadyExists:
        hub.presses.sent(name)
        return name
    except ApiError:
        hub.presses.forget(name)
        await claims.release(name)
        raise
    hub.presses.sent(name)
    log.info("user %s pressed %s of %s with %s", person.pk, port, node, logged_names(data))
    return name


async def _press_by_nats(hub: Hub, node: str, port: str, data: dict[str, Any], name: str) -> None:
    hub.presses.begin(name, node)
    try:
        await hub.nats_controls.send(node, port, json_bytes(data), name)
    except Unreachable as error:
        hub.presses.forget(name)
        await claims.release(name)
        raise refuse(503, error.code, f"{node} was not reached: {error}.") from error
    except Fail as error:
        if error.code == "nats_missing":
            hub.presses.forget(name)
            await claims.release(name)
            raise refuse(503, error.code, f"{error}.") from error
        hub.presses.failed(name, error.problem.to_json())
        await claims.tell_failure(name, node, error.problem.to_json())
    else:
        hub.presses.gone(name)


async def outcome(hub: Hub, person: User, names_for: NamesFor, signal: str) -> dict[str, Any]:
    """``{state, problem}`` of a press on a node that ``names_for`` answers. 404 when nothing is known of it."""
    names = await in_database(names_for, person)
    press = hub.presses.get(signal)
    if press is None:
        press = await _look_up(hub, signal)
    if press is None or press.node not in names:
        raise refuse(404, "not_found", "No such press of a control is known here.")
    return {"state": press.state, "problem": press.problem}


async def _look_up(hub: Hub, signal: str) -> Press | None:
    """A press that another process sent, or this one before it was restarted."""
    if not hub.start() or hub.connection is None:
        raise Unavailable(hub.reason, sent=False)
    try:
        obj = await hub.connection.cluster.get(TINY_SIGNAL, signal)
    except NotFound:
        taken = await claims.claimed(signal)
        if taken is None:
            return None
        node, problem = taken
        return Press(node, "failed" if problem else "done", problem, time.monotonic())
    hub.presses.seen(signal, keep_signal(obj), None)
    return hub.presses.get(signal)


def logged_names(data: dict[str, Any]) -> str:
    """What was sent, for the log: names only, and only those that cannot pass for a line of their own."""
    return ", ".join(field_names(data)) or "no values"


def field_names(data: dict[str, Any]) -> list[str]:
    """At most 20 of them, in order."""
    return sorted(name for name in data if name.isidentifier() and len(name) <= 64)[:20]


def in_flow(flow_id: uuid.UUID) -> Pressable:
    """Who may control the flow presses what any node that it shows has."""
    return partial(_in_flow, flow_id)


def on_page(page_id: uuid.UUID) -> Pressable:
    """Who may operate the page presses what stands on it."""
    return partial(_on_page, page_id)


def names_in_flow(flow_id: uuid.UUID) -> NamesFor:
    """The nodes that a flow shows."""
    return partial(_names_in_flow, flow_id)


def names_on_page(page_id: uuid.UUID) -> NamesFor:
    """The nodes that a page shows."""
    return partial(_names_on_page, page_id)


def last_presses(person: User, flow_id: uuid.UUID, node_id: str) -> dict[str, Any]:
    """``{control: {by, at}}`` of a node: who pressed each button last."""
    node = nodes_shown(visible_flow(person, flow_id)).filter(pk=node_id).first()
    if node is None:
        raise refuse(404, "not_found", NODE_GONE)
    presses = LastPress.objects.filter(node=node.pk).select_related("actor")
    return {press.control: press_row(press) for press in presses}


NODE_GONE = "This node is not in the flow any more."


def _in_flow(flow_id: uuid.UUID, person: User, node_id: str, _fields: Collection[str]) -> Node:
    flow = visible_flow(person, flow_id)
    require(person, "control", flow)
    node = nodes_shown(flow).select_related("project").filter(pk=node_id).first()
    if node is None:
        raise refuse(404, "not_found", NODE_GONE)
    return node


def _on_page(page_id: uuid.UUID, person: User, node_id: str, fields: Collection[str]) -> Node:
    page = visible_page(person, page_id)
    if not may_operate(person, page):
        raise refuse(403, "forbidden", "This page is to be looked at: your role does not let you operate it.")
    patches = list(Widget.objects.filter(page=page, node=node_id).values_list("schema_patch", flat=True))
    node = Node.objects.select_related("project").filter(pk=node_id, project_id=page.project_id).first()
    if not patches or node is None:
        raise refuse(404, "not_found", "This node is not on the page any more.")
    hidden = hidden_among(fields, hidden_in_all(patches))
    if hidden:
        raise refuse(403, "not_on_page", f"{hidden[0]} is not shown on this page, so it cannot be set there.")
    return node


def _names_in_flow(flow_id: uuid.UUID, person: User) -> set[str]:
    flow = visible_flow(person, flow_id)
    return set(nodes_shown(flow).values_list("name", flat=True))


def _names_on_page(page_id: uuid.UUID, person: User) -> set[str]:
    page = visible_page(person, page_id)
    return set(page.widgets.values_list("node_name", flat=True))
