"""The README's picture: the demo flow as its owner sees it, a few visits after the first start."""

import asyncio
import sys
import tempfile
from pathlib import Path

from tests.e2e import people
from tests.e2e.flow_page import FlowPage
from tests.e2e.product import ROOT, Product
from tests.e2e.visits import Load, visit_until_answered

PICTURE = ROOT / "docs" / "images" / "editor.png"
VISITS, VISITS_PER_SECOND = 12, 1.0


async def take(product: Product, to: Path) -> None:
    """Photograph the editor while requests come in, the counter selected."""
    async with people.open_browser() as browser:
        flow = await people.open_demo(await people.sign_in(await people.open_window(browser), product))
        await flow.select(await flow.find("stateful_counter"))
        async with Load(product, VISITS_PER_SECOND) as load:
            await load.more(VISITS)
            await load.finish()
        last = (await visit_until_answered(product)).value
        await _until_drawn(flow, str(last))
        await flow.page.screenshot(path=to)


async def _until_drawn(flow: FlowPage, count: str) -> None:
    await flow.node(await flow.find("stateful_counter")).get_by_text(count).first.wait_for()
    await flow.inspector.get_by_text(count, exact=True).first.wait_for()
    await flow.page.locator(".wire__chip--rate").first.wait_for()
    await flow.page.get_by_text("Deployed", exact=True).wait_for()


def main() -> None:
    to = Path(sys.argv[1]) if len(sys.argv) > 1 else PICTURE
    with tempfile.TemporaryDirectory() as home:
        product = Product(Path(home) / "home").start()
        try:
            asyncio.run(take(product, to))
        finally:
            product.stop()


if __name__ == "__main__":
    main()
