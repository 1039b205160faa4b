"""Every websocket, for everybody who may come."""

import asyncio
import json
import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from channels.testing import WebsocketCommunicator
from django.conf import settings
from django.test import AsyncClient

from config.asgi import application
from editor import consumers
from editor.database import close_database, in_database
from editor.process import stop_live_side
from editor.routing import websocket_urlpatterns
from tests.matrix.people import ANONYMOUS, SIGNED_IN, TOKENS, Answer, Who
from tests.matrix.socket_rows import MESSAGES, SOCKETS
from tests.matrix.world import World, make_world

CODES: dict[int, Answer] = {4401: "sign_in", 4403: "forbidden", 4404: "not_found"}


def test_every_socket_has_a_row() -> None:
    there = [str(entry.pattern) for entry in websocket_urlpatterns if str(entry.pattern)]
    assert sorted(SOCKETS) == sorted(there), "tests/matrix/socket_rows.py has a row for each websocket and no more"


def test_every_message_has_a_row() -> None:
    taken = set(re.findall(r'case \{"t": "(\w+)"', Path(consumers.__file__).read_text()))
    assert set(MESSAGES) == taken, "tests/matrix/socket_rows.py has an example of each message and no more"


@pytest_asyncio.fixture
async def world(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[World]:
    """Without a cluster: a flow opens with what the rows say."""
    monkeypatch.setenv("KUBECONFIG", "/nonexistent/kubeconfig")
    yield await in_database(make_world)
    await stop_live_side()
    close_database()


async def test_everybody_is_answered_as_their_role_says(world: World) -> None:
    wrong = []
    for who in (ANONYMOUS, *SIGNED_IN, *TOKENS):
        header = await _header(world, who)
        for path, need in SOCKETS.items():
            got, expected = await _answer(f"/{world.address(path)}", header), who.answer(need)
            if got != expected:
                wrong.append(f"{path} answers {who.name} {got}, not {expected}")
    assert not wrong, "\n".join(wrong)


async def _header(world: World, who: Who) -> list[tuple[bytes, bytes]]:
    """What says who it is, and that a page of our own opened the socket: only a program has a token."""
    if who.name in world.tokens:
        return [(b"authorization", f"Bearer {world.tokens[who.name]}".encode())]
    origin = (b"origin", b"http://localhost")
    if who.verbs is None:
        return [origin]
    client = AsyncClient()
    await client.aforce_login(world.people[who.name])
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    return [origin, (b"cookie", f"{settings.SESSION_COOKIE_NAME}={session}".encode())]


async def _answer(address: str, header: list[tuple[bytes, bytes]]) -> Answer | str:
    """How the socket is closed; allowed, where it says hello and takes every message."""
    socket = WebsocketCommunicator(application, address, headers=[(b"host", b"localhost"), *header])
    assert (await socket.connect(timeout=40))[0]
    try:
        for message in MESSAGES.values():
            await socket.send_to(json.dumps(message))
        async with asyncio.timeout(40):
            while True:
                message = await socket.receive_output(timeout=40)
                if message["type"] == "websocket.close":
                    return CODES.get(message["code"], str(message["code"]))
                if json.loads(message["text"])["t"] == "pong":
                    return "allowed"
    finally:
        await socket.disconnect(timeout=40)
