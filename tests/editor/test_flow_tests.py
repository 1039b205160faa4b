"""Tests of flows by the HTTP API: kept without secrets, within limits, run in a process of their own."""

import asyncio
import uuid
from pathlib import Path
from typing import Any

import orjson
import psutil
import pytest
from django.contrib.auth.models import User

from editor.database import in_database
from editor.flow_tests import TestRunner, environment_of_runner
from editor.process import LiveSide
from editor.test_progress import Progress
from projects.actions import do_delete_flow, do_note_flow_tests
from projects.errors import ProjectError
from projects.models import AuditEntry, Flow, FlowTest, Node
from projects.operations import limits
from projects.testing import files
from projects.testing.listed import listed
from projects.testing.request import request_of
from tests.editor.edits import Editor
from tests.editor.test_api import signed_in
from tests.waiting import eventually

pytestmark = pytest.mark.server


def new(title: str, /, **body: Any) -> dict[str, Any]:
    return {"id": str(uuid.uuid4()), "name": title, "body": body}


async def greeting(editor: Editor) -> tuple[str, str]:
    """A signal that leads to a debug node: their ids."""
    first, second = await editor.add(), await editor.add()
    await editor.wire(first, second, {"text": "Hello {{$.name}}!"})
    # The module is not served here: its components are those that run in tests all the same.
    for node, component in ((first, "signal"), (second, "debug")):
        await in_database(Node.objects.filter(pk=node).update, module="common-v1", component=component)
    return first, second


async def test_a_test_is_kept_changed_run_and_deleted(live: LiveSide, owner: User, flow: Flow) -> None:
    signal, debug = await greeting(Editor(live, owner, flow))
    api = await signed_in(owner, flow)
    given = {"at": f"{signal}.out", "message": {"name": "Ada"}}
    good = new("greets", given=given, expect=[{"at": f"{debug}.in", "message": {"text": "Hello Ada!"}}])
    bad = new("shouts", given=given, expect=[{"at": f"{debug}.in", "message": {"text": "HELLO"}}])
    status, row = await api.post("/tests", good)
    assert (status, row["rev"], row["result"], row["body"]) == (201, 1, None, good["body"])
    assert (await api.post("/tests", good))[1] == row, "the same once more keeps no second one"
    status, second = await api.post("/tests", bad)
    assert status == 201

    status, ran = await api.post("/tests/run", {"tests": None})
    assert status == 200, ran
    outcomes = {test["name"]: test["result"]["outcome"] for test in ran["tests"]}
    assert outcomes == {"greets": "passed", "shouts": "failed"}, ran
    (finding,) = ran["tests"][1]["result"]["findings"]
    assert finding["differences"] == [{"pointer": "/text", "expected": "HELLO", "came": "Hello Ada!"}]
    assert (ran["tests"][0]["ran_flow_rev"], ran["tests"][0]["ran_rev"]) == (ran["flow_rev"], 1)
    kept = (await api.get("/tests"))[1]["tests"]
    assert [test["result"] for test in kept] == [test["result"] for test in ran["tests"]]

    change = {"rev": 1, "name": "calls", "body": good["body"]}
    status, changed = await api.put(f"/tests/{second['id']}", change)
    assert (status, changed["name"], changed["rev"], changed["ran_rev"]) == (200, "calls", 2, 1)
    status, named = await api.put(f"/tests/{row['id']}", {"rev": 1, "name": "greets"})
    assert (status, named["rev"], named["ran_rev"]) == (200, 2, 2), "by another name its result is as good as before"
    status, body = await api.put(f"/tests/{second['id']}", change)
    assert (status, body["error"]["code"], body["error"]["by"]) == (409, "test_changed", owner.username)
    assert await api.delete(f"/tests/{second['id']}") == (200, {"id": second["id"]})
    assert [test["name"] for test in (await api.get("/tests"))[1]["tests"]] == ["greets"]
    told = await in_database(lambda: list(AuditEntry.objects.order_by("pk").values_list("action", flat=True)))
    wanted = ["flow_test.create", "flow_test.create", "flow.test", *["flow_test.change"] * 2, "flow_test.delete"]
    assert [action for action in told if "test" in action] == wanted


async def test_lists_cut_large_results_and_the_test_itself_has_all(live: LiveSide, owner: User, flow: Flow) -> None:
    api = await signed_in(owner, flow)
    made = (await api.post("/tests", new("large", given={"at": "a.out", "message": 1}, expect=[])))[1]
    finding = {"at": "b.in", "held": False, "text": "it came differently", "count": 1, "came": "x" * 5_000}
    way = [{"at": 0.0, "wire": "w", "from": "a.out", "to": "b.in"}]
    result = {"outcome": "failed", "findings": [finding], "steps": way, "wires": {"w": 1}, "messages": 2}

    def ran() -> None:
        asked = request_of(flow, flow.tests.all(), 1.0)
        do_note_flow_tests(owner, flow, uuid.uuid4(), {made["id"]: result}, asked, seconds=1.0)

    await in_database(ran)
    (short,) = (await api.get("/tests"))[1]["tests"]
    bare = {"outcome": "failed", "findings": [], "steps": [], "wires": {"w": 1}, "messages": 2, "cut": True}
    assert short["result"] == bare
    status, whole = await api.get(f"/tests/{made['id']}")
    assert (status, whole) == (200, {**short, "result": result})
    status, changed = await api.put(f"/tests/{made['id']}", {"rev": 1, "name": "larger"})
    assert (status, changed["result"]) == (200, bare)
    assert (await api.get(f"/tests/{uuid.uuid4()}"))[0] == 404


def test_whatever_came_of_a_test_is_told_in_few_bytes() -> None:
    way = [{"at": 0.0, "wire": str(number), "sent": "x" * 900} for number in range(200)]
    problem = {"code": "too_long", "message": "m" * 50_000, "node": "n", "field": "/x" * 9_000}
    result = {
        "outcome": "error", "problem": problem, "findings": [], "steps": way, "messages": 7, "seconds": 1.0,
        "passed": 0.0, "wires": {str(uuid.uuid4()): 1 for _ in range(60_000)},
    }  # fmt: skip
    told = listed(result)
    assert told is not None
    assert len(orjson.dumps(told)) <= limits.MAX_LISTED_RESULT_BYTES
    assert (told["outcome"], told["problem"]["code"], told["messages"], told["wires"]) == ("error", "too_long", 7, {})
    assert listed(None) is None
    small = {**result, "problem": None, "steps": [], "wires": {}}
    assert listed(small) == small


@pytest.mark.parametrize(
    ("body", "code", "field"),
    [
        ({}, "test_invalid", "/body/expect"),
        ({"given": {"at": "x"}, "expect": []}, "test_invalid", "/body/given/at"),
        ({"given": {"at": "a.b"}, "expect": [{"at": "a.b"}]}, "test_invalid", "/body/expect/0"),
        ({"given": {"at": "a.b"}, "expect": [], "within": -1}, "test_invalid", "/body/within"),
        ({"given": {"at": "a.b"}, "expect": [], "name": "x"}, "test_invalid", "/body/name"),
        ({"given": {"at": "a.b"}, "expect": [], "script": "x"}, "test_invalid", "/body/script"),
        ({"given": {"at": "a.b", "message": "x" * 140_000}, "expect": []}, "test_too_large", "/body"),
    ],
)
async def test_what_says_nothing_that_can_be_run_is_refused_with_its_place(
    live: LiveSide, owner: User, flow: Flow, body: dict[str, Any], code: str, field: str
) -> None:
    api = await signed_in(owner, flow)
    _, answer = await api.post("/tests", new("wrong", **body))
    assert (answer["error"]["code"], answer["error"]["field"]) == (code, field), answer


async def test_nothing_secret_is_kept_and_no_more_than_there_may_be(
    live: LiveSide, owner: User, flow: Flow, monkeypatch: pytest.MonkeyPatch
) -> None:
    api = await signed_in(owner, flow)
    body = {
        "given": {"at": "n.out", "message": {"password": "hunter2hunter2"}},
        "answers": {"n.out": {"token": "s3cr3t-s3cr3t"}},
        "expect": [{"reply": {"authorization": "Bearer abcdefgh"}}, {"at": "n.in", "message": {"apiKey": "abcdefgh1"}}],
    }
    _, row = await api.post("/tests", new("secret", **body))
    text = str(row["body"])
    assert "<redacted>" in text
    assert all(secret not in text for secret in ("hunter2", "s3cr3t", "abcdefgh")), text
    _, taken = await api.post("/tests", new("secret", given={"at": "a.b"}, expect=[]))
    assert taken["error"]["code"] == "name_taken"
    monkeypatch.setattr("projects.actions.flow_tests.MAX_TESTS", 1)
    _, many = await api.post("/tests", new("other", given={"at": "a.b"}, expect=[]))
    assert many["error"]["code"] == "too_many_tests"
    assert limits.MAX_TESTS == 200
    await in_database(do_delete_flow, owner, flow)
    assert not await in_database(FlowTest.objects.exists)


async def test_few_run_at_once_and_a_process_that_does_not_end_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    document = {
        "flow": {"nodes": {"a": {"component": "common-v1/debug"}}, "wires": []},
        "tests": [{"name": "one", "given": {"at": "a.in", "message": 1}, "expect": []}],
    }
    mine = TestRunner()
    monkeypatch.setattr("editor.flow_tests.START_SECONDS", 0.01)
    monkeypatch.setattr("editor.flow_tests.MOST_SECONDS", 0.0)

    async def run() -> dict[str, Any] | None:
        with mine.turns.take(1):
            return await mine.run(document, Progress())

    results = await asyncio.gather(*(run() for _ in range(3)), return_exceptions=True)
    refused = [result for result in results if isinstance(result, ProjectError)]
    assert [error.code for error in refused] == ["too_many_tests_running"]
    assert [result["code"] for result in results if isinstance(result, dict)] == ["too_long"] * 2
    with mine.turns.take(1), mine.turns.take(1):
        pass


async def test_a_run_that_is_ended_leaves_nothing_on_the_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    # No test is ended by its time, however busy the machine is.
    monkeypatch.setattr("editor.flow_tests.SECONDS", 100.0)
    monkeypatch.setattr("editor.flow_tests.MOST_SECONDS", 200.0)
    rows = (
        "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c LIMIT 400) SELECT x, randomblob(1000000) FROM c"
    )
    nodes = {
        name: {"component": "data-v1/sql_query", "settings": {"query": query, "timeout": 60_000}}
        for name, query in (("made", "CREATE TABLE t (a, b)"), ("filled", f"INSERT INTO t {rows}"))
    }
    document = {
        "flow": {"nodes": nodes, "wires": [{"from": "made.rows", "to": "filled.run"}]},
        "tests": [
            {"name": str(at), "given": {"at": "made.run", "message": {}}, "expect": [{"at": "filled", "error": True}]}
            for at in range(50)
        ],
        "seconds": 100,
    }
    run = asyncio.ensure_future(TestRunner().run(document, Progress()))
    await eventually(lambda: any(tmp_path.rglob("data.db*")), what="a file of a test", seconds=30)
    (folder,) = tmp_path.iterdir()
    (process,) = (one for one in psutil.Process().children() if _works_in(one, folder))
    process.kill()
    problem = await run
    assert problem is not None
    assert problem["code"] == "runner_failed"
    assert list(tmp_path.iterdir()) == []
    whole = Progress()
    assert await TestRunner().run({**document, "tests": document["tests"][:1]}, whole) is None
    assert whole.take()["0"]["outcome"] == "passed", "a file may have 64 MiB, and no more"


def _works_in(process: psutil.Process, folder: Path) -> bool:
    """Whether it is the one; others may end while they are looked at, or not tell."""
    try:
        return process.environ().get("TMPDIR") == str(folder)
    except psutil.Error:
        return False


def test_the_process_that_runs_tests_knows_nothing_of_the_servers(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (
        "WEIRFLOW_SECRET_KEYS",
        "WEIRFLOW_DATABASE_URL",
        "KUBECONFIG",
        "WEIRFLOW_HOME",
        "AWS_SECRET_ACCESS_KEY",
    ):
        monkeypatch.setenv(name, "hunter2")
    assert "hunter2" not in environment_of_runner().values()


def test_tests_read_in_a_file_by_the_names_of_nodes() -> None:
    body = {
        "given": [{"at": "id1.out", "message": 1}],
        "answers": {"id2.out": 2},
        "state": {"id1": {"value": 1}},
        "expect": [{"at": "id2.in", "count": 1}, {"at": "id1", "error": True}, {"reply": None}],
    }
    names = {"id1": "press", "id2": "count"}
    (told,) = files.tests_for_file([("counts", body), ("gone", {"given": {"at": "id3.out"}, "expect": []})], names)
    assert told["given"] == [{"at": "press.out", "message": 1}]
    assert told["expect"][1] == {"at": "press", "error": True}
    assert files.test_from_file(told, {name: key for key, name in names.items()}) == ("counts", body)
