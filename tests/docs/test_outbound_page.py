"""The component of docs/outbound.md asks who it says, through the guard."""

import re
from typing import Any

from tests.docs.blocks import ROOT
from weirflow.outbound import OutboundResponse
from weirflow.testing import run

PAGE = (ROOT / "docs/outbound.md").read_text()


class Recorded:
    """The way out that answers without going anywhere."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str]] = []

    async def request(self, method: str, url: str, **_: Any) -> OutboundResponse:
        self.asked.append((method, url))
        return OutboundResponse(200, {}, b"rain", url)


async def test_its_component_asks_through_the_guard() -> None:
    (code,) = re.findall(r"^```python\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    scope: dict[str, Any] = {"__name__": "page"}
    exec(code, scope)
    outbound = Recorded()
    async with run(scope["Weather"], outbound=outbound) as node:  # type: ignore[arg-type]
        assert await node.send("ask", {"city": "oslo"}) == {"status": 200, "text": "rain"}
    assert outbound.asked == [("GET", "https://weather.example/oslo")]
