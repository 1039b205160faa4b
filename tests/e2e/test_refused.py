"""What is wrong is refused with a reason that names it, and changes nothing."""

import json
from typing import Any

import pytest
import pytest_asyncio

from tests.e2e.conftest import OpenDemo
from tests.e2e.flow_page import FlowPage
from tests.e2e.product import Product

pytestmark = [pytest.mark.browser]

ADD = {"op": "add_node", "id": "n0abcdefghij", "module": "common-v1", "component": "debug", "x": 0, "y": 0}
WIRE = {"op": "add_edge", "id": "7d44b0b5-5b5e-4c0e-9f0e-0a5f3c2b1a00", "source_port": "tick", "target_port": "in"}


@pytest_asyncio.fixture(loop_scope="session")
async def flow(product: Product, open_demo: OpenDemo) -> FlowPage:
    return await open_demo(product)


@pytest.mark.parametrize(
    ("op", "status"),
    [
        ({"op": "no_such_operation"}, {400, 422}),
        ({"op": "add_node"}, {400, 422}),
        ({**ADD, "component": "no_such_component"}, {422}),
        ({**ADD, "module": "no-such-module"}, {422}),
        ({**ADD, "id": "Not An Id"}, {400, 422}),
        ({**ADD, "x": 10_000_000}, {400, 422}),
        ({**ADD, "x": "left"}, {400, 422}),
        ({**ADD, "settings": {"noSuchField": 1}}, {422}),
        ({"op": "set_node", "id": "n0nowhere000", "fields": {"label": "x"}}, {404, 409, 422}),
        ({"op": "set_node", "id": "n0nowhere000", "fields": {"rev": 1}}, {400, 404, 409, 422}),
        ({"op": "delete_edge", "id": "7d44b0b5-5b5e-4c0e-9f0e-0a5f3c2b1a99"}, {404, 409, 422}),
        ({**WIRE, "source": "n0nowhere000", "target": "n0nowhere001"}, {404, 409, 422}),
    ],
    ids=lambda value: json.dumps(value)[:60] if isinstance(value, dict) else "",
)
async def test_a_malformed_operation_is_refused_by_number(flow: FlowPage, op: dict[str, Any], status: set[int]) -> None:
    before = await flow.document()
    good = {"op": "set_node", "id": await flow.find("debug"), "fields": {"x": 5}}
    answer = await flow.change(good, op)
    assert answer.status in status, answer
    assert answer.data["error"]["code"]
    assert len(answer.data["error"]["message"]) > 10
    assert answer.data["error"].get("op", 1) == 1
    assert await flow.document() == before


async def test_a_wire_to_an_unknown_port_is_refused(flow: FlowPage) -> None:
    source, target = await flow.find("ticker"), await flow.find("debug")
    answer = await flow.change({**WIRE, "source": source, "target": target, "target_port": "no_such_port"})
    assert answer.status == 422, answer
    assert "no_such_port" in answer.data["error"]["message"]


@pytest.mark.parametrize("body", ["", "nonsense", "[]", "null", '{"ops": 1}', "{" * 50_000], ids=range(6))
async def test_what_is_no_batch_is_refused(product: Product, flow: FlowPage, body: str) -> None:
    cookies = {one.get("name"): one.get("value") for one in await flow.page.context.cookies()}
    answer = await flow.page.request.post(
        f"{product.url}/api/flows/{flow.flow}/changes",
        data=body.encode(),
        headers={"X-CSRFToken": cookies.get("csrftoken") or "", "Content-Type": "application/json"},
    )
    assert answer.status in (400, 422), await answer.text()
    assert (await answer.json())["error"]["message"]


async def test_without_the_csrf_token_nothing_is_changed(flow: FlowPage) -> None:
    answer = await flow.call("POST", f"/api/flows/{flow.flow}/changes", {}, {"X-CSRFToken": "wrong"})
    assert answer.status == 403


async def test_settings_of_a_megabyte_are_refused_with_the_limit(flow: FlowPage) -> None:
    before = await flow.document()
    settings = {"context": "x" * 2**20}
    answer = await flow.change({**ADD, "settings": settings})
    assert answer.status in (413, 422), answer.status
    assert "512 KiB" in answer.data["error"]["message"]
    assert await flow.document() == before


async def test_a_batch_beyond_its_limits_is_refused(flow: FlowPage) -> None:
    node = await flow.find("debug")
    before = await flow.document()
    many = await flow.change(*({"op": "set_node", "id": node, "fields": {"x": n}} for n in range(501)))
    assert many.status in (413, 422), many
    assert "500" in many.data["error"]["message"]
    large = await flow.change({"op": "set_node", "id": node, "fields": {"comment": "x" * (5 * 2**20)}})
    assert large.status in (413, 422), large
    assert await flow.document() == before


async def test_a_batch_sent_twice_is_applied_once(flow: FlowPage) -> None:
    node, operation = await flow.find("debug"), await flow.new_id()
    op = {"op": "set_node", "id": node, "fields": {"comment": operation}}
    first = await flow.change(op, operation=operation)
    second = await flow.change(op, operation=operation)
    assert first.status == second.status == 200
    assert first.data["rev"] == second.data["rev"]
