"""What no browser of ours would say on a websocket: it is passed over, and the others on it are served on."""

import pytest
from django.contrib.auth.models import User

from editor.consumers import MAX_MESSAGE
from editor.process import LiveSide
from projects.models import Flow
from tests.editor.test_socket import opened

pytestmark = pytest.mark.server

FRAMES = [
    "no JSON",
    "[" * 10_000,
    '{"t": ' * 1_000,
    '"ping"',
    "null",
    "[]",
    '{"t": null}',
    '{"t": {"t": "ping"}}',
    '{"t": "visible", "value": "yes"}',
    '{"t": "inspect", "nodes": 5}',
    '{"t": "inspect", "nodes": [{}, [], null, 1e999]}',
    '{"t": "inspect", "node": "\\ud800"}',
    '{"t": "taps", "ports": [["a"], ["a", 1], "ab", null]}',
    '{"t": "presence", "cursor": {"x": "left"}, "selection": {"a": 1}}',
    '{"t": "presence", "cursor": [1e308, -1e308], "selection": [[[]]], "form": 7}',
    '{"t": "ping", "more": "' + "x" * MAX_MESSAGE + '"}',
]


async def test_frames_that_cannot_be_understood_change_nothing(live: LiveSide, owner: User, flow: Flow) -> None:
    async with opened(owner, flow) as socket, opened(owner, flow) as other:
        await socket.receive("hello")
        await other.receive("hello")
        for frame in FRAMES:
            await socket.send(frame)
        await socket.inner.send_to(bytes_data=b"\xff\x00" * 100)
        await socket.send({"t": "ping"})
        await socket.receive("pong")
        await other.send({"t": "ping"})
        await other.receive("pong")
    assert sum(1 for message in socket.received if message["t"] == "pong") == 1, "a frame that is too long is not heard"
