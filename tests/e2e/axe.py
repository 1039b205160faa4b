"""What axe finds on a page that keeps people from using it with a keyboard or a screen reader."""

from pathlib import Path

from playwright.async_api import Page

_SCRIPT = Path(__file__).resolve().parents[2] / "frontend/node_modules/axe-core/axe.min.js"

_RUN = """async () => (await axe.run(document, {resultTypes: ["violations"]})).violations
  .filter(({impact}) => impact === "serious" || impact === "critical")
  .map(({id, nodes}) => `${id}: ${nodes.map(({target}) => target.join(" ")).join("; ")}`)"""


async def faults(page: Page) -> list[str]:
    """Serious and critical findings, each with where it is. The page's own rules forbid scripts from elsewhere, so the
    library goes in by way of the debugger."""
    assert _SCRIPT.exists(), "axe-core is missing; get it with `npm ci --prefix frontend`"
    if not await page.evaluate("typeof axe !== 'undefined'"):
        await page.evaluate(_SCRIPT.read_text() + "; undefined")
    found: list[str] = await page.evaluate(_RUN)
    return found
