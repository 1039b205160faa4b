"""Every address of a websocket, and every message that a browser may send over one (docs/protocols.md section 5)."""

from typing import Any

from tests.matrix.people import Need

SOCKETS: dict[str, Need] = {
    "ws/flows/<uuid:flow>": "view",
    "ws/pages/<uuid:page>": "view",
    "ws/shared/<str:share>": "anyone",
}

MESSAGES: dict[str, dict[str, Any]] = {
    "ping": {"t": "ping"},
    "visible": {"t": "visible", "value": True},
    "inspect": {"t": "inspect", "node": "aaaaaaaaaaaa"},
    "presence": {"t": "presence", "cursor": [24, 48]},
    "taps": {"t": "taps", "ports": [["aaaaaaaaaaaa", "out"]]},
}
"""An example of each; whoever may open the socket may send them all."""
