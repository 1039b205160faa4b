"""Two web processes on one PostgreSQL and one Redis are as one to the people who edit."""

import asyncio
import json
import os
import signal
import uuid
from collections.abc import AsyncIterator, Iterator
from typing import Any

import aiohttp
import psycopg
import pytest
import pytest_asyncio

from editor.push import turns
from tests.e2e.product import Product
from tests.services.postgres import Postgres
from tests.services.redis import Redis
from tests.services.team import Browser, Team, make_team
from tests.waiting import eventually, wait_until

pytestmark = pytest.mark.server

CROWD = 100


@pytest.fixture(scope="module")
def product(
    running_postgres: Postgres, running_redis: Redis, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Product]:
    running_postgres.start()
    running_redis.start()
    environment = {
        "WEIRFLOW_WEB_PROCESSES": "2",
        "WEIRFLOW_DATABASE_URL": running_postgres.make("team"),
        "WEIRFLOW_REDIS_URL": running_redis.url,
    }
    started = Product(tmp_path_factory.mktemp("team"), environment)
    try:
        yield started.start()
    finally:
        started.stop()
        running_postgres.drop("team")


@pytest.fixture(scope="module")
def team(product: Product) -> Team:
    return make_team(product, CROWD + 1)


class People:
    """Browsers whose sockets are kept open until the test ends."""

    def __init__(self, team: Team, session: aiohttp.ClientSession) -> None:
        self.team, self.session = team, session
        self.all: list[Browser] = []
        self._tasks: list[asyncio.Task[None]] = []

    async def come(self, number: int) -> Browser:
        """The browser of this person, with its socket open."""
        one = Browser(self.team, number, self.session)
        self._tasks.append(asyncio.create_task(one.stay()))
        self.all.append(one)
        await eventually(lambda: one.socket, 60, f"the socket of person {number}")
        return one

    async def at_both(self) -> tuple[Browser, Browser]:
        """Two people, each at another web process."""
        for number in range(30):
            await self.come(number)
            for one in self.all:
                if one.process != self.all[-1].process:
                    return one, self.all[-1]
        raise AssertionError("all sockets came to one process")

    async def go(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)


@pytest_asyncio.fixture
async def people(team: Team) -> AsyncIterator[People]:
    connector = aiohttp.TCPConnector(limit=0)
    async with aiohttp.ClientSession(connector=connector) as session:
        here = People(team, session)
        yield here
        await here.go()


def _node(document: dict[str, Any], node_id: str) -> dict[str, Any]:
    return next(row for row in document["nodes"] if row["id"] == node_id)


async def test_an_edit_is_seen_at_the_other_process_and_its_node_comes_to_life_there(people: People) -> None:
    one, two = await people.at_both()
    for browser in (one, two):
        rev = await browser.add()
        await eventually(lambda rev=rev: one.heard >= rev and two.heard >= rev, what="the edit at both")

    def observed() -> bool:
        places = [browser.node_live.get(node, {}) for browser in (one, two) for node in (one.node, two.node)]
        return all(entry.get("push", {}).get("state") == "observed" for entry in places)

    await eventually(observed, 60, "both nodes pushed and taken in, as both processes show it")


async def test_who_is_at_one_process_is_seen_at_the_other_until_they_go(people: People) -> None:
    one, two = await people.at_both()
    for browser, other in ((one, two), (two, one)):
        await browser.say({"t": "presence", "cursor": [browser.number, 7], "selection": [browser.node]})
        tab = browser.client_id
        told = {"cursor": [browser.number, 7], "selection": [browser.node]}

        def seen(other: Browser = other, tab: str = tab, told: dict[str, Any] = told) -> bool:
            return {key: other.here.get(tab, {}).get(key) for key in told} == told

        await eventually(seen, what="what they do, at the other")
    gone = two.client_id
    assert two.socket is not None
    await two.socket.close()
    await eventually(lambda: gone not in one.here, what="them to be gone")


async def test_a_comment_is_heard_of_at_the_other_process(people: People) -> None:
    one, two = await people.at_both()
    for browser in (one, two):
        body = {"id": str(uuid.uuid4()), "comment": str(uuid.uuid4()), "text": "Why?"}
        status, _ = await browser.call("POST", f"/api/flows/{browser.team.flow}/comments", body)
        assert status == 201
        _, answer = await browser.call("GET", f"/api/flows/{browser.team.flow}/comments")
        rev = answer["rev"]
        await eventually(lambda rev=rev: one.comments >= rev and two.comments >= rev, what="the hint at both")


async def test_edits_of_both_at_once_all_reach_the_cluster(people: People, product: Product) -> None:
    one, two = await people.at_both()
    document = await one.document()
    for browser in (one, two):
        if browser.node not in {row["id"] for row in document["nodes"]}:
            await browser.add()

    async def label(browser: Browser, node: str, words: str) -> None:
        for number in range(12):
            await browser.edit({"op": "set_node", "id": node, "fields": {"label": f"{words} {number}"}})

    await asyncio.gather(label(one, one.node, "one"), label(two, one.node, "two"), label(two, two.node, "three"))
    rows = await one.document()
    rev = rows["flow"]["rev"]
    await eventually(lambda: one.heard >= rev and two.heard >= rev, what="all edits at both")

    def applied() -> bool:
        told = [browser.node_live[node]["push"] for browser in (one, two) for node in (one.node, two.node)]
        return all(push["state"] == "observed" for push in told) and told[:2] == told[2:]

    await eventually(applied, 60, "the newest pushed")
    nodes = await asyncio.to_thread(product.nodes)
    for browser in (one, two):
        obj = next(node for node in nodes if node["metadata"]["name"].endswith(browser.node))
        label_there = obj["metadata"]["annotations"]["tinysystems.io/node-label"]
        assert label_there == _node(rows, browser.node)["label"]


def _doctor(product: Product) -> dict[str, list[dict[str, str]]]:
    found: dict[str, list[dict[str, str]]] = {}
    # One of its errors is meant: the exit code is not 0.
    for one in json.loads(product.manage("doctor", "--json", check=False))["findings"]:
        found.setdefault(one["part"], []).append(one)
    return found


def test_the_doctor_sees_all_parts_of_it(product: Product) -> None:
    found = _doctor(product)
    said = {part: [one["what"] for one in findings] for part, findings in found.items()}
    assert said["web processes"] == ["2 web processes hear each other."]
    assert said["worker"] == ["A worker does tasks."]
    assert "The cluster answers and knows our kinds." in said["cluster"]
    assert "The tables are those of this version." in said["database"]
    # The server of the tests need not survive a power cut; whether a front end is built is not asked here.
    errors = [one for findings in found.values() for one in findings if one["level"] == "error"]
    assert all("power cut" in one["what"] or one["part"] == "web" for one in errors), errors
    assert product.manage("doctor", "redis", "keys", "--strict").count("ok") == 2


async def test_ready_says_in_a_word_what_is(people: People, product: Product, team: Team) -> None:
    async with people.session.get(f"{team.url}/readyz") as answer:
        assert answer.status == 200
        parts = {"database": "ok", "redis": "ok", "cluster": "ok"}
        assert await answer.json() == {"ready": True, "parts": parts}


async def test_a_project_that_another_process_pushes_waits_for_it(people: People, running_postgres: Postgres) -> None:
    one, _ = await people.at_both()
    node = f"held{one.number:08d}"
    (name,) = running_postgres.run("SELECT resource_name FROM projects_project ORDER BY created LIMIT 1", "team")[0]

    def push() -> str:
        return str(one.node_live.get(node, {}).get("push", {}).get("state"))

    with psycopg.connect(running_postgres.url("team"), autocommit=True) as other:
        taken = "SELECT pg_try_advisory_lock(%s, hashtext(%s))"
        await eventually(lambda: other.execute(taken, [turns.SPACE, name]).fetchone() == (True,), what="the lock")
        await one.edit({"op": "add_node", "id": node, "module": "common-v1", "component": "debug", "x": 0, "y": 0})
        rows = f"SELECT dirty FROM projects_node WHERE id = '{node}'"
        await eventually(lambda: one.heard >= 1 and other.execute(rows).fetchone() == (True,), what="the row")
        # Long enough for both to have tried.
        tries = "SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%pg_try_advisory_lock%'"
        await eventually(lambda: other.execute(tries).fetchone() >= (1,), what="a try")
        assert other.execute(rows).fetchone() == (True,)
    await eventually(lambda: push() == "observed", 60, "the push, once the lock was free")


async def test_who_signs_out_is_shut_out_at_every_process(people: People) -> None:
    here = [await people.come(CROWD)]
    while len({one.process for one in here}) < 2:
        assert len(here) < 30
        here.append(await people.come(CROWD))
    status, _ = await here[0].call("POST", "/sign-out/")
    assert status < 400
    await eventually(
        lambda: all(4401 in one.close_codes for one in here), 10, "all sockets of the session to be closed"
    )


async def test_without_redis_people_go_on_and_hear_of_each_other(people: People, running_redis: Redis) -> None:
    one, two = await people.at_both()
    node = f"free{one.number:08d}"
    await one.edit({"op": "add_node", "id": node, "module": "common-v1", "component": "debug", "x": 0, "y": 0})
    url = people.team.url

    async def ready() -> tuple[int, str]:
        async with people.session.get(f"{url}/readyz") as answer:
            return answer.status, (await answer.json())["parts"]["redis"]

    async def is_ready() -> bool:
        return await ready() == (200, "ok")

    async def is_not() -> bool:
        return await ready() == (503, "failed")

    running_redis.kill()
    try:
        for number in range(3):
            rev = await one.edit({"op": "set_node", "id": node, "fields": {"x": 10 + number}})
            await eventually(lambda rev=rev: one.heard >= rev and two.heard >= rev, 40, "the edit, by a sweep")
        await eventually(is_not, what="a process that is not ready")
    finally:
        running_redis.start()
    await eventually(is_ready, 40, "Redis to be found again")
    listening = ["2 web processes hear each other."]

    async def hear() -> bool:
        said = await asyncio.to_thread(people.team.product.manage, "doctor", "web processes", "--json")
        return [one["what"] for one in json.loads(said)["findings"]] == listening

    await eventually(hear, 40, "the processes to hear each other again")


async def test_who_is_killed_loses_no_acknowledged_edit_and_everybody_is_back(people: People, product: Product) -> None:
    await asyncio.gather(*(people.come(number) for number in range(CROWD)))
    document = await people.all[0].document()
    there = {row["id"] for row in document["nodes"]}
    await asyncio.gather(*(one.add() for one in people.all if one.node not in there))
    acknowledged: dict[str, int] = {}
    going_on = True

    async def edit(one: Browser) -> None:
        number = 0
        while going_on:
            number += 1
            await one.edit({"op": "set_node", "id": one.node, "fields": {"y": number}})
            acknowledged[one.node] = number
            await asyncio.sleep(4.0)

    editing = [asyncio.create_task(edit(one)) for one in people.all]
    await eventually(lambda: len(acknowledged) == CROWD, 60, "an edit of each")
    victim = product.child("web-0")
    hellos = {one: one.hellos for one in people.all}
    by_process = {one.process for one in people.all}
    assert len(by_process) == 2
    loop = asyncio.get_running_loop()
    killed = loop.time()
    os.kill(victim, signal.SIGKILL)
    await eventually(lambda: any(one.closed_at >= killed for one in people.all), 60, "its sockets to break")
    # How soon is a row of script/bench teams.
    await eventually(lambda: all(one.socket is not None for one in people.all), 60, "everybody to be back")
    assert sum(one.hellos > hellos[one] for one in people.all) >= 1
    before = dict(acknowledged)
    await eventually(lambda: all(acknowledged[node] > number for node, number in before.items()), 60, "all go on")
    going_on = False
    await asyncio.gather(*editing)
    rows = await people.all[0].document()
    for one in people.all:
        assert _node(rows, one.node)["y"] == acknowledged[one.node]
    await eventually(
        lambda: all(one.heard >= rows["flow"]["rev"] for one in people.all), 30, "the last edit at everybody"
    )
    wait_until(lambda: product.has_said("web-0 is back"), product.tail, 60)


async def test_a_process_that_stops_sends_its_people_to_the_other(people: People, product: Product) -> None:
    await people.at_both()
    first = product.child("web-1")
    os.kill(first, signal.SIGTERM)
    await eventually(lambda: any(one.close_codes for one in people.all), 60, "the sockets to be closed")
    assert {code for one in people.all for code in one.close_codes} == {1012}
    await eventually(lambda: all(one.socket is not None for one in people.all), 60, "everybody to be back")
    await eventually(lambda: product.child("web-1") != first, 60, "it to be started again")
