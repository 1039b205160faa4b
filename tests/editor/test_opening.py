"""Several browsers open a flow at once, and the first of them does not get that far."""

import asyncio
import uuid

import pytest

from editor.live.client import Client
from editor.live.flow import LiveFlow
from editor.process import LiveSide
from projects.models import Flow

pytestmark = pytest.mark.server


async def nowhere(_text: str) -> None:
    """Takes what is sent."""


def browser(flow: LiveFlow) -> Client:
    return Client(flow, client_id="tab", user_id=1, key="", person="ada", name="Ada", send=nowhere)


@pytest.mark.parametrize("how", ["goes away", "fails"])
async def test_who_waits_for_the_flow_too_is_let_in(live: LiveSide, flow: Flow, how: str) -> None:
    read = asyncio.get_running_loop().create_future()

    async def fill(_: uuid.UUID) -> bool:
        return bool(await read)

    first = asyncio.create_task(live.hub.join(flow.pk, browser, fill))
    second = asyncio.create_task(live.hub.join(flow.pk, browser))
    await asyncio.sleep(0)
    if how == "fails":
        read.set_exception(ConnectionError("the database has gone"))
    else:
        first.cancel()
    async with asyncio.timeout(30):
        client = await second
    assert client is not None
    assert client.flow.clients == {client}
    with pytest.raises((asyncio.CancelledError, ConnectionError)):
        await first


async def test_who_waits_for_a_flow_that_is_not_there_is_told_so(live: LiveSide) -> None:
    flow_id = uuid.uuid4()
    both = [live.hub.join(flow_id, browser) for _ in range(2)]
    async with asyncio.timeout(30):
        assert await asyncio.gather(*both) == [None, None]
    assert flow_id not in live.hub.board.flows
