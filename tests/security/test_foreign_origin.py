"""A page of others opens our websockets with a person's cookies."""

import pytest
from channels.testing import WebsocketCommunicator
from django.conf import settings
from django.contrib.auth.models import User

from config.asgi import application
from projects.models import Flow
from tests.editor.test_socket import cookie_of

ORIGINS = [
    b"https://evil.example",
    b"null",
    b"http://localhost:8080",
    b"https://localhost",
    b"",
    b"http://localhost.evil.example",
    None,
]


@pytest.mark.parametrize("path", ["/ws/flows/{flow}", "/ws/pages/{flow}"])
async def test_no_socket_is_opened_from_another_page(
    transactional_db: None, owner: User, flow: Flow, path: str
) -> None:
    cookie = await cookie_of(owner)
    for origin in ORIGINS:
        headers = [
            (b"host", b"localhost"),
            (b"cookie", f"{settings.SESSION_COOKIE_NAME}={cookie}".encode()),
        ]
        headers += [(b"origin", origin)] if origin is not None else []
        socket = WebsocketCommunicator(application, path.format(flow=flow.pk), headers=headers)
        accepted, code = await socket.connect(timeout=40)
        if accepted:
            closed = await socket.receive_output(10)
            assert closed["type"] == "websocket.close", "nothing is told before it is closed"
            code = closed["code"]
        assert code in (1000, 4403)


async def test_a_page_cannot_send_what_opens_one_for_programs(transactional_db: None, flow: Flow) -> None:
    """A browser's page may name protocols and nothing else: a token among them is none."""
    headers = [
        (b"host", b"localhost"),
        (b"origin", b"https://evil.example"),
        (b"sec-websocket-protocol", b"bearer, wf_x"),
    ]
    socket = WebsocketCommunicator(application, f"/ws/flows/{flow.pk}", headers=headers)
    accepted, _ = await socket.connect(timeout=40)
    assert not accepted
