"""The icons that authors are offered are icons that the editor draws."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

DRAWN = (ROOT / "frontend/src/ui/icons.ts").read_text()
OFFERED = re.findall(
    r"`([a-z0-9]+)`", (ROOT / "docs/components.md").read_text().split("gets its category's:")[1].split("## ")[0]
)
USED = {
    icon
    for path in (ROOT / "modules").glob("*/*.py")
    for icon in re.findall(r'^    icon = "([^"]+)"', path.read_text(), re.MULTILINE)
}


@pytest.mark.parametrize("icon", sorted({*OFFERED, *USED}))
def test_an_icon_is_drawn(icon: str) -> None:
    assert re.search(rf"^  {icon}:", DRAWN, re.MULTILINE), f"{icon!r} is none of those in frontend/src/ui/icons.ts"
