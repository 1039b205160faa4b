"""Two editors, a cluster that comes and goes, and rights that change, in any order: in the end all of them agree.

The editors are the product's own client. `WEIRFLOW_ANY_ORDER_SECONDS` says how long orders are tried (default: 12).
"""

import base64
import json
import os
import signal
import time
import uuid
from collections.abc import Callable, Iterator
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import psutil
import psycopg
import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from tests.e2e.product import Product
from tests.services.postgres import Postgres
from tests.services.redis import Redis
from tests.services.robot import ANSWER_SECONDS, Robot, bundle
from tests.services.team import Team, make_team
from tests.waiting import wait_until

pytestmark = pytest.mark.server

SECONDS = float(os.environ.get("WEIRFLOW_ANY_ORDER_SECONDS", "12"))
EXAMPLES = max(3, int(SECONDS / 2))
SETTLED_SECONDS = 30.0
"""Twice what a browser waits at most before it tries again."""
NODES = [letter * 12 for letter in "abcd"]
WIRES = [str(uuid.UUID(int=number, version=4)) for number in range(1, 4)]
GROUPS = [str(uuid.UUID(int=number, version=4)) for number in range(8, 10)]
SETTING = "enableErrorPort"
THROWS = st.lists(st.integers(0, 2**24), min_size=2, max_size=5)
"""Of the dice that say what a person does, one thing after the other."""
ROLES = [None, "viewer", "operator", "editor"]


class World:
    """The running product, two people, and the hands that change what they stand on."""

    def __init__(self, product: Product, address: str, program: Path) -> None:
        self.product, self.address = product, address
        self.team: Team = make_team(product, 2)
        self.robots = [Robot(program, self.team, number) for number in range(2)]
        with psycopg.connect(address) as database:
            found = database.execute(
                "SELECT m.project_id, m.user_id, u.username FROM projects_membership m "
                "JOIN auth_user u ON u.id = m.user_id WHERE u.username LIKE %s ORDER BY u.username",
                (f"person-{uuid.UUID(self.team.flow).hex[:6]}-%",),
            ).fetchall()
            database.execute("UPDATE projects_membership SET role = 'owner' WHERE user_id = %s", (found[0][1],))
        self.project, self.second, self.name = found[1]
        self.has: str | None = "editor"
        """The second person's role."""
        self.done: set[str] = set()
        """The kinds of operations that came through."""
        self.until = 0.0
        """When no more orders are tried."""

    def role(self, role: str | None) -> None:
        """What the second person may do from now on, as the first says on the members' page; None: nothing."""
        if role is not None:
            self._say(do="role" if self.has else "add", role=role)
        elif self.has:
            self._say(do="remove")
        self.has = role

    def _say(self, **form: str) -> None:
        body = urlencode({"person": self.name, "user": self.second, **form})
        place = urlsplit(self.team.url)
        connection = HTTPConnection(place.hostname or "", place.port, timeout=ANSWER_SECONDS)
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        connection.request("POST", f"/projects/{self.project}/members/", body, {**self.team.headers(0), **kind})
        answer = connection.getresponse()
        text = answer.read()
        connection.close()
        assert answer.status == 302, text

    def cluster(self, runs: bool) -> None:
        psutil.Process(self.product.child("cluster")).send_signal(signal.SIGCONT if runs else signal.SIGSTOP)

    def close(self) -> None:
        for robot in self.robots:
            robot.close()


class AnyOrder(RuleBasedStateMachine):
    world: World

    def __init__(self) -> None:
        super().__init__()
        self.stopped = self.tried = False
        self.offline = [False, False]

    @property
    def over(self) -> bool:
        return time.monotonic() > self.world.until

    @initialize(throws=THROWS, many=st.integers(1, 3))
    def begin(self, throws: list[int], many: int) -> None:
        self.tried = not self.over
        self._edit(0, throws, many)

    @rule(who=st.integers(0, 1), throws=THROWS, many=st.integers(1, 3))
    def edit(self, who: int, throws: list[int], many: int) -> None:
        self._edit(who, throws, many)

    def _edit(self, who: int, throws: list[int], many: int) -> None:
        for dice in throws:
            if self.over:
                return
            seen = self.world.robots[who].order("state")
            ops = [_operation(seen, dice >> 7 * number) for number in range(many)]
            self.world.robots[who].order("apply", ops=_fitting(seen, ops))

    @rule(who=st.integers(0, 1), deed=st.sampled_from(["undo", "redo", "undo"]))
    def take_back(self, who: int, deed: str) -> None:
        if not self.over:
            self.world.robots[who].order(deed)

    @rule(who=st.integers(0, 1))
    def lose_the_socket(self, who: int) -> None:
        if not self.over:
            self.world.robots[who].order("drop")

    @rule(who=st.integers(0, 1))
    def cut_off_or_back(self, who: int) -> None:
        if not self.over:
            self.offline[who] = not self.offline[who]
            self.world.robots[who].order("offline", value=self.offline[who])

    @rule(who=st.integers(0, 1))
    def reload(self, who: int) -> None:
        # A page that cannot be reached, or is not for this person's eyes, does not open.
        if not self.over and not self.offline[who] and (who == 0 or self.world.has):
            self.world.robots[who].order("reload")

    @rule(role=st.sampled_from(ROLES))
    def change_a_right(self, role: str | None) -> None:
        if not self.over:
            self.world.role(role)

    @rule()
    def stop_or_start_the_cluster(self) -> None:
        if not self.over:
            self.world.cluster(self.stopped)
            self.stopped = not self.stopped

    @rule(chance=st.integers(0, 4))
    def kill_the_cluster(self, chance: int) -> None:
        if not self.over and not self.stopped and chance == 0:
            before = self.world.product.said("cluster is back")
            self.world.product.kill("cluster")
            self.world.product.wait_until_back("cluster", before + 1)

    @rule(milliseconds=st.integers(1, 120))
    def let_time_pass(self, milliseconds: int) -> None:
        if not self.over:
            time.sleep(milliseconds / 1000)

    def teardown(self) -> None:
        world = self.world
        if not self.tried:
            return
        if self.stopped:
            world.cluster(True)
        world.role("editor")
        for number, robot in enumerate(world.robots):
            if self.offline[number]:
                robot.order("offline", value=False)
        _agree(world)


def _agree(world: World) -> None:
    def settled() -> bool:
        states = [robot.order("state") for robot in world.robots]
        for robot, state in zip(world.robots, states, strict=True):
            # Whoever was shut out opens the page again; what they had not sent is still theirs.
            if state["socket"] in ("gone", "signed_out"):
                robot.order("reload")
        done = all(state["queue"]["pending"] == 0 and state["socket"] == "live" for state in states)
        return done and states[0]["rev"] == states[1]["rev"]

    wait_until(settled, lambda: str([robot.order("state") for robot in world.robots]), SETTLED_SECONDS)
    one, two = (robot.order("whole") for robot in world.robots)
    world.done |= {op["op"] for op in one["log"]}
    _same("the two browsers", one["graph"], two["graph"])
    _same("the browser, and the changes one after the other", one["graph"], one["replayed"])
    world.robots[0].order("reload")
    _same("the browser, and the rows", one["graph"], world.robots[0].order("whole")["graph"])
    expected = _on_cluster_as(one["graph"])
    wait_until(lambda: _on_cluster(world) == expected, lambda: f"{_on_cluster(world)}\n{expected}", SETTLED_SECONDS)


def _same(what: str, one: dict[str, Any], other: dict[str, Any]) -> None:
    pairs = [(one[kind].get(thing), other[kind].get(thing)) for kind in one for thing in {**one[kind], **other[kind]}]
    different = "\n".join(f"{first}\n{second}" for first, second in pairs if first != second)
    if different:
        raise AssertionError(f"{what}:\n{different}")


def _on_cluster_as(graph: dict[str, Any]) -> dict[str, Any]:
    """What the cluster has to know of a flow: nodes by id, with their wires by id."""
    found: dict[str, Any] = {}
    for node_id, node in graph["nodes"].items():
        wires = {wire for wire, edge in graph["edges"].items() if edge["source"] == node_id}
        found[node_id] = (node["label"], node["x"], node["y"], node["settings"], wires)
    return found


def _on_cluster(world: World) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for node in world.product.nodes():
        name = node["metadata"]["name"].rsplit("-", 1)[-1].rsplit(".", 1)[-1]
        if name not in NODES:
            continue
        notes, ports = node["metadata"]["annotations"], node["spec"].get("ports", [])
        own = next((port for port in ports if port["port"] == "_settings" and not port.get("from")), None)
        held = json.loads(base64.b64decode(own["configuration"])) if own else {}
        place = (int(notes[f"tinysystems.io/component-pos-{axis}"]) for axis in "xy")
        wires = {wire["id"] for wire in node["spec"].get("edges", [])}
        found[name] = (notes.get("tinysystems.io/node-label", ""), *place, held, wires)
    return found


def _operation(seen: dict[str, Any], dice: int) -> dict[str, Any]:
    """One that fits what a person sees, as their page only sends such."""
    pick: Callable[[list[Any]], Any] = lambda many: many[dice // 16 % len(many)]  # noqa: E731
    there, kind, small = seen["nodes"], dice % 12, dice // 64 % 5
    free = [one for one in NODES if one not in there]
    if not there or (kind <= 1 and free):
        place = {"x": small * 300, "y": 0, "settings": {SETTING: dice % 2 == 0}}
        return {"op": "add_node", "id": pick(free), "module": "common-v1", "component": "transform", **place}
    node = pick(there)
    wires = [edge["id"] for edge in seen["edges"]]
    loose = [wire for wire in WIRES if wire not in wires]
    match kind:
        case 2:
            return {"op": "delete_node", "id": node}
        case 3 | 4 if loose:
            ends = {"source": node, "source_port": "out", "target": there[small % len(there)], "target_port": "in"}
            return {"op": "add_edge", "id": pick(loose), **ends, "mapping": {"message": small}}
        case 5 if wires:
            return {"op": "delete_edge", "id": pick(wires)}
        case 6 if wires:
            return {"op": "set_mapping", "id": pick(wires), "mapping": {"message": small, "more": dice % 3}}
        case 7 if len(seen["groups"]) < len(GROUPS):
            free = [group for group in GROUPS if group not in seen["groups"]]
            return {"op": "add_group", "id": pick(free), "x": 0, "y": 0, "width": 300, "height": 200}
        case 8 if seen["groups"]:
            return {"op": "set_node", "id": node, "fields": {"group": pick(seen["groups"])}}
        case 9 if seen["groups"]:
            return {"op": "delete_group", "id": pick(seen["groups"])}
        case 10:
            return {"op": "set_setting", "id": node, "path": [SETTING], "value": small % 2 == 0}
        case _:
            return {"op": "set_node", "id": node, "fields": {"x": small * 10} if dice % 2 else {"label": f"L{small}"}}


def _fitting(seen: dict[str, Any], ops: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Of operations drawn from the same sight those that still fit after the ones before them: each thing once."""
    touched: set[str] = set()
    fitting = []
    for op in ops:
        ends = {op[end] for end in ("source", "target") if end in op} | {op.get("fields", {}).get("group") or op["id"]}
        if touched & {op["id"], *ends}:
            continue
        touched |= {op["id"], *ends}
        fitting.append(op)
    return fitting


@pytest.fixture(scope="module")
def world(
    running_postgres: Postgres, running_redis: Redis, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[World]:
    running_postgres.start()
    running_redis.start()
    address = running_postgres.make("any_order")
    environment = {
        "WEIRFLOW_WEB_PROCESSES": "2",
        "WEIRFLOW_DATABASE_URL": address,
        "WEIRFLOW_REDIS_URL": running_redis.url,
    }
    product = Product(tmp_path_factory.mktemp("any-order"), environment)
    try:
        product.start()
        made = World(product, address, bundle(tmp_path_factory.mktemp("robot")))
        yield made
        made.close()
    finally:
        product.stop()
        running_postgres.drop("any_order")


def test_whatever_happens_in_whatever_order_all_agree_in_the_end(world: World) -> None:
    AnyOrder.world, world.until = world, time.monotonic() + SECONDS
    machine = settings(
        max_examples=EXAMPLES,
        stateful_step_count=50,
        deadline=None,
        phases=[Phase.generate],
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(AnyOrder, settings=machine)
    assert world.done, "it was tried at all"
