"""Where in its component's code a node failed: asked of its hosts, and told to those who may edit the flow only. A
stack shows how the component is written; who may just look at the flow has the problem's message."""

import uuid
from typing import Any

from django.contrib.auth.models import User

from editor.api.errors import refuse
from editor.database import in_database
from editor.hub import Hub
from projects.permissions import require, visible_flow
from projects.shown import nodes_shown

READY_SECONDS = 2.0


async def newest(hub: Hub, person: User, flow_id: uuid.UUID, node_id: str) -> dict[str, Any]:
    """The newest stack that any host of the node's module keeps. Raises 403 for who may not edit, 404 without one."""
    name, module = await in_database(_node, person, flow_id, node_id)
    await hub.ready(READY_SECONDS)
    answers = await hub.listening.ask([module], {"stack": name})
    told = [
        {**stack, "host": host} for host, answer in answers if answer is not None and (stack := answer.get("stack"))
    ]
    if not told:
        raise refuse(404, "no_stack", "No host keeps a stack of this node: no message has failed in its code lately.")
    return max(told, key=lambda stack: int(stack["at"]))


def _node(person: User, flow_id: uuid.UUID, node_id: str) -> tuple[str, str]:
    flow = visible_flow(person, flow_id)
    require(person, "edit", flow)
    node = nodes_shown(flow).filter(pk=node_id).first()
    if node is None:
        raise refuse(404, "not_found", "There is no such node in this flow.")
    return node.name, node.module
