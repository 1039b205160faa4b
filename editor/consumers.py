"""The websockets of an open flow and of an open page of a dashboard (docs/protocols.md section 5)."""

import asyncio
import contextlib
import logging
import secrets
import time
import uuid
from collections.abc import Awaitable, Callable
from typing import Any

import orjson

from editor.cluster.telling import MAX_TAPS
from editor.database import in_database
from editor.live.client import Client
from editor.live.closing import NO_SUCH_FLOW, NOT_SIGNED_IN, REFUSED, RESTART, TOO_SLOW, TRY_LATER
from editor.live.flow import LiveFlow
from editor.live.outgoing import encode
from editor.live.rights import LINK, NOBODY
from editor.live.visitors import Told
from editor.live.who import who_is
from editor.origin import own_origin
from editor.process import LiveSide, live_side
from projects.asking import asking
from projects.limits import knock
from projects.models import Flow, WidgetPage
from projects.permissions import can
from projects.share_links import visitor_with
from projects.visitor import Visitor

log = logging.getLogger(__name__)

SILENCE_SECONDS = 60.0
MAX_MESSAGE = 16 * 1024
MAX_INSPECTED = 2
"""Nodes of which one browser is told the last messages: one, or both ends of a wire."""
VISITORS_SAY = ("ping", "visible")
"""What is heard of who came by a share link: what goes through nodes, and where others point, is not for them."""
BURST, BURST_SECONDS = 100, 1.0
"""Messages a browser may send within so many seconds; past that it is closed."""

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]


Join = Callable[[uuid.UUID, Callable[[LiveFlow], Client]], Awaitable[Client | None]]


async def flow_socket(scope: Scope, receive: Receive, send: Send) -> None:
    """Of a flow."""
    flow_id = scope["url_route"]["kwargs"]["flow"]
    await _socket(scope, receive, send, flow_id, Flow, lambda live: live.hub.join)


async def page_socket(scope: Scope, receive: Receive, send: Send) -> None:
    """Of a page of a dashboard: its live values, and the changes of the whole dashboard."""
    page_id = scope["url_route"]["kwargs"]["page"]
    await _socket(scope, receive, send, page_id, WidgetPage, lambda live: live.hub.join_page)


async def share_socket(scope: Scope, receive: Receive, send: Send) -> None:
    """Of what a share link shows, for whoever has it."""
    visitor = await in_database(visitor_with, scope["url_route"]["kwargs"]["share"])
    if visitor is None:
        await receive()
        await send({"type": "websocket.accept"})
        await _close(send, TRY_LATER if _too_many(scope, None) else REFUSED)
        return
    theirs = {**scope, "user": visitor, "weirflow.link": f"{LINK}{visitor.link}"}
    if visitor.flow is not None:
        await _socket(theirs, receive, send, visitor.flow, Flow, lambda live: live.hub.join)
    elif visitor.page is not None:
        await _socket(theirs, receive, send, visitor.page, WidgetPage, lambda live: live.hub.join_page)


async def _socket(
    scope: Scope,
    receive: Receive,
    send: Send,
    opened: uuid.UUID,
    model: type[Flow] | type[WidgetPage],
    join: Callable[[LiveSide], Join],
) -> None:
    """Accept, authorise, serve until either side ends it."""
    await receive()
    # Accepted before it is refused: a browser shows the close code of an open socket only.
    await send({"type": "websocket.accept"})
    by_token = scope.get("weirflow.token")
    if by_token is None and not own_origin(scope["headers"]):
        await _close(send, REFUSED)
        return
    user = scope.get("user")
    if _too_many(scope, user):
        await _close(send, TRY_LATER)
        return
    if not isinstance(user, Visitor) and (user is None or not user.is_authenticated or not user.is_active):
        await _close(send, NOT_SIGNED_IN)
        return
    if not await in_database(_may_view, user, model, opened):
        await _close(send, NO_SUCH_FLOW)
        return
    session = scope.get("session")
    key = scope.get("weirflow.link") or by_token or str(getattr(session, "session_key", "") or "")
    live = live_side()

    def make(flow: LiveFlow) -> Client:
        client_id = secrets.token_hex(8)
        person, name = who_is(user, client_id)
        return Client(
            flow,
            client_id=client_id,
            user_id=NOBODY if isinstance(user, Visitor) else int(user.pk),
            key=key,
            person=person,
            name=name,
            send=lambda text: send({"type": "websocket.send", "text": text}),
            writable=scope.get("weirflow.writable", lambda: True),
            write=scope.get("weirflow.write"),
        )

    client = await join(live)(opened, make)
    if client is None:
        await _close(send, NO_SUCH_FLOW)
        return
    try:
        # Again: who lost the right since it was asked is not among those that are told.
        await live.access.check(client)
        await _serve(live, client, receive, send)
    finally:
        live.hub.leave(client)


def _too_many(scope: Scope, user: Any) -> bool:
    """Whether this one opens more sockets than anybody needs."""
    if scope.get("weirflow.token"):
        who = str(scope["weirflow.token"])
    elif user is None or isinstance(user, Visitor) or not user.is_authenticated:
        who = f"address {asking().address}"
    else:
        who = f"person {user.pk}"
    return knock("socket", who) > 0


async def no_such_socket(_scope: Scope, receive: Receive, send: Send) -> None:
    """Any other address."""
    await receive()
    await send({"type": "websocket.accept"})
    await _close(send, NO_SUCH_FLOW)


async def _serve(live: LiveSide, client: Client, receive: Receive, send: Send) -> None:
    client.document(encode(_hello(live, client)))
    client.document(Told({"t": "cluster", **client.flow.cluster}).frame(visitor=client.visitor))
    client.refresh()
    sender = asyncio.create_task(client.run(), name="editor socket sends")
    reader = asyncio.create_task(_read(live, client, receive), name="editor socket reads")
    try:
        code = await _first_end(client, sender, reader)
    except asyncio.CancelledError:
        with contextlib.suppress(Exception):
            await _close(send, RESTART)
        raise
    finally:
        for task in (sender, reader):
            task.cancel()
        await asyncio.wait({sender, reader})
    if code is not None:
        await _close(send, code)


async def _first_end(client: Client, *tasks: "asyncio.Task[int | None]") -> int | None:
    """The close code of whichever side ends it, or of silence. A timer for each message would cost more than that."""
    left = SILENCE_SECONDS
    while left > 0:
        done, _ = await asyncio.wait(tasks, timeout=left, return_when=asyncio.FIRST_COMPLETED)
        if done:
            return next(iter(done)).result()
        left = client.heard + SILENCE_SECONDS - time.monotonic()
    return TOO_SLOW


def _hello(live: LiveSide, client: Client) -> dict[str, Any]:
    flow = client.flow
    # What people say is not for who came by a share link: there is nothing to ask for.
    comments, tests = (0, 0) if client.visitor else (max(flow.comments_rev, 0), max(flow.tests_rev, 0))
    return {
        "t": "hello", "rev": flow.rev, "comments": comments, "tests": tests, "session": live.session,
        "client_id": client.client_id, "can": client.can_now(),
    }  # fmt: skip


async def _read(live: LiveSide, client: Client, receive: Receive) -> int | None:
    """Take in what the browser says. Returns the close code, None when the browser closed."""
    window, count = client.heard, 0
    while True:
        message = await receive()
        if message["type"] != "websocket.receive":
            return None
        client.heard = time.monotonic()
        if client.heard - window > BURST_SECONDS:
            window, count = client.heard, 0
        count += 1
        if count > BURST:
            return TOO_SLOW
        client.flow.presence.heard(client.client_id)
        text = message.get("text") or ""
        if len(text) <= MAX_MESSAGE:
            _take(live, client, text)


def _take(live: LiveSide, client: Client, text: str) -> None:
    """One message; what cannot be understood is ignored, a newer front end may say more."""
    try:
        message = orjson.loads(text)
    except orjson.JSONDecodeError:
        return
    if client.visitor and not (isinstance(message, dict) and message.get("t") in VISITORS_SAY):
        return
    match message:
        case {"t": "ping"}:
            client.pong()
        case {"t": "visible", "value": bool(visible)}:
            client.show(visible)
            live.hub.inspect_changed()
        case {"t": "inspect", "node": str() | None as node}:
            client.inspects = frozenset({node} if node is not None else ())
            live.hub.inspect_changed()
        case {"t": "inspect", "nodes": [*nodes]} if len(nodes) <= MAX_INSPECTED:
            client.inspects = frozenset(node for node in nodes if isinstance(node, str))
            live.hub.inspect_changed()
        case {"t": "presence"}:
            client.flow.presence.say(client.client_id, message)
        case {"t": "taps", "ports": [*ports]} if len(ports) <= MAX_TAPS:
            client.taps = frozenset((str(one[0]), str(one[1])) for one in ports if _is_port(one))
            live.hub.inspect_changed()


def _is_port(value: Any) -> bool:
    return isinstance(value, list) and len(value) == 2 and all(isinstance(part, str) for part in value)


def _may_view(user: Any, model: type[Flow] | type[WidgetPage], opened: uuid.UUID) -> bool:
    thing = model._default_manager.filter(pk=opened).first()
    return thing is not None and can(user, "view", thing)


async def _close(send: Send, code: int) -> None:
    await send({"type": "websocket.close", "code": code})
