"""From `weirflow new` to the palette of an editor that is open, and out of it again."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import pytest_asyncio
from playwright.async_api import Locator, expect

from tests.cli.calling import Called, weirflow
from tests.cli.serving import Serving
from tests.e2e.conftest import OpenDemo
from tests.e2e.flow_page import FlowPage
from tests.e2e.product import Product
from tests.waiting import eventually

pytestmark = [pytest.mark.browser]

TOKEN = """
from django.contrib.auth import get_user_model
from projects.actions.tokens import do_create_token
owner = get_user_model().objects.order_by("pk").first()
print(do_create_token(owner, "command line", ["edit"], 1)[1])
"""
GONE_MS = 60_000
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


async def test_a_flow_that_is_kept_in_a_file_follows_it(product: Product, demo: FlowPage, tmp_path: Path) -> None:
    token = product.manage("shell", "-c", TOKEN).strip().splitlines()[-1]
    # No cluster is near: what commands ask, they ask the server.
    account = {"XDG_CONFIG_HOME": str(tmp_path / "config"), "WEIRFLOW_HOME": str(tmp_path / "nowhere")}

    async def call(*arguments: str, stdin: str = "") -> Called:
        return await asyncio.to_thread(weirflow, *arguments, "--json", cwd=tmp_path, stdin=stdin, **account)

    assert (await call("login", product.url, stdin=token)).code == 0
    assert (tmp_path / "config" / "weirflow" / "servers.json").stat().st_mode & 0o777 == 0o600
    file = tmp_path / "visits.yaml"
    assert (await call("export", "Visits", "-o", "visits.yaml")).code == 0
    before = file.read_text()
    assert (await call("apply", "visits.yaml")).json["outcome"] == "unchanged"

    counter, document = await demo.find("stateful_counter"), await demo.document()
    label = next(node["label"] for node in document["nodes"] if node["id"] == counter)
    wire = next(edge for edge in document["edges"] if edge["target"] == counter)
    file.write_text(
        before.replace("  visits:\n", "  visits:\n    title: Visitors\n", 1).replace("amount: 1", "amount: 2")
    )
    assert (await call("apply", "visits.yaml")).json["outcome"] == "changed"
    # In the editor that is open, too; the node is the same one, which keeps its count.
    await expect(demo.node(counter)).to_contain_text("Visitors")

    assert (await call("apply", "visits.yaml")).json["outcome"] == "unchanged"
    again = (await call("export", "Visits")).json["text"]
    assert "amount: 2" in again
    file.write_text(again)
    assert (await call("apply", "visits.yaml")).json["outcome"] == "unchanged"
    assert await demo.find("stateful_counter") == counter

    async with aiohttp.ClientSession() as visitor, visitor.get(f"{product.flows_url}/visits") as visit:
        assert visit.status == 200

    async def runs() -> list[dict[str, Any]]:
        found = (await call("trace", counter, "--limit", "1")).json["runs"]
        return [run for run in found if run["state"] != "running"]

    run = (await eventually(runs, what="a recorded run"))[0]
    assert any(span["node"].endswith(f"stateful-counter-{counter}") for span in run["spans"])
    assert (await call("trace", run["trace"])).json["spans"] == run["spans"]
    assert (await call("trace", "0" * 32)).json["error"]["code"] == "no_run"

    # The flow is others' too: as it was.
    answer = await demo.change(
        {"op": "set_node", "id": counter, "fields": {"label": label}},
        {"op": "set_mapping", "id": wire["id"], "mapping": wire["mapping"]},
    )
    assert answer.status == 200, answer
