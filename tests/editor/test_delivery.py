"""How a wire hands messages over: what may be said of it, and how it reaches the cluster."""

from typing import Any

import pytest
import pytest_asyncio
from django.contrib.auth.models import User

from editor.process import LiveSide
from projects.models import Flow
from tests.editor.cluster import FakeHost
from tests.editor.edits import Editor
from tests.editor.test_api import Api, signed_in
from tests.waiting import eventually
from weirflow.kube.http import HttpCluster
from weirflow.kube.resources import TINY_NODE
from weirflow.runtime.edges import RetryPolicy

pytestmark = pytest.mark.server

POLICY = {
    "maxAttempts": 3,
    "initialDelayMs": 50,
    "backoffCoefficient": 1.5,
    "maxDelayMs": 400,
    "nonRetryableErrorCodes": ["gone"],
}


@pytest_asyncio.fixture
async def editor(live: LiveSide, owner: User, flow: Flow, host: FakeHost) -> Editor:
    return Editor(live, owner, flow)


@pytest_asyncio.fixture
async def api(live: LiveSide, owner: User, flow: Flow) -> Api:
    return await signed_in(owner, flow)


def delivery(wire: str, timeout: Any = None, policy: Any = None) -> dict[str, Any]:
    return {"op": "set_delivery", "id": wire, "timeout_ms": timeout, "retry_policy": policy}


async def test_it_rides_on_the_source_s_end_as_the_runtime_and_other_modules_read_it(
    editor: Editor, admin: HttpCluster, api: Api
) -> None:
    source, target = await editor.add(), await editor.add()
    wire = await editor.wire(source, target)
    name = await editor.name(source)
    change = await editor.edit(delivery(wire, 2_500, POLICY))

    async def edge() -> dict[str, Any]:
        return (await admin.get(TINY_NODE, name))["spec"]["edges"][0]

    await eventually(editor.settled)
    pushed = await edge()
    assert pushed["timeoutMs"] == 2_500
    assert pushed["retryPolicy"] == {**POLICY, "backoffCoefficient": "1.5"}
    assert RetryPolicy.read(pushed["retryPolicy"]) == RetryPolicy(3, 0.05, 1.5, 0.4, frozenset(["gone"]))
    row = (await api.get())[1]["edges"][0]
    assert (row["timeout_ms"], row["retry_policy"]) == (2_500, POLICY)

    await editor.undo(change.rev)
    await eventually(editor.settled)
    assert (await edge()).keys().isdisjoint({"timeoutMs", "retryPolicy"})
    row = (await api.get())[1]["edges"][0]
    assert row.keys().isdisjoint({"timeout_ms", "retry_policy"})


@pytest.mark.parametrize(
    ("timeout", "policy", "field"),
    [
        (0, None, "/timeout_ms"),
        (86_400_001, None, "/timeout_ms"),
        ("5", None, "/timeout_ms"),
        (None, {"maxAttempts": 0}, "/retry_policy/maxAttempts"),
        (None, {"maxAttempts": 11}, "/retry_policy/maxAttempts"),
        (None, {"backoffCoefficient": 0.5}, "/retry_policy/backoffCoefficient"),
        (None, {"initialDelayMs": -1}, "/retry_policy/initialDelayMs"),
        (None, {"nonRetryableErrorCodes": ["x"] * 51}, "/retry_policy/nonRetryableErrorCodes"),
        (None, {"for ever": True}, "/retry_policy/for ever"),
    ],
)
async def test_what_the_runtime_would_not_keep_to_is_refused(
    editor: Editor, api: Api, timeout: Any, policy: Any, field: str
) -> None:
    wire = await editor.wire(await editor.add(), await editor.add())
    status, body = await api.change(delivery(wire, timeout, policy))
    assert (status, body["error"]["field"]) == (400, field)


async def test_only_who_may_edit_sets_it(editor: Editor, flow: Flow, viewer: User, stranger: User) -> None:
    wire = await editor.wire(await editor.add(), await editor.add())
    for person, expected in ((viewer, 403), (stranger, 404)):
        assert (await (await signed_in(person, flow)).change(delivery(wire, 5)))[0] == expected
