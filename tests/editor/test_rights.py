"""What people may do is changed while their editors are open: each is told, or shut out, at once and in every process.

The sweep is off: it is the net below, and has its own test in test_socket.py.
"""

import asyncio
import json
import uuid
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
import pytest_asyncio
from channels.testing import WebsocketCommunicator
from channels_redis.core import RedisChannelLayer
from django.contrib.auth.models import User

from config.asgi import application
from editor import process
from editor.database import close_database, in_database
from editor.live import broadcast
from editor.process import LiveSide, live_side, stop_live_side
from projects import actions
from projects.actions.sessions import do_end_sessions
from projects.models import Flow, Project, Role, Team, WidgetPage
from tests.editor.test_socket import Socket, opened
from tests.projects.world import add, client_op, edit
from tests.services.redis import Redis
from tests.waiting import eventually

pytestmark = pytest.mark.server

NODE = "aaaaaaaaaaaa"


@pytest_asyncio.fixture
async def live(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[LiveSide]:
    """Without a cluster, and without a sweep."""
    monkeypatch.setenv("KUBECONFIG", "/nonexistent/kubeconfig")
    monkeypatch.setattr(process, "SWEEP_SECONDS", 3600.0)
    yield live_side()
    await stop_live_side()
    close_database()


@pytest.fixture
def team(owner: User, project: Project) -> Team:
    return actions.do_create_team(owner, "Night shift")


@asynccontextmanager
async def shared(token: str) -> AsyncIterator[Socket]:
    """A browser that came by a share link."""
    headers = [(b"host", b"localhost"), (b"origin", b"http://localhost")]
    inner = WebsocketCommunicator(application, f"/ws/shared/{token}", headers=headers)
    assert (await inner.connect(timeout=40))[0]
    try:
        yield Socket(inner)
    finally:
        await inner.disconnect(timeout=40)


async def test_a_lower_role_is_told_and_the_editor_stays_open(
    live: LiveSide, owner: User, colleague: User, flow: Flow
) -> None:
    async with opened(colleague, flow) as socket:
        assert (await socket.receive("hello"))["can"] == {"edit": True, "control": True, "code": True}
        await socket.receive("live", full=True)
        for role, can in (
            (Role.VIEWER, {"edit": False, "control": False, "code": False}),
            (Role.OPERATOR, {"edit": False, "control": True, "code": False}),
            (Role.OWNER, {"edit": True, "control": True, "code": True}),
        ):
            await in_database(actions.do_set_role, owner, flow.project, colleague, role)
            assert await socket.receive("rights") == {"t": "rights", "can": can}


Lose = Callable[[User, User, Project, Team], Any]
LOSSES: dict[str, tuple[int, Lose]] = {
    "removed from the project": (4403, lambda o, p, project, team: actions.do_unshare_with_team(o, project, team)),
    "taken out of the team": (4403, lambda o, p, project, team: actions.do_remove_from_team(o, team, p)),
    "left the team": (4403, lambda o, p, project, team: actions.do_remove_from_team(p, team, p)),
    "team deleted": (4403, lambda o, p, project, team: actions.do_delete_team(o, team)),
    "project deleted": (4404, lambda o, p, project, team: actions.do_delete_project(o, project)),
}


@pytest.mark.parametrize("how", LOSSES)
async def test_who_loses_the_last_right_is_shut_out(
    live: LiveSide, owner: User, stranger: User, flow: Flow, team: Team, how: str
) -> None:
    code, lose = LOSSES[how]
    await in_database(actions.do_add_to_team, owner, team, stranger)
    await in_database(actions.do_share_with_team, owner, flow.project, team, Role.EDITOR)
    async with opened(stranger, flow) as socket, opened(owner, flow) as still:
        await socket.receive("live", full=True)
        await still.receive("live", full=True)
        await in_database(lose, owner, stranger, flow.project, team)
        assert await socket.closed() == code
        if how != "project deleted":
            await still.send({"t": "ping"})
            await still.receive("pong")


async def test_a_right_of_ones_own_outlives_the_teams(
    live: LiveSide, owner: User, viewer: User, flow: Flow, team: Team
) -> None:
    await in_database(actions.do_add_to_team, owner, team, viewer)
    await in_database(actions.do_share_with_team, owner, flow.project, team, Role.EDITOR)
    async with opened(viewer, flow) as socket:
        await socket.receive("live", full=True)
        await in_database(actions.do_unshare_with_team, owner, flow.project, team)
        assert (await socket.receive("rights"))["can"] == {"edit": False, "control": False, "code": False}


async def test_a_session_that_is_ended_ends_its_sockets(live: LiveSide, owner: User, flow: Flow) -> None:
    async with opened(owner, flow) as socket:
        await socket.receive("live", full=True)
        await in_database(_end_all_sessions, owner)
        assert await socket.closed() == 4401


async def test_a_right_that_is_lost_while_the_socket_opens_is_found(
    live: LiveSide, owner: User, colleague: User, flow: Flow, monkeypatch: pytest.MonkeyPatch
) -> None:
    join = live.hub.join

    async def join_late(*args: Any) -> Any:
        await in_database(actions.do_remove_member, owner, flow.project, colleague)
        return await join(*args)

    monkeypatch.setattr(live.hub, "join", join_late)
    async with opened(colleague, flow) as socket:
        assert await socket.closed() == 4403
    assert socket.received == []


async def test_a_link_that_is_revoked_shuts_its_visitors_out_and_nobody_else(
    live: LiveSide, owner: User, flow: Flow
) -> None:
    link, token = await in_database(actions.do_create_share_link, owner, flow, 7)
    _, other = await in_database(actions.do_create_share_link, owner, flow, 7)
    async with shared(token) as visitor, shared(other) as still:
        await visitor.receive("live", full=True)
        await still.receive("live", full=True)
        await in_database(actions.do_revoke_share_link, owner, flow.project, link.pk)
        assert await visitor.closed() == 4403
        await still.send({"t": "ping"})
        await still.receive("pong")
    async with shared(token) as again:
        assert await again.closed() == 4403


async def test_a_visitor_hears_what_is_done_and_not_by_whom(live: LiveSide, owner: User, flow: Flow) -> None:
    _, token = await in_database(actions.do_create_share_link, owner, flow, 7)
    async with opened(owner, flow) as member, shared(token) as visitor:
        await member.receive("live", full=True)
        assert (await visitor.receive("hello"))["can"] == {"edit": False, "control": False, "code": False}
        snapshot = await visitor.receive("live", full=True)
        assert "here" not in snapshot
        await in_database(edit, owner, flow, add(NODE, settings={"greeting": "hush"}))
        told = await visitor.receive("change")
        assert told["ops"][0]["id"] == NODE
        setting = {"op": "set_setting", "id": NODE, "path": ["greeting"], "value": "hush"}
        await in_database(edit, owner, flow, setting)
        told = await visitor.receive("change")
        assert told["ops"] == []
        await in_database(actions.do_start_thread, owner, flow, uuid.uuid4(), uuid.uuid4(), "Between us", node=NODE)
        await member.receive("comments")
        await in_database(actions.do_rename_flow, owner, flow, "Calls")
        await visitor.receive("titles")
        heard = json.dumps(visitor.received)
        assert "owner" not in heard
        assert "hush" not in heard
        assert "comments" not in {message["t"] for message in visitor.received}


async def test_a_visitor_can_only_listen(live: LiveSide, owner: User, flow: Flow) -> None:
    await in_database(edit, owner, flow, add(NODE))
    _, token = await in_database(actions.do_create_share_link, owner, flow, 7)
    async with shared(token) as visitor:
        await visitor.receive("live", full=True)
        for said in ({"t": "taps", "ports": [[NODE, "out"]]}, {"t": "inspect", "node": NODE}, {"t": "presence"}):
            await visitor.send(said)
        await visitor.send({"t": "ping"})
        await visitor.receive("pong")
        (client,) = live.hub.board.flows[flow.pk].clients
        assert (client.taps, client.inspects) == (frozenset(), frozenset())


async def test_what_went_through_a_node_is_not_for_visitors(live: LiveSide, owner: User, flow: Flow) -> None:
    await in_database(edit, owner, flow, add(NODE))
    _, token = await in_database(actions.do_create_share_link, owner, flow, 7)
    async with opened(owner, flow) as member, shared(token) as visitor:
        await member.receive("live", full=True)
        await visitor.receive("live", full=True)
        board = live.hub.board.flows[flow.pk]
        board.node_changed(
            NODE, board.nodes[NODE].set_link({"value": "42", "last": {"out": "hush"}, "control": {"shown": "hush"}})
        )
        assert (await member.live(NODE, value="42"))["last"] == {"out": "hush"}
        await visitor.live(NODE, value="42")
        async with shared(token) as late:
            await late.live(NODE, value="42")
            assert "hush" not in json.dumps([visitor.received, late.received])


async def test_a_page_is_shown_by_its_link(live: LiveSide, owner: User, flow: Flow) -> None:
    page, other = str(uuid.uuid4()), str(uuid.uuid4())
    added = [{"op": "add_page", "id": one, "name": "Floor"} for one in (page, other)]
    await in_database(actions.do_change_pages, owner, flow.project, added, client_op())
    shown = await in_database(WidgetPage.objects.get, pk=page)
    _, token = await in_database(actions.do_create_share_link, owner, shown, 7)
    async with shared(token) as visitor:
        await visitor.receive("live", full=True)
        told = live.hub.board.flows[shown.pk].told({"t": "live", "nodes": {NODE: {"control": {}, "last": {}}}})
        assert json.loads(told.frame(visitor=True))["nodes"] == {NODE: {"control": {}}}
        renamed = [{"op": "set_page", "id": other, "fields": {"name": "Not yours"}}]
        await in_database(actions.do_change_pages, owner, flow.project, renamed, client_op())
        await visitor.receive("nodes")
        assert "Not yours" not in json.dumps(visitor.received)
        await in_database(
            actions.do_change_pages, owner, flow.project, [{"op": "delete_page", "id": page}], client_op()
        )
        assert await visitor.closed() in (4403, 4404)


@pytest_asyncio.fixture
async def other_process(
    live: LiveSide, redis_server: Redis, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[LiveSide]:
    """Another web process with sockets of its own, joined to the first by Redis."""
    await stop_live_side()
    layers = []

    def layer() -> RedisChannelLayer:
        layers.append(RedisChannelLayer(hosts=[redis_server.url]))
        return layers[-1]

    monkeypatch.setattr(broadcast, "shared_layer", layer)
    first = live_side()
    second = LiveSide(asyncio.get_running_loop())
    for side in (first, second):
        assert side.broadcast is not None
        await eventually(lambda side=side: side.broadcast.listening)
    yield second
    await second.stop()
    await stop_live_side()
    for one in layers:
        await one.close_pools()


async def test_other_processes_shut_out_and_tell_too(
    other_process: LiveSide, owner: User, colleague: User, flow: Flow, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, token = await in_database(actions.do_create_share_link, owner, flow, 7)
    link = await in_database(flow.share_links.get)
    here = live_side()
    monkeypatch.setattr("editor.consumers.live_side", lambda: other_process)
    async with opened(colleague, flow) as socket, shared(token) as visitor:
        await socket.receive("live", full=True)
        await visitor.receive("live", full=True)
        assert not here.hub.board.flows
        await in_database(actions.do_set_role, owner, flow.project, colleague, Role.VIEWER)
        assert (await socket.receive("rights"))["can"] == {"edit": False, "control": False, "code": False}
        await in_database(actions.do_revoke_share_link, owner, flow.project, link.pk)
        assert await visitor.closed() == 4403
        await in_database(actions.do_remove_member, owner, flow.project, colleague)
        assert await socket.closed() == 4403


async def test_who_came_by_a_link_is_shut_out_with_its_maker(
    live: LiveSide, owner: User, colleague: User, flow: Flow
) -> None:
    await in_database(actions.do_set_role, owner, flow.project, colleague, Role.OWNER)
    _, token = await in_database(actions.do_create_share_link, colleague, flow, 7)
    _, another = await in_database(actions.do_create_share_link, owner, flow, 7)
    async with shared(token) as visitor, shared(another) as still:
        await visitor.receive("live", full=True)
        await still.receive("live", full=True)
        await in_database(actions.do_set_role, owner, flow.project, colleague, Role.EDITOR)
        assert await visitor.closed() == 4403
        await still.send({"t": "ping"})
        await still.receive("pong")


def _end_all_sessions(person: User) -> None:
    from django.contrib.sessions.models import Session

    from projects.actions.told import tell_access

    Session.objects.all().delete()
    do_end_sessions(person)
    tell_access(person.pk, None)
