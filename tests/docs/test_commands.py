"""What the pages tell people to type is typed, and prints what they show."""

import asyncio
from collections.abc import Callable, Coroutine, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.docs import howtos, journeys
from tests.docs.blocks import all_blocks, commands_of
from tests.docs.shell import folder_like_a_clone, run_page
from tests.e2e.product import Product
from tests.waiting import wait_until

pytestmark = [pytest.mark.server, pytest.mark.kubectl, pytest.mark.browser]

#: In this order: what the README counts has to be the first visits.
_BLOCKS = [block for block in all_blocks() if block.kind == "console" or block.title]
PAGES = sorted({block.page for block in _BLOCKS}, key=lambda page: (page != "README.md", page))


@pytest.fixture(scope="module")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    shared = Product(tmp_path_factory.mktemp("docs") / "home").start()
    # Nobody has typed anything by the time that the demo has reached the module host; to ask it would count.
    wait_until(lambda: _is_deployed(shared.nodes()), shared.tail, 60)
    yield shared
    assert shared.stop() == 0, shared.tail()


def _is_deployed(nodes: list[dict[str, Any]]) -> bool:
    wires = sum(len(node["spec"].get("edges") or ()) for node in nodes)
    seen = [node.get("status", {}).get("observedGeneration") == node["metadata"]["generation"] for node in nodes]
    return wires == 3 and all(seen)


#: What a page has people do in the editor before they type.
IN_THE_EDITOR: dict[str, Callable[[Product], Coroutine[None, None, None]]] = {
    "docs/first-flow.md": journeys.build,
    "docs/howto/http-api.md": journeys.counter_from_template,
    "docs/howto/schedule-to-slack.md": howtos.schedule_to_slack,
}


@pytest.mark.parametrize("page", PAGES)
def test_the_commands_of_a_page_do_what_it_says(
    page: str, product: Product, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    if page in IN_THE_EDITOR:
        asyncio.run(IN_THE_EDITOR[page](product))
    if page == howtos.APPROVAL_PAGE:
        asyncio.run(howtos.approval_form(product, tmp_path))
    if page == howtos.CSV_PAGE:
        asyncio.run(howtos.csv_to_postgresql(product, request.getfixturevalue("postgres_url")))
    commands = [command for block in _BLOCKS if block.page == page for command in commands_of(block)]
    run_page(commands, folder_like_a_clone(tmp_path / "weirflow", product), product)
