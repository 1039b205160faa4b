"""What docs/first-flow.md and the how-tos have a person do in the editor, done in a browser."""

import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

from playwright.async_api import Page, StorageState

from tests.e2e import people
from tests.e2e.flow_page import FlowPage, still
from tests.e2e.product import Product

#: Told at each step that has a picture: its name, and the page.
Seen = Callable[[str, Page], Awaitable[None]]


#: Cookies of the owner, by the data directory of the product: a second link costs another process.
_sessions: dict[Path, StorageState] = {}


async def nothing(_name: str, _page: Page) -> None:
    """No pictures."""


async def build(product: Product, seen: Seen = nothing) -> None:
    """Follow the page from its first step to its last; the flow serves when this returns."""
    async with signed_in(product) as page:
        flow = await make_flow(page, "Hello", "Greet")
        server = await place(flow, "HTTP Server", 0.25)
        counter = await place(flow, "Stateful Counter", 0.7)

        await flow.select(server)
        path = flow.field("/path")
        await path.fill("/hello/{name}")
        await path.press("Enter")

        there = await wire(flow, server, "request", counter, "increment")
        back = await wire(flow, counter, "value", server, "response")
        await say(flow, there, "/source", "{{ $.params.name }}")
        await say(flow, back, "/body", "Hello {{ $.source }}, you are number {{ $.value }}.")
        await page.get_by_text("Deployed", exact=True).wait_for()
        await seen("first-flow", page)


@contextlib.asynccontextmanager
async def signed_in(product: Product) -> AsyncIterator[Page]:
    """The owner's list of projects, in a browser that ends with the block. One sign-in does for all pages."""
    async with people.open_browser() as browser:
        window = await people.open_window(browser, _sessions.get(product.home))
        page = await window.new_page()
        if product.home in _sessions:
            await page.goto(f"{product.url}/projects/")
        else:
            await page.goto(product.new_link())
            await page.get_by_role("button", name="Sign in").click()
        await page.wait_for_url("**/projects/")
        _sessions[product.home] = await window.storage_state()
        yield page


async def counter_from_template(product: Product) -> None:
    """The how-to's first step: a flow from its template, deployed."""
    async with signed_in(product) as page:
        await make_flow(page, "Counters", "Counter", template="HTTP API with a counter")
        await page.get_by_text("Deployed", exact=True).wait_for()


async def make_flow(page: Page, project: str, name: str, template: str = "") -> FlowPage:
    """A new project with a new flow in it, opened."""
    await page.get_by_role("link", name="New project").first.click()
    await page.get_by_label("Name").first.fill(project)
    await page.get_by_role("button", name="Create project").click()
    await page.get_by_role("link", name="New flow").first.click()
    await page.get_by_label("Name").first.fill(name)
    if template:
        await page.get_by_role("radio", name=template).check()
    await page.get_by_role("button", name="Create flow").click()
    await page.wait_for_url(people.FLOW)
    await page.get_by_text("Live", exact=True).wait_for()
    found = people.FLOW.search(page.url)
    assert found
    return FlowPage(page, found[1])


async def place(flow: FlowPage, title: str, across: float) -> str:
    """Drag a component from the palette to a place of the canvas; the new node's id."""
    before = {node["id"] for node in (await flow.document())["nodes"]}
    pane = flow.page.locator(".react-flow__pane")
    box = await pane.bounding_box()
    assert box
    await flow.palette.get_by_text(title, exact=True).drag_to(
        pane, target_position={"x": box["width"] * across, "y": box["height"] * 0.35}, force=True
    )
    document = await flow.until(lambda now: len(now["nodes"]) == len(before) + 1)
    return str(next(node["id"] for node in document["nodes"] if node["id"] not in before))


async def wire(flow: FlowPage, source: str, output: str, target: str, input_port: str) -> str:
    """Drag from an output to an input; the wire's id."""
    await flow.drag(flow.port(source, output), flow.port(target, input_port))
    found = lambda now: [one for one in now["edges"] if (one["source"], one["target"]) == (source, target)]  # noqa: E731
    return str(found(await flow.until(found))[0]["id"])


async def click_wire(flow: FlowPage, edge: str) -> None:
    """Click on the wire half way along it: the middle of what it spans may be empty where it goes back."""
    line = flow.edge(edge).locator("path").first
    await still(line)
    place = await line.evaluate(
        "path => { const at = path.getPointAtLength(path.getTotalLength() * 0.4).matrixTransform(path.getScreenCTM());"
        " return [at.x, at.y]; }"
    )
    await flow.page.mouse.click(*place)
    await flow.edge(edge).and_(flow.page.locator(".selected")).wait_for()


async def say(flow: FlowPage, edge: str, pointer: str, text: str) -> None:
    """Set a field of what travels on a wire."""
    await click_wire(flow, edge)
    field = flow.field(pointer)
    await field.fill(text)
    await field.press("Enter")
    await flow.until(lambda now: [one for one in now["edges"] if one["id"] == edge and _says(one, pointer, text)])


def _says(edge: dict[str, object], pointer: str, text: str) -> bool:
    mapping = edge.get("mapping")
    return isinstance(mapping, dict) and mapping.get(pointer[1:]) == text
