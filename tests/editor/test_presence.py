"""Who is in a flow: what tabs say of themselves, whose cursors are told, who vanished, what other processes tell."""

import asyncio
import json
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from channels.layers import InMemoryChannelLayer
from django.contrib.auth.models import User

from editor.live.client import Client
from editor.live.cursors import MOST, REST_SECONDS
from editor.live.flow import LiveFlow
from editor.live.presence import SILENT_SECONDS, Presence
from editor.live.presence_share import FORGET_SECONDS, PresenceShare
from editor.live.said import MAX_SELECTION
from editor.live.who import who_is
from editor.process import LiveSide
from projects.models import Flow
from tests.editor.test_socket import Socket, opened
from tests.waiting import eventually


class Room:
    """The presence of one flow with a clock of its own, and what a browser knows that gets its frames."""

    def __init__(self) -> None:
        self.now = 100.0
        self.presence = Presence(lambda: None, clock=lambda: self.now)
        self.known: dict[str, dict[str, Any]] = {}

    def join(self, tab: str, person: str = "") -> None:
        self.presence.join(client(tab, person or tab))

    def seen(self) -> dict[str, dict[str, Any]]:
        """What a browser knows now."""
        merge(self.known, self.presence.changes())
        assert self.known == self.presence.snapshot()
        return self.known


def merge(known: dict[str, dict[str, Any]], here: dict[str, Any]) -> None:
    for tab, new in here.items():
        if new is None:
            known.pop(tab, None)
        else:
            known[tab] = known.get(tab, {}) | new


async def nowhere(_text: str) -> None:
    """Takes what is sent."""


def client(tab: str, person: str, flow: LiveFlow | None = None) -> Client:
    flow = flow or LiveFlow(uuid.uuid4(), "p", 0)
    return Client(flow, client_id=tab, user_id=1, key="", person=person, name=person.title(), send=nowhere)


def test_everybody_knows_who_is_here_and_what_they_do() -> None:
    room = Room()
    room.join("a1", "ada")
    room.join("a2", "ada")
    room.presence.say("a1", {"cursor": [10.4, -20.6], "selection": ["n1"], "form": {"node": "n1", "pointer": "/path"}})
    seen = room.seen()
    assert {one["name"] for one in seen.values()} == {"Ada"}
    assert {one["person"] for one in seen.values()} == {"ada"}
    assert seen["a1"]["cursor"] == [10, -21]
    assert (seen["a1"]["selection"], seen["a1"]["form"]) == (["n1"], {"node": "n1", "pointer": "/path"})
    room.presence.say("a1", {"form": None})
    assert room.seen()["a1"] | {"form": None, "cursor": [10, -21]} == room.seen()["a1"]
    room.presence.leave("a1")
    assert room.seen().keys() == {"a2"}


def test_what_did_not_change_is_not_told() -> None:
    room = Room()
    room.join("a")
    room.presence.say("a", {"cursor": [1, 2], "selection": []})
    room.presence.changes()
    room.presence.say("a", {"cursor": [1.2, 2.1], "selection": [], "form": None})
    assert not room.presence.changed


@pytest.mark.parametrize(
    "said",
    [
        {"cursor": [1]},
        {"cursor": ["1", 2]},
        {"cursor": [True, 2]},
        {"cursor": [1e12, 0]},
        {"cursor": [float("nan"), 0]},
        {"cursor": {"x": 1}},
        {"selection": None},
        {"selection": ["n"] * (MAX_SELECTION + 1)},
        {"selection": [1]},
        {"selection": ["n" * 65]},
        {"form": {"node": "n"}},
        {"form": {"node": "n", "pointer": "/" * 257}},
        {"view": 3},
    ],
)
def test_what_makes_no_sense_is_left_out_whole(said: dict[str, Any]) -> None:
    room = Room()
    room.join("a")
    room.presence.changes()
    room.presence.say("a", {"cursor": [5, 5], "selection": ["n1"], **said})
    assert not room.presence.changed
    assert room.presence.snapshot()["a"]["cursor"] is None


def test_a_hidden_tab_is_away_and_says_nothing() -> None:
    room = Room()
    room.join("a")
    room.presence.say("a", {"cursor": [1, 2], "form": {"node": "n", "pointer": ""}, "selection": ["n"]})
    room.presence.show("a", visible=False)
    room.presence.say("a", {"cursor": [3, 4]})
    away = room.seen()["a"]
    assert (away["away"], away["cursor"], away["form"], away["selection"]) == (True, None, None, ["n"])
    room.presence.show("a", visible=True)
    assert not room.seen()["a"]["away"]


def test_who_is_not_heard_is_gone_until_heard_again() -> None:
    room = Room()
    for tab in ("a", "b", "hidden"):
        room.join(tab)
    room.presence.say("a", {"selection": ["n1"]})
    room.presence.show("hidden", visible=False)
    room.now += SILENT_SECONDS + 1
    room.presence.heard("b")
    room.presence.look_for_silent()
    assert room.seen().keys() == {"b", "hidden"}
    room.presence.heard("a")
    assert room.seen()["a"]["selection"] == ["n1"]


def test_of_many_the_same_few_cursors_are_told_and_who_rests_makes_way() -> None:
    room = Room()
    tabs = [f"t{number}" for number in range(MOST + 5)]
    for tab in tabs:
        room.join(tab)
        room.presence.say(tab, {"cursor": [1, 1]})
    assert [tab for tab, one in room.seen().items() if one["cursor"]] == tabs[:MOST]
    room.now += REST_SECONDS + 1
    for tab in tabs[1:]:
        room.presence.say(tab, {"cursor": [2, 2]})
    told = {tab for tab, one in room.seen().items() if one["cursor"]}
    assert len(told) == MOST
    assert tabs[0] not in told


def test_the_cursor_of_who_is_followed_is_told_at_once_and_makes_way_for_nobody() -> None:
    room = Room()
    tabs = [f"t{number}" for number in range(MOST + 5)]
    for tab in tabs:
        room.join(tab)
        room.presence.say(tab, {"cursor": [1, 1]})
    assert room.seen()[tabs[-1]]["cursor"] is None
    room.presence.say(tabs[0], {"follow": tabs[-1]})
    assert room.seen()[tabs[-1]]["cursor"] == [1, 1]
    room.now += REST_SECONDS + 1
    for tab in tabs[:-1]:
        room.presence.say(tab, {"cursor": [2, 2]})
    assert room.seen()[tabs[-1]]["cursor"] == [1, 1]


async def test_presence_goes_in_the_frames_and_who_missed_some_gets_it_whole() -> None:
    texts: list[str] = []

    async def send(text: str) -> None:
        texts.append(text)

    is_open = True
    flow = LiveFlow(uuid.uuid4(), "p", 0)
    here = Client(flow, client_id="a", user_id=1, key="", person="1", name="Ada", send=send, writable=lambda: is_open)
    flow.clients.add(here)
    flow.presence.join(here)
    here.refresh()
    task = asyncio.create_task(here.run())
    await eventually(lambda: texts)
    is_open = False
    known = dict(json.loads(texts[0])["here"])
    flow.presence.join(client("b", "bob", flow))
    flow.presence.join(client("c", "eve", flow))
    for step in range(20):
        flow.presence.say("b", {"cursor": [step, step]})
        await asyncio.sleep(0.01)
    flow.presence.leave("c")
    is_open = True

    def caught_up() -> bool:
        for text in texts[1:]:
            merge(known, json.loads(text).get("here", {}))
        return known == flow.presence.snapshot()

    await eventually(caught_up)
    assert known["b"]["cursor"] == [19, 19]
    assert len(texts) < 6
    task.cancel()


def test_a_visitor_is_nobody_else_in_each_tab_and_an_address_stays_half_untold() -> None:
    assert who_is(object(), "t1") == ("visitor-t1", "Visitor")
    assert who_is(User(pk=3, username="ada@example.com"), "t2") == ("3", "ada")


# Over several web processes


class Process:
    def __init__(self, layer: InMemoryChannelLayer, name: str, flow_id: uuid.UUID) -> None:
        self.flow = LiveFlow(flow_id, "p", 0)
        self.flow.clients.add(client(f"{name}-looking", name, self.flow))
        self.flows = {flow_id: self.flow}
        self.share = PresenceShare(layer, lambda: self.flows, name)
        self.share.look()

    def join(self, tab: str) -> None:
        self.flow.presence.join(client(tab, tab, self.flow))

    def here(self) -> dict[str, Any]:
        return self.flow.presence.snapshot()


@asynccontextmanager
async def processes(*names: str) -> AsyncIterator[tuple[InMemoryChannelLayer, list[Process]]]:
    layer, flow_id = InMemoryChannelLayer(), uuid.uuid4()
    started = [Process(layer, name, flow_id) for name in names]
    await eventually(lambda: [len(group) for group in layer.groups.values()] == [len(names)])
    try:
        yield layer, started
    finally:
        for process in started:
            await process.share.stop()


async def test_processes_tell_each_other_who_is_at_them() -> None:
    async with processes("one", "two") as (_, [one, two]):
        one.join("a")
        two.join("b")
        one.flow.presence.say("a", {"cursor": [7, 8], "selection": ["n1"]})
        await eventually(lambda: two.here().get("a", {}).get("cursor") == [7, 8])
        assert two.here()["a"]["selection"] == ["n1"]
        await eventually(lambda: one.here() == two.here())
        one.flow.presence.leave("a")
        await eventually(lambda: two.here().keys() == {"b"})


async def test_a_process_that_begins_asks_who_is_there() -> None:
    async with processes("one") as (layer, [one]):
        one.join("a")
        later = Process(layer, "later", one.flow.id)
        await eventually(lambda: "a" in later.here())
        await later.share.stop()


async def test_a_message_that_is_lost_is_made_up_for() -> None:
    async with processes("one", "two") as (_, [one, two]):
        one.join("a")
        one.join("b")
        await eventually(lambda: two.here().keys() == {"a", "b"})
        two.flow.presence.others("one", {"b": None, "ghost": {**two.here()["a"]}}, full=False)
        assert two.here().keys() == {"a", "ghost"}
        await eventually(lambda: two.here().keys() == {"a", "b"})


async def test_a_layer_that_fails_is_said_once_and_found_again(caplog: pytest.LogCaptureFixture) -> None:
    async with processes("one", "two") as (layer, [one, two]):
        send, fails = layer.group_send, 0

        async def fail(*_: Any) -> None:
            nonlocal fails
            fails += 1
            raise ConnectionError("no layer")

        layer.group_send = fail
        for tab in ("a", "b", "c"):
            one.join(tab)
            before = fails

            def failed_again(before: int = before) -> bool:
                return fails > before

            await eventually(failed_again)
        said = [one for one in caplog.records if "who is in a flow" in one.getMessage()]
        assert len(said) <= 2, "once by each process"
        layer.group_send = send
        await eventually(lambda: two.here().keys() == {"a", "b", "c"})


def test_the_tabs_of_a_process_that_is_silent_are_forgotten() -> None:
    room = Room()
    room.join("mine")
    room.presence.others("gone", {"theirs": {"person": "2", "name": "Bob", "away": False, "cursor": None}}, full=True)
    assert room.seen().keys() == {"mine", "theirs"}
    room.now += FORGET_SECONDS - 1
    room.presence.forget_origins(FORGET_SECONDS)
    assert "theirs" in room.seen()
    room.now += 2
    room.presence.forget_origins(FORGET_SECONDS)
    assert room.seen().keys() == {"mine"}


# Over the websocket


@pytest.mark.server
async def test_who_joins_moves_and_leaves_is_seen_by_a_viewer(
    live: LiveSide, owner: User, viewer: User, flow: Flow
) -> None:
    async with opened(viewer, flow) as looking:
        known: dict[str, Any] = dict((await looking.receive("live", full=True))["here"])
        async with opened(owner, flow) as socket:
            mine = (await socket.receive("hello"))["client_id"]
            assert len((await socket.receive("live", full=True))["here"]) == 2
            await socket.send({"t": "presence", "cursor": [3, 4], "selection": ["n1"], "form": None})
            while known.get(mine, {}).get("cursor") != [3, 4]:
                merge(known, await _here(looking))
            assert (known[mine]["name"], known[mine]["selection"]) == ("owner", ["n1"])
        while mine in known:
            merge(known, await _here(looking))
        assert [one["name"] for one in known.values()] == ["viewer"]


async def _here(socket: Socket) -> dict[str, Any]:
    return dict((await socket.receive("live")).get("here", {}))
