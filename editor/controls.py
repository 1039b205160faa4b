"""A press of a control becomes a TinySignal, and what becomes of it; modules that know none of those get it by NATS.

The signal's name is a hash of the person and their idempotency key: sending the request again cannot press twice.
"""

import hashlib
import logging
import uuid
from typing import Any

from django.contrib.auth.models import User

from editor.api.errors import refuse
from editor.cluster.signals import Press, keep_signal
from editor.database import in_database
from editor.hub import Hub
from projects.operations.shape import checked_size
from projects.permissions import require, visible_flow
from projects.shown import nodes_shown
from weirflow.errors import Fail
from weirflow.json_bytes import json_bytes
from weirflow.kube.errors import AlreadyExists, ApiError, NotFound, Unavailable
from weirflow.kube.resources import ANNOTATION_OPERATION_ID, LABEL_PROJECT, TINY_SIGNAL, encode_json, module_of
from weirflow.transport import Unreachable

log = logging.getLogger(__name__)

MAX_DATA_BYTES = 64 * 1024


def signal_name(user_id: int, key: str) -> str:
    """Name of the TinySignal and its operation id: 32 hex digits."""
    return hashlib.sha256(f"{user_id}:{key}".encode()).hexdigest()[:32]


async def press(
    hub: Hub, person: User, flow_id: uuid.UUID, node_id: str, port: str, data: dict[str, Any], key: str
) -> str:
    """Send the press; returns the signal's name. A repeat of ``key`` finds the first press and sends nothing."""
    if checked_size(data, "values") > MAX_DATA_BYTES:
        raise refuse(413, "body_too_large", f"The values of a control have at most {MAX_DATA_BYTES // 1024} KiB.")
    node, project = await in_database(_controllable, person, flow_id, node_id)
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
    if hub.connection.takes_controls_by_nats(module_of(node)):
        await _press_by_nats(hub, node, port, data, name)
        log.info("user %s pressed %s of %s by NATS with %s", person.pk, port, node, logged_names(data))
        return name
    signal = TINY_SIGNAL.new(
        name,
        metadata={"labels": {LABEL_PROJECT: project}, "annotations": {ANNOTATION_OPERATION_ID: name}},
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
        raise refuse(503, error.code, f"{node} was not reached: {error}.") from error
    except Fail as error:
        if error.code == "nats_missing":
            hub.presses.forget(name)
            raise refuse(503, error.code, f"{error}.") from error
        hub.presses.failed(name, error.problem.to_json())
    else:
        hub.presses.gone(name)


async def outcome(hub: Hub, person: User, flow_id: uuid.UUID, signal: str) -> dict[str, Any]:
    """``{state, problem}`` of a press on a node of this flow. 404 when nothing is known of it."""
    names = await in_database(_node_names, person, flow_id)
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
        return None
    hub.presses.seen(signal, keep_signal(obj), None)
    return hub.presses.get(signal)


def logged_names(data: dict[str, Any]) -> str:
    """What was sent, for the log: names only, and only those that cannot pass for a line of their own."""
    names = sorted(name for name in data if name.isidentifier() and len(name) <= 64)[:20]
    return ", ".join(names) or "no values"


def _controllable(person: User, flow_id: uuid.UUID, node_id: str) -> tuple[str, str]:
    flow = visible_flow(person, flow_id)
    require(person, "control", flow)
    node = nodes_shown(flow).filter(pk=node_id).first()
    if node is None:
        raise refuse(404, "not_found", "This node is not in the flow any more.")
    return node.name, flow.project.resource_name


def _node_names(person: User, flow_id: uuid.UUID) -> set[str]:
    flow = visible_flow(person, flow_id)
    return set(nodes_shown(flow).values_list("name", flat=True))
