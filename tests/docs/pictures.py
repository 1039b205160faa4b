"""The pictures of the documentation, from a running product: script/picture [NAME...], all if none is named."""

import asyncio
import sys
import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path

from playwright.async_api import Page

from tests.docs import journeys
from tests.e2e import people
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


PICTURES: dict[str, Take] = {"editor": editor, "first-flow": first_flow_done}


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
