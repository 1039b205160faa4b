"""Every operation of the HTTP API, as `METHOD /path`, and what it asks of whoever comes.

`body` and `query` are such that nothing but the right decides, and nothing is changed for good: what would change
something names what is not there, and `missing` is the code of that answer.
"""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from tests.matrix.people import Need
from tests.matrix.world import NODE


@dataclass(frozen=True, slots=True)
class Operation:
    need: Need
    visitors: Literal["", "flow", "page"] = field(default="", kw_only=True)
    """Whether it is open to whoever came by a share link, of the flow or of the page."""
    body: Any = None
    query: str = ""
    headers: Mapping[str, str] | None = None
    ids: Mapping[str, str] = field(default_factory=dict)
    """Other arguments of the address than the world's."""
    missing: str = ""
    """The error code of the 404 that the allowed are answered, where nothing is there to be found."""


MOVED = {"op": "set_node", "id": NODE, "fields": {"x": 24}}
KEY = {"Idempotency-Key": "k"}
NEW_ID = str(uuid.uuid4())
NEW_IDS = {"id": NEW_ID, "comment": str(uuid.uuid4())}
CHANGE = {"base_rev": 0, "client_op_id": "matrix", "ops": [MOVED]}

OPERATIONS: dict[str, Operation] = {
    "GET /flows/{uuid:flow}": Operation("view", visitors="flow"),
    "GET /flows/{uuid:flow}/siblings": Operation("view"),
    "POST /flows/{uuid:flow}/contents": Operation("view", {"nodes": [NODE]}),
    "GET /flows/{uuid:flow}/find": Operation("view", query="?q=counter"),
    "POST /flows/{uuid:flow}/changes": Operation("edit", {**CHANGE, "base_rev": 10**9}),
    "GET /flows/{uuid:flow}/changes": Operation("view", query="?after=0", visitors="flow"),
    "POST /flows/{uuid:flow}/undo": Operation(
        "edit", {"change": 10**9, "client_op_id": "matrix"}, missing="unknown_change"
    ),
    "GET /flows/{uuid:flow}/catalogue": Operation("view", visitors="flow"),
    "POST /flows/{uuid:flow}/nodes/{node}/control": Operation("control", {"data": {"reset": True}}, headers=KEY),
    "GET /flows/{uuid:flow}/signals/{signal}": Operation("view"),
    "GET /flows/{uuid:flow}/nodes/{node}/presses": Operation("view"),
    "GET /projects/{uuid:project}/pages": Operation("view", visitors="page"),
    "GET /projects/{uuid:project}/pages/choices": Operation("edit"),
    "GET /projects/{uuid:project}/activity": Operation("view"),
    "GET /projects/{uuid:project}/audit": Operation("manage"),
    "POST /projects/{uuid:project}/pages/changes": Operation(
        "edit",
        {"client_op_id": "matrix", "ops": [{"op": "set_page", "id": str(uuid.uuid4()), "fields": {"name": "Hall"}}]},
        missing="unknown_page",
    ),
    "GET /projects/{uuid:project}/pages/changes": Operation("view", query="?after=0", visitors="page"),
    "POST /projects/{uuid:project}/pages/undo": Operation(
        "edit", {"change": 10**9, "client_op_id": "matrix"}, missing="unknown_change"
    ),
    "POST /pages/{uuid:page}/nodes/{node}/control": Operation("control", {"data": {"reset": True}}, headers=KEY),
    "GET /pages/{uuid:page}/signals/{signal}": Operation("view"),
    "POST /flows/{uuid:flow}/validate": Operation("view", {"node": NODE, "settings": {}}),
    "GET /flows/{uuid:flow}/validation": Operation("view"),
    "POST /flows/{uuid:flow}/validation": Operation("view", {"edge": str(uuid.uuid4()), "mapping": {}}),
    "GET /flows/{uuid:flow}/edges/{uuid:edge}/ends": Operation("view"),
    "POST /flows/{uuid:flow}/edges/{uuid:edge}/preview": Operation("view", {"mapping": {}}),
    "POST /flows/{uuid:flow}/edges/{uuid:edge}/completion": Operation("view", {"text": "$", "cursor": 1}),
    "GET /flows/{uuid:flow}/runs": Operation("view"),
    "GET /flows/{uuid:flow}/runs/{trace}": Operation("view", missing="not_found"),
    "GET /flows/{uuid:flow}/nodes/{node}/stack": Operation("edit", missing="no_stack"),
    "GET /flows/{uuid:flow}/scenarios": Operation("view"),
    "POST /flows/{uuid:flow}/scenarios": Operation("edit", {"id": str(uuid.uuid4()), "name": ""}),
    "PUT /flows/{uuid:flow}/scenarios/{uuid:scenario}": Operation("edit", {"rev": 0, "name": "Night"}),
    "DELETE /flows/{uuid:flow}/scenarios/{uuid:scenario}": Operation(
        "edit", ids={"scenario": str(uuid.uuid4())}, missing="not_found"
    ),
    "GET /flows/{uuid:flow}/tests": Operation("view"),
    "POST /flows/{uuid:flow}/tests": Operation("edit", {"id": str(uuid.uuid4()), "name": "", "body": {}}),
    "GET /flows/{uuid:flow}/tests/{uuid:test}": Operation("view", ids={"test": str(uuid.uuid4())}, missing="not_found"),
    "PUT /flows/{uuid:flow}/tests/{uuid:test}": Operation(
        "edit", {"rev": 1, "name": "Night"}, ids={"test": str(uuid.uuid4())}, missing="not_found"
    ),
    "DELETE /flows/{uuid:flow}/tests/{uuid:test}": Operation(
        "edit", ids={"test": str(uuid.uuid4())}, missing="not_found"
    ),
    "POST /flows/{uuid:flow}/tests/run": Operation("control", {"tests": []}),
    "POST /flows/{uuid:flow}/tests/stop": Operation("control"),
    "GET /projects/{uuid:project}/secrets": Operation("view"),
    "POST /projects/{uuid:project}/secrets": Operation("edit", {"name": "slack", "key": "url", "value": ""}),
    "PUT /projects/{uuid:project}/secrets/{uuid:secret}": Operation("edit", {"value": ""}),
    "DELETE /projects/{uuid:project}/secrets/{uuid:secret}": Operation("edit", missing="not_found"),
    "GET /flows/{uuid:flow}/export": Operation("view"),
    "POST /flows/{uuid:flow}/import": Operation("edit", {"text": "-", "client_op_id": "matrix"}),
    "PUT /flows/{uuid:flow}/file": Operation("edit", {"text": "-", "client_op_id": "matrix"}),
    "GET /projects/{uuid:project}/export": Operation("view"),
    "POST /projects/{uuid:project}/import": Operation("edit", {"text": "-"}),
    "POST /import": Operation("signed_in", {"text": "-"}),
    "POST /import/plan": Operation("signed_in", {"text": "-"}),
    "GET /templates": Operation("signed_in"),
    "GET /templates/{folder}/{name}": Operation(
        "signed_in", ids={"folder": "none", "name": "none"}, missing="unknown_template"
    ),
    "GET /flows/{uuid:flow}/versions": Operation("view"),
    "POST /flows/{uuid:flow}/versions": Operation("edit", {"id": str(uuid.uuid4()), "name": ""}),
    "DELETE /flows/{uuid:flow}/versions/{ref}": Operation("edit", missing="unknown_version"),
    "GET /flows/{uuid:flow}/versions/{ref}": Operation("view"),
    "POST /flows/{uuid:flow}/versions/{ref}/contents": Operation("view", {"nodes": [NODE]}),
    "GET /flows/{uuid:flow}/versions/{a}/diff/{b}": Operation("view"),
    "POST /flows/{uuid:flow}/versions/{ref}/restore": Operation("edit", {"client_op_id": "matrix"}),
    "GET /flows/{uuid:flow}/nodes/{node}/sample": Operation("view", query="?port=in"),
    "GET /flows/{uuid:flow}/nodes/{node}/state": Operation("view"),
    "POST /flows/{uuid:flow}/nodes/{node}/state": Operation(
        "edit", {"field": "count", "value": 1, "was": "0"}, headers=KEY
    ),
    "GET /flows/{uuid:flow}/nodes/{node}/state/{field}": Operation("view", missing="not_found"),
    "GET /flows/{uuid:flow}/comments": Operation("view"),
    "POST /flows/{uuid:flow}/comments": Operation("control", {**NEW_IDS, "text": " "}),
    "GET /flows/{uuid:flow}/people": Operation("view"),
    "GET /flows/{uuid:flow}/comments/{uuid:thread}": Operation("view"),
    "PUT /flows/{uuid:flow}/comments/{uuid:thread}/resolved": Operation("control", {"resolved": False}),
    "POST /flows/{uuid:flow}/comments/{uuid:thread}/seen": Operation("view"),
    "POST /flows/{uuid:flow}/comments/{uuid:thread}/replies": Operation("control", {"id": NEW_ID, "text": " "}),
    "PUT /flows/{uuid:flow}/comments/{uuid:thread}/replies/{uuid:comment}": Operation(
        "control", {"text": "Mine"}, ids={"comment": NEW_ID}, missing="not_found"
    ),
    "DELETE /flows/{uuid:flow}/comments/{uuid:thread}/replies/{uuid:comment}": Operation(
        "control", ids={"comment": NEW_ID}, missing="not_found"
    ),
    "GET /projects": Operation("signed_in"),
    "POST /projects": Operation("signed_in", {"name": ""}),
    "GET /projects/{uuid:project}": Operation("view"),
    "PUT /projects/{uuid:project}": Operation("manage", {"name": ""}),
    "GET /projects/{uuid:project}/flows": Operation("view"),
    "POST /projects/{uuid:project}/flows": Operation("edit", {"name": ""}),
    "GET /projects/{uuid:project}/flows/{uuid:flow}": Operation("view"),
    "PUT /projects/{uuid:project}/flows/{uuid:flow}": Operation("edit", {"name": ""}),
    "GET /projects/{uuid:project}/members": Operation("view"),
    "GET /projects/{uuid:project}/members/{int:person}": Operation("view"),
    "PUT /projects/{uuid:project}/members/{int:person}": Operation("manage", {"role": "editor"}),
    "GET /projects/{uuid:project}/outbound": Operation("view"),
    "PUT /projects/{uuid:project}/outbound": Operation("manage", {"allow": ["http://"], "only": False}),
    "GET /projects/{uuid:project}/code": Operation("view"),
    "PUT /projects/{uuid:project}/code": Operation("manage", {"owners_only": False}),
    "GET /tokens": Operation("signed_in"),
    "DELETE /tokens/{uuid:token}": Operation("signed_in", ids={"token": NEW_ID}, missing="not_found"),
    "GET /mentions/unread": Operation("signed_in"),
}
