"""The pictures of the documentation, from a running product: script/picture [NAME...], all if none is named."""

import asyncio
import re
import sys
import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path

from playwright.async_api import Page

from tests.cli.calling import weirflow
from tests.cli.serving import Serving
from tests.docs import journeys
from tests.docs.blocks import blocks_of
from tests.e2e import people
from tests.e2e.flow_page import still
from tests.e2e.product import ROOT, Product
from tests.e2e.visits import Load, visit_until_answered

IMAGES = ROOT / "docs/images"
VISITS, VISITS_PER_SECOND = 12, 1.0

#: Takes the picture: the product runs with its demo project, and nobody has signed in yet.
Take = Callable[[Product, Path], Awaitable[None]]


async def editor(product: Product, to: Path) -> None:
    """The demo flow a few visits after the first start, the counter selected."""
    async with journeys.signed_in(product) as page:
        flow = await people.open_demo(page)
        await flow.select(await flow.find("stateful_counter"))
        async with Load(product, VISITS_PER_SECOND) as load:
            await load.more(VISITS)
            await load.finish()
        last = (await visit_until_answered(product)).value
        await flow.node(await flow.find("stateful_counter")).get_by_text(str(last)).first.wait_for()
        await flow.inspector.get_by_text(str(last), exact=True).first.wait_for()
        await page.locator(".wire__chip--rate").first.wait_for()
        await page.get_by_text("Deployed", exact=True).wait_for()
        await page.screenshot(path=to)


async def first_flow_done(product: Product, to: Path) -> None:
    """The flow of docs/first-flow.md, as its last step leaves it."""

    async def seen(_: str, page: Page) -> None:
        await page.screenshot(path=to)

    await journeys.build(product, seen)


async def tutorial(product: Product, to: Path) -> None:
    """The component of docs/tutorial.md in the palette, served by hand."""
    with tempfile.TemporaryDirectory() as folder:
        assert weirflow("new", "module", "arcade", cwd=Path(folder)).code == 0
        for block in blocks_of(ROOT / "docs/tutorial.md"):
            if block.title:
                (Path(folder) / "arcade" / block.title).write_text(block.text)
        serving = Serving(Path(folder) / "arcade", "--kubeconfig", str(product.kubeconfig))
        try:
            serving.ready()
            async with journeys.signed_in(product) as page:
                flow = await journeys.make_flow(page, "Arcade", "Scores")
                board = await journeys.place(flow, "Leaderboard", 0.5)
                await flow.select(board)
                await page.get_by_text("Deployed", exact=True).wait_for()
                await page.screenshot(path=to)
        finally:
            serving.stop()


async def templates(product: Product, to: Path) -> None:
    """What a new flow may begin with."""
    async with journeys.signed_in(product) as page:
        await page.get_by_role("link", name=re.compile("visit counter", re.IGNORECASE)).first.click()
        await page.get_by_role("link", name="New flow").first.click()
        await page.get_by_role("radio", name="Schedule to Slack").check()
        await page.screenshot(path=to)


async def flow_tests(product: Product, to: Path) -> None:
    """The tests of a template, after they have run."""
    async with journeys.signed_in(product) as page:
        flow = await journeys.make_flow(page, "Library", "Orders", template="ETL with retry")
        await page.get_by_text("Deployed", exact=True).wait_for()
        await page.keyboard.press("Shift+E")
        drawer = page.get_by_role("region", name="Tests", exact=True)
        await drawer.get_by_role("button", name=re.compile("^Run")).first.click()
        await drawer.get_by_role("button").filter(has_text="writes the open orders").first.click()
        await page.locator(".testmark.is-ok").first.wait_for()
        await drawer.get_by_role("button", name="Run all").wait_for()
        await page.get_by_role("button", name=re.compile("^fit", re.IGNORECASE)).first.click()
        await still(page.locator(".react-flow__node").first)
        await flow.page.screenshot(path=to)


PICTURES: dict[str, Take] = {
    "editor": editor,
    "first-flow": first_flow_done,
    "tutorial": tutorial,
    "templates": templates,
    "flow-tests": flow_tests,
}


def main() -> None:
    names = sys.argv[1:] or list(PICTURES)
    if unknown := [name for name in names if name not in PICTURES]:
        sys.exit(f"There is no picture {unknown[0]!r}; there are {', '.join(PICTURES)}.")
    for name in names:
        with tempfile.TemporaryDirectory() as home:
            product = Product(Path(home) / "home").start()
            try:
                asyncio.run(PICTURES[name](product, IMAGES / f"{name}.png"))
            finally:
                product.stop()
        print(f"docs/images/{name}.png")


if __name__ == "__main__":
    main()
