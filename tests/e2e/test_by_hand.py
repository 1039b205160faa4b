"""From `weirflow new` to the palette of an editor that is open, and out of it again."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Locator, expect

from tests.cli.calling import weirflow
from tests.cli.serving import Serving
from tests.e2e.conftest import OpenDemo
from tests.e2e.flow_page import FlowPage
from tests.e2e.product import Product

pytestmark = [pytest.mark.browser]

GONE_MS = 40_000
"""A killed host is given up when its presence has run out: 14 seconds, and what a sweep takes."""


@pytest_asyncio.fixture(loop_scope="session")
async def demo(product: Product, open_demo: OpenDemo) -> AsyncIterator[FlowPage]:
    """The demo flow, which is left as it was."""
    flow = await open_demo(product)
    before = await flow.document()
    yield flow
    await flow.leave_as(before)


def scaffold(folder: Path, name: str, title: str) -> Path:
    """A new module whose component goes by ``title``."""
    assert weirflow("new", "module", name, cwd=folder).code == 0
    source = folder / name / name / "greet.py"
    source.write_text(
        source.read_text().replace('    category = "Data"', f'    title = "{title}"\n    category = "Data"')
    )
    return folder / name


async def test_modules_run_by_hand_are_in_the_palette_until_they_stop(
    product: Product, demo: FlowPage, tmp_path: Path
) -> None:
    def row(title: str) -> Locator:
        return demo.palette.get_by_role("button", name=f"Add {title}", exact=True)

    async def place(title: str, module: str) -> Locator:
        await row(title).focus()
        await demo.page.keyboard.press("Enter")
        nodes = await demo.until(lambda found: any(node["module"] == module for node in found["nodes"]))
        return demo.node(next(node["id"] for node in nodes["nodes"] if node["module"] == module))

    weather, tides = scaffold(tmp_path, "weather", "Forecast"), scaffold(tmp_path, "tides", "High tide")
    killed = Serving(weather, WEIRFLOW_HOME=str(product.home))
    serving = Serving(tides, "--reload", WEIRFLOW_HOME=str(product.home))
    try:
        assert killed.ready()["components"] == serving.ready()["components"] == ["greet"]
        await expect(row("Forecast")).to_contain_text("by hand")
        forecast = await place("Forecast", "weather-v1")
        await expect(forecast).to_contain_text("Forecast")
        killed.kill()

        # What is saved is there at once, and nothing blinks on the way: the row stays.
        tide = await place("High tide", "tides-v1")
        source = tides / "tides" / "greet.py"
        source.write_text(source.read_text().replace("Greets whoever a message names.", "Says hello to the moon."))
        serving.ready(times=2)
        await expect(row("High tide")).to_contain_text("Says hello to the moon.")
        await expect(tide).not_to_contain_text("not running")

        # It leaves, and its node says so. What else is there stays.
        assert serving.stop() == 0
        await expect(row("High tide")).to_have_count(0)
        await expect(tide).to_contain_text("not running")
        await expect(row("Router")).to_be_visible()

        await expect(row("Forecast")).to_have_count(0, timeout=GONE_MS)
        await expect(forecast).to_contain_text("not running")
    finally:
        killed.stop()
        serving.stop()
