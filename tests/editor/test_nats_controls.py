"""Presses for modules of others, which take them by NATS and know no TinySignals."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import nats
import pytest
import pytest_asyncio
from nats.aio.client import Client
from nats.aio.msg import Msg

from editor.process import LiveSide
from tests.editor.cluster import register_module
from tests.editor.test_api import Api, api, counter
from tests.transport.broker import Broker
from tests.waiting import eventually
from weirflow.kube.errors import NotFound
from weirflow.kube.http import HttpCluster
from weirflow.kube.resources import TINY_SIGNAL

pytestmark = pytest.mark.server
__all__ = ["api"]


@pytest_asyncio.fixture
async def broker(tmp_path: Path) -> AsyncIterator[Broker]:
    one = Broker(tmp_path)
    await one.start()
    yield one
    one.kill()


@pytest_asyncio.fixture
async def node(api: Api, live: LiveSide, admin: HttpCluster) -> dict[str, Any]:
    """A node of a module that says it takes messages by NATS, and nothing of signals."""
    await register_module(admin, "go-v0", addr="nats://tinymodule.go-v0.msg", sdkVersion="0.13.122")
    connection = live.hub.connection
    assert connection is not None
    await eventually(lambda: connection.takes_controls_by_nats("go-v0"))
    assert not connection.takes_controls_by_nats("test-v1")
    placed = counter(module="go-v0")
    await api.change(placed)
    return placed


async def heard_by(client: Client, answer: dict[str, str] | None) -> list[Msg]:
    """What arrives at a replica that answers with these headers (None: not at all)."""
    heard: list[Msg] = []

    async def control(message: Msg) -> None:
        heard.append(message)
        if answer is not None:
            await client.publish(message.reply, headers=answer)

    await client.subscribe("tinymodule.go-v0.sysmsg", cb=control)
    await client.flush()
    await client.flush()
    return heard


async def press(api: Api, node: dict[str, Any], key: str) -> tuple[int, Any]:
    path = f"/nodes/{node['id']}/control"
    return await api.post(path, {"data": {"reset": True}}, **{"Idempotency-Key": key})


@pytest.mark.parametrize("answer", [{"x-empty": "1"}, None], ids=["answers", "says nothing"])
async def test_a_press_arrives_as_the_contract_says_and_once(
    api: Api,
    node: dict[str, Any],
    broker: Broker,
    admin: HttpCluster,
    monkeypatch: pytest.MonkeyPatch,
    answer: dict[str, str] | None,
) -> None:
    monkeypatch.setenv("WEIRFLOW_NATS_URL", broker.url)
    replica = await nats.connect(broker.url)
    heard = await heard_by(replica, answer)
    for _ in range(2):
        status, body = await press(api, node, "k1")
        assert status == 202
    assert (await api.get(f"/signals/{body['id']}"))[1] == {"state": "done", "problem": None}
    assert [message.data for message in heard] == [b'{"reset":true}']
    headers = dict(heard[0].headers or {})
    assert headers["x-from"] == "signal"
    assert headers["x-to"].endswith(f"{node['id']}:_control")
    assert headers["Nats-Msg-Id"] == body["id"]
    with pytest.raises(NotFound):
        await admin.get(TINY_SIGNAL, body["id"])
    await replica.close()


async def test_what_the_module_says_against_a_press_is_shown(
    api: Api, node: dict[str, Any], broker: Broker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WEIRFLOW_NATS_URL", broker.url)
    replica = await nats.connect(broker.url)
    await heard_by(replica, {"x-error": "no such button", "x-error-code": "NO_BUTTON"})
    _, body = await press(api, node, "k2")
    outcome = (await api.get(f"/signals/{body['id']}"))[1]
    assert (outcome["state"], outcome["problem"]["message"]) == ("failed", "no such button")
    await replica.close()


async def test_a_press_that_cannot_go_out_says_why_and_may_be_sent_again(
    api: Api, node: dict[str, Any], broker: Broker, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("WEIRFLOW_NATS_URL", "TINY_NATS_URL"):
        monkeypatch.delenv(name, raising=False)
    status, body = await press(api, node, "k3")
    assert (status, body["error"]["code"]) == (503, "nats_missing")
    assert "WEIRFLOW_NATS_URL" in body["error"]["message"]
    monkeypatch.setenv("WEIRFLOW_NATS_URL", broker.url)
    status, body = await press(api, node, "k3")
    assert (status, body["error"]["code"]) == (503, "unreachable")
    assert "start a host that serves the module" in body["error"]["message"]
    replica = await nats.connect(broker.url)
    heard = await heard_by(replica, {"x-empty": "1"})
    assert (await press(api, node, "k3"))[0] == 202
    assert len(heard) == 1
    await replica.close()
