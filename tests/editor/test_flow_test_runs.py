"""A run of tests as everybody sees it: results one by one, how far it is, stopped, broken off, true or old by now."""

import asyncio
import contextlib
import os
import signal
import uuid
from typing import Any

import psutil
import pytest
from django.contrib.auth.models import User

from editor.database import in_database
from editor.process import LiveSide
from projects.actions import do_begin_flow_tests, do_note_flow_tests
from projects.errors import ProjectError
from projects.models import AuditEntry, Flow, FlowTest, FlowTestRun, Node
from projects.testing.request import request_of
from tests.editor.edits import Editor, edge
from tests.editor.test_api import Api, signed_in
from tests.editor.test_socket import Socket, opened
from tests.waiting import eventually

pytestmark = pytest.mark.server

ENDLESS = "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) SELECT count(*) FROM c"


async def three_tests(editor: Editor, api: Api) -> list[str]:
    """Ids of one that holds, one that goes on until it is ended, and another that would hold."""
    node, stuck = await editor.add("debug"), await editor.add("debug")
    await in_database(Node.objects.filter(pk=node).update, module="common-v1", component="debug")
    settings = {"query": ENDLESS, "timeout": 300_000}
    await in_database(Node.objects.filter(pk=stuck).update, module="data-v1", component="sql_query", settings=settings)
    made = []
    for name, at in (("first", f"{node}.in"), ("second", f"{stuck}.run"), ("third", f"{node}.in")):
        body = {"given": {"at": at, "message": {}}, "expect": []}
        status, row = await api.post("/tests", {"id": str(uuid.uuid4()), "name": name, "body": body})
        assert status == 201, row
        made.append(row["id"])
    return made


async def under_way(api: Api, test: str) -> None:
    """This one is being run: the process may take its time to start."""

    async def now() -> bool:
        run = (await api.get("/tests"))[1]["run"]
        return run is not None and run["test"] == test

    await eventually(now, what="the run of the test", seconds=50)


async def told(socket: Socket, test: str | None, done: int) -> dict[str, Any]:
    """The frame that says that so many have ended and this one is being run."""
    while True:
        run = (await socket.receive("tests"))["run"]
        if run is not None and (run["test"], run["done"]) == (test, done):
            return dict(run)


def runners() -> list[psutil.Process]:
    """Processes of this one that run tests; others may end while they are looked at."""
    found = []
    for one in psutil.Process().children():
        with contextlib.suppress(psutil.Error):
            if "weirflow.flowtest" in one.cmdline():
                found.append(one)
    return found


@pytest.fixture
def long_tests(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test is ended by its time, however busy the machine is."""
    monkeypatch.setattr("editor.api.tests.SECONDS", 200.0)
    monkeypatch.setattr("editor.flow_tests.MOST_SECONDS", 400.0)
    monkeypatch.setattr("editor.flow_tests.SECONDS", 200.0)


@pytest.mark.usefixtures("long_tests")
async def test_everybody_sees_results_as_they_come_and_whoever_may_run_them_may_stop(
    live: LiveSide, owner: User, colleague: User, viewer: User, flow: Flow
) -> None:
    api, theirs, looks = [await signed_in(one, flow) for one in (owner, colleague, viewer)]
    first, second, third = await three_tests(Editor(live, owner, flow), api)
    async with opened(viewer, flow) as socket:
        before = (await socket.receive("hello"))["tests"]
        asked = asyncio.ensure_future(api.post("/tests/run", {"tests": None}))
        await under_way(api, second)
        run = await told(socket, second, 1)
        assert (run["by"], run["tests"], run["ended"]) == (owner.username, [first, second, third], None)
        _, seen = await looks.get(f"/tests?after={before}")
        assert [test["result"]["outcome"] for test in seen["tests"]] == ["passed"], "kept before the others have ended"
        assert (seen["run"]["id"], seen["ids"]) == (run["id"], [first, second, third])
        status, refused = await theirs.post("/tests/run", {"tests": [first]})
        assert (status, refused["error"]["code"], refused["error"]["by"]) == (409, "tests_running", owner.username)
        assert (await looks.post("/tests/stop", {}))[0] == 403
        assert (await theirs.post("/tests/stop", {}))[0] == 200
        status, ran = await asked
        assert (status, ran["run"]["stopped_by"], ran["run"]["done"]) == (200, colleague.username, 1), ran["run"]
        assert (ran["run"]["ended"] is not None, ran["run"]["test"]) == (True, second)
        assert [(test["result"] or {}).get("outcome") for test in ran["tests"]] == ["passed", None, None]
        while (await socket.receive("tests"))["run"]["ended"] is None:
            pass
    assert not runners(), "its process ends with it"
    status, again = await theirs.post("/tests/run", {"tests": [third]})
    assert (status, again["tests"][0]["result"]["outcome"], again["run"]["test"]) == (200, "passed", None)
    assert (await theirs.post("/tests/stop", {}))[0] == 200, "nothing is left to stop"
    actions = await in_database(lambda: list(AuditEntry.objects.order_by("pk").values_list("action", flat=True)))
    assert [one for one in actions if one.startswith("flow.test")] == ["flow.test_stop", "flow.test", "flow.test"]


@pytest.mark.usefixtures("long_tests")
async def test_a_process_that_dies_half_way_takes_one_test_with_it(live: LiveSide, owner: User, flow: Flow) -> None:
    api = await signed_in(owner, flow)
    _, second, third = await three_tests(Editor(live, owner, flow), api)
    asked = asyncio.ensure_future(api.post("/tests/run", {"tests": None}))

    await under_way(api, second)
    (process,) = runners()
    os.kill(process.pid, signal.SIGKILL)
    status, ran = await asked
    assert status == 200
    assert [(test["result"] or {}).get("outcome") for test in ran["tests"]] == ["passed", "error", None]
    assert ran["tests"][1]["result"]["problem"]["code"] == ran["run"]["problem"]["code"] == "runner_failed"
    assert (ran["run"]["test"], ran["run"]["done"]) == (second, 2), "the run says which test it ended in"
    assert third in ran["ids"]


@pytest.mark.usefixtures("long_tests")
async def test_a_server_that_ends_breaks_its_runs_off_and_says_so(live: LiveSide, owner: User, flow: Flow) -> None:
    api = await signed_in(owner, flow)
    _, second, _ = await three_tests(Editor(live, owner, flow), api)
    asked = asyncio.ensure_future(api.post("/tests/run", {"tests": [second]}))
    await under_way(api, second)
    await live.tests.stop_all()
    await asyncio.wait({asked})
    run = (await api.get("/tests"))[1]["run"]
    assert (run["problem"]["code"], run["test"], run["ended"] is not None) == ("run_lost", second, True)
    assert not runners()


@pytest.mark.usefixtures("long_tests")
async def test_a_stop_in_another_process_ends_the_test_that_is_on(live: LiveSide, owner: User, flow: Flow) -> None:
    api = await signed_in(owner, flow)
    _, second, _ = await three_tests(Editor(live, owner, flow), api)
    asked = asyncio.ensure_future(api.post("/tests/run", {"tests": [second]}))
    await under_way(api, second)
    # As another process writes it: nobody here is told but by the hint, or by the sweep that needs none.
    await in_database(FlowTestRun.objects.filter(flow=flow).update, stopped_by=owner)
    status, ran = await asked
    assert (status, ran["run"]["stopped_by"], ran["run"]["done"]) == (200, owner.username, 0)
    assert (ran["run"]["problem"], ran["tests"][0]["result"]) == (None, None), "it has no result, and nothing failed"
    assert not runners()


async def test_what_another_process_committed_is_told_without_a_hint(live: LiveSide, owner: User, flow: Flow) -> None:
    async with opened(owner, flow) as socket:
        before = (await socket.receive("hello"))["tests"]
        await in_database(lambda: Flow.objects.filter(pk=flow.pk).update(tests_rev=before + 1))
        await live.hub.catch_up()
        assert await socket.receive("tests") == {"t": "tests", "rev": before + 1, "run": None}


async def test_a_run_whose_server_is_gone_is_over_and_keeps_nobody_from_another(
    live: LiveSide, owner: User, flow: Flow
) -> None:
    api = await signed_in(owner, flow)

    async def begin(seconds: float) -> None:
        await in_database(do_begin_flow_tests, owner, flow, uuid.uuid4(), [], seconds)

    await begin(60)
    with pytest.raises(ProjectError, match="wait until they have ended"):
        await begin(60)
    await api.post("/tests/stop", {})
    await in_database(lambda: FlowTestRun.objects.update(until=FlowTestRun.objects.get(flow=flow).began))
    run = (await api.get("/tests"))[1]["run"]
    assert (run["problem"]["code"], run["ended"] is not None) == ("run_lost", True)
    await begin(60)


async def test_a_result_is_old_after_what_can_change_it_and_after_nothing_else(
    live: LiveSide, owner: User, flow: Flow
) -> None:
    editor, api = Editor(live, owner, flow), await signed_in(owner, flow)
    one, two = await editor.add(), await editor.add()
    wire = str(uuid.uuid4())
    await editor.edit(edge(wire, one, two, {"text": "Hello"}))
    assert (await api.post("/scenarios", {"id": str(uuid.uuid4()), "name": "Rush hour", "ports": []}))[0] == 201
    plain = {"given": {"at": f"{one}.out", "message": 1}, "expect": []}
    made = {"plain": str(uuid.uuid4()), "sampled": str(uuid.uuid4())}
    for name, body in (("plain", plain), ("sampled", {**plain, "scenario": "Rush hour"})):
        assert (await api.post("/tests", {"id": made[name], "name": name, "body": body}))[0] == 201

    def ran() -> None:
        now = Flow.objects.get(pk=flow.pk)
        asked = request_of(now, FlowTest.objects.filter(flow=now), 1.0)
        passed = {"outcome": "passed", "findings": [], "steps": [], "wires": {}}
        do_note_flow_tests(owner, now, uuid.uuid4(), dict.fromkeys(asked.revs, passed), asked, seconds=1.0)

    async def old() -> set[str]:
        stale = (await api.get("/tests"))[1]["stale"]
        return {name for name, test in made.items() if test in stale}

    await in_database(ran)
    assert await old() == set()
    await editor.edit({"op": "set_node", "id": one, "fields": {"x": 480, "label": "Visits", "comment": "Look here"}})
    three, four = await editor.add(), await editor.add()
    await editor.edit(edge(str(uuid.uuid4()), three, one, {"text": "Hello"}))
    await editor.edit(edge(str(uuid.uuid4()), three, four))
    await editor.edit({"op": "set_setting", "id": three, "path": ["start"], "value": 7})
    await editor.edit({"op": "set_setting", "id": four, "path": ["start"], "value": 7})
    assert await old() == set(), "what stands before the test, or beside it, is nothing to it"
    note = {"op": "add_note", "id": str(uuid.uuid4()), "text": "A note", "x": 0, "y": 0, "width": 240, "height": 120}
    await editor.edit(note)
    assert await old() == set(), "places, titles and notes change nothing"
    for op in (
        {"op": "set_setting", "id": one, "path": ["start"], "value": 7},
        {"op": "set_setting", "id": two, "path": ["start"], "value": 7},
        {"op": "set_mapping", "id": wire, "mapping": {"text": "Bye"}},
        {"op": "delete_edge", "id": wire},
    ):
        change = await editor.edit(op)
        assert await old() == {"plain", "sampled"}, op
        await editor.undo(change.rev)
        assert await old() == set(), "what was undone is as it was"
    scenario = (await api.get("/scenarios"))[1]["scenarios"][0]
    data = {"rev": scenario["rev"], "ports": [{"node": one, "port": "out", "data": 2}]}
    status, answer = await api.put(f"/scenarios/{scenario['id']}", data)
    assert status == 200, answer
    assert await old() == {"sampled"}, "a scenario matters to the tests with it"
