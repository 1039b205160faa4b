"""The editor as a person uses it, and its API as the page itself calls it."""

import asyncio
import json
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from playwright.async_api import Locator, Page

from tests.waiting import read_until

ANSWER_MS = 40_000
MOST_AT_ONCE = 500

_CALL = """async ({method, path, body, headers}) => {
  const token = document.cookie.split("; ").find((one) => one.startsWith("csrftoken="))?.slice(10) ?? "";
  const answer = await fetch(path, {method, body: body === null ? undefined : JSON.stringify(body),
    headers: {"Content-Type": "application/json", "X-CSRFToken": token, ...headers}});
  const text = await answer.text();
  let data = null;
  try { data = JSON.parse(text) } catch { data = text }
  return {status: answer.status, data};
}"""


@dataclass(frozen=True)
class Answer:
    status: int
    data: Any


class FlowPage:
    """One open flow. Nodes are found by the component they are of, ports by their names."""

    def __init__(self, page: Page, flow: str) -> None:
        self.page, self.flow = page, flow

    # What is on the canvas

    def node(self, node: str) -> Locator:
        return self.page.locator(f'.react-flow__node[data-id="{node}"]')

    def port(self, node: str, port: str) -> Locator:
        return self.page.locator(f'.react-flow__handle[data-nodeid="{node}"][data-handleid="{port}"]')

    def edge(self, edge: str) -> Locator:
        return self.page.locator(f'.react-flow__edge[data-id="{edge}"]')

    @property
    def inspector(self) -> Locator:
        return self.page.get_by_role("complementary", name="Inspector")

    @property
    def palette(self) -> Locator:
        return self.page.get_by_role("complementary", name="Components")

    def field(self, pointer: str) -> Locator:
        """The control of the settings field at `pointer`, in the inspector."""
        return self.inspector.locator(f'[data-pointer="{pointer}"]').locator("input, select, textarea").first

    # What a person does

    async def select(self, node: str) -> None:
        await self.node(node).click(position={"x": 40, "y": 14})

    async def choose_wire(self, edge: str) -> None:
        """Click on the middle of the wire; again if the view was still fitting itself and the pointer missed."""
        wire = self.edge(edge)
        chosen = wire.and_(self.page.locator(".selected"))
        for _ in range(5):
            place = await still(wire)
            await self.page.mouse.click(place["x"] + place["width"] / 2, place["y"] + place["height"] / 2)
            if await soon(lambda: chosen.count()):
                return
        raise AssertionError(f"the wire {edge} cannot be selected")

    async def drag(self, source: Locator, target: Locator) -> None:
        """Press on the middle of one, move, release on the middle of the other."""
        await still(source)
        end = await still(target)
        mouse = self.page.mouse
        await source.hover(force=True)
        await mouse.down()
        await mouse.move(end["x"] + end["width"] / 2 + 8, end["y"] + end["height"] / 2 + 8, steps=8)
        await mouse.move(end["x"] + end["width"] / 2, end["y"] + end["height"] / 2, steps=4)
        await mouse.up()

    async def move(self, node: str, right: int, down: int) -> None:
        """Drag the card; again if the view was still fitting itself and the grip missed."""
        for _ in range(3):
            before = await still(self.node(node))
            await self._drag(before["x"] + 60, before["y"] + 14, right, down)
            if await soon(lambda before=before: self._has_left(node, before)):
                await still(self.node(node))
                return
        raise AssertionError(f"the card of {node} cannot be dragged")

    async def _has_left(self, node: str, place: Any) -> bool:
        return bool(await self.node(node).bounding_box() != place)

    async def _drag(self, x: float, y: float, right: int, down: int) -> None:
        mouse = self.page.mouse
        await mouse.move(x, y)
        await mouse.down()
        await mouse.move(x + right / 2, y + down / 2, steps=4)
        await mouse.move(x + right, y + down, steps=4)
        await mouse.up()

    # What the page asks the server

    async def call(self, method: str, path: str, body: Any = None, headers: dict[str, str] | None = None) -> Answer:
        answer = await self.page.evaluate(
            _CALL, {"method": method, "path": path, "body": body, "headers": headers or {}}
        )
        return Answer(answer["status"], answer["data"])

    async def document(self) -> dict[str, Any]:
        """The flow as the server has it, with all that its nodes and wires hold."""
        answer = await self.call("GET", f"/api/flows/{self.flow}")
        assert answer.status == 200, answer
        document = dict(answer.data)
        bare = {row["id"]: row for row in document["nodes"] if "settings" not in row}
        bare |= {row["id"]: row for row in document["edges"] if "mapping" not in row}
        while bare:
            some = list(bare)[:MOST_AT_ONCE]
            found, left = await self.contents(some)
            for one in some:
                if one not in left:
                    bare.pop(one).update(found.get(one, {}))
        return document

    async def contents(self, ids: list[str]) -> tuple[dict[str, Any], list[str]]:
        """What these nodes (ids of twelve characters) and wires hold, by id, and what had no room in the answer."""
        body = {"nodes": [one for one in ids if len(one) == 12], "edges": [one for one in ids if len(one) > 12]}
        answer = await self.call("POST", f"/api/flows/{self.flow}/contents", body)
        assert answer.status == 200, answer
        return {**answer.data["nodes"], **answer.data["edges"]}, answer.data["left"]

    async def change(self, *ops: dict[str, Any], operation: str | None = None) -> Answer:
        """One batch of operations, as the page would send it."""
        rev = (await self.call("GET", f"/api/flows/{self.flow}")).data["flow"]["rev"]
        body = {"base_rev": rev, "client_op_id": operation or await self.new_id(), "ops": list(ops)}
        return await self.call("POST", f"/api/flows/{self.flow}/changes", body)

    async def leave_as(self, before: dict[str, Any]) -> None:
        """Take away what was added since ``before``: others find the flow as its makers left it."""
        now = await self.document()
        ops = []
        for kind, many in (("node", "nodes"), ("group", "groups"), ("note", "notes")):
            known = {one["id"] for one in before[many]}
            ops += [{"op": f"delete_{kind}", "id": one["id"]} for one in now[many] if one["id"] not in known]
        if ops:
            answer = await self.change(*ops)
            assert answer.status == 200, answer

    async def new_id(self) -> str:
        return str(await self.page.evaluate("crypto.randomUUID()"))

    async def find(self, component: str) -> str:
        """The id of the first node of this component."""
        document = await self.document()
        found = [node["id"] for node in document["nodes"] if node["component"] == component]
        assert found, json.dumps(document["nodes"], indent=1)
        return str(found[0])

    async def row(self, node: str) -> dict[str, Any] | None:
        nodes = (await self.document())["nodes"]
        return next((dict(one) for one in nodes if one["id"] == node), None)

    async def until(self, holds: Any, seconds: float = 40.0) -> dict[str, Any]:
        """The flow as the server has it, once `holds(document)`."""
        return await read_until(self.document, holds, seconds)


async def soon(holds: Callable[[], Awaitable[Any]], seconds: float = 3.0) -> bool:
    """Whether something comes true that a gesture which may have missed would have done: then it is made again."""
    until = time.monotonic() + seconds
    while not await holds():
        if time.monotonic() > until:
            return False
        await asyncio.sleep(0.03)
    return True


async def still(element: Locator) -> Any:
    """Where an element stands, once it has stopped moving: the view may still be fitting itself."""
    seen: list[Any] = [None]

    async def read() -> Any:
        seen.append(await element.bounding_box())
        return seen[-1]

    return await read_until(read, lambda box: box is not None and box == seen[-2])
