"""Websockets of programs, opened with an API token and ended with it; and of sessions that a new password ends."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial

import pytest
from channels.testing import WebsocketCommunicator
from django.contrib.auth.models import User

from config.asgi import application
from editor.database import in_database
from editor.process import LiveSide
from projects.actions.passwords import do_set_password
from projects.actions.tokens import do_create_token, do_revoke_token
from projects.models import Flow
from tests.editor.test_socket import Socket, communicator, cookie_of

pytestmark = pytest.mark.server


@asynccontextmanager
async def opened(flow: Flow, text: str) -> AsyncIterator[Socket]:
    headers = [(b"host", b"localhost"), (b"authorization", f"Bearer {text}".encode())]
    inner = WebsocketCommunicator(application, f"/ws/flows/{flow.pk}", headers=headers)
    accepted, _ = await inner.connect(timeout=40)
    assert accepted
    yield Socket(inner)
    await inner.disconnect(timeout=40)


async def test_a_token_opens_a_socket_and_its_end_closes_only_that(live: LiveSide, owner: User, flow: Flow) -> None:
    first, text = await in_database(do_create_token, owner, "one", ["view"], 1)
    _, other = await in_database(do_create_token, owner, "two", ["view"], 1)
    async with opened(flow, text) as socket, opened(flow, other) as still:
        await socket.receive("hello")
        await still.receive("hello")
        await in_database(do_revoke_token, owner, first.pk)
        assert await socket.closed() == 4401
        await still.send({"t": "ping"})
        await still.receive("pong")


async def test_a_token_that_is_not_good_opens_none(live: LiveSide, owner: User, flow: Flow, stranger: User) -> None:
    async with opened(flow, "wf_nothing") as socket:
        assert await socket.closed() == 4401
    _, text = await in_database(do_create_token, stranger, "theirs", ["view"], 1)
    async with opened(flow, text) as socket:
        assert await socket.closed() == 4404


async def test_a_new_password_closes_the_sockets_of_all_other_sessions(live: LiveSide, owner: User, flow: Flow) -> None:
    here, elsewhere = await cookie_of(owner), await cookie_of(owner)
    async with by_cookie(flow, here) as socket, by_cookie(flow, elsewhere) as other:
        await socket.receive("hello")
        await other.receive("hello")
        await in_database(partial(do_set_password, owner, "a long one 4 tests", keep=here))
        assert await other.closed() == 4401
        await socket.send({"t": "ping"})
        await socket.receive("pong")


@asynccontextmanager
async def by_cookie(flow: Flow, cookie: str) -> AsyncIterator[Socket]:
    inner = communicator(f"/ws/flows/{flow.pk}", cookie)
    accepted, _ = await inner.connect(timeout=40)
    assert accepted
    yield Socket(inner)
    await inner.disconnect(timeout=40)
