"""Large flows to look at: rows of nodes, each wired to the next and every fifth to the one below."""

import re
import uuid
from dataclasses import dataclass
from typing import Any

import aiohttp
from playwright.async_api import BrowserContext

from tests.e2e.product import Product

COLUMNS = 50
BATCH = 500

Operation = dict[str, Any]


@dataclass(frozen=True)
class Shape:
    """So many nodes, and how far apart they stand, in px."""

    size: int
    columns: int = COLUMNS
    across: int = 264
    down: int = 144


CROWDED = Shape(200, 9, 207, 78)
"""As many as are seen at once as cards."""


async def create_flow(product: Product, window: BrowserContext, near: str, shape: Shape) -> str:
    """The address of a new flow, in the project of the flow `near`."""
    cookies = {one.get("name", ""): one.get("value", "") for one in await window.cookies()}
    headers = {"Origin": product.url, "X-CSRFToken": cookies["csrftoken"]}
    async with aiohttp.ClientSession(product.url, cookies=cookies, headers=headers) as session:
        async with session.get(f"/api/flows/{near}") as answer:
            project = (await answer.json())["flow"]["project"]["id"]
        address = f"/projects/{project}/flows/new/"
        async with session.post(address, data={"name": f"{shape.size} nodes"}, allow_redirects=False) as answer:
            found = re.search(r"/flows/([0-9a-f-]{36})/", answer.headers.get("Location", ""))
        if not found:
            raise RuntimeError(f"no flow was made: {answer.status}")
        flow = found.group(1)
        await _fill(session, flow, _operations(shape))
    return f"{product.url}/projects/{project}/flows/{flow}/"


async def _fill(session: aiohttp.ClientSession, flow: str, ops: list[Operation]) -> None:
    async with session.get(f"/api/flows/{flow}") as answer:
        rev = (await answer.json())["flow"]["rev"]
    for start in range(0, len(ops), BATCH):
        body = {"base_rev": rev, "client_op_id": str(uuid.uuid4()), "ops": ops[start : start + BATCH]}
        async with session.post(f"/api/flows/{flow}/changes", json=body) as answer:
            if answer.status != 200:
                raise RuntimeError(f"the flow cannot be filled: {answer.status}: {await answer.text()}")
            rev = (await answer.json())["rev"]


def _operations(shape: Shape) -> list[Operation]:
    size, columns = shape.size, shape.columns
    nodes = [
        {"op": "add_node", "id": f"n{size:05d}{number:06d}", "module": "common-v1", "component": "transform",
         "label": f"Step {number}", "x": number % columns * shape.across, "y": number // columns * shape.down}
        for number in range(size)
    ]  # fmt: skip
    edges = [
        {"op": "add_edge", "id": str(uuid.uuid4()), "source": nodes[number]["id"], "source_port": "out",
         "target": nodes[target]["id"], "target_port": "in", "mapping": {"value": "{{$.value}}"}}
        for number in range(size) for target in _targets(number, size, columns)
    ]  # fmt: skip
    return [*nodes, *edges]


def _targets(number: int, size: int, columns: int) -> list[int]:
    """The next one in the row, and for every fifth the one below."""
    beside = [number + 1] if (number + 1) % columns else []
    below = [number + columns] if number % 5 == 0 else []
    return [target for target in (*beside, *below) if target < size]


def node_red_flow(size: int) -> list[Operation]:
    """The same for Node-RED."""
    flow: list[Operation] = [{"id": "tab", "type": "tab", "label": "big"}]
    return flow + [
        {"id": f"n{number}", "type": "function", "z": "tab", "name": f"Step {number}", "func": "return msg;",
         "outputs": 1, "x": 120 + number % COLUMNS * 180, "y": 60 + number // COLUMNS * 60,
         "wires": [[f"n{target}" for target in _targets(number, size, COLUMNS)]]}
        for number in range(size)
    ]  # fmt: skip
