"""A secret is typed into a field, used, replaced and deleted; afterwards its values are nowhere but on the cluster."""

import asyncio
import base64
import contextlib
import json
import uuid
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, Response, StorageState, WebSocket, expect
from playwright.async_api import Error as PlaywrightError

from tests.e2e.axe import faults
from tests.e2e.flow_page import FlowPage
from tests.e2e.people import enter, open_demo, open_window
from tests.e2e.product import Product
from tests.ports import free_port
from tests.runtime.world import Process, host_command
from tests.waiting import eventually, read_until
from weirflow.kube.resources import TINY_SIGNAL, encode_json

pytestmark = [pytest.mark.browser]

FIRST, SECOND = "Tr0ub4dor&3/hunter2", "correct horse+battery/staple"
MODULE = "secretive-v1"
KINDS = "tinynodes,tinymodules,tinyflows,tinysignals,tinyscenarios,events"


class Heard:
    """All that the server tells the pages of one window."""

    def __init__(self) -> None:
        self.texts: list[str] = []

    def listen_to(self, page: Page) -> None:
        page.on("websocket", self._socket)
        page.on("response", self._response)

    async def _response(self, response: Response) -> None:
        if response.headers.get("content-type", "").startswith(("application/json", "text/html")):
            # A page that is left takes its answers along.
            with contextlib.suppress(PlaywrightError):
                self.texts.append(await response.text())

    def _socket(self, socket: WebSocket) -> None:
        socket.on("framereceived", self._frame)

    def _frame(self, data: str | bytes) -> None:
        self.texts.append(data if isinstance(data, str) else data.decode("latin-1"))


@pytest_asyncio.fixture(loop_scope="session")
async def host(product: Product, tmp_path: Path) -> AsyncIterator[Process]:
    """A host beside the product's own, with components that are careless with their secrets."""
    environment = {
        "KUBECONFIG": str(product.kubeconfig),
        "WEIRFLOW_HOME": str(tmp_path),
        "WEIRFLOW_HTTP_PORT": str(free_port()),
    }
    started = Process(host_command("tests.runtime.secretive"), environment, tmp_path / "host.log")
    await started.start()
    yield started
    started.end()


async def test_a_secret_that_was_typed_is_nowhere_but_on_the_cluster(
    product: Product, browser: Browser, host: Process, signed_in: dict[Path, StorageState]
) -> None:
    heard, window = Heard(), await open_window(browser, signed_in.get(product.home))
    window.on("page", heard.listen_to)
    page = await enter(window, product, signed_in)
    flow = await open_demo(page)
    before = await flow.document()
    node = await add_careless(flow)
    await page.keyboard.press("f")
    await flow.select(node)
    token = flow.field("/token")
    await token.fill(FIRST)
    await expect(flow.inspector).to_contain_text("not shown again")
    assert await faults(page) == []
    await token.press("Enter")
    await expect(token).to_have_value("[[secret:careless/token]]")
    await read_until(lambda: settings(flow, node), lambda held: held.get("token") == "[[secret:careless/token]]")
    project = next(one["metadata"]["name"] for one in product.nodes() if node in one["metadata"]["name"]).split(".")[0]
    assert values(product, project) == [FIRST]

    await expect(flow.node(node)).to_contain_text("token <redacted>")
    await use(flow, product, host, node)
    editor = page.url
    secrets = f"{editor.split('/flows/')[0]}/secrets/"
    await page.goto(secrets)
    await expect(page.get_by_role("list", name="Secrets")).to_contain_text("used by Careless in Visits")
    assert await faults(page) == []
    await page.locator("summary", has_text="Replace").click()
    await page.get_by_label("New value of careless/token").fill(SECOND)
    await page.get_by_role("button", name="Store").click()
    await expect(page.get_by_role("list", name="Secrets")).to_contain_text("careless/token")
    await read_until(lambda: asyncio.to_thread(values, product, project), lambda kept: kept == [SECOND])
    await page.goto(editor)
    await flow.node(node).wait_for()
    await use(flow, product, host, node)
    runs = await flow.call("GET", f"/api/flows/{flow.flow}/runs")
    for run in runs.data["runs"][:3]:
        await flow.call("GET", f"/api/flows/{flow.flow}/runs/{run['trace']}")
    await flow.call("GET", f"/api/flows/{flow.flow}/nodes/{node}/state")

    await page.goto(secrets)
    await page.get_by_role("button", name="Delete careless/token").click()
    await expect(page.get_by_role("region", name="Delete careless/token?")).to_contain_text("1 place uses it")
    await page.get_by_role("button", name="Delete secret").click()
    await expect(page.get_by_role("list", name="Not added here")).to_contain_text("careless/token")
    await read_until(lambda: told(product, node), lambda text: "secret_missing" in text)

    await eventually(lambda: any("cannot sign in with <redacted>" in text for text in heard.texts))
    resources = product.kubectl("get", KINDS, "-o", "json")
    said = [*heard.texts, resources, *decoded(resources), product.tail(4_000), host.log.read_text()]
    files = {str(path): path.read_bytes() for path in product.home.rglob("*") if path.is_file()}
    assert any(path.endswith("web.db") for path in files)
    for form in [form for value in (FIRST, SECOND) for form in forms(value)]:
        assert not [path for path, content in files.items() if form.encode() in content], form
        assert not any(form in text for text in said), form
    await page.goto(editor)
    await flow.leave_as(before)
    await window.close()


async def add_careless(flow: FlowPage) -> str:
    """The careless node, drawn; its id."""
    node = f"n{uuid.uuid4().hex[:11]}"
    adding = {"op": "add_node", "id": node, "module": MODULE, "component": "careless", "label": "Careless"}

    async def added() -> int:
        return (await flow.change({**adding, "x": 40, "y": 560})).status

    # The module registers itself; until then the component is not known.
    await read_until(added, lambda status: status == 200, 60)
    await flow.node(node).wait_for()
    return node


def forms(value: str) -> Iterator[str]:
    """As programs write it; in base64 also where it stands behind something else."""
    yield from (value, quote(value, safe=""), json.dumps(value)[1:-1], base64.b64encode(value.encode()).decode())
    yield base64.b64encode(f"ann:{value}".encode()).decode()[8:-4]
    yield base64.b64encode(json.dumps({"token": value}).encode()).decode()[16:-4]


def values(product: Product, project: str) -> list[str]:
    """What the cluster keeps for the project."""
    found = json.loads(product.kubectl("get", "secrets", "-l", f"weirflow.io/project={project}", "-o", "json"))["items"]
    return [base64.b64decode(text).decode() for one in found for text in one["data"].values()]


def decoded(resources: str) -> list[str]:
    """What stands in base64 in resources, which hides it from whoever looks for a text."""
    texts: list[str] = []
    for item in json.loads(resources)["items"]:
        for half in ("spec", "status"):
            ports = (item.get(half) or {}).get("ports") or []
            for part in ("configuration", "schema"):
                texts += [base64.b64decode(port.get(part) or "").decode() for port in ports]
    return texts


async def settings(flow: FlowPage, node: str) -> dict[str, object]:
    return dict((await flow.contents([node]))[0][node]["settings"])


async def use(flow: FlowPage, product: Product, host: Process, node: str) -> None:
    """Have the node send its secret on, and fail with it; returns when it says how it failed."""
    stack = f"/api/flows/{flow.flow}/nodes/{node}/stack"
    before = (await flow.call("GET", stack)).data.get("at", 0)
    name = next(one["metadata"]["name"] for one in product.nodes() if node in one["metadata"]["name"])
    for port in ("in", "fail"):
        signal = TINY_SIGNAL.new(uuid.uuid4().hex, spec={"node": name, "port": port, "data": encode_json({})})
        written = host.log.with_name(f"{port}.json")
        written.write_text(json.dumps(signal))
        product.kubectl("create", "-f", str(written))

    async def failed() -> dict[str, Any]:
        return dict((await flow.call("GET", stack)).data)

    told = await read_until(failed, lambda told: told.get("at", 0) > before)
    assert "cannot sign in with <redacted>" in told["text"]


async def told(product: Product, node: str) -> str:
    return next(json.dumps(one.get("status")) for one in product.nodes() if node in one["metadata"]["name"])
